import type { House, ServedVersion } from '../ports.ts';
import { listen, textResponse, WireFault, type Listener, type WireRequest, type WireResponse } from '../wire/index.ts';
import { ConfigurationCache } from './cache.ts';
import { selectFlags } from './flags.ts';
import type { AgentOptions } from './options.ts';

/** An AppConfig agent: one reader with a session and a cache of its own. */
export interface Agent {
  /** Answers a request inside a kernel turn; never rejects for what AWS's agent answers with a status. */
  handle(request: WireRequest): Promise<WireResponse>;
  /** Opens the agent's port for processes outside the engine; rejects with ListenError when it cannot. */
  serve(): Promise<Listener>;
}

const PATH = /^\/applications\/([^/]+)\/environments\/([^/]+)\/configurations\/([^/]+)$/;
/** The longest Entity-Id, in bytes (user guide, entity-based gradual deployments). */
const ENTITY_LIMIT = 2048;

/**
 * Starts an agent and polls what it is to prefetch. It answers `GET /applications/{a}/environments/{e}/configurations/{c}` (ids or names;
 * `?flag=k` once or several times for feature flags) with the bytes served and the headers Configuration-Version, Version-Label and
 * Content-Type. `Entity-Id` keeps an entity on one side while a deployment lasts. Errors have AWS's statuses (400, 404) and a text; what that
 * text says AWS does not publish.
 */
export function createAgent(house: House, options: AgentOptions): Agent {
  const caches = new Map<string, ConfigurationCache>();

  const read = (path: string, entity: string | undefined): ServedVersion => {
    let cache = caches.get(path);
    if (!cache) {
      cache = cacheOf(house, options, path);
      caches.set(path, cache);
    }
    return cache.read(entity);
  };

  const answer = (request: WireRequest): WireResponse => {
    if (request.method !== 'GET') return refused(405, 'MethodNotAllowedException', `${request.method} is not answered; use GET`);
    if (request.headers['context'] !== undefined) return refused(501, 'NotImplemented', 'sluice-engine does not evaluate the rules of multi-variant flags; without a Context header each flag is its default variant');
    const entity = request.headers['entity-id'];
    if (entity !== undefined && Buffer.byteLength(entity) > ENTITY_LIMIT) return refused(400, 'BadRequestException', `Entity-Id is longer than ${ENTITY_LIMIT} bytes`);
    const version = read(request.path, entity === '' ? undefined : entity);
    return request.query.has('flag') ? selectFlags(version, request.query.getAll('flag')) : responseOf(version);
  };

  const handle = async (request: WireRequest): Promise<WireResponse> => {
    try {
      return answer(request);
    } catch (failure) {
      if (failure instanceof WireFault) return refused(failure.status ?? 400, failure.code, failure.message);
      throw failure;
    }
  };

  for (const path of options.prefetch) prefetch(read, path);
  return { handle, serve: () => listen({ port: options.port, dispatch: fromOutside(house, handle) }) };
}

function cacheOf(house: House, options: AgentOptions, path: string): ConfigurationCache {
  const parts = PATH.exec(path);
  if (!parts) throw new WireFault({ code: 'ResourceNotFoundException', status: 404, message: `${path} is no path of the agent's; use /applications/{application}/environments/{environment}/configurations/{configuration}` });
  const [application, environment, configuration] = parts.slice(1).map(decoded) as [string, string, string];
  return new ConfigurationCache(house, `agent:${options.name}:${path}`, { application, environment, configuration }, options);
}

function decoded(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    throw new WireFault({ code: 'BadRequestException', status: 400, message: `${part} is not percent-encoded UTF-8` });
  }
}

/** A path that cannot be prefetched is asked for again by the first reader. */
function prefetch(read: (path: string, entity: undefined) => unknown, path: string): void {
  try {
    read(path, undefined);
  } catch (failure) {
    if (!(failure instanceof WireFault)) throw failure;
  }
}

const responses: WeakMap<ServedVersion, WireResponse> = new WeakMap();

/** The same response object for the same version: a cached read neither copies nor parses. */
function responseOf(version: ServedVersion): WireResponse {
  let response = responses.get(version);
  if (!response) {
    response = {
      status: 200,
      headers: {
        'content-type': version.contentType,
        'configuration-version': version.versionNumber,
        ...(version.label !== undefined && { 'version-label': version.label }),
      },
      body: version.content,
    };
    responses.set(version, response);
  }
  return response;
}

function refused(status: number, code: string, message: string): WireResponse {
  return textResponse(status, 'text/plain; charset=utf-8', `${code}: ${message}`);
}

/** Requests from outside the engine become turns, ordered like everything else. */
function fromOutside(house: House, handle: Agent['handle']): Agent['handle'] {
  return (request) => new Promise((resolve, reject) => {
    const answered = house.kernel.awaitOutside();
    house.kernel.turn(() => {
      handle(request).finally(answered).then(resolve, reject);
    });
  });
}

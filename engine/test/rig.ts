import { strToU8, zipSync } from 'fflate';
import { startEngine, type Engine, type EngineOptions } from 'sluice-engine';

/** Credentials and region for official SDK clients of an engine. */
export interface ClientConfiguration {
  region: string;
  endpoint: string;
  credentials: { accessKeyId: string; secretAccessKey: string };
  maxAttempts: number;
}

/** An engine for one test, with official SDK clients that reach it over HTTP. */
export interface Rig extends AsyncDisposable {
  readonly engine: Engine;
  /** Makes (once per constructor) a client of the engine. */
  client<T>(constructor: new (configuration: ClientConfiguration) => T): T;
  /** Lets virtual time run. */
  advance(ms: number): Promise<void>;
  close(): Promise<void>;
}

/** Starts an engine on virtual time, unless told otherwise. */
export async function startRig(options: EngineOptions = {}): Promise<Rig> {
  const engine = await startEngine({ clock: 'virtual', seed: 'test', ...options });
  const clients = new Map<unknown, unknown>();
  const close = async (): Promise<void> => {
    for (const client of clients.values()) (client as { destroy?: () => void }).destroy?.();
    await engine.close();
  };
  return {
    engine,
    client<T>(constructor: new (configuration: ClientConfiguration) => T): T {
      let client = clients.get(constructor) as T | undefined;
      if (!client) {
        client = new constructor({
          region: engine.region,
          endpoint: engine.endpoint,
          credentials: { accessKeyId: 'AKIDTEST', secretAccessKey: 'test' },
          maxAttempts: 1,
        });
        clients.set(constructor, client);
      }
      return client;
    },
    advance: (ms) => engine.clock.advance(ms),
    close,
    [Symbol.asyncDispose]: close,
  };
}

/** One call of an AWS JSON service by its target, `AWSStepFunctions.StartExecution`, without a client: that would cost ten times as much as many a call. */
export async function ask<Output>({ engine }: Rig, target: string, input: object): Promise<Output> {
  const { status, body } = await engine.dispatch({
    method: 'POST', path: '/', query: new URLSearchParams(), headers: { 'content-type': 'application/x-amz-json-1.0', 'x-amz-target': target }, body: Buffer.from(JSON.stringify(input)),
  });
  const text = Buffer.from(body).toString();
  if (status !== 200) throw new Error(`${target} was refused: ${text}`);
  return JSON.parse(text) as Output;
}

/** A zip with one file, as CreateFunction takes it; the same files always give the same bytes. */
export function zipOf(files: Readonly<Record<string, string>> | string): Uint8Array {
  const all = typeof files === 'string' ? { 'index.mjs': files } : files;
  return zipSync(Object.fromEntries(Object.entries(all).map(([name, text]) => [name, strToU8(text)])), { mtime: '2026-01-01T00:00:00Z' });
}

import type { Model, Operation } from './model.ts';
import type { WireRequest } from './message.ts';

/** Where a path's labels are: `text` is a literal segment, otherwise the label's name. */
interface Segment {
  readonly text?: string;
  readonly label?: string;
  readonly greedy?: boolean;
}

interface Route {
  readonly operation: string;
  readonly segments: readonly Segment[];
  /** Literal query parameters; an empty value asks only for the name. */
  readonly literals: readonly (readonly [string, string])[];
  /** Query parameters and headers of required members. */
  readonly parameters: readonly string[];
  readonly headers: readonly string[];
}

/** An operation a request was found to mean, with its path's labels, still percent-encoded. */
export interface Found {
  readonly operation: string;
  readonly labels: ReadonlyMap<string, string>;
}

/** A route without its required parameter is taken only if no other fits; its caller is then told what is missing. */
const MISSING = -100;

/** Finds a REST service's operation by method, path, query and headers. */
export class Routes {
  readonly #byMethod: Map<string, Route[]> = new Map();

  constructor(model: Model) {
    for (const [name, operation] of model.operations) {
      if (!operation.http) continue;
      const [method] = operation.http;
      const list = this.#byMethod.get(method) ?? [];
      list.push(route(model, name, operation));
      this.#byMethod.set(method, list);
    }
  }

  /** The most particular operation that fits: of S3's many on one path, the one whose parameters are all there. */
  find(request: WireRequest): Found | undefined {
    const parts = request.path.replace(/^\//, '').split('/');
    let best: { found: Found; score: number } | undefined;
    for (const candidate of this.#byMethod.get(request.method) ?? []) {
      const labels = match(candidate.segments, parts);
      if (!labels) continue;
      const score = rank(candidate, request);
      if (score !== undefined && (!best || score > best.score)) best = { found: { operation: candidate.operation, labels }, score };
    }
    return best?.found;
  }
}

function route(model: Model, name: string, operation: Operation): Route {
  const uri = operation.http?.[1] ?? '/';
  const [path = '', query = ''] = uri.split('?');
  const input = model.shape(operation.input);
  const required = input.kind === 'structure' ? input.members.filter((member) => member.required) : [];
  return {
    operation: name,
    segments: path.replace(/^\//, '').replace(/\/$/, '').split('/').filter((part) => part !== '').map(segment),
    literals: [...new URLSearchParams(query)],
    parameters: required.filter((member) => member.in === 'query').map((member) => member.wire),
    headers: required.filter((member) => member.in === 'header').map((member) => member.wire),
  };
}

function segment(part: string): Segment {
  const label = /^\{(.+?)(\+?)\}$/.exec(part);
  return label ? { label: label[1] ?? '', greedy: label[2] === '+' } : { text: part };
}

function match(segments: readonly Segment[], parts: readonly string[]): Map<string, string> | undefined {
  const labels = new Map<string, string>();
  for (const [index, { text, label, greedy }] of segments.entries()) {
    const part = parts[index];
    if (part === undefined) return undefined;
    if (label === undefined) {
      if (part !== text) return undefined;
    } else if (greedy) {
      const rest = parts.slice(index).join('/');
      if (rest === '') return undefined;
      labels.set(label, rest);
      return labels;
    } else {
      if (part === '') return undefined;
      labels.set(label, part);
    }
  }
  const tail = parts.slice(segments.length);
  return tail.length === 0 || (tail.length === 1 && tail[0] === '') ? labels : undefined;
}

/** How particular a route is; `x-id` is only ever a hint, since other clients than the SDK leave it out. */
function rank(candidate: Route, request: WireRequest): number | undefined {
  let score = candidate.segments.filter(({ text }) => text !== undefined).length * 4;
  for (const [name, value] of candidate.literals) {
    const sent = request.query.get(name);
    if (name === 'x-id') {
      if (sent === value) score += 1;
    } else if (sent === null || (value !== '' && sent !== value)) {
      return undefined;
    } else {
      score += 4;
    }
  }
  for (const name of candidate.parameters) score += request.query.has(name) ? 4 : MISSING;
  for (const name of candidate.headers) score += request.headers[name] !== undefined ? 4 : MISSING;
  return score;
}

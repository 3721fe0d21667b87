import { isObject } from './datum.ts';
import type { Randomness } from './jsonpath/functions.ts';

/** Workflow variables: what a branch or iteration assigns stays within it, what is outside can be read. */
export class Variables {
  readonly #own: Map<string, unknown> = new Map();
  readonly #outer: Variables | undefined;

  constructor(outer?: Variables) {
    this.#outer = outer;
  }

  /** The value of a variable; `{ known: false }` when nothing was assigned. */
  find(name: string): { readonly known: true; readonly value: unknown } | { readonly known: false } {
    if (this.#own.has(name)) return { known: true, value: this.#own.get(name) };
    return this.#outer?.find(name) ?? { known: false };
  }

  /** What was assigned here, not outside. */
  own(): ReadonlyMap<string, unknown> {
    return new Map(this.#own);
  }

  assign(values: Readonly<Record<string, unknown>>): void {
    for (const [name, value] of Object.entries(values)) this.#own.set(name, value);
  }
}

/** What expressions of a state may read besides their data. */
export interface Environment extends Randomness {
  /** The context object, `$$`; made when first asked for. */
  context(): unknown;
  readonly variables: Variables;
}

/** A field of a JSON object; undefined when the value is no object or has no such field. */
export function fieldOf(value: unknown, name: string): unknown {
  return isObject(value) && Object.hasOwn(value, name) ? value[name] : undefined;
}

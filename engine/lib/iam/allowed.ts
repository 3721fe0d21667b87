import type { Use } from './grants.ts';
import type { PolicyDocument } from './policy/document.ts';

/** An allowance that asked for no more of a request than its source, which the resource it is kept by names then: it holds until a policy changes. */
export interface Allowance {
  /** The resource's policy as it was judged by. */
  readonly document: PolicyDocument | undefined;
  readonly use: Use | undefined;
}

/** Kept of one caller at most; beyond it all are forgotten and judged anew. */
const MOST = 1000;

/** What one caller was allowed, by action and resource. */
export class Allowed {
  readonly #byAction: Map<string, Map<string, Allowance>> = new Map();
  #size = 0;

  get(action: string, resource: string): Allowance | undefined {
    return this.#byAction.get(action)?.get(resource);
  }

  set(action: string, resource: string, allowance: Allowance): void {
    if (this.#size >= MOST) {
      this.#byAction.clear();
      this.#size = 0;
    }
    this.#size += 1;
    const known = this.#byAction.get(action);
    if (known) known.set(resource, allowance);
    else this.#byAction.set(action, new Map([[resource, allowance]]));
  }
}

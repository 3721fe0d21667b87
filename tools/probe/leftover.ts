import type { Target } from './target.ts';

/** Something of a probe that is still there. */
export interface Leftover {
  readonly name: string;
  readonly remove: () => Promise<unknown>;
}

/** How one kind of resource is found by name and tag, and removed. */
export interface Kind {
  readonly name: string;
  readonly find: (target: Target, prefix: string) => Promise<readonly Leftover[]>;
}

/** The tag everything of the probe bears; its value is the run. */
export const TAG = 'sluice-probe';

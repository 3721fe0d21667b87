import type { Underway } from './underway.ts';

/** Rounds after which a wait that shows nowhere is taken for an empty event loop; from the first of them on a round takes a millisecond. */
export const PATIENCE = { rounds: 50, loading: 2000, silent: 100, answered: 3, immediates: 1000 } as const;

/** Whether code inside goes on by itself, without anybody's help. */
export class Activity {
  readonly #underway: Underway;
  readonly #active = process.getActiveResourcesInfo.bind(process);
  /** Resources that a resting sandbox has, or that the engine's own machinery makes. */
  readonly #resting: ReadonlySet<string>;

  constructor(underway: Underway, virtual: boolean) {
    this.#underway = underway;
    this.#resting = new Set(['MessagePort', 'TTYWrap', 'PipeWrap', ...(virtual ? ['Timeout'] : [])]);
  }

  /** @param round how often it was asked before without rest. */
  any(round: number): boolean {
    if (this.#underway.any) return true;
    for (const resource of this.#active()) {
      // Code may poll with setImmediate for what only the engine can bring.
      if (!this.#resting.has(resource) && (resource !== 'Immediate' || round < PATIENCE.immediates)) return true;
    }
    return false;
  }
}

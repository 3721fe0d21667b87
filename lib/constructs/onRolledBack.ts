/** What becomes of a workflow's executions whose epoch is rolled back while they run. */
export class OnRolledBack {
  /** They run to their end on the epoch they began on. */
  static finish(): OnRolledBack {
    return new OnRolledBack(undefined);
  }

  /**
   * They fail at the next task that reads its configuration, with an error named `Sluice.EpochRolledBack`, which a `Catch` can take. A task that undoes
   * what was done reads its epoch all the same by a pin without `onRolledBack`.
   */
  static fail(): OnRolledBack {
    return new OnRolledBack('fail');
  }

  /** They go on until the next `SafePoint` of the definition, and from there by the epoch that is live then. */
  static moveAtSafePoints(): OnRolledBack {
    return new OnRolledBack('move');
  }

  /** @internal As the pin says it; nothing to finish. */
  readonly _policy: 'fail' | 'move' | undefined;

  private constructor(policy: 'fail' | 'move' | undefined) {
    this._policy = policy;
  }
}

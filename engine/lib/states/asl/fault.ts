/** An error inside a state, as Retry, Catch and the history see it. */
export class StateFault extends Error {
  /** Such as `States.Timeout`; absent for a Fail state without Error. */
  readonly error: string | undefined;
  readonly reason: string | undefined;
  /** A narrower name that Retry and Catch may match too, such as `States.HeartbeatTimeout`. */
  readonly alias: string | undefined;

  constructor(error: string | undefined, reason: string | undefined, alias?: string) {
    super(`${error ?? 'failure'}: ${reason ?? ''}`);
    this.error = error;
    this.reason = reason;
    this.alias = alias;
  }
}

/** A fault of the definition against its data: it names the state when it is reported and nothing catches it. */
export class RuntimeFault extends Error {
  /** `States.Runtime` unless AWS has a narrower name. */
  readonly error: string;

  constructor(detail: string, error: string = 'States.Runtime') {
    super(detail);
    this.error = error;
  }
}

/** Thrown to unwind work that was called off; nobody reports it. */
export class CalledOff extends Error {}

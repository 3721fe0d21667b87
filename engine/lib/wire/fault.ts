/** What a WireFault is made from. */
export interface FaultOptions {
  /** The error's name as the service's model gives it: `ResourceNotFoundException`. */
  readonly code: string;
  readonly message: string;
  /** @default the status the service's model gives this code, else 400 */
  readonly status?: number;
  /** Further members of the error's shape, such as `Reason` or `Details`. */
  readonly members?: Readonly<Record<string, unknown>>;
}

/** A refusal as the caller is to see it; each protocol renders it in its own way. */
export class WireFault extends Error {
  readonly code: string;
  readonly status: number | undefined;
  readonly members: Readonly<Record<string, unknown>>;

  constructor(options: FaultOptions) {
    super(options.message);
    this.name = options.code;
    this.code = options.code;
    this.status = options.status;
    this.members = options.members ?? {};
  }
}

/** The 501 for an operation that AWS has and the engine has not. */
export function notImplemented(service: string, operation: string): WireFault {
  return new WireFault({ code: 'NotImplemented', status: 501, message: `sluice-engine does not implement ${service}:${operation}; see engine/operations.md` });
}

import type { ExecutionPort } from './port.ts';

const NOT_TRUNCATED: { readonly truncated: false } = Object.freeze({ truncated: false });

/** What goes into an event's details. */
export type EventDetails = Readonly<Record<string, unknown>>;

/** Numbers the events of one execution and hands them on; once closed it takes no more. */
export class Journal {
  readonly #port: ExecutionPort;
  #last = 0;
  #closed = false;

  constructor(port: ExecutionPort) {
    this.#port = port;
  }

  /** The id of the newest event. */
  get last(): number {
    return this.#last;
  }

  /** Records an event and gives its id. */
  write(previousEventId: number, type: string, key?: `${string}EventDetails`, details?: EventDetails): number {
    if (this.#closed) return this.#last;
    this.#last += 1;
    const event = { timestamp: this.#port.now(), type, id: this.#last, previousEventId };
    this.#port.record(key && details ? { ...event, [key]: details } : event);
    return this.#last;
  }

  /** The execution is over: whatever still runs records nothing. */
  close(): void {
    this.#closed = true;
  }
}

/** Details that carry a state's or execution's input. */
export function withInput(text: string, rest: EventDetails): EventDetails {
  return { ...rest, input: text, inputDetails: NOT_TRUNCATED };
}

/** Details that carry an output. */
export function withOutput(text: string, rest: EventDetails): EventDetails {
  return { ...rest, output: text, outputDetails: NOT_TRUNCATED };
}

/** `error` and `cause` as far as there are any. */
export function failureDetails(error: string | undefined, cause: string | undefined, rest: EventDetails = {}): EventDetails {
  return { ...rest, ...(error === undefined ? {} : { error }), ...(cause === undefined ? {} : { cause }) };
}

/** AWS's truncation details of assigned variables. */
export const VARIABLES_DETAILS: { readonly truncated: false } = NOT_TRUNCATED;

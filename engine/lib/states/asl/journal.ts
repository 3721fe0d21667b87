import { StateFault } from './fault.ts';
import type { ExecutionPort, HistoryEvent } from './port.ts';

/** AWS's limit on the history of one execution. */
export const EVENT_LIMIT = 25_000;

const NOT_TRUNCATED: { readonly truncated: false } = Object.freeze({ truncated: false });

type Writable = { -readonly [Key in keyof HistoryEvent]: HistoryEvent[Key] };

/** Where an event of AWS's shape has its details. */
export type EventDetailsKey = `${string}EventDetails`;

/** What goes into an event's details. */
export type EventDetails = Readonly<Record<string, unknown>>;

/** Numbers the events of one execution and hands them on; once closed it takes no more. */
export class Journal {
  readonly #port: ExecutionPort;
  #last: number;
  #closed = false;

  /** @param last the id of the last event there is already */
  constructor(port: ExecutionPort, last: number = 0) {
    this.#port = port;
    this.#last = last;
  }

  /** Records an event and gives its id; throws StateFault when only the execution's last event still has room. */
  write(previousEventId: number, type: string, key?: EventDetailsKey, details?: EventDetails): number {
    if (this.#closed) return this.#last;
    if (this.#last >= EVENT_LIMIT - 1 && !type.startsWith('Execution')) {
      throw new StateFault('States.Runtime', `The execution reached the maximum number of history events (${EVENT_LIMIT}).`);
    }
    this.#last += 1;
    // Built by assignment: V8 gives every object that is spread together a shape of its own.
    const event: Writable = { timestamp: this.#port.now(), type, id: this.#last, previousEventId };
    if (key && details) event[key] = details;
    this.#port.record(event);
    return this.#last;
  }

  /** The execution is over: whatever still runs records nothing. */
  close(): void {
    this.#closed = true;
  }
}

/** Adds an input to details made for one event. */
export function withInput(details: Record<string, unknown>, text: string): EventDetails {
  details['input'] = text;
  details['inputDetails'] = NOT_TRUNCATED;
  return details;
}

/** Adds an output to details made for one event. */
export function withOutput(details: Record<string, unknown>, text: string): EventDetails {
  details['output'] = text;
  details['outputDetails'] = NOT_TRUNCATED;
  return details;
}

/** Adds assigned variables, each as JSON text, to details made for one event. */
export function withVariables(details: Record<string, unknown>, assigned: Readonly<Record<string, unknown>> | undefined): Record<string, unknown> {
  if (!assigned || Object.keys(assigned).length === 0) return details;
  details['assignedVariables'] = Object.fromEntries(Object.entries(assigned).map(([name, value]) => [name, JSON.stringify(value)]));
  details['assignedVariablesDetails'] = NOT_TRUNCATED;
  return details;
}

/** `error` and `cause` as far as there are any. */
export function failureDetails(error: string | undefined, cause: string | undefined, rest: EventDetails = {}): EventDetails {
  return { ...rest, ...(error === undefined ? {} : { error }), ...(cause === undefined ? {} : { cause }) };
}

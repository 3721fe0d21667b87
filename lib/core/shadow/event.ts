import { isObject } from '../epoch.ts';

/** An event of an execution's history, whatever key its details were under. */
export interface PastEvent {
  readonly id: number;
  readonly previous: number;
  readonly type: string;
  /** Epoch milliseconds. */
  readonly at: number;
  readonly details: Readonly<Record<string, unknown>>;
}

/** Reads an event as GetExecutionHistory answers it. */
export function pastEvent(raw: unknown): PastEvent {
  const event = isObject(raw) ? raw : {};
  const { id, previousEventId, type, timestamp } = event;
  const [, details] = Object.entries(event).find(([key, value]) => key.endsWith('EventDetails') && value !== undefined) ?? [];
  return { id: Number(id), previous: Number(previousEventId), type: String(type), at: timestamp instanceof Date ? timestamp.getTime() : Number(timestamp), details: isObject(details) ? details : {} };
}

/** The events of a history by their ids, with what each followed. */
export class Past {
  readonly events: readonly PastEvent[];
  readonly #byId: ReadonlyMap<number, PastEvent>;

  constructor(events: readonly PastEvent[]) {
    this.events = events;
    this.#byId = new Map(events.map((event) => [event.id, event]));
  }

  /** The nearest event before one, along what each followed, that fits; nothing when none does. */
  before(event: PastEvent, fits: (candidate: PastEvent) => boolean): PastEvent | undefined {
    let candidate = this.#byId.get(event.previous);
    while (candidate !== undefined && !fits(candidate)) candidate = this.#byId.get(candidate.previous);
    return candidate;
  }

  /** The steps that were taken, sorted, since those of branches come in any order: `Reserve > Charge`, `> Reserve` for a first state. */
  steps(): readonly string[] {
    return this.events.filter(({ type }) => type.endsWith('StateEntered')).map((event) => {
      const left = this.before(event, ({ type }) => type.endsWith('StateExited') || type.endsWith('StateEntered'));
      return `${left === undefined ? '' : `${String(left.details['name'])} `}> ${String(event.details['name'])}`;
    }).sort();
  }
}

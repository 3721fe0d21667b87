import { Heap } from '../../kernel/heap.ts';

/** One entry of a timetable. */
export interface Alarm {
  readonly id: number;
  readonly time: number;
  readonly task: () => void;
  cancelled: boolean;
  /** Whether it keeps the event loop going, as Node's timers do until they are unref'd. */
  referenced: boolean;
}

/** The timers of one sandbox: they fire when the engine says what time it is, in the order (time, id). */
export class Timetable {
  now: number;
  #id = 0;
  /** Timers ahead that keep the event loop going. */
  #referenced = 0;
  readonly #alarms: Heap<Alarm> = new Heap((a, b) => a.time < b.time || (a.time === b.time && a.id < b.id));

  constructor(now: number) {
    this.now = now;
  }

  set(time: number, task: () => void, referenced: boolean): Alarm {
    const alarm: Alarm = { id: ++this.#id, time, task, cancelled: false, referenced: false };
    this.#alarms.push(alarm);
    this.reference(alarm, referenced);
    return alarm;
  }

  clear(alarm: Alarm): void {
    this.reference(alarm, false);
    alarm.cancelled = true;
  }

  /** Says whether a timer that is ahead keeps the event loop going. */
  reference(alarm: Alarm, referenced: boolean): void {
    if (alarm.cancelled || alarm.referenced === referenced) return;
    alarm.referenced = referenced;
    this.#referenced += referenced ? 1 : -1;
  }

  /** Whether a timer keeps the event loop going. */
  get busy(): boolean {
    return this.#referenced > 0;
  }

  /** When the next timer is due. */
  next(): number | undefined {
    let alarm = this.#alarms.peek();
    while (alarm?.cancelled) {
      this.#alarms.pop();
      alarm = this.#alarms.peek();
    }
    return alarm?.time;
  }

  /** Moves the clock and fires what is due, each timer after the promise reactions of the one before; `thrown` gets what they throw. */
  async reach(now: number, thrown: (error: unknown) => void): Promise<void> {
    this.now = Math.max(this.now, now);
    for (let time = this.next(); time !== undefined && time <= this.now; time = this.next()) {
      const alarm = this.#alarms.pop()!;
      this.clear(alarm);
      try {
        alarm.task();
      } catch (error) {
        thrown(error);
      }
      await new Promise<void>((resolve) => { process.nextTick(resolve); });
    }
  }
}

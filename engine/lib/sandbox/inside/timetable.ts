import { Heap } from '../../kernel/heap.ts';

/** One entry of a timetable. */
export interface Alarm {
  readonly id: number;
  readonly time: number;
  readonly task: () => void;
  cancelled: boolean;
}

/** The timers of one sandbox: they fire when the engine says what time it is, in the order (time, id). */
export class Timetable {
  now: number;
  #id = 0;
  readonly #alarms: Heap<Alarm> = new Heap((a, b) => a.time < b.time || (a.time === b.time && a.id < b.id));

  constructor(now: number) {
    this.now = now;
  }

  set(time: number, task: () => void): Alarm {
    const alarm: Alarm = { id: ++this.#id, time, task, cancelled: false };
    this.#alarms.push(alarm);
    return alarm;
  }

  clear(alarm: Alarm): void {
    alarm.cancelled = true;
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

  /** Moves the clock and fires what is due, each timer in a turn of the event loop's microtasks. */
  async reach(now: number): Promise<void> {
    this.now = Math.max(this.now, now);
    for (let time = this.next(); time !== undefined && time <= this.now; time = this.next()) {
      this.#alarms.pop()?.task();
      await Promise.resolve();
    }
  }
}

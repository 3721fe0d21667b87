import type { AlarmState, House } from '../ports.ts';
import type { Timer } from '../kernel/kernel.ts';
import type { Alarm, Standing, SuppressedBy, Suppressor } from './alarm.ts';
import type { AlarmBook } from './alarmBook.ts';
import { longText } from './text.ts';

/**
 * Keeps composite alarms from acting while their suppressor is in ALARM. A change waits for the wait period first, in case the suppressor
 * follows; when the suppressor leaves ALARM, the extension period is added. The state itself changes at once.
 */
export class Suppression {
  readonly #house: House;
  readonly #book: AlarmBook;
  readonly #deadlines: Map<string, Timer> = new Map();

  constructor(house: House, book: AlarmBook) {
    this.#house = house;
    this.#book = book;
    book.listen((alarm, before) => { this.#follow(alarm, before); });
  }

  /** Puts a composite alarm into a state, suppressed if it has a suppressor. */
  enter(alarm: Alarm, value: AlarmState, reason: string, reasonData: string, at: number): void {
    const plain: Standing = { value, reason, reasonData, updated: at, transitioned: at };
    const suppressor = suppressorOf(alarm);
    if (!suppressor) {
      this.#book.stand(alarm, plain);
    } else if (this.#book.find(suppressor.arn)?.standing.value === 'ALARM') {
      this.#stop(alarm);
      this.#book.stand(alarm, this.#suppressed(plain, 'Alarm', suppressor));
    } else if (alarm.standing.suppressedBy === 'ExtensionPeriod') {
      this.#book.stand(alarm, this.#suppressed(plain, 'ExtensionPeriod', suppressor));
    } else {
      this.#releaseAt(alarm, this.#house.kernel.now() + suppressor.waitPeriod * 1000);
      this.#book.stand(alarm, this.#suppressed(plain, 'WaitPeriod', suppressor));
    }
  }

  /** After other settings: an alarm without a suppressor is suppressed no longer. */
  reconsider(alarm: Alarm): void {
    if (!suppressorOf(alarm) && alarm.standing.suppressedBy !== undefined) this.#release(alarm);
  }

  forget(alarm: Alarm): void {
    this.#stop(alarm);
  }

  /** A suppressor that goes into ALARM or leaves it moves what it suppresses. */
  #follow(changed: Alarm, before: Standing): void {
    const entered = changed.standing.value === 'ALARM';
    if (!entered && before.value !== 'ALARM') return;
    for (const alarm of this.#book.alarms.values()) {
      const suppressor = suppressorOf(alarm);
      const by = alarm.standing.suppressedBy;
      if (suppressor?.arn !== changed.arn || by === undefined || (by === 'Alarm') === entered) continue;
      const now = this.#house.kernel.now();
      if (entered) this.#stop(alarm);
      else this.#releaseAt(alarm, now + suppressor.extensionPeriod * 1000);
      this.#book.stand(alarm, this.#suppressed({ ...alarm.standing, updated: now }, entered ? 'Alarm' : 'ExtensionPeriod', suppressor));
    }
  }

  #releaseAt(alarm: Alarm, time: number): void {
    this.#stop(alarm);
    this.#deadlines.set(alarm.name, this.#house.kernel.at(time, () => { this.#release(alarm); }));
  }

  #release(alarm: Alarm): void {
    this.#stop(alarm);
    const { suppressedBy: _by, suppressedReason: _reason, ...plain } = alarm.standing;
    this.#book.stand(alarm, { ...plain, updated: this.#house.kernel.now() });
  }

  #stop(alarm: Alarm): void {
    this.#deadlines.get(alarm.name)?.cancel();
    this.#deadlines.delete(alarm.name);
  }

  #suppressed(standing: Standing, by: SuppressedBy, suppressor: Suppressor): Standing {
    const since = this.#book.find(suppressor.arn)?.standing.transitioned ?? 0;
    const suppressedReason = by === 'Alarm' ? `Actions suppressed by ${suppressor.arn} that transitioned to ALARM at ${longText(since)}` : `Actions suppressed by ${by}`;
    return { ...standing, suppressedBy: by, suppressedReason };
  }
}

function suppressorOf(alarm: Alarm): Suppressor | undefined {
  return alarm.settings.kind === 'composite' ? alarm.settings.suppressor : undefined;
}

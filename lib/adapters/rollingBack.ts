import { parseAlarm, stateAt, type AlarmChange } from '../core/alarm.ts';
import { decideAftermath, isSchedule, overriddenBy, watched } from '../core/aftermath.ts';
import { asTold, completionOf } from '../core/completion.ts';
import { Fault } from '../core/fault.ts';
import { expiry, inForce, type Override } from '../core/override.ts';
import type { PlaceIds, PlaceNames } from '../core/place.ts';
import type { ToldState } from '../core/rolledBack.ts';
import { decideRollback, newest, type Deployment, type RollbackVerdict } from '../core/rollout.ts';
import { promptnessOf } from '../core/settlement.ts';
import { afterglowMs, explained, exposuresOf, shiftInFlight, type ShiftExposure } from '../core/shift/explain.ts';
import type { ShiftRecord } from '../core/shift/record.ts';
import { isStopCall } from '../core/stopCall.ts';
import { toldRollout } from '../core/toldRollout.ts';
import { Aftermath } from './aftermath.ts';
import { Blaming, type Blamed } from './blaming.ts';
import { Alarms } from './evidence/alarms.ts';
import { Overrides } from './overrides.ts';
import { together } from './peer.ts';
import { AppConfigPlane, type Place } from './plane/appconfig.ts';
import { RolledBackEpochs } from './rolledBack.ts';
import { S3Store } from './store/s3.ts';
import { ShiftStore } from './store/shifts.ts';
import { variable } from './variable.ts';

/** What takes complete deployments of one environment back. */
export interface RollingBackOptions {
  readonly names: PlaceNames;
  /** The environment's own alarm. */
  readonly alarm: string;
  readonly plane: AppConfigPlane;
  readonly alarms: Alarms;
  /** Where there is a store, and nothing where guards hang on an environment without one. */
  readonly aftermath: Aftermath | undefined;
  readonly overrides: Overrides | undefined;
  readonly shifts: ShiftStore | undefined;
  readonly rolledBack: RolledBackEpochs | undefined;
  /** How long after its start an execution's end is waited for, milliseconds. */
  readonly settleWithinMs: number;
}

/** What became of one event. */
export interface Rolled {
  readonly verdict: RollbackVerdict;
  readonly reverted: boolean;
  /** The alarm that was heard or looked at; nothing where the comparison decided. */
  readonly alarm?: string;
}

/** What is seen of an environment at an instant, epoch milliseconds. */
interface Seen {
  readonly place: Place;
  readonly deployments: readonly Deployment[];
  readonly shifts: readonly ShiftExposure[];
  readonly now: number;
}

/** Lists an environment's deployments as they are now. */
type Listing = (place: Place) => Promise<readonly Deployment[]>;

/** Takes a bad change back after it was complete: by an alarm that rings, by one that rang too late for AppConfig, and by comparison with what was before. */
export class RollingBack {
  readonly #options: RollingBackOptions;
  readonly #blaming: Blaming | undefined;
  #place: Place | undefined;

  constructor(options: RollingBackOptions) {
    this.#options = options;
    const { shifts, aftermath } = options;
    this.#blaming = shifts && aftermath && new Blaming(shifts, aftermath);
  }

  /** As the handler's environment says: SLUICE_ALARM, and SLUICE_STORE, SLUICE_JUDGE and SLUICE_SETTLE_WITHIN_MS where there are any. */
  static async open(names: PlaceNames): Promise<RollingBack> {
    const bucket = process.env['SLUICE_STORE'];
    const [plane, alarms, aftermath, store] = await together(
      AppConfigPlane.open(), Alarms.open(), Aftermath.open(), bucket === undefined ? Promise.resolve(undefined) : S3Store.open(bucket),
    );
    return new RollingBack({
      names, alarm: variable('SLUICE_ALARM'), plane, alarms, aftermath, overrides: store && new Overrides(store), shifts: store && new ShiftStore(store), rolledBack: store && new RolledBackEpochs(store),
      settleWithinMs: promptnessOf(process.env).settleWithinMs,
    });
  }

  /** Decides one event at an instant, epoch milliseconds; nothing when it asks for no decision. */
  async decide(event: unknown, now: number): Promise<Rolled | undefined> {
    if (isStopCall(event)) {
      await this.#keep(now);
      return undefined;
    }
    const told = toldRollout(event, now);
    let taken: ToldState | undefined = told?.counts.RolloutsRolledBack === undefined ? undefined : { deployment: told.deployment, state: 'ROLLED_BACK' };
    let listed: readonly Deployment[] | undefined;
    let left: readonly Deployment[] | undefined;
    const list = async (place: Place): Promise<readonly Deployment[]> => (listed = await this.#options.plane.deployments(place));
    try {
      const rolled = isSchedule(event) ? await this.#compare(now, list) : await this.#hear(event, now, list);
      if (rolled?.reverted === true && rolled.verdict.deployment !== undefined) taken = { deployment: rolled.verdict.deployment, state: 'REVERTED' };
      // Where nothing was to be taken back the list that said so is kept by; else, and when this failed, AppConfig is asked how it ended.
      if (rolled?.verdict.kind !== 'revert') left = listed;
      return rolled;
    } finally {
      if (isSchedule(event) || told !== undefined || taken !== undefined) await this.#keep(now, taken, left);
    }
  }

  /** Says in the store which epochs are taken back, by whomever. Of a revert after completion AppConfig is not known to tell: CloudTrail does, and else the schedule sees it. */
  async #keep(now: number, taken?: ToldState, listed?: readonly Deployment[]): Promise<void> {
    const { rolledBack, plane, names } = this.#options;
    if (rolledBack !== undefined) await rolledBack.renew(names, listed ?? await plane.deployments(await this.#found()), now, taken);
  }

  /** An alarm that changed; or, when a deployment is complete, the environment's own as it is. */
  async #hear(event: unknown, now: number, list: Listing): Promise<Rolled | undefined> {
    const { alarms } = this.#options;
    const completion = completionOf(event);
    if (completion === undefined && toldRollout(event, now) !== undefined) return undefined;
    const change = completion === undefined ? parseAlarm(event) : await alarms.change(this.#options.alarm);
    if (change instanceof Fault) throw change;
    if (change.state !== 'ALARM') return undefined;
    const place = await this.#found();
    const deployments = asTold(await list(place), completion);
    // The alarm is the net below everything: a store that cannot be asked keeps it from nothing.
    const shifts = await this.#shifted(change.at).then((records) => exposuresOf(records, now), () => []);
    return this.#ring(change, { place, deployments, shifts, now });
  }

  /** An alarm that rings. */
  async #ring(change: AlarmChange, { place, deployments, shifts, now }: Seen): Promise<Rolled> {
    const { alarms, names, settleWithinMs } = this.#options;
    const began = newest(deployments)?.startedAt ?? 0;
    const whenBegan = stateAt(change, began) ?? await alarms.at(change.name, began);
    const alarm = { name: change.name, rangAt: change.at, whenBegan, ...await alarms.now(change.name) };
    const why = explained(shifts, { rangAt: change.at, now, settleWithinMs });
    const decided = decideRollback({ deployments, profile: names.profile, alarm, now, ...(why?.kind === 'now' ? { shift: why.text } : {}) });
    const override = decided.kind === 'revert' ? await this.#override(place, now).catch(() => undefined) : undefined;
    const verdict: RollbackVerdict = override === undefined ? decided : { kind: 'leave', deployment: decided.deployment ?? 0, because: 'overridden', reason: overriddenBy(override) };
    return { ...await this.#carryOut(verdict, await this.#blamed(verdict, { place, deployments, now }), { place, now }), alarm: change.name };
  }

  /** The newest deployment, if it is complete and can still be taken back. Where that is not so, nothing further is asked. */
  async #compare(now: number, list: Listing): Promise<Rolled | undefined> {
    const { aftermath, names, alarms } = this.#options;
    const place = await this.#found();
    const override = await this.#override(place, now);
    const deployments = await list(place);
    const one = watched(deployments, names.profile, now);
    if ('kind' in one) return undefined;
    const records = await this.#shifted(one.startedAt);
    await this.#blaming?.askAgain(records);
    const shifts = exposuresOf(records, now);
    const rung = await this.#lookAgain({ place, deployments, shifts, now });
    if (rung?.reverted === true || rung?.verdict.blames === 'shift') return rung;
    const record = await aftermath?.judge(place, one, now, { override, shifts });
    if (aftermath === undefined || record === undefined) return undefined;
    const verdict = decideAftermath(one.number, record, { override, shift: shiftInFlight(shifts), whenBegan: record.overTime?.kind === 'roll-back' ? await alarms.at(this.#options.alarm, one.startedAt) : 'unknown' });
    const blamed = await this.#blamed(verdict, { place, deployments, now });
    await aftermath.keep(blamed === undefined ? record : { ...record, blamed: { blames: blamed.blames, stays: blamed.shift !== undefined, reason: blamed.reason } }, verdict);
    const rolled = await this.#carryOut(verdict, blamed, { place, now });
    if (rolled.reverted) await aftermath.tell(record);
    return rolled;
  }

  /** An alarm that rang while a workflow shifted was told then, and never again: one that rings longer than the shift explains is heard now. */
  async #lookAgain(seen: Seen): Promise<Rolled | undefined> {
    if (seen.shifts.length === 0) return undefined;
    const { alarms, alarm, settleWithinMs } = this.#options;
    const change = await alarms.change(alarm);
    const why = explained(seen.shifts, { rangAt: change.at, now: seen.now, settleWithinMs });
    return change.state === 'ALARM' && why?.kind === 'no-more' ? this.#ring(change, seen) : undefined;
  }

  /** The shifts that may explain what was seen since an instant. */
  async #shifted(since: number): Promise<readonly ShiftRecord[]> {
    const { shifts, settleWithinMs } = this.#options;
    return await shifts?.since(since - afterglowMs(settleWithinMs)) ?? [];
  }

  /** The override in force. One whose time is over is ended: the alarm's actions happen again. */
  async #override(place: PlaceIds, now: number): Promise<Override | undefined> {
    const { overrides, alarms, alarm } = this.#options;
    if (overrides === undefined) return undefined;
    const last = await overrides.last(place);
    const end = expiry(last.entry, now);
    if (end !== undefined) {
      await alarms.setActions(alarm, true);
      await overrides.add(place, last, end);
    }
    return inForce(last.entry, now);
  }

  /** Before a deployment is taken back: whether a shift that was completed is to blame. What cannot be told, or not in time, keeps nothing up. */
  async #blamed(verdict: RollbackVerdict, { place, deployments, now }: Omit<Seen, 'shifts'>): Promise<Blamed | undefined> {
    return verdict.kind === 'revert' ? this.#blaming?.of(place, deployments.find(({ number }) => number === verdict.deployment), now) : undefined;
  }

  /** Takes back what is to blame: the shift where that is clear, else the deployment. */
  async #carryOut(verdict: RollbackVerdict, blamed: Blamed | undefined, { place, now }: Pick<Seen, 'place' | 'now'>): Promise<Rolled> {
    if (verdict.kind !== 'revert') return { verdict, reverted: false };
    const reason = blamed === undefined ? verdict.reason : `${verdict.reason}; ${blamed.reason}`;
    if (blamed?.shift !== undefined && await this.#blaming?.takeBack(blamed.shift, reason, now).catch(() => false) === true) {
      return { verdict: { kind: 'leave', deployment: verdict.deployment, because: 'shift-to-blame', blames: 'shift', reason: `${reason}; that shift is taken back, and the configuration stays` }, reverted: false };
    }
    if (!await this.#options.plane.revert(place, verdict.deployment)) return { verdict, reverted: false };
    return { verdict: blamed === undefined ? verdict : { ...verdict, blames: blamed.blames, reason }, reverted: true };
  }

  async #found(): Promise<Place> {
    this.#place ??= await this.#options.plane.find(this.#options.names);
    return this.#place;
  }
}

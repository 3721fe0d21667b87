import { fault } from '../core/fault.ts';
import { SHIFTING } from '../core/faults/shifting.ts';
import { completeRules, type JudgeRules } from '../core/judge/rules.ts';
import { keptBytes } from '../core/kept.ts';
import { IN_FLIGHT } from '../core/release.ts';
import { promptnessOf } from '../core/settlement.ts';
import { beginningOfShift } from '../core/shift/begin.ts';
import type { ShiftLook } from '../core/shift/look.ts';
import { LOOK_SECONDS, nextOfShift, type ShiftSight, type ShiftStep } from '../core/shift/next.ts';
import { machineOf, type Pruned } from '../core/shift/prune.ts';
import { shiftEnded, shiftVerdictKey, type ShiftRecord } from '../core/shift/record.ts';
import { suspected } from '../core/shift/suspect.ts';
import { Bus } from './bus/bus.ts';
import { Conditions } from './conditions.ts';
import { Alarms } from './evidence/alarms.ts';
import { Executions } from './evidence/executions.ts';
import { Sums } from './evidence/sums.ts';
import { Fitness } from './fitness.ts';
import { together } from './peer.ts';
import { AppConfigPlane } from './plane/appconfig.ts';
import { Versions } from './router/versions.ts';
import { S3Store } from './store/s3.ts';
import { ShiftStore } from './store/shifts.ts';
import type { Store } from './store/store.ts';
import { variable } from './variable.ts';
import { verdictOn, type OnVersions, type VersionRules } from './versionEvidence.ts';

/** What shifts are looked at with. */
export interface ShiftingOptions extends VersionRules {
  readonly store: Store;
  readonly sums: Sums;
  readonly plane: AppConfigPlane;
  readonly executions: Executions;
  readonly versions: Versions;
  readonly alarms: Alarms;
  /** The environment's alarm. @default none is watched */
  readonly alarm?: string;
  /** Tells others: EventBridge's default bus. */
  readonly tell: (detailType: string, detail: object) => Promise<void>;
}

/** What the controller does next, why, what went wrong beside it, and what became of versions. */
export type Looked = (ShiftStep | { readonly do: 'again' }) & { readonly note: string; readonly troubles: readonly string[]; readonly pruned?: readonly Pruned[] };

/** How long one execution of the controller leads: Step Functions ends one of more than 25,000 events, and this makes 2000. */
const LEADS_MS = 3_600_000;

/** How many deployments are looked through for one in flight, or for what is live. */
const DEPLOYMENTS = 5;

const SOON = { do: 'wait', seconds: 1 } as const;

/** Looks at shifts: reads the record and what is to be seen, decides, and keeps the decision before anybody acts on it. */
export class Shifting {
  readonly #options: ShiftingOptions;
  readonly #shifts: ShiftStore;
  readonly #conditions: Conditions;
  /** The last verdict that this process kept, but for when it was judged. */
  #kept: { readonly key: string; readonly text: string } | undefined;

  constructor(options: ShiftingOptions) {
    this.#options = options;
    this.#shifts = new ShiftStore(options.store);
    this.#conditions = new Conditions(options.store, new Fitness(options.versions));
  }

  /** As the handler's environment says: SLUICE_STORE, SLUICE_JUDGE, SLUICE_SETTLE_WITHIN_MS and SLUICE_ALARM. */
  static async open(): Promise<Shifting> {
    const [store, sums, plane, executions, alarms, versions] = await together(S3Store.open(variable('SLUICE_STORE')), Sums.open(), AppConfigPlane.open(), Executions.open(), Alarms.open(), Versions.open());
    const alarm = process.env['SLUICE_ALARM'];
    const rules = JSON.parse(process.env['SLUICE_JUDGE'] ?? '{}') as JudgeRules;
    completeRules(rules);
    return new Shifting({
      store, sums, plane, executions, alarms, versions, rules, settleWithinMs: promptnessOf(process.env).settleWithinMs, ...(alarm === undefined ? {} : { alarm }),
      tell: async (detailType, detail) => (await Bus.open()).tell(detailType, detail),
    });
  }

  /** One look at an instant, epoch milliseconds. @throws Fault `SLUICE-SHIFT-3` when the record cannot be read. */
  async look(asked: ShiftLook, now: number): Promise<Looked> {
    const known = await this.#shifts.newest(asked.of.workflow);
    const leads = known !== undefined && !shiftEnded(known.record) && known.record.leader !== asked.execution && await this.#runs(known.record.leader);
    // Whoever leads goes by what later executions told it; the stack of its own beginning may be old.
    const wanted = known?.record.leader === asked.execution ? known.record.wanted : asked.wanted;
    const beginning = beginningOfShift({ ...asked, wanted, known: known?.record, leads, now });
    if (known !== undefined && shiftEnded(known.record)) await this.#shifts.archive(known.record);
    if (beginning.kind === 'wait') return { do: 'wait', seconds: LOOK_SECONDS, note: beginning.reason, troubles: [] };
    const troubles: string[] = [];
    if (beginning.kind === 'nothing') return { do: 'end', note: beginning.reason, troubles, pruned: await this.#prune(asked, known?.record, troubles) };
    if (beginning.kind === 'tell') {
      const note = 'told the leader what the stack wants';
      if (!await this.#shifts.keep(beginning.record, known?.revision)) return { ...SOON, note, troubles };
      return { do: 'end', note, troubles, pruned: await this.#prune(asked, beginning.record, troubles) };
    }
    const again = now - asked.executionStartedAt > LEADS_MS;
    const { record, step }: { record: ShiftRecord; step: ShiftStep | { do: 'again' } } = again
      ? { record: { ...beginning.record, leader: '' }, step: { do: 'again' } }
      : nextOfShift(beginning.record, await this.#see(beginning.record, asked, now, troubles));
    if (!await this.#shifts.keep(record, known?.revision)) return { ...SOON, note: 'somebody else wrote the record', troubles };
    if (shiftEnded(record)) {
      await this.#over(record, troubles);
      const pruned = await this.#prune(asked, record, troubles);
      if (record.wanted !== record.to) return { ...SOON, note: record.reason, troubles, pruned };
      return { ...step, note: record.reason, troubles, pruned };
    }
    return { ...step, note: record.reason, troubles };
  }

  async #runs(leader: string): Promise<boolean> {
    return leader !== '' && await this.#options.executions.status(leader) === 'RUNNING';
  }

  /** What cannot be seen holds nothing up and takes nothing back: the next look may see it. */
  async #see(record: ShiftRecord, { of, routes, refused }: ShiftLook, now: number, troubles: string[]): Promise<ShiftSight> {
    const { alarms, alarm, plane } = this.#options;
    const blind = (error: unknown): undefined => { troubles.push((error as Error).message); };
    const begun = record.state === 'growing' || record.state === 'baking';
    const forbidden = this.#conditions.ofShift(record, of, plane, now);
    const [rings, judged, deployments, forbids] = await Promise.all([
      alarm === undefined ? undefined : alarms.now(alarm).catch(blind),
      begun ? this.#judge(record, now).catch(blind) : undefined,
      // Where deployments cannot be seen nothing begins: this one may throw, and is tried again.
      record.state === 'waiting' || record.state === 'claimed' ? plane.deployments(of, DEPLOYMENTS) : [],
      begun ? forbidden.catch(blind) : forbidden,
    ]);
    const deployment = deployments.find(({ state }) => IN_FLIGHT.has(state))?.number;
    const doubted = begun && (judged?.verdict.kind === 'roll-back' || (rings?.state === 'ALARM' && rings.actionsEnabled)) && judged?.record.verdict.kind !== 'roll-back';
    const suspect = doubted ? await plane.deployments(of, DEPLOYMENTS).then((known) => suspected(known, judged?.old(), now)).catch(blind) : undefined;
    return {
      now, routes, ...(refused === undefined ? {} : { refused }), ...(rings === undefined ? {} : { alarm: { name: alarm!, ...rings } }),
      ...(judged === undefined ? {} : { verdict: judged.verdict }), ...(suspect === undefined ? {} : { suspect }),
      ...(deployment === undefined ? {} : { deployment }), ...(forbids === undefined ? {} : { forbidden: forbids.message }),
    };
  }

  async #judge(shift: ShiftRecord, now: number): Promise<OnVersions> {
    const { store, sums } = this.#options;
    const on = await verdictOn(shift, sums, this.#options, now);
    const [key, text] = [shiftVerdictKey(shift), JSON.stringify({ ...on.record, judgedAt: '' })];
    if (this.#kept?.key !== key || this.#kept.text !== text) {
      await store.put(key, keptBytes(on.record), 'application/json');
      this.#kept = { key, text };
    }
    return on;
  }

  async #over(record: ShiftRecord, troubles: string[]): Promise<void> {
    await this.#shifts.archive(record);
    const { application, environment, workflow, shift, from, to, state, reason, verdict } = record;
    await this.#options.tell('Sluice Shift', { sluice: 1, application, environment, workflow, shift, from, to, state, reason, verdict })
      .catch((error: unknown) => { troubles.push(fault(SHIFTING, 'SLUICE-SHIFT-4', { problem: (error as Error).message }).message); });
  }

  /** Deletes versions that nothing needs, of the workflow and of the controller itself. What is not deleted now is at the next deployment, or at the end of the next shift. */
  async #prune({ of, wanted, execution }: ShiftLook, record: ShiftRecord | undefined, troubles: string[]): Promise<readonly Pruned[]> {
    const { versions } = this.#options;
    const kept = [wanted, ...(record === undefined ? [] : [record.from, record.to, record.wanted])];
    const controller = machineOf(execution).replace(':execution:', ':stateMachine:');
    const pruned = [await versions.prune(machineOf(wanted), { kept, ...(of.retainedVersions === undefined ? {} : { retained: of.retainedVersions }) }), await versions.prune(controller, {})];
    troubles.push(...pruned.flatMap(({ problem = [] }) => problem));
    return pruned;
  }
}

import { aftermathOf, isKept, pastOf, presentOf, type Compared } from '../core/aftermath.ts';
import { AFTER_STEP_MS, type Sum } from '../core/evidence.ts';
import { incomparable, rollbackNotice, type JudgedRecord } from '../core/judged.ts';
import type { EpochWindow } from '../core/judge/overTime.ts';
import { completeRules } from '../core/judge/rules.ts';
import { afterKey, lastAfter, verdictPrefix } from '../core/layout.ts';
import type { Override } from '../core/override.ts';
import type { PlaceIds } from '../core/place.ts';
import type { Deployment, RollbackVerdict } from '../core/rollout.ts';
import { blameOf, pooled, sumsByVersion, type Blame } from '../core/shift/blame.ts';
import { apartFrom, exposuresOf, type ShiftExposure } from '../core/shift/explain.ts';
import { versionNumber, type ShiftRecord } from '../core/shift/record.ts';
import { Keeping } from './keeping.ts';
import { openJudging, recordOf, type JudgingOptions } from './judging.ts';
import { BegunDeployments } from './store/begun.ts';
import { EpochStore } from './store/epochs.ts';

/** Compares a complete deployment with what was before it, by what CloudWatch counted, for as long as it can be taken back. */
export class Aftermath {
  readonly #options: JudgingOptions;
  readonly #begun: BegunDeployments;
  readonly #keeping: Keeping;
  /** When this process kept the last verdict, or found one kept, by deployment: of the last deployment only. */
  #kept: { readonly prefix: string; readonly last: number | undefined } | undefined;
  /** What the old epoch was like before the last deployment that was compared: no later count changes it, and the same must be compared with each time. */
  #past: { readonly prefix: string; readonly before: readonly EpochWindow[] } | undefined;

  constructor(options: JudgingOptions) {
    this.#options = options;
    this.#begun = new BegunDeployments(new EpochStore(options.store));
    this.#keeping = new Keeping(options.store);
  }

  /** As the handler's environment says; nothing without a store: nobody counts epochs there. */
  static async open(): Promise<Aftermath | undefined> {
    return process.env['SLUICE_STORE'] === undefined || process.env['SLUICE_JUDGE'] === undefined ? undefined : new Aftermath(await openJudging());
  }

  /** What the comparison says at an instant, epoch milliseconds; nothing for a deployment that has nothing it can be compared with. */
  async judge(place: PlaceIds, { number, startedAt, completedAt = startedAt }: Deployment, now: number, { override, shifts }: { readonly override: Override | undefined; readonly shifts: readonly ShiftExposure[] }): Promise<JudgedRecord | undefined> {
    const { sums, rules, settleWithinMs } = this.#options;
    const known = await this.#begun.record(place, number);
    if (known === undefined || known.control === null || incomparable(known) !== undefined) return undefined;
    const compared: Compared = { ...known, control: known.control };
    const metrics = Object.keys(completeRules(rules).metrics);
    const { application, environment, canary, control } = compared;
    const cohorts = { canary: canary.digest, control: control.digest };
    const prefix = verdictPrefix(place, number);
    const past = this.#past?.prefix === prefix ? this.#past.before : undefined;
    const counted = await sums.read({
      application, environment, of: { epochs: [cohorts.canary, cohorts.control] }, since: past === undefined ? pastOf({ began: startedAt }) : presentOf({ complete: completedAt }), until: now, stepMs: AFTER_STEP_MS,
      metrics: [...new Set(['ExecutionsStarted', 'ExecutionsSettled', ...metrics])],
    });
    const seen = aftermathOf(counted, { cohorts, metrics, began: startedAt, complete: completedAt, now, settleWithinMs, shifts, before: past });
    if (seen.before.length > 0) this.#past = { prefix, before: seen.before };
    const blind = seen.evidence.windows.length === 0 ? { blind: 'no execution since can be compared with any before' } : {};
    return recordOf(this.#options, compared, { ...seen, ...blind, deployment: number, state: 'COMPLETE', percent: 100, blindTicks: 0, now, ...(override === undefined ? {} : { override }) });
  }

  /** Which of a complete deployment and a complete shift what was counted blames, beside what other shifts did meanwhile; nothing for a deployment without an epoch before it. */
  async blame(place: PlaceIds, { number, startedAt, completedAt = startedAt }: Deployment, shift: ShiftRecord, others: readonly ShiftRecord[], now: number): Promise<Blame | undefined> {
    const { sums, rules } = this.#options;
    const known = await this.#begun.record(place, number);
    const [exposure] = exposuresOf([shift]);
    if (known === undefined || known.control === null || exposure === undefined) return undefined;
    const { application, environment, canary, control } = known;
    const { from, until = from, text } = exposure;
    const metrics = Object.keys(completeRules(rules).metrics);
    const asked = { application, environment, since: pastOf({ began: Math.min(startedAt, from) }), until: now, stepMs: AFTER_STEP_MS, metrics: [...new Set(['ExecutionsStarted', ...metrics])] };
    const [counted, byVersion] = await Promise.all([
      sums.read({ ...asked, of: { epochs: [...new Set([canary.digest, control.digest])] } }),
      sums.read({ ...asked, of: { workflow: shift.workflow, versions: [shift.from, shift.to].map(versionNumber) } }),
    ]);
    const windowsOf = (found: readonly Sum[]): EpochWindow[] => apartFrom(exposuresOf(others), pooled(found, { metrics, stepMs: AFTER_STEP_MS, now }));
    return blameOf({
      windows: windowsOf(counted), byVersion: windowsOf(sumsByVersion(byVersion, shift, { from, until })),
      shift: { from, until, text }, configuration: { from: startedAt, until: completedAt, text: `deployment ${number}` }, rules,
    });
  }

  /** Asks the controller of a workflow's shifts to lead what is on its way back. @throws Fault `SLUICE-JUDGE-13` when EventBridge did not take it. */
  async askBack({ application, environment, workflow, shift, from, to, reason }: ShiftRecord): Promise<void> {
    await this.#options.tell('Sluice Shift Taken Back', { sluice: 1, application, environment, workflow, shift, from, to, reason });
  }

  /** Keeps a verdict that is worth it. What was kept before is asked for once: another process that kept one meanwhile costs one more. */
  async keep(record: JudgedRecord, decided: RollbackVerdict): Promise<void> {
    const prefix = verdictPrefix(record, record.deployment);
    if (this.#kept?.prefix !== prefix) this.#kept = { prefix, last: lastAfter(await this.#options.store.list(prefix)) };
    if (!isKept(record, decided, this.#kept.last)) return;
    await this.#keeping.verdict(afterKey(record, record.deployment, record.judgedAt), record, { known: this.#keeping.parts(record), note: () => undefined });
    this.#kept = { prefix, last: Date.parse(record.judgedAt) };
  }

  /** Tells others of a deployment that was taken back. @throws Fault `SLUICE-JUDGE-13` when EventBridge did not take it. */
  async tell(record: JudgedRecord): Promise<void> {
    const { store, tell } = this.#options;
    const notice = rollbackNotice(record, store.bucket, afterKey(record, record.deployment, record.judgedAt));
    if (notice !== undefined) await tell('Sluice Rollback', notice);
  }
}

import { beforeOf, earliest, evidenceOf } from '../core/evidence.ts';
import { judgeOverTime, type OverTimeVerdict } from '../core/judge/overTime.ts';
import { overTimeOf } from '../core/judged.ts';
import { judgement, type VerdictRecord } from '../core/judge/record.ts';
import { completeRules, type JudgeRules } from '../core/judge/rules.ts';
import { versionNumber, type ShiftRecord, type ShiftVerdict } from '../core/shift/record.ts';
import { sightingsOf } from '../core/shift/sightings.ts';
import { besides } from '../core/shift/suspect.ts';
import { exposed } from '../core/sighting.ts';
import { VERSION } from '../core/version.ts';
import type { Sums } from './evidence/sums.ts';

/** What versions are compared by. */
export interface VersionRules {
  readonly rules: JudgeRules;
  readonly settleWithinMs: number;
}

/** The judge's word on two versions. */
export interface OnVersions {
  readonly verdict: ShiftVerdict;
  /** What was judged side by side. */
  readonly record: VerdictRecord;
  /** The old version beside the new one, compared with what it was like before. */
  readonly old: () => OverTimeVerdict;
}

/** Compares the executions of a shift's two versions by what CloudWatch counted of them; at 100 %, with what the old one was like before. */
export async function verdictOn(shift: ShiftRecord, sums: Sums, { rules, settleWithinMs }: VersionRules, now: number): Promise<OnVersions> {
  const complete: JudgeRules = { ...rules, promote: rules.promote ?? {} };
  const metrics = Object.keys(completeRules(complete).metrics);
  const [canary, control] = [versionNumber(shift.to), versionNumber(shift.from)];
  const since = Date.parse(shift.startedAt);
  const counted = await sums.read({
    application: shift.application, environment: shift.environment, of: { workflow: shift.workflow, versions: [canary, control] },
    since: earliest({ since, settleWithinMs }), until: now, metrics: [...new Set(['ExecutionsStarted', 'ExecutionsSettled', ...metrics])],
  });
  const question = { cohorts: { canary, control }, metrics, since, now, settleWithinMs };
  const known = evidenceOf(counted, question);
  const record = judgement({ windows: exposed(known.windows, sightingsOf(shift, now)), history: known.history, rules: complete, library: VERSION, judgedAt: new Date(now).toISOString() });
  const before = beforeOf(counted, question);
  const overTime = overTimeOf({ ...record, before });
  const { kind, reason, p } = record.verdict.kind !== 'roll-back' && overTime?.kind === 'roll-back' ? overTime : record.verdict;
  const counts = Object.fromEntries(Object.entries(record.verdict.metrics).map(([name, one]) => [name, { canary: { starts: one.canary.starts, bad: one.canary.bad }, control: { starts: one.control.starts, bad: one.control.bad } }]));
  return { verdict: { kind, reason, p, counts, at: record.judgedAt }, record, old: () => judgeOverTime(before, besides(record.windows), complete) };
}

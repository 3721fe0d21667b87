import { aloneOf, type Evidence } from './evidence.ts';
import { judgeOverTime, type EpochWindow, type OverTimeVerdict } from './judge/overTime.ts';
import { differences, replay, type VerdictRecord } from './judge/record.ts';
import type { Override } from './override.ts';
import type { PlaceIds, PlaceNames } from './place.ts';
import type { DeploymentRecord, EpochReference } from './record.ts';
import type { Tick } from './tick.ts';

/** One verdict as the store keeps it: what was judged where, and all it was made of. The contract is schemas/verdict.schema.json. */
export interface JudgedRecord extends VerdictRecord, PlaceIds, PlaceNames {
  readonly deployment: number;
  readonly canary: EpochReference;
  readonly control: EpochReference;
  /** The deployment's state and exposure in percent at this tick; null where AppConfig did not tell. */
  readonly state: string | null;
  readonly percent: number | null;
  /** Minutes in which something began and that were not final yet. */
  readonly pending: number;
  /** Executions in the windows whose end came too late to be counted, or had not come. */
  readonly late: Evidence['late'];
  /** Bad ends beyond the starts of their minute, left out. */
  readonly surplus: number;
  /** Why nothing could be seen; null when something could. */
  readonly blind: string | null;
  /** The old epoch's minutes in the hour before the deployment; after completion, its hours in the week before. */
  readonly before: readonly EpochWindow[];
  /** What kept a verdict to roll back from being carried out; null when nothing did. */
  readonly override?: Pick<Override, 'by' | 'why' | 'until'> | null;
  /** Which of the deployment and the shift of a workflow the evidence blames, where both may have made it worse after completion; `stays`, whether the configuration does. */
  readonly blamed?: { readonly blames: 'shift' | 'configuration' | 'undecided'; readonly stays: boolean; readonly reason: string };
  /** At 100 % there is no control: the new epoch compared with what the old one was like before, which is weaker. Null until then. */
  readonly overTime: OverTimeVerdict | null;
}

/** The part of `after.alpha` that is spent until a deployment is complete; the rest is spent after that. */
const PART = 0.5;

/** The comparison over time that a record's windows allow; null while there is a control in each of them. */
export function overTimeOf({ windows, before, rules }: Pick<JudgedRecord, 'windows' | 'before' | 'rules'>): OverTimeVerdict | null {
  const after = aloneOf(windows);
  return after.length === 0 || before.length === 0 ? null : judgeOverTime(before, after, rules, PART);
}

/** Where a record's verdicts differ when they are made again; nothing when they are the same, numbers within 1e-12. */
export function judgedAgain(record: JudgedRecord): readonly string[] {
  return [...replay(record).differences, ...differences(record.overTime ?? null, overTimeOf({ ...record, before: record.before ?? [] }), 'overTime')];
}

/** Why a record's deployment is rolled back, or would be but for an override; nothing when it goes on. */
export function rolledBack({ verdict, overTime }: JudgedRecord): { readonly because: string; readonly reason: string; readonly p: number } | undefined {
  if (verdict.kind === 'roll-back') return verdict;
  return overTime?.kind === 'roll-back' ? { ...overTime, because: 'over-time' } : undefined;
}

/** What AppConfig is answered at a tick. */
export type TickAnswer = { readonly Directive: 'CONTINUE' } | { readonly Directive: 'ROLL_BACK'; readonly Description: string };

/** What the judge answers AppConfig: only a verdict to roll back does so, nothing else that may have happened. */
export function tickAnswer(record: JudgedRecord | undefined): TickAnswer {
  const rolled = record === undefined || overridden(record) ? undefined : rolledBack(record);
  return rolled === undefined ? { Directive: 'CONTINUE' } : { Directive: 'ROLL_BACK', Description: rolled.reason };
}

function overridden({ override = null }: JudgedRecord): boolean {
  return override !== null;
}

/** Why a tick shows nothing that could be judged; nothing when it does. Before anybody is exposed there is nothing to be seen. */
export function blindness({ windows, pending }: Evidence, { percent }: Tick): string | undefined {
  if ((percent ?? 0) === 0 || windows.some(({ canary }) => canary.starts > 0)) return undefined;
  return pending > 0 ? 'no minute with executions of the new epoch is final yet' : 'no execution of the new epoch has been counted';
}

/** Why a deployment has nothing it can be compared with; nothing when it has. */
export function incomparable({ canary, control }: DeploymentRecord): string | undefined {
  if (control === null) return 'it is the first deployment of its profile';
  return control.digest === canary.digest ? 'the new epoch has the same bytes as the old one' : undefined;
}

/** What others are told of a rollback: what happened, to whom, on which evidence, and the command that shows more; nothing when there is none. */
export function rollbackNotice(record: JudgedRecord, bucket: string, key: string): object | undefined {
  const rolled = rolledBack(record);
  if (rolled === undefined || overridden(record)) return undefined;
  const { application, environment, profile, deployment, canary, control, judgedAt, verdict } = record;
  return {
    sluice: 1, decidedBy: record.state === 'COMPLETE' ? 'roll-back' : 'judge', application, environment, profile, deployment, canary, control, judgedAt,
    because: rolled.because, reason: rolled.reason, p: rolled.p,
    metrics: Object.fromEntries(Object.entries(verdict.metrics).map(([name, { canary: { starts, bad }, control: other }]) => [name, { canary: { starts, bad }, control: { starts: other.starts, bad: other.bad } }])),
    record: `s3://${bucket}/${key}`,
    more: `sluice explain ${deployment} --store ${bucket}`,
  };
}

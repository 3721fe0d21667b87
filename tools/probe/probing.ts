import { randomBytes } from 'node:crypto';
import type { Probe } from './probe.ts';
import type { Outcome, ProbeRecord } from './record.ts';
import { Recorder } from './recorder.ts';
import { Redaction } from './redaction.ts';
import { isUnsupported } from './refusal.ts';
import { createRole } from './role.ts';
import { Stage, type Lot } from './stage.ts';
import { sweep, type Swept } from './sweep.ts';
import type { Target } from './target.ts';

/** What everything of every run begins with. */
export const PREFIX = 'sluice-probe-';

/** What happens during a run, as it happens. */
export type Progress =
  | { readonly kind: 'preparing'; readonly run: string }
  | { readonly kind: 'began'; readonly probe: Probe }
  | { readonly kind: 'ended'; readonly probe: Probe; readonly outcome: Outcome }
  | { readonly kind: 'sweeping' };

/** A run's record and what became of what it made. */
export interface Probed {
  readonly record: ProbeRecord;
  readonly swept: Swept;
  readonly interrupted: boolean;
}

/**
 * Runs probes one after the other and sweeps, whatever happens: `patient` is the target as the sweep sees it, whose clock the signal does not
 * interrupt. A probe that fails is recorded as such, and the rest still run; after an interruption none does.
 */
export async function probing(probes: readonly Probe[], target: Target, patient: Target, signal: AbortSignal, tell: (progress: Progress) => void): Promise<Probed> {
  const run = `${PREFIX}${randomBytes(3).toString('hex')}`;
  const redaction = new Redaction();
  redaction.hide(target.account, 'account');
  redaction.hide(run, 'run');
  const outcomes: Record<string, Outcome> = {};
  let failure: Error | undefined;
  let swept: Swept;
  const recordedAt = new Date(await target.clock.now()).toISOString();
  try {
    tell({ kind: 'preparing', run });
    const roleArn = await createRole(target, run);
    const lot: Lot = { target, redaction, roleArn, recorder: await Recorder.open(target, run, roleArn) };
    for (const probe of probes) {
      signal.throwIfAborted();
      tell({ kind: 'began', probe });
      const outcome = await outcomeOf(probe, lot, run);
      if (signal.aborted) break;
      outcomes[probe.name] = outcome;
      tell({ kind: 'ended', probe, outcome });
      await sweep(target, `${run}-${probe.name}`, true);
    }
  } catch (error) {
    failure = error instanceof Error ? error : new Error(String(error));
  } finally {
    tell({ kind: 'sweeping' });
    swept = await sweep(patient, run);
  }
  if (failure !== undefined && !signal.aborted) throw failure;
  return { record: { sluiceProbe: 1, target: { kind: target.kind, region: target.region }, recordedAt, probes: outcomes }, swept, interrupted: signal.aborted };
}

async function outcomeOf(probe: Probe, lot: Lot, run: string): Promise<Outcome> {
  const { clock } = lot.target;
  const { question } = probe;
  const begun = await clock.now();
  const seconds = async (): Promise<number> => Math.round((await clock.now() - begun) / 1000);
  try {
    const facts = await probe.run(await Stage.open(lot, run, probe.name));
    return { question, outcome: 'recorded', seconds: await seconds(), facts: lot.redaction.of(facts) as Readonly<Record<string, unknown>> };
  } catch (error) {
    const problem = lot.redaction.of(error instanceof Error ? `${error.name}: ${error.message}` : String(error)) as string;
    return { question, outcome: isUnsupported(error) ? 'unsupported' : 'failed', seconds: await seconds(), problem };
  }
}

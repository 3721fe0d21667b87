/**
 * The reconciler: the target of a schedule and of a rule for AppConfig's deployment events. It compares an environment with the newest release
 * that AWS knows of, keeps how they stand in the store, counts and tells it, and heals what that release allows: never a rollout, never a rollback.
 *
 * Environment: SLUICE_STORE, the bucket of the epoch store; SLUICE_APPLICATION, SLUICE_ENVIRONMENT, SLUICE_PROFILE, names in AppConfig, and
 * their ids with `_ID`; SLUICE_STRATEGY, the id of the strategy that heals, optional: without it nothing is healed.
 */
import { Reconciling } from '../lib/adapters/reconciling.ts';
import { completionOf } from '../lib/core/completion.ts';
import { parseEpoch } from '../lib/core/epoch.ts';
import { Fault } from '../lib/core/fault.ts';
import { metricLine } from '../lib/core/metric.ts';
import { isSound, type DriftRecord } from '../lib/core/reconciled.ts';
import { changesOf } from '../lib/documents/planFile.ts';

const reconciling = await Reconciling.open(same);

/** Looks once, whatever it was told; invoked twice it does nothing twice. */
export async function handler(event: unknown): Promise<DriftRecord> {
  const now = Date.now();
  const { record, changed } = await reconciling.look(completionOf(event), now);
  const { application, environment, state, explanation, healing } = record;
  process.stdout.write(`${metricLine({ application, environment, at: now, counts: { Drifted: isSound(record) ? 0 : 1 }, also: { handler: 'reconcile', state, explanation, healing, changed } })}\n`);
  return record;
}

function same(one: Uint8Array, other: Uint8Array): boolean {
  const [before, after] = [parseEpoch(one), parseEpoch(other)];
  return !(before instanceof Fault) && !(after instanceof Fault) && changesOf(before, after).length === 0;
}

/**
 * Takes a bad change back after it was complete: the target of a rule for `CloudWatch Alarm State Change` (or an alarm's action), of
 * one for AppConfig's `On Deployment Start`, `Complete` and `Rollback`, and of a schedule. While a deployment is in flight AppConfig's own monitors decide, and this handler
 * leaves it alone; so when it is complete, an alarm that rang too late for them is looked at once more. By the schedule it compares a complete
 * deployment with what was before it, for as long as AppConfig can revert; and ends overrides whose time is over. Whenever it may have changed it
 * keeps in the store which epochs are taken back.
 *
 * Environment: SLUICE_APPLICATION, SLUICE_ENVIRONMENT, SLUICE_PROFILE, names in AppConfig; SLUICE_ALARM, the environment's alarm; SLUICE_STORE, the bucket
 * of the epoch store, optional: without it there are no overrides; SLUICE_JUDGE, the rules as JSON, optional: without them nothing is compared; and
 * SLUICE_SETTLE_WITHIN_MS, optional.
 */
import { RollingBack } from '../lib/adapters/rollingBack.ts';
import { variable } from '../lib/adapters/variable.ts';
import { isSchedule } from '../lib/core/aftermath.ts';
import { metricLine } from '../lib/core/metric.ts';
import type { RollbackVerdict } from '../lib/core/rollout.ts';

const names = { application: variable('SLUICE_APPLICATION'), environment: variable('SLUICE_ENVIRONMENT'), profile: variable('SLUICE_PROFILE') };
const rolling = await RollingBack.open(names);

/** Decides one event, and reverts the newest deployment if that is the verdict. Safe to be invoked again. */
export async function handler(event: unknown): Promise<RollbackVerdict | null> {
  try {
    const rolled = await rolling.decide(event, Date.now());
    if (rolled !== undefined) write({ RollbacksDecided: rolled.reverted ? 1 : 0 }, rolled);
    return rolled?.verdict ?? null;
  } catch (error) {
    // What the comparison could not see it looks at again by its schedule; an alarm is told once.
    if (!isSchedule(event)) throw error;
    write({ JudgeBlind: 1 }, { note: String(error) });
    return null;
  }
}

function write(counts: Parameters<typeof metricLine>[0]['counts'], also: object): void {
  process.stdout.write(`${metricLine({ application: names.application, environment: names.environment, at: Date.now(), counts, also: { handler: 'roll-back', ...also } })}\n`);
}

import { Traffic } from '../adapters/evidence/traffic.ts';
import { TAKEN_BACK } from '../core/release.ts';
import type { Deployment } from '../core/rollout.ts';
import type { Connection } from './connection.ts';
import type { LeftBehind } from './report.ts';

/**
 * What became of executions that ran on a deployment's epoch when it was taken back, by what CloudWatch counted since it began: nothing when all
 * went on to their end. That they cannot be counted is no reason to show nothing else.
 */
export async function leftBehind({ names, place, plane, options, epochsIfAny }: Connection, { number, state, startedAt }: Deployment): Promise<LeftBehind | undefined> {
  if (!TAKEN_BACK.has(state)) return undefined;
  try {
    const record = await epochsIfAny?.deployment(place, number);
    if (record === undefined) return undefined;
    const traffic = await Traffic.open(options);
    const { moved = 0, recalled = 0 } = await traffic.totals(names, startedAt, plane.now, record.canary.digest).finally(() => { traffic.close(); });
    return moved + recalled === 0 ? undefined : { moved, recalled };
  } catch {
    return undefined;
  }
}

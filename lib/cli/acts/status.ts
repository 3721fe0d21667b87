import { setTimeout as sleep } from 'node:timers/promises';
import { Traffic } from '../../adapters/evidence/traffic.ts';
import type { DeploymentDetail } from '../../adapters/plane/index.ts';
import { provenanceOf } from '../../adapters/standing.ts';
import { ownRules } from '../../core/environmentRecord.ts';
import type { DeploymentRecord } from '../../core/record.ts';
import { IN_FLIGHT } from '../../core/release.ts';
import type { ExitCode } from '../command.ts';
import { connected, type Connection } from '../connection.ts';
import type { Event } from '../event.ts';
import { monitorsOf } from '../monitors.ts';
import type { Given } from '../option.ts';
import type { Counted, Status } from '../report.ts';
import { spotsOf } from '../spots.ts';
import { undeclared, undeclaredLines } from '../undeclared.ts';

/** Shows how environments stand, once or until nothing is under way. */
export async function status(given: Given, tell: (event: Event) => void): Promise<ExitCode> {
  return await connected(await spotsOf(given), async (connections): Promise<ExitCode> => {
    const watched = given.flag('watch');
    for (;;) {
      const statuses = await Promise.all(connections.map(statusOf));
      const last = !watched || !statuses.some(({ newest }) => newest !== undefined && IN_FLIGHT.has(newest.state));
      tell({ kind: 'report', report: { kind: 'status', statuses, now: Math.max(0, ...connections.map(({ plane }) => plane.now)), watched, last } });
      if (last) return 0;
      await sleep(Number(given.required('interval')) * 1000);
    }
  });
}

async function statusOf(connection: Connection): Promise<Status> {
  const { sight, place, text } = connection;
  const { base, bytes, provenance, newest } = await connection.standing();
  // An override that was written says more than that alarms are switched off.
  const [override, off, judge, others] = await Promise.all([
    connection.override(), switchedOff(connection).catch(() => []), judgeOf(connection).catch(() => undefined), undeclared(connection, bytes, base.version).then(undeclaredLines, () => []),
  ]);
  const live = {
    place: text, base, ...(override === undefined ? {} : { override }), ...(provenance === undefined ? {} : { provenance }),
    ...(override !== undefined || off.length === 0 ? {} : { switchedOff: off }), ...(judge === undefined ? {} : { judge }), ...(others.length === 0 ? {} : { undeclared: others }),
  };
  if (newest === undefined) return live;
  const epochs = connection.epochsIfAny;
  const [detail, from, record, verdict] = await Promise.all([
    sight.deployment(place, newest.number), provenanceOf(epochs, place, newest), epochs?.deployment(place, newest.number),
    // That a verdict cannot be read is no reason to show nothing.
    epochs?.lastVerdict(place, newest.number).catch(() => undefined),
  ]);
  if (detail === undefined || newest.number === base.deployment) return { ...live, ...(detail === undefined ? {} : { newest: detail }) };
  const counts = record === undefined ? {} : await countsOf(connection, detail, record);
  return { ...live, newest: detail, ...(from === undefined ? {} : { from }), ...counts, ...(verdict === undefined ? {} : { verdict }) };
}

/** How the environment judges, where that is not as usual. */
async function judgeOf({ epochsIfAny, place }: Connection): Promise<Status['judge']> {
  const record = await epochsIfAny?.environment(place);
  if (record === undefined) return undefined;
  if (record.judge === null) return null;
  const own = ownRules(record.judge);
  return own.length === 0 ? undefined : own;
}

/** The environment's alarms whose actions are disabled. */
async function switchedOff(connection: Connection): Promise<string[]> {
  return (await monitorsOf(connection)).filter(({ actionsEnabled }) => !actionsEnabled).map(({ name }) => name);
}

/** Executions since the deployment began. That they cannot be counted is no reason to show nothing. */
async function countsOf({ names, plane, options }: Connection, { startedAt }: DeploymentDetail, { canary, control }: DeploymentRecord): Promise<Pick<Status, 'counts' | 'uncounted'>> {
  try {
    const traffic = await Traffic.open(options);
    const of = async (digest: string): Promise<Counted> => ({ digest, ...await traffic.totals(names, startedAt, plane.now, digest) });
    try {
      const [one, other] = await Promise.all([of(canary.digest), control === null ? undefined : of(control.digest)]);
      return { counts: { canary: one, ...(other === undefined ? {} : { control: other }) } };
    } finally {
      traffic.close();
    }
  } catch (error) {
    return { uncounted: (error as Error).message };
  }
}

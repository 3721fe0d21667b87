import { provenanceOf } from '../../adapters/standing.ts';
import type { Deployment } from '../../core/rollout.ts';
import type { ExitCode } from '../command.ts';
import { connected, type Connection } from '../connection.ts';
import type { Event } from '../event.ts';
import { leftBehind } from '../leftBehind.ts';
import type { Given } from '../option.ts';
import type { HistoryEntry } from '../report.ts';
import { spotsOf } from '../spots.ts';

/** Lists the deployments of each environment. */
export async function history(given: Given, tell: (event: Event) => void): Promise<ExitCode> {
  return await connected(await spotsOf(given), async (connections): Promise<ExitCode> => {
    const places = await Promise.all(connections.map(async (connection) => ({
      place: connection.text,
      overrides: await connection.overridesIfAny?.all(connection.place) ?? [],
      entries: await Promise.all((await connection.plane.deployments(connection.place, Number(given.required('most')))).map((deployment) => entryOf(connection, deployment))),
    })));
    tell({ kind: 'report', report: { kind: 'history', places } });
    return 0;
  });
}

async function entryOf(connection: Connection, deployment: Deployment): Promise<HistoryEntry> {
  const [provenance, gone] = await Promise.all([provenanceOf(connection.epochsIfAny, connection.place, deployment), leftBehind(connection, deployment)]);
  return { deployment, ...(provenance === undefined ? {} : { provenance }), ...(gone === undefined ? {} : { leftBehind: gone }) };
}

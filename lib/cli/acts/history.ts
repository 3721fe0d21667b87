import { provenanceOf } from '../../adapters/standing.ts';
import type { ExitCode } from '../command.ts';
import { connected } from '../connection.ts';
import type { Event } from '../event.ts';
import type { Given } from '../option.ts';
import { spotsOf } from '../spots.ts';

/** Lists the deployments of each environment. */
export async function history(given: Given, tell: (event: Event) => void): Promise<ExitCode> {
  return await connected(await spotsOf(given), async (connections): Promise<ExitCode> => {
    const places = await Promise.all(connections.map(async ({ plane, place, epochsIfAny, overridesIfAny, text }) => ({
      place: text,
      overrides: await overridesIfAny?.all(place) ?? [],
      entries: await Promise.all((await plane.deployments(place, Number(given.required('most')))).map(async (deployment) => {
        const provenance = await provenanceOf(epochsIfAny, place, deployment);
        return { deployment, ...(provenance === undefined ? {} : { provenance }) };
      })),
    })));
    tell({ kind: 'report', report: { kind: 'history', places } });
    return 0;
  });
}

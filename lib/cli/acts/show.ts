import { provenanceOf } from '../../adapters/standing.ts';
import { fault } from '../../core/fault.ts';
import { RELEASING } from '../../core/faults/releasing.ts';
import { changesOf } from '../../documents/planFile.ts';
import type { ExitCode } from '../command.ts';
import { connected, type Connection } from '../connection.ts';
import { cohortsOf } from '../epochs.ts';
import type { Event } from '../event.ts';
import { leftBehind } from '../leftBehind.ts';
import type { Given } from '../option.ts';
import type { ShowReport } from '../report.ts';
import { spotOf } from '../spots.ts';

/** Shows one deployment. */
export async function show(given: Given, tell: (event: Event) => void): Promise<ExitCode> {
  return await connected([await spotOf(given, given.text('env'))], async ([connection]) => {
    if (connection === undefined) return 1;
    tell({ kind: 'report', report: await shown(connection, given.positionals[0] ?? '') });
    return 0;
  });
}

/** One deployment in full. @throws Fault `SLUICE-LOOK-3` when there is none of that number, or it is no number. */
export async function shown(connection: Connection, word: string): Promise<ShowReport> {
  const { sight, place, epochsIfAny, text } = connection;
  const number = Number(word);
  const deployment = Number.isSafeInteger(number) && number > 0 ? await sight.deployment(place, number) : undefined;
  if (deployment === undefined) throw fault(RELEASING, 'SLUICE-LOOK-3', { deployment: word, place: text });
  const [provenance, record, gone] = await Promise.all([provenanceOf(epochsIfAny, place, deployment), epochsIfAny?.deployment(place, number), leftBehind(connection, deployment)]);
  const { before, after } = record === undefined ? {} : await cohortsOf(connection, record);
  return {
    kind: 'shown', place: text, deployment, changes: after === undefined ? [] : changesOf(before, after),
    ...(provenance === undefined ? {} : { provenance }), ...(record === undefined ? {} : { digest: record.canary.digest }), ...(gone === undefined ? {} : { leftBehind: gone }),
  };
}

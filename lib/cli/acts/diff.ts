import { changesOf } from '../../documents/planFile.ts';
import type { ExitCode } from '../command.ts';
import { connected } from '../connection.ts';
import { epochNamed } from '../epochNamed.ts';
import type { Event } from '../event.ts';
import type { Given } from '../option.ts';
import { spotOf } from '../spots.ts';

/** Compares two epochs of one environment. */
export async function diff(given: Given, tell: (event: Event) => void): Promise<ExitCode> {
  const [one = 'live', other = '.'] = given.positionals;
  return await connected([await spotOf(given, given.text('env'))], async ([connection]) => {
    if (connection === undefined) return 1;
    const [from, to] = await Promise.all([one, other].map((word) => epochNamed(connection, word, given)));
    if (from === undefined || to === undefined) return 1;
    const changes = changesOf(from.epoch, to.epoch);
    tell({ kind: 'report', report: { kind: 'compared', place: connection.text, from: from.name, to: to.name, changes } });
    return changes.length === 0 ? 0 : 2;
  });
}

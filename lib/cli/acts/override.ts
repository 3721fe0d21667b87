import { Alarms } from '../../adapters/evidence/alarms.ts';
import { Repository } from '../../adapters/source/git.ts';
import { fault, type Fault } from '../../core/fault.ts';
import { COMMANDING } from '../../core/faults/commanding.ts';
import { RELEASING } from '../../core/faults/releasing.ts';
import { inForce, OVERRIDE_MOST_MS, untilOf, type OverrideEntry } from '../../core/override.ts';
import { nameIn } from '../../core/monitoring.ts';
import type { ExitCode } from '../command.ts';
import { connected, type Connection } from '../connection.ts';
import type { Event } from '../event.ts';
import type { Given } from '../option.ts';
import { spotOf } from '../spots.ts';

/** Writes an override of an environment, or ends the one that is in force. */
export async function override(given: Given, tell: (event: Event) => void): Promise<ExitCode> {
  const by = given.text('as') ?? await (await Repository.around('.'))?.identity();
  if (by === undefined) throw wrong('--as', 'given where git knows no user.name', 'nothing');
  const ends = given.flag('end');
  const why = ends ? undefined : required(given, 'why', 'given: what for');
  const until = ends ? undefined : required(given, 'until', 'given: until when');
  return await connected([await spotOf(given, given.positionals[0])], async ([connection]): Promise<ExitCode> => {
    if (connection === undefined) return 1;
    const { plane, text } = connection;
    const alarm = await alarmOf(connection);
    const overrides = connection.overrides;
    const last = await overrides.last(connection.place);
    const at = new Date(plane.now).toISOString();
    const entry: OverrideEntry = until === undefined || why === undefined
      ? { sluice: 1, kind: 'end', by, at }
      : { sluice: 1, kind: 'override', by, why, at, until: timeOf(until, plane.now) };
    if (ends && inForce(last.entry, plane.now) === undefined) throw fault(RELEASING, 'SLUICE-OVERRIDE-3', { place: text });
    if (!await overrides.add(connection.place, last, entry)) throw fault(RELEASING, 'SLUICE-OVERRIDE-2', { place: text });
    const alarms = await Alarms.open(connection.options);
    await alarms.setActions(alarm, ends).finally(() => { alarms.close(); });
    tell({ kind: 'report', report: { kind: 'overridden', place: text, alarm, entry } });
    return 0;
  });
}

/** The environment's own composite alarm among those AppConfig watches. @throws Fault `SLUICE-OVERRIDE-1` when there is none. */
async function alarmOf({ plane, place, names, text }: Connection): Promise<string> {
  const own = `${names.application}-${names.environment}`;
  const monitors = await plane.monitors(place);
  if (!monitors.some(({ alarmArn }) => nameIn(alarmArn) === own)) throw fault(RELEASING, 'SLUICE-OVERRIDE-1', { place: text, alarm: own });
  return own;
}

function timeOf(text: string, now: number): string {
  const until = untilOf(text, now);
  if (Number.isNaN(until) || until <= now || until > now + OVERRIDE_MOST_MS) throw wrong('--until', 'a time to come, at most 24h from now, such as 90m, 4h or 2026-05-01T12:00Z', text);
  return new Date(until).toISOString();
}

function required(given: Given, option: string, expected: string): string {
  const text = given.text(option)?.trim() ?? '';
  if (text === '') throw wrong(`--${option}`, expected, 'nothing');
  return text;
}

function wrong(option: string, expected: string, got: string): Fault {
  return fault(COMMANDING, 'SLUICE-CLI-3', { option, expected, got, command: 'sluice override' });
}

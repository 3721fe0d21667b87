import { setTimeout as sleep } from 'node:timers/promises';
import { Repository } from '../../adapters/source/git.ts';
import type { KnownShift } from '../../adapters/store/shifts.ts';
import { Fault, fault } from '../../core/fault.ts';
import { COMMANDING } from '../../core/faults/commanding.ts';
import { SHIFTING } from '../../core/faults/shifting.ts';
import { askedOfShift, SHIFT_ASKS } from '../../core/shift/ask.ts';
import { shiftEnded, type ShiftAsk, type ShiftRecord } from '../../core/shift/record.ts';
import type { ExitCode } from '../command.ts';
import { connected, type Connection } from '../connection.ts';
import type { Event } from '../event.ts';
import type { Given } from '../option.ts';
import { spotOf, spotsOf } from '../spots.ts';

/** How often asking is tried that meets another writer. */
const ATTEMPTS = 5;

/** Shows shifts, or asks something of one. */
export async function shift(given: Given, tell: (event: Event) => void): Promise<ExitCode> {
  const [action = 'status', workflow] = given.positionals;
  if (action === 'status') return await show(given, workflow, tell);
  const kind = SHIFT_ASKS.find((one) => one === action);
  if (kind === undefined) throw fault(COMMANDING, 'SLUICE-CLI-3', { option: 'action', expected: 'status, pause, resume, promote or abort', got: action, command: 'sluice shift' });
  if (given.flag('watch')) throw fault(COMMANDING, 'SLUICE-CLI-3', { option: '--watch', expected: 'given with status', got: action, command: 'sluice shift' });
  const by = given.text('as') ?? await (await Repository.around('.'))?.identity();
  if (by === undefined) throw fault(COMMANDING, 'SLUICE-CLI-3', { option: '--as', expected: 'given where git knows no user.name', got: 'nothing', command: `sluice shift ${action}` });
  return await connected([await spotOf(given, given.text('env'))], async ([connection]): Promise<ExitCode> => {
    if (connection === undefined) return 1;
    const record = await ask(connection, workflow, { kind, by, why: given.text('why') ?? null });
    tell({ kind: 'report', report: { kind: 'shift-asked', place: connection.text, action: kind, shift: record } });
    return 0;
  });
}

async function show(given: Given, workflow: string | undefined, tell: (event: Event) => void): Promise<ExitCode> {
  return await connected(await spotsOf(given), async (connections): Promise<ExitCode> => {
    const watched = given.flag('watch');
    for (;;) {
      const places = await Promise.all(connections.map(async ({ text, shifts }) => ({ place: text, shifts: (await shifts.all()).map(({ record }) => record).filter((one) => workflow === undefined || one.workflow === workflow) })));
      if (workflow !== undefined && places.every(({ shifts }) => shifts.length === 0)) throw noneBy(workflow, places.map(({ place }) => place).join(', '));
      const last = !watched || !places.some(({ shifts }) => shifts.some((one) => !shiftEnded(one)));
      tell({ kind: 'report', report: { kind: 'shifts', places, now: Math.max(0, ...connections.map(({ plane }) => plane.now)), watched, last } });
      if (last) return 0;
      await sleep(Number(given.required('interval')) * 1000);
    }
  });
}

async function ask({ shifts, text: place, plane }: Connection, workflow: string | undefined, asked: { readonly kind: ShiftAsk; readonly by: string; readonly why: string | null }): Promise<ShiftRecord> {
  for (let attempt = 1; ; attempt += 1) {
    const known = one(await shifts.all(), place, workflow, asked.kind);
    const record = askedOfShift(known.record, { ...asked, at: new Date(plane.now).toISOString() });
    if (record instanceof Fault) throw record;
    if (await shifts.keep(record, known.revision)) return record;
    if (attempt === ATTEMPTS) throw fault(SHIFTING, 'SLUICE-SHIFT-8', { workflow: record.workflow, action: asked.kind, problem: 'somebody else writes its record all the time' });
  }
}

function one(all: readonly KnownShift[], place: string, workflow: string | undefined, action: ShiftAsk): KnownShift {
  const named = all.filter(({ record }) => (workflow === undefined ? !shiftEnded(record) : record.workflow === workflow));
  const [known, another] = named;
  if (known === undefined) throw noneBy(workflow, place);
  if (another !== undefined) throw fault(SHIFTING, 'SLUICE-SHIFT-7', { place, names: named.map(({ record }) => record.workflow).join(', '), action });
  return known;
}

function noneBy(workflow: string | undefined, place: string): Fault {
  return fault(SHIFTING, 'SLUICE-SHIFT-6', { place, named: workflow === undefined ? '' : ` by the name ${workflow}` });
}

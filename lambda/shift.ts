/**
 * Decides each look of the controller of shifts, whose state machine tells it the alias's routes and does what it answers. The record in
 * the store is written first: whoever takes over goes on from there.
 *
 * Environment: SLUICE_STORE, the bucket of the epoch store; SLUICE_JUDGE, the rules as JSON, SLUICE_SETTLE_WITHIN_MS and SLUICE_ALARM,
 * optional.
 */
import { Shifting, type Looked } from '../lib/adapters/shifting.ts';
import { Fault } from '../lib/core/fault.ts';
import { parseLook } from '../lib/core/shift/look.ts';
import { prunedLine } from '../lib/core/shift/prune.ts';

const shifting = await Shifting.open();

/** Answers one look. @throws Fault `SLUICE-SHIFT-5` for another input, and what the store throws: the state machine asks again. */
export async function handler(event: unknown): Promise<Omit<Looked, 'pruned'>> {
  const look = parseLook(event);
  if (look instanceof Fault) throw look;
  const [now, handler] = [Date.now(), 'shift'];
  const { pruned = [], ...looked } = await shifting.look(look, now);
  process.stdout.write(`${JSON.stringify({ handler, workflow: look.of.workflow, ...looked })}\n`);
  for (const one of pruned) process.stdout.write(`${prunedLine(handler, one, now)}\n`);
  return looked;
}

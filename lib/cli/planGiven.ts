import { readFile } from 'node:fs/promises';
import { Fault, fault } from '../core/fault.ts';
import { RELEASING } from '../core/faults/releasing.ts';
import { parsePlan, type PlanFile } from '../documents/index.ts';

/** The plan in a file. @throws Fault `SLUICE-PLAN-7` when there is no file, `SLUICE-PLAN-5` when it is no plan. */
export async function planGiven(path: string): Promise<PlanFile> {
  const bytes = await readFile(path).catch((error: unknown) => {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') throw fault(RELEASING, 'SLUICE-PLAN-7', { path }, error);
    throw error;
  });
  const plan = parsePlan(bytes, path);
  if (plan instanceof Fault) throw plan;
  return plan;
}

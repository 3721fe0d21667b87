import { readFile, stat } from 'node:fs/promises';
import { Fault, fault } from '../core/fault.ts';
import { RELEASING } from '../core/faults/releasing.ts';
import { isPlan, parsePlan, type PlanFile } from '../documents/planFile.ts';
import { namesIn, pick } from './spots.ts';

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

/** The releases of a plan that a list of names means; none of a plan that changes nothing. @throws Fault `SLUICE-PROJECT-12` for a name that means none. */
export function releasesMeant({ releases }: PlanFile, names: string | undefined): PlanFile['releases'] {
  return releases.length === 0 ? [] : pick(releases, namesIn(names));
}

/** Sees that a plan may be written to a path: over an earlier plan, of whatever project, or an empty file, and over nothing else. @throws Fault `SLUICE-PLAN-8` */
export async function replaceable(path: string): Promise<void> {
  const there = await stat(path).catch((error: unknown) => {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  });
  if (there === undefined || !there.isFile() || there.size === 0) return;
  if (!isPlan(await readFile(path))) throw fault(RELEASING, 'SLUICE-PLAN-8', { path });
}

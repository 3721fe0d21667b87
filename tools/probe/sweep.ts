import type { Target } from './target.ts';
import { isUnsupported } from './refusal.ts';
import { KINDS } from './kinds.ts';
import type { Leftover } from './leftover.ts';

/** What was removed, and what could not be. */
export interface Swept {
  readonly removed: readonly string[];
  readonly problems: readonly string[];
}

const ROUNDS = 4;
const PAUSE_MS = 5000;

/**
 * Removes everything whose name begins with a prefix and that bears the tag `sluice-probe`, until nothing more is found: lists of AWS are
 * behind by seconds, and some things go only after others. `once` looks only once.
 */
export async function sweep(target: Target, prefix: string, once = false): Promise<Swept> {
  const removed: string[] = [];
  let problems: string[] = [];
  for (let round = 0; round < (once ? 1 : ROUNDS); round += 1) {
    if (round > 0) await target.clock.wait(PAUSE_MS);
    const before = removed.length;
    problems = [];
    for (const kind of KINDS) {
      try {
        for (const leftover of await kind.find(target, prefix)) await remove(leftover, removed, problems);
      } catch (error) {
        // What the target does not have, nobody made there.
        if (!isUnsupported(error)) problems.push(`${kind.name}: ${(error as Error).message}`);
      }
    }
    if (round > 0 && removed.length === before && problems.length === 0) break;
  }
  return { removed, problems };
}

async function remove(leftover: Leftover, removed: string[], problems: string[]): Promise<void> {
  try {
    await leftover.remove();
    removed.push(leftover.name);
  } catch (error) {
    problems.push(`${leftover.name}: ${(error as Error).message}`);
  }
}

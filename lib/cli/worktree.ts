import { join } from 'node:path';
import { inFolder } from '../rehearsal/folder.ts';
import { interruption } from './interruption.ts';

/**
 * Lets git work in a tree of its own, of which nothing is left. At the first Ctrl-C, which git hears of too, what is begun comes to its end or
 * is taken back; the second ends the process, and the tree with it.
 */
export async function inWorktree<Result>(name: string, act: (tree: string) => Promise<Result>): Promise<Result> {
  const stop = interruption(() => undefined);
  return await inFolder(name, (folder) => act(join(folder, 'tree'))).finally(stop);
}

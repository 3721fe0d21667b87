import { fflate } from '../libraries.ts';

// Zips carry local times from 1980 on; a fixed one makes equal files equal archives everywhere.
const STAMP = new Date(1980, 0, 1);

/** Packs files into a zip as CreateFunction takes it; the same files always give the same bytes. What stays in this process need not be made smaller: `stored`. */
export function zip(files: Readonly<Record<string, Uint8Array>>, how: 'deflated' | 'stored' = 'deflated'): Uint8Array {
  return fflate().zipSync({ ...files }, { mtime: STAMP, level: how === 'stored' ? 0 : 6 });
}

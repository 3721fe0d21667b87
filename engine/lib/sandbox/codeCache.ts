import type { CompiledCode } from './messages.ts';

/** As much as is kept, bytes: clients of the SDK come to one or two megabytes each. */
const LIMIT = 128 * 1024 * 1024;

/** What sandboxes compiled of the modules that the runtime brings along, for all engines of this process. */
const kept: CompiledCode[] = [];
const stamps: Map<string, string> = new Map();
let size = 0;

/** What is compiled already. */
export function compiledCode(): readonly CompiledCode[] {
  return kept;
}

/** Keeps what a sandbox compiled; of a file that two of them compiled at the same time, the first one's. */
export function keepCompiled(code: CompiledCode): void {
  if (size + code.bytes.byteLength > LIMIT) return;
  const files = code.files.filter(([path, stamp]) => stamps.get(path) !== stamp);
  if (files.length === 0) return;
  for (const [path, stamp] of files) stamps.set(path, stamp);
  kept.push({ ...code, files });
  size += code.bytes.byteLength;
}

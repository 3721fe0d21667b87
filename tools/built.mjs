// Whether what build.mjs made is still what it would make, so that `npm install && npm test` builds once.
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** What a build reads: sources, settings, and the versions of what is installed. */
const READ = [
  'bin', 'lib', 'lambda', 'examples', 'engine/lib', 'build.mjs', 'tools/built.mjs', 'package.json', 'tsconfig.json', 'engine/package.json', 'engine/tsconfig.json',
  'node_modules/.package-lock.json',
];
const MADE = ['dist', 'engine/dist'];
const KEPT = 'node_modules/.cache/sluice/built.json';

/** Whether the last build below `root` read the very bytes that lie there now, and what it made is there unchanged. */
export function isBuilt(root) {
  try {
    const { read, made } = JSON.parse(readFileSync(join(root, KEPT), 'utf8'));
    return read === digestOf(root, READ) && made === digestOf(root, MADE);
  } catch {
    return false;
  }
}

/** Forgets the last build: what a new one leaves half done is not taken for whole. */
export function forgetBuilt(root) {
  rmSync(join(root, KEPT), { force: true });
}

/** Keeps what a build read and made. */
export function keepBuilt(root) {
  mkdirSync(join(root, KEPT, '..'), { recursive: true });
  writeFileSync(join(root, KEPT), `${JSON.stringify({ read: digestOf(root, READ), made: digestOf(root, MADE) })}\n`);
}

/** SHA-256, in hex, of the names and bytes of all files below these paths. */
function digestOf(root, paths) {
  const digest = createHash('sha256');
  for (const path of paths.flatMap((one) => filesOf(root, one))) digest.update(`${path}\0${statSync(join(root, path)).size}\0`).update(readFileSync(join(root, path)));
  return digest.digest('hex');
}

function filesOf(root, path) {
  if (!existsSync(join(root, path))) return [];
  if (!statSync(join(root, path)).isDirectory()) return [path];
  return readdirSync(join(root, path)).sort().flatMap((name) => (name === 'node_modules' || name === 'cdk.out' ? [] : filesOf(root, `${path}/${name}`)));
}

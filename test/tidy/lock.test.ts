import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { ROOT } from './tree.ts';

interface Lock {
  packages: Record<string, { version?: string; optionalDependencies?: Record<string, string> }>;
}

// A registry that lacks one platform's package leaves it out of the lock file without a word, and then npm ci refuses everywhere.
it('locks the packages of every platform, so that npm ci works on all of them', () => {
  const { packages } = JSON.parse(readFileSync(join(ROOT, 'package-lock.json'), 'utf8')) as Lock;
  const places = new Set(Object.keys(packages).map((place) => place.slice(place.lastIndexOf('node_modules/') + 'node_modules/'.length)));

  const missing = Object.entries(packages).flatMap(([place, { version, optionalDependencies = {} }]) =>
    Object.keys(optionalDependencies).filter((name) => !places.has(name))
      .map((name) => `package-lock.json:1: ${name} is missing, which ${place}@${version ?? ''} wants; take a version whose platforms the registry has`));

  expect(missing, missing.join('\n')).toEqual([]);
});

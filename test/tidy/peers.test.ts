import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { imports } from './imports.ts';
import { ROOT, sources } from './tree.ts';

interface Manifest {
  readonly dependencies?: Record<string, string>;
  readonly peerDependencies: Record<string, string>;
  readonly peerDependenciesMeta: Record<string, { readonly optional: boolean }>;
}

const { dependencies = {}, peerDependencies, peerDependenciesMeta } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as Manifest;

/** `@aws-sdk/client-s3/dist/x` is of the package `@aws-sdk/client-s3`. */
function packageOf(specifier: string): string {
  return specifier.split('/').slice(0, specifier.startsWith('@') ? 2 : 1).join('/');
}

/** The packages a source asks for, by an import of any kind or by `peer`. */
function asked(text: string): string[] {
  const imported = imports(text).flatMap(({ specifier }) => (specifier === undefined || /^(\.|node:|sluice\/)/.test(specifier) ? [] : [packageOf(specifier)]));
  return [...imported, ...Array.from(text.matchAll(/\bpeer\('([^']+)'/g), ([, name]) => name!)];
}

const named = new Map(sources().filter(({ path }) => !path.startsWith('engine/')).flatMap(({ path, text }) => asked(text).map((name) => [name, path])));

/** Files that build.mjs makes one file of, with the packages that they ask for inside: nobody installs those. */
const VENDORING = 'lib/documents/vendored/';

it('every package the product asks for is a dependency or an optional peer, or is built into it', () => {
  const asking = sources().filter(({ path }) => !path.startsWith('engine/')).flatMap(({ path, text }) => asked(text).map((name) => ({ name, path })));
  const undeclared = asking.filter(({ name, path }) => !(name in dependencies) && peerDependenciesMeta[name]?.optional !== true && !path.startsWith(VENDORING)).map(({ name, path }) => `${path}: ${name}`);
  const twice = asking.filter(({ name, path }) => path.startsWith(VENDORING) && name in dependencies);

  expect(named.size).toBeGreaterThan(10);
  expect(undeclared).toEqual([]);
  expect(twice).toEqual([]);
});

it('every peer is optional, and something asks for it', () => {
  expect(Object.keys(peerDependenciesMeta).sort()).toEqual(Object.keys(peerDependencies).sort());
  expect(Object.keys(peerDependencies).filter((name) => !named.has(name))).toEqual([]);
});

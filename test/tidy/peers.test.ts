import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { imports } from './imports.ts';
import { ROOT, sources } from './tree.ts';

interface Manifest {
  readonly dependencies: Record<string, string>;
  readonly peerDependencies: Record<string, string>;
  readonly peerDependenciesMeta: Record<string, { readonly optional: boolean }>;
}

const { dependencies, peerDependencies, peerDependenciesMeta } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as Manifest;

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

it('every package the product asks for is a dependency or an optional peer', () => {
  const undeclared = [...named].filter(([name]) => !(name in dependencies) && peerDependenciesMeta[name]?.optional !== true).map(([name, path]) => `${path}: ${name}`);

  expect(named.size).toBeGreaterThan(10);
  expect(undeclared).toEqual([]);
});

it('every peer is optional, and something asks for it', () => {
  expect(Object.keys(peerDependenciesMeta).sort()).toEqual(Object.keys(peerDependencies).sort());
  expect(Object.keys(peerDependencies).filter((name) => !named.has(name))).toEqual([]);
});

import { readFileSync } from 'node:fs';
import { join, posix } from 'node:path';
import { expect, it } from 'vitest';

/** The declarations reachable from an index, each file once, in the order of their paths. */
function surface(folder: string, index: string): string {
  const files = new Map<string, string>();
  const add = (path: string): void => {
    if (files.has(path)) return;
    const text = readFileSync(join(folder, path), 'utf8');
    files.set(path, text);
    for (const [, specifier] of text.matchAll(/(?:from |import\()'(\.[^']+)\.[jt]s'/g)) add(posix.join(posix.dirname(path), `${specifier}.d.ts`));
  };
  add(index);
  return [...files].sort(([one], [other]) => (one < other ? -1 : 1)).map(([path, text]) => `// ${path}\n${text.trimEnd()}\n`).join('\n');
}

// After a build, `npx vitest run test/constructs/api --update` writes it anew; the difference is what a release tells its users.
it('the public surface of the constructs is what etc/constructs.api.d.ts says', async () => {
  await expect(surface('dist', 'lib/constructs/index.d.ts')).toMatchFileSnapshot('../../etc/constructs.api.d.ts');
});

it('every optional property that a user may give says its default', () => {
  const report = readFileSync('etc/constructs.api.d.ts', 'utf8');
  const names = [...readFileSync('lib/constructs/index.ts', 'utf8').matchAll(/(\w+(?:Props|Options|Attributes))\b/g)].map(([, name]) => name!);

  const silent = [...names, 'JudgeRules'].flatMap((name) => {
    const body = new RegExp(`export interface ${name}\\b[^]*?\\n}`).exec(report)?.[0] ?? `/** */\n    readonly ${name}?: there is none`;
    return [...body.matchAll(/(\/\*\*(?:(?!\*\/)[^])*\*\/)?\n +readonly (\w+)\?:/g)].filter(([, doc = '']) => !doc.includes('@default')).map(([, , property]) => `${name}.${property}`);
  });

  expect(names.length).toBeGreaterThan(10);
  expect(silent).toEqual([]);
});

import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { beginning } from '../../lib/documents/project/beginning.ts';
import { Given } from '../../lib/cli/option.ts';
import { validate } from '../../lib/cli/validate.ts';
import { HumanView } from '../../lib/cli/views/human.ts';
import { styleOf } from '../../lib/cli/views/terminal.ts';
import { inShell } from './shell.ts';
import type { Ran } from './sluice.ts';

const ROOT = mkdtempSync(join(tmpdir(), 'sluice-broken-'));
const LIMITS = 'config/orders/limits.yaml';
const SCHEMA = 'config/orders/limits.schema.json';
const NUMBERS = `numbers: [${Array.from({ length: 3000 }, (_, index) => index).join(', ')}]\n`;
let projects = 0;

afterAll(() => { rmSync(ROOT, { recursive: true }); });

type Change = string | Uint8Array | ((text: string) => string) | null;

/** The project that `sluice init` writes, with some files changed, added or (null) removed. */
function project(changes: Readonly<Record<string, Change>>): string {
  const directory = join(ROOT, `project-${projects++}`);
  const files = new Map<string, string | Uint8Array>(beginning('orders'));
  for (const [path, change] of Object.entries(changes)) {
    if (change === null) files.delete(path);
    else files.set(path, typeof change === 'function' ? change(String(files.get(path))) : change);
  }
  for (const [path, content] of files) {
    mkdirSync(dirname(join(directory, path)), { recursive: true });
    writeFileSync(join(directory, path), content);
  }
  return directory;
}

/** What the command does and shows, in this process: thirty others would take as long as all other tests of the command line. */
async function validated(directory: string): Promise<Ran> {
  const shown = { out: '', err: '' };
  const write = (to: 'out' | 'err') => (text: string): void => { shown[to] += `${text}\n`; };
  const view = new HumanView({ out: write('out'), err: write('err'), style: styleOf(false, false), watched: false });
  const code = await validate.run(new Given([directory], new Map()), (event) => { view.show(event); });
  return { code, stdout: shown.out.replaceAll(`${directory}/`, ''), stderr: shown.err };
}

const BROKEN: readonly (readonly [what: string, changes: Readonly<Record<string, Change>>])[] = [
  ['a reference that is its own value', { [LIMITS]: (text) => `${text}all: &all { again: *all }\n` }],
  ['aliases that multiply', { [LIMITS]: ['a: &a [x, x, x, x, x, x, x, x, x]', ...'bcdefghi'.split('').map((name, at) => `${name}: &${name} [${Array.from({ length: 9 }, () => `*${'abcdefgh'[at]}`).join(', ')}]`)].join('\n') }],
  ['a schema that refers to itself', { [SCHEMA]: '{ "$ref": "#/$defs/a", "$defs": { "a": { "anyOf": [{ "$ref": "#/$defs/b" }] }, "b": { "$ref": "#/$defs/a" } } }\n' }],
  ['a schema that is none', { [SCHEMA]: '{ "type": "object", "properties": { "timeoutSeconds": { "type": "intger" } } }\n' }],
  ['a schema of a draft that is not supported', { [SCHEMA]: '{ "$schema": "http://json-schema.org/draft-03/schema#" }\n' }],
  ['a keyword that is not supported', { [SCHEMA]: '{ "$dynamicRef": "#node" }\n' }],
  ['a pattern that may take for ever', { [SCHEMA]: '{ "properties": { "apiKey": { "pattern": "^(?=a)(a+)+$" } } }\n' }],
  ['a merge conflict', { [LIMITS]: '<<<<<<< HEAD\ntimeoutSeconds: 30\n=======\ntimeoutSeconds: 20\n>>>>>>> patience\nretries: 3\n' }],
  ['a merge conflict in the schema', { [SCHEMA]: '{\n<<<<<<< HEAD\n  "type": "object"\n=======\n  "type": "array"\n>>>>>>> patience\n}\n' }],
  ['a binary file', { [LIMITS]: Uint8Array.from([0x89, 0x50, 0x4e, 0x47, 0, 1, 2, 0xff]) }],
  ['a file that is no document', { 'config/orders/limits.yaml~': 'timeoutSeconds: 30\n' }],
  ['a name that climbs out', { 'sluice.yaml': (text) => text.replace('  orders:\n', '  ../orders:\n') }],
  ['a key that is no data', { [LIMITS]: (text) => `${text}__proto__: { admin: true }\n` }],
  ['10 MB', { [LIMITS]: (text) => `${text}text: ${'x'.repeat(10 * 1024 * 1024)}\n` }],
  ['values nested deeply', { [LIMITS]: `deep: ${'['.repeat(2000)}${']'.repeat(2000)}\n` }],
  ['an environment that is not there', { 'config/orders/prodution/limits.yaml': 'timeoutSeconds: 9\n' }],
  ['a value of the wrong type', { [LIMITS]: (text) => text.replace('30', 'half a minute') }],
  ['a misspelt member', { [LIMITS]: (text) => text.replace('retries', 'retires') }],
  ['a value that is wrong in one environment', { 'config/orders/production/limits.yaml': 'timeoutSeconds: 1000\n' }],
  ['a key that is there twice', { [LIMITS]: (text) => `${text}retries: 4\n` }],
  ['a document without a schema', { 'config/orders/hosts.yaml': 'one: a\n' }],
  ['a document that is there twice', { 'config/orders/limits.json': '{}' }],
  ['an overlay of nothing', { 'config/orders/production/limit.yaml': 'timeoutSeconds: 9\n' }],
  ['a plain secret', { [LIMITS]: (text) => text.replace('secretsmanager:partner/api-key', ['AKIA', 'IOSFODNN7EXAMPLE'].join('')) }],
  ['an invariant that does not hold', { [LIMITS]: (text) => text.replace('30', '300') }],
  ['an invariant that is no CEL', { 'sluice.yaml': (text) => text.replace(' <= 900', ' <== 900') }],
  ['an invariant that fails', { 'sluice.yaml': (text) => text.replace('limits.retries', 'limit.retries') }],
  ['an invariant that never ends', {
    'sluice.yaml': (text) => text.replace(/rule: .*/, "rule: documents.n.numbers.all(a, documents.n.numbers.all(b, documents.n.numbers.all(c, a + b + c >= 0)))"),
    'config/orders/n.yaml': NUMBERS, 'config/orders/n.schema.json': '{}',
  }],
  ['a plan that is not there', { 'sluice.yaml': (text) => text.replace('plan: careful', 'plan: carefull') }],
  ['no sluice.yaml that can be read', { 'sluice.yaml': 'sluice: 1\napplications: [\n' }],
];

describe('a broken project', () => {
  let ran: readonly (Ran & { readonly what: string })[] = [];

  beforeAll(async () => {
    for (const [what, changes] of BROKEN) ran = [...ran, { what, ...await validated(project(changes)) }];
  }, 60_000);

  it('ends with 1, and prints its errors and nothing else', () => {
    expect(ran.length).toBeGreaterThanOrEqual(20);
    expect(ran.filter(({ code, stderr }) => code !== 1 || stderr !== '').map(({ what }) => what)).toEqual([]);
  });

  it('is the same by the built command line', async () => {
    const [first] = BROKEN;

    expect(await inShell(['validate'], {}, project(first?.[1] ?? {}))).toEqual({ code: 1, stderr: '', stdout: ran[0]?.stdout });
  });

  it('has one error that is clear, not several for one mistake', () => {
    expect(ran.filter(({ stdout }) => !stdout.endsWith('\n\nrefused: 1 fault\n') || !/^SLUICE-[A-Z]+-\d+ /.test(stdout)).map(({ what }) => what)).toEqual([]);
  });

  it('is shown in 80 columns, as test/cli/broken.txt has it', async () => {
    const page = ran.map(({ what, stdout }) => `## ${what}\n\n${stdout}`).join('\n');

    expect(page.split('\n').filter((line) => line.length > 80)).toEqual([]);
    await expect(page).toMatchFileSnapshot('broken.txt');
  });

  it('with a link out of it is refused, and what it leads to is not read', async () => {
    const directory = project({ [LIMITS]: null });
    writeFileSync(join(ROOT, 'outside.yaml'), 'timeoutSeconds: 30\n');
    symlinkSync(join(ROOT, 'outside.yaml'), join(directory, LIMITS));

    const { code, stderr } = await inShell(['validate'], {}, directory);

    expect({ code, stderr }).toEqual({ code: 1, stderr: 'error: SLUICE-PROJECT-8: config/orders/limits.yaml is no part of a project: it is a link; keep documents in config/<application> and overlays in config/<application>/<environment>, and nothing below\n' });
  });

  it('is left as it is', async () => {
    const directory = project({ [LIMITS]: 'timeoutSeconds: often\n' });
    const before = readdirSync(directory, { recursive: true, encoding: 'utf8' }).sort();

    await inShell(['validate'], {}, directory);

    expect(readdirSync(directory, { recursive: true, encoding: 'utf8' }).sort()).toEqual(before);
    expect(readFileSync(join(directory, LIMITS), 'utf8')).toBe('timeoutSeconds: often\n');
  });
});

import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { inShell } from './shell.ts';
import { sluice } from './sluice.ts';

const ROOT = mkdtempSync(join(tmpdir(), 'sluice-validate-'));
const ANY = '{ "type": "object" }';
/** Nine levels of nine aliases: 3.9 * 10^8 values. */
const BOMB = ['a: &a [x, x, x, x, x, x, x, x, x]', ...'bcdefghi'.split('').map((name, at) => `${name}: &${name} [${Array.from({ length: 9 }, () => `*${'abcdefgh'[at]}`).join(', ')}]`)].join('\n');
let directories = 0;

afterAll(() => { rmSync(ROOT, { recursive: true }); });

function directory(files: Readonly<Record<string, string>>): string {
  const path = join(ROOT, `config-${directories++}`);
  mkdirSync(path);
  for (const [name, text] of Object.entries(files)) writeFileSync(join(path, name), text);
  return path;
}

describe('sluice validate', () => {
  it('shows the documents of a directory, the size of its epoch and its digest', async () => {
    const path = directory({ 'limits.yaml': 'timeoutSeconds: 30 # why\n', 'limits.schema.json': ANY, 'hosts.json': '{}', 'hosts.schema.json': ANY });

    const { code, stdout, stderr } = await sluice(['validate', path]);

    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout).toBe([
      '  hosts           2 bytes',
      '  limits         21 bytes',
      '',
      'valid: 2 documents, an epoch of 258 bytes (at most 2,097,152)',
      (JSON.parse((await inShell(['validate', path, '--json'])).stdout) as { digest: string }).digest,
      '',
    ].join('\n'));
  });

  it('answers a script with one object', async () => {
    const path = directory({ 'any.json': '{"a":1}', 'any.schema.json': ANY });

    const { code, stdout } = await inShell(['--json', 'validate', path]);

    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toEqual({
      valid: true,
      digest: expect.stringMatching(/^sha256:[0-9a-f]{64}$/),
      bytes: expect.any(Number),
      documents: [{ name: 'any', bytes: 7, schema: expect.stringMatching(/^sha256:[0-9a-f]{64}$/) }],
    });
  });

  it('shows every fault as a compiler does, with a place that editors open', async () => {
    const path = directory({
      'limits.yaml': 'timeoutSeconds: 30000\n',
      'limits.schema.json': '{ "properties": { "timeoutSeconds": { "maximum": 60 } } }',
      'hosts.yaml': 'one: a\none: b\n',
      'hosts.schema.json': ANY,
    });

    const { code, stdout } = await inShell(['validate', path]);

    expect(code).toBe(1);
    expect(stdout).toBe([
      `SLUICE-DOC-5 ${path}/hosts.yaml:2:1`,
      'the key one is there twice',
      '  |',
      '2 | one: b',
      '  | ^^^',
      'help: keep one of them; JSON and YAML readers disagree about which one wins',
      '',
      `SLUICE-DOC-10 ${path}/limits.yaml:1:17`,
      '$.timeoutSeconds must be at most 60, got 30000',
      '  |',
      '1 | timeoutSeconds: 30000',
      '  |                 ^^^^^',
      'help: correct the value, or change the schema first',
      '',
      'refused: 2 faults',
      '',
    ].join('\n'));
  });

  it.each<[string, Record<string, string>, RegExp]>([
    ['a tab in YAML', { 'any.yaml': 'a:\n\tb: 1\n', 'any.schema.json': ANY }, /^SLUICE-DOC-4 .*any\.yaml:2:1\na tab where YAML wants spaces\n  \|\n2 \|  b: 1\n  \| \^\nhelp: indent with spaces$/m],
    ['a duplicate key', { 'any.yaml': 'a: 1\na: 2\n', 'any.schema.json': ANY }, /^SLUICE-DOC-5 .*any\.yaml:2:1\nthe key a is there twice\n(.*\n){3}help: keep one/m],
    ['an alias bomb', { 'any.yaml': BOMB, 'any.schema.json': ANY }, /^SLUICE-DOC-6 .*\/any\.yaml:2:8\nthe 72 aliases of this document expand to too much\n[^]*\^+\nhelp: write the values out/m],
    ['a document of 3 MB', { 'any.json': JSON.stringify({ text: 'x'.repeat(3_000_000) }), 'any.schema.json': ANY }, /^SLUICE-DOC-1 .*\/any\.json\nthe document is 3000011 bytes, at most 2097152 fit into an epoch\nhelp: move bulk data to S3/m],
    ['a schema that is none', { 'any.json': '{}', 'any.schema.json': '{ "type": "sting" }' }, /^SLUICE-SCHEMA-1 .*any\.schema\.json.*\nany\.schema\.json is not a JSON Schema: [^]*got\s"sting"\n(.*\n){3}help: did you mean string\?$/m],
    ['nothing in it', {}, /^SLUICE-DIR-2 the directory\s+\S*config-\d+\s+holds\s+no\s+documents\nhelp: add <document>\.yaml/m],
  ])('refuses %s with code, value and remedy, and ends with 1', async (_, files, message) => {
    const { code, stdout, stderr } = await inShell(['validate', directory(files)]);

    expect({ code, stderr }).toEqual({ code: 1, stderr: '' });
    expect(stdout).toMatch(message);
    expect(stdout).toMatch(/^refused: 1 fault$/m);
  });

  it('gives a script every fault, with its remedy', async () => {
    const { code, stdout } = await inShell(['validate', directory({ 'any.yaml': 'a: 1' }), '--json']);

    expect(code).toBe(1);
    expect(JSON.parse(stdout)).toEqual({ valid: false, faults: [{
      code: 'SLUICE-DIR-4',
      message: 'SLUICE-DIR-4: the document any has no schema; add any.schema.json beside it; a schema that only says it is an object is the least',
      remedy: 'add any.schema.json beside it; a schema that only says it is an object is the least',
    }] });
  });

  it.each([
    ['is not there', 'nowhere'],
    ['is a file', 'file.yaml'],
  ])('refuses a directory that %s', async (_, name) => {
    writeFileSync(join(ROOT, 'file.yaml'), '');
    const path = join(ROOT, name);

    const { code, stdout, stderr } = await inShell(['validate', path]);

    expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
    expect(stderr).toBe(`error: SLUICE-DIR-1: there is no directory ${path}; name the directory that holds <document>.yaml and <document>.schema.json\n`);
  });

  it('names a file that is wrong as a whole from where one stands', async () => {
    const path = directory({ 'limits.yaml': 'a: "\0"', 'limits.schema.json': ANY });

    const { stdout, stderr } = await inShell(['validate', basename(path)], {}, dirname(path));

    expect(`${stdout}${stderr}`).toContain(`SLUICE-DOC-2 ${basename(path)}/limits.yaml\nthe file is not UTF-8 text\n`);
  });

  it('tells what the system refuses', async () => {
    const { code, stderr } = await inShell(['validate', join(ROOT, 'x'.repeat(5000))]);

    expect(code).toBe(1);
    expect(stderr).toMatch(/^error: SLUICE-CLI-6: the system refused: ENAMETOOLONG: .*; check the path and who may use it\n$/);
  });
});

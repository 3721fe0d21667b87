import { mkdirSync, mkdtempSync, realpathSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { Kernel } from '../../lib/kernel/kernel.ts';
import { compiledCode } from '../../lib/sandbox/codeCache.ts';
import type { InvocationOrder, SandboxOutcome } from '../../lib/sandbox/messages.ts';
import { Sandbox } from '../../lib/sandbox/sandbox.ts';

/** A library as the runtime brings them along: main module, one of its own, exports by condition, JSON, one of ES modules, one that throws. */
const LIBRARY: Readonly<Record<string, string>> = {
  'package.json': '{ "name": "library", "exports": { ".": { "import": "./index.mjs", "require": "./index.js" }, "./*": "./*" }, "imports": { "#inner": "./inner.js" } }',
  'index.js': `exports.thrown = () => { throw new TypeError("first line"); }; const inner = require("./inner"); module.exports.inner = inner;
exports.lazy = (deep) => {
  if (deep > 0) return exports.lazy(deep - 1);
  return inner.fail();
};
exports.shape = () => [module.id === __filename, module.filename, module.parent && module.parent.filename, module.children.map(({ filename }) => filename), module.paths[0], module.loaded, require.main === undefined,
  Object.keys(require).sort(), require.resolve("./inner"), require.resolve.paths("x")[0], require.cache[__filename] === module, this === undefined, __dirname, require("#inner") === inner, require("library/inner.js") === inner];
exports.loading = new Error("at load").stack;
exports.receiver = this === exports;
`,
  'inner.js': 'exports.fail = () => null.nothing; exports.data = require("./data.json");',
  'importing.js': 'exports.imported = async () => (await import("./index.mjs")).default;',
  'data.json': '{ "a": 1 }',
  'index.mjs': 'export default import.meta.url;',
  'module.js': 'export const is = "a module";',
  'wrong.js': 'exports.a = 1;\nexports.b = ;',
  'throwing.js': 'exports.a = 1;\nthrow new RangeError("while it loads");',
  'missing.js': 'require("./nowhere");',
};

const HANDLER = `
const said = (act) => { try { return act(); } catch (error) { return [error.name, error.message, own(error.stack)]; } };
// Which of Node.js's frames lie between differs from version to version.
const own = (stack) => stack.split('\\n').filter((line) => /library|Error/.test(line));
const library = require('library');
exports.handler = async (event) => ({
  thrown: said(library.thrown), lazy: said(() => library.lazy(3)), shape: library.shape(), loading: own(library.loading), receiver: library.receiver, entry: ['mainModule' in process, typeof module, require.main ?? null, Object.keys(require.cache).filter((path) => !/library|task/.test(path))], data: library.inner.data, imported: await require('library/importing.js').imported(),
  ...Object.fromEntries(['wrong', 'throwing', 'missing'].map((name) => [name, said(() => require('library/' + name + '.js'))])),
});`;

const ORDER: InvocationOrder = {
  requestId: 'r', payload: '{}', deadline: 60_000, functionName: 'f', functionVersion: '1', invokedFunctionArn: 'arn', memoryLimitInMB: '128', logGroupName: 'g', logStreamName: 's',
};

const machine = realpathSync(mkdtempSync(join(tmpdir(), 'sluice-test-')));
const kernel = new Kernel({ mode: 'virtual', start: 0 });
let running: Promise<void>;
let folder: string;
let folders = 0;

beforeAll(() => { running = kernel.run(); });
afterAll(async () => {
  kernel.stop();
  await running;
  rmSync(machine, { recursive: true });
});
beforeEach(() => {
  folder = join(machine, String(folders++));
  mkdirSync(join(folder, 'node_modules', 'library'), { recursive: true });
  for (const [name, text] of Object.entries(LIBRARY)) writeFileSync(join(folder, 'node_modules', 'library', name), text);
});

/** What a fresh sandbox answers for code that lies beside the library. */
async function answer(code: string, { env = {}, place = 'task' }: { env?: Record<string, string>; place?: string } = {}): Promise<unknown> {
  const taskRoot = join(folder, place);
  mkdirSync(join(folder, 'tmp'), { recursive: true });
  mkdirSync(taskRoot, { recursive: true });
  writeFileSync(join(taskRoot, 'index.cjs'), code);
  const sandbox = new Sandbox({
    name: 'a sandbox', kernel, seed: 's', taskRoot, tmp: join(folder, 'tmp'), modules: join(folder, 'node_modules'), runtime: 22, handler: 'index.handler', env, memoryMb: 128, doors: new Map(),
    log: () => undefined, turnLimitMs: 20_000, jitterMs: 0,
  });
  let outcome: SandboxOutcome = await sandbox.started;
  const before = filesKnown();
  if (outcome.kind === 'ready') {
    outcome = await sandbox.invoke(ORDER);
    // What it compiled is told right after the answer; the next answer comes after that.
    await sandbox.invoke(ORDER);
  }
  await sandbox.terminate();
  if (!('payload' in outcome)) throw new Error(`the sandbox ended: ${JSON.stringify(outcome)}`);
  told = filesKnown().slice(before.length);
  return JSON.parse(outcome.payload) as unknown;
}

/** What the latest sandbox told that it compiled. */
let told: readonly string[] = [];

function filesKnown(): string[] {
  return compiledCode().flatMap(({ files }) => files.map(([path]) => path));
}

function inLibrary(...names: string[]): string[] {
  return names.map((name) => join(folder, 'node_modules', 'library', name));
}

it('what a sandbox compiled is taken by the next, which answers to the letter as one that Node.js compiles everything for', async () => {
  const plain = await answer(HANDLER, { env: { NODE_OPTIONS: '--no-deprecation' } });
  expect(told).toEqual([]);
  const first = await answer(HANDLER);
  expect(told).toEqual(inLibrary('index.js', 'inner.js', 'throwing.js', 'missing.js'));
  const second = await answer(HANDLER);
  expect(told).toEqual([]);

  expect(first).toEqual(plain);
  expect(second).toEqual(plain);
  expect(plain).toMatchObject({
    thrown: ['TypeError', 'first line', expect.arrayContaining([expect.stringMatching(/index\.js:1:32\)$/)]) as string[]],
    throwing: ['RangeError', 'while it loads', expect.anything()], wrong: ['SyntaxError', expect.anything(), expect.anything()], missing: ['Error', expect.stringContaining('./nowhere'), expect.anything()],
    receiver: true, entry: [false, 'object', null, []], data: { a: 1 }, imported: expect.stringMatching(/library\/index\.mjs$/) as string,
  });
});

it('what was compiled of a file that has changed is not taken, though it be as long as before', async () => {
  const asks = 'const library = require("library"); exports.handler = async () => [library.inner.fail.toString(), library.inner.extra];';
  await answer(asks);
  const [path = ''] = inLibrary('inner.js');
  const { atimeMs, mtimeMs } = statSync(path);
  writeFileSync(path, LIBRARY['inner.js']!.replace('nothing', 'nowhere'));
  utimesSync(path, atimeMs / 1000, mtimeMs / 1000 + 1);

  const changed = await answer(asks);

  expect(changed).toEqual(['() => null.nowhere', null]);
  expect(told).toEqual([path]);
});

it('finds a module that has moved, and none that has gone', async () => {
  const asks = 'const library = require("library"); exports.handler = async () => library.inner.place;';
  await answer(asks);
  rmSync(inLibrary('inner.js')[0]!);
  mkdirSync(inLibrary('inner')[0]!);
  writeFileSync(inLibrary('inner/index.js')[0]!, 'exports.place = "moved";');
  const moved = await answer(asks);
  rmSync(inLibrary('inner/index.js')[0]!);

  const gone = await answer(asks);

  expect(moved).toBe('moved');
  expect(gone).toMatchObject({ errorType: 'Runtime.ImportModuleError', errorMessage: expect.stringContaining("Cannot find module './inner'\nRequire stack:\n- /var/runtime/node_modules/library/index.js\n- /var/task/index.cjs") as string });
});

it('two functions whose own code is of one name and length never get each other\'s', async () => {
  const answers: unknown[] = [];
  for (const place of ['one', 'two', 'one', 'two']) answers.push(await answer(`require("library"); exports.handler = async () => "${place}";`, { place }));

  expect(answers).toEqual(['one', 'two', 'one', 'two']);
});

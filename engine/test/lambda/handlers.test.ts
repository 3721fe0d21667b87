import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { exactly, handler, startLambda, type LambdaStage } from './stage.ts';

type Files = Readonly<Record<string, string>> | string;

/** A busy machine gives a thread that fills its memory a fraction of a core. */
const PATIENT = { settings: { lambda: { turnLimitMs: 25_000 } } };

/** Runs a function of its own once and answers what the caller sees. */
async function run(files: Files, more: { handler?: string; runtime?: 'nodejs22.x' | 'nodejs24.x'; payload?: unknown; memory?: number } = {}) {
  await using stage = await startLambda(PATIENT);
  await stage.create(files, { Handler: more.handler ?? 'index.handler', Runtime: more.runtime ?? 'nodejs22.x', MemorySize: more.memory ?? 128 });
  const begun = stage.rig.engine.clock.now();
  const first = await stage.invoke(more.payload);
  return { ...first, took: stage.rig.engine.clock.now() - begun, again: () => stage.invoke(more.payload) };
}

const plain = (body: string): string => `export const handler = ${body};`;

/** A function whose handler is, for each event, the one that its `act` names: what needs no sandbox of its own is done by one. */
async function startActs(acts: readonly (readonly [title: string, handler: string, ...unknown[]])[]): Promise<LambdaStage> {
  const stage = await startLambda();
  const members = acts.map(([title, act]) => `${JSON.stringify(title)}: ${act}`);
  await stage.create(plain(`(event, context, callback) => acts[event.act](event, context, callback); const acts = { ${members.join(', ')} }`));
  return stage;
}

describe('a handler', () => {
  describe('of one function', () => {
    const CALLED: [title: string, handler: string, value: unknown][] = [
      ['async', 'async (event) => event.a + 1', 2],
      ['with a callback', '(event, context, callback) => { setTimeout(() => callback(null, event.a + 1), 10); }', 2],
      ['that ends by its context', '(event, context) => { context.succeed(event.a + 1); }', 2],
      ['that returns a function, which is no JSON', 'async () => () => 1', null],
      ['that returns nothing', 'async () => {}', null],
    ];
    let stage: LambdaStage;

    beforeAll(async () => { stage = await startActs(CALLED); });
    afterAll(() => stage[Symbol.asyncDispose]());

    it.each(CALLED)('%s is called', async (act, _handler, value) => {
      const answer = await stage.invoke({ act, a: 1 });

      expect([answer.value, answer.error]).toEqual([value, undefined]);
    });
  });

  it.each([
    ['in CommonJS', { 'index.js': 'exports.handler = async (event) => event.a + 1;' }, 'index.handler', 2],
    ['in a .cjs file', { 'index.cjs': 'module.exports = { handler: async (event) => event.a + 1 };' }, 'index.handler', 2],
    ['in a package of type module', { 'package.json': '{"type":"module"}', 'index.js': plain('async (event) => event.a + 1') }, 'index.handler', 2],
    ['nested in what its module exports', { 'index.js': 'exports.api = { orders: { handler: async (event) => event.a + 1 } };' }, 'index.api.orders.handler', 2],
    ['that is the default export', 'export default async (event) => event.a + 1;', 'index.default', 2],
    ['in a folder', { 'src/orders/app.mjs': plain('async (event) => event.a + 1') }, 'src/orders/app.handler', 2],
  ] as [string, Files, string, unknown][])('%s is called', async (_title, files, name, value) => {
    const answer = await run(files, { handler: name, payload: { a: 1 } });

    expect([answer.value, answer.error]).toEqual([value, undefined]);
  });

  it('that is plain answers null once nothing is left to do before Node.js 24, and what it returns from then on', async () => {
    const code = plain('() => { setTimeout(() => {}, 500); return 5; }');

    expect(await run(code)).toMatchObject({ value: null, error: undefined, took: 500 });
    expect(await run(code, { runtime: 'nodejs24.x' })).toMatchObject({ value: 5, took: 0 });
  });

  it('that calls back is answered when the event loop is empty, or at once if it says so', async () => {
    const code = (first: string): string => plain(`(event, context, callback) => { ${first} setTimeout(() => console.log('late'), 700); callback(null, 'done'); }`);

    expect(await run(code(''))).toMatchObject({ value: 'done', took: 700 });
    expect(await run(code('context.callbackWaitsForEmptyEventLoop = false;'))).toMatchObject({ value: 'done', took: 0 });
  });

  it('waits for no timer that was unref\'d', async () => {
    expect(await run(plain('(event, context, callback) => { setInterval(() => {}, 1000).unref(); callback(null, 1); }'))).toMatchObject({ value: 1, took: 0 });
  });
});

const KILLED: [string, RegExp] = ['Runtime.OutOfMemory', /^RequestId: [0-9a-f-]{36} Error: Runtime exited with error: signal: killed$/];

const asynchronous = (body: string): string => `async () => { ${body} }`;

/** Failures after which the process goes on: the handler, and what the caller gets. */
const SURVIVED: [title: string, handler: string, errorType: string, message: string | RegExp][] = [
  ['throws an error', asynchronous('throw new RangeError("no");'), 'RangeError', 'no'],
  ['throws an error with a cause', asynchronous('throw new Error("outer", { cause: new Error("inner") });'), 'Error', 'outer'],
  ['throws a text', asynchronous('throw "text";'), 'string', 'text'],
  ['throws an object', asynchronous('throw { a: 1 };'), 'object', '[object Object]'],
  ['throws nothing', asynchronous('throw undefined;'), 'string', 'handled'],
  ['throws an object without a prototype', asynchronous('throw Object.create(null);'), 'TypeError', 'Cannot convert object to primitive value'],
  ['throws an error that hides what it is', asynchronous('throw Object.defineProperty(new Error("x"), "message", { get() { throw new Error("hidden"); } });'), 'handled', /^callback called with Error argument/],
  ['throws what only looks like an error', asynchronous('throw { name: "Like", message: "m", stack: "Like: m" };'), 'Like', 'm'],
  ['calls back with a text', '(event, context, callback) => { callback("text"); }', 'string', 'text'],
  ['calls back with an error', '(event, context, callback) => { callback(new TypeError("t")); }', 'TypeError', 't'],
  ['returns a circle', asynchronous('const a = {}; a.a = a; return a;'), 'Error', 'Unable to stringify response body'],
  ['returns a BigInt', asynchronous('return 10n;'), 'Error', 'Unable to stringify response body'],
  ['answers with 7 MB', asynchronous('return "x".repeat(7e6);'), 'Function.ResponseSizeTooLarge', 'Response payload size exceeded maximum allowed payload size (6291556 bytes).'],
];

/** How the code fails, and what the caller gets; `took` is virtual time. */
const FAILURES: [title: string, files: Files, errorType: string, message: string | RegExp, runtime?: 'nodejs24.x'][] = [
  ['returns a BigInt, from Node.js 24 on', handler('return 10n;'), 'Runtime.JSONStringifyError', 'Unable to stringify response body', 'nodejs24.x'],
  ['takes a callback, from Node.js 24 on', plain('(event, context, callback) => callback(null, 1)'), 'Runtime.CallbackHandlerDeprecated', /^ERROR: AWS Lambda has removed support for callback-based function handlers/, 'nodejs24.x'],
  ['never settles', handler('await new Promise(() => {});'), 'Runtime.NodeJsExit', /^The Lambda runtime client detected an unexpected Node.js exit code/],
  ['never calls back, from Node.js 24 on', plain('() => new Promise(() => {})'), 'Runtime.NodeJsExit', /Promise that was never settled/, 'nodejs24.x'],
  ['exits', handler('process.exit(3);'), 'Runtime.ExitError', /^RequestId: [0-9a-f-]{36} Error: Runtime exited with error: exit status 3$/],
  ['exits with 0 in a try', handler('try { process.exit(); } catch { return "still here"; }'), 'Runtime.ExitError', /^RequestId: [0-9a-f-]{36} Error: Runtime exited without providing a reason$/],
  ['kills its process', handler('process.kill(process.pid);'), 'Runtime.ExitError', /exit status 137$/],
  ['exits while it loads', `process.exit(1);${handler('')}`, 'Runtime.ExitError', /^RequestId: [0-9a-f-]{36} Error: Runtime exited with error: exit status 1$/],
  ['waits for ever while it loads', `await new Promise(() => {});${handler('')}`, 'Runtime.ExitError', /exit status 13$/],
  ['lets a promise be rejected', handler('Promise.reject(new Error("lost")); await new Promise((r) => setTimeout(r, 10)); return 1;'), 'Runtime.UnhandledPromiseRejection', 'Error: lost'],
  ['throws in a timer', handler('setTimeout(() => { throw new RangeError("late"); }, 50); await new Promise((r) => setTimeout(r, 100)); return 1;'), 'RangeError', 'late'],
  ['runs out of memory in small steps', handler('let all = null; for (;;) all = { all };'), ...KILLED],
  ['runs out of memory in larger steps', handler('const a = []; for (;;) a.push(new Array(1000).fill({}));'), ...KILLED],
  ['runs out of memory in huge steps', handler('const a = []; for (;;) a.push(new Array(1e7).fill({}));'), ...KILLED],
  ['pushes to one array for ever', handler('const a = []; for (;;) a.push({});'), ...KILLED],
  ['has no such file', { 'other.mjs': '' }, 'Runtime.ImportModuleError', "Error: Cannot find module 'index'\nRequire stack:\n- /var/runtime/index.mjs"],
  ['requires what is missing', { 'index.js': 'require("nope");' }, 'Runtime.ImportModuleError', "Error: Cannot find module 'nope'\nRequire stack:\n- /var/task/index.js\n- /var/runtime/index.mjs"],
  ['imports what is missing', 'import "nope";', 'Error', "Cannot find package 'nope' imported from /var/task/index.mjs"],
  ['exports no handler', 'export const other = 1;', 'Runtime.HandlerNotFound', 'index.handler is undefined or not exported'],
  ['exports a number', 'export const handler = 1;', 'Runtime.HandlerNotFound', 'index.handler is not a function'],
  ['is no JavaScript', 'export const handler = = 1;', 'Runtime.UserCodeSyntaxError', "SyntaxError: Unexpected token '='"],
  ['is no CommonJS', { 'index.js': 'exports.handler = = 1;' }, 'Runtime.UserCodeSyntaxError', "SyntaxError: Unexpected token '='"],
  ['throws while it loads', 'throw new TypeError("at the top");', 'TypeError', 'at the top'],
];

describe('a function that fails', () => {
  describe('and goes on', () => {
    let stage: LambdaStage;

    beforeAll(async () => { stage = await startActs(SURVIVED); });
    afterAll(() => stage[Symbol.asyncDispose]());

    it.each(SURVIVED)('%s', async (act, _handler, errorType, message) => {
      const { value, error } = await stage.invoke({ act });

      expect(error).toBe('Unhandled');
      expect(value).toMatchObject({ errorType, errorMessage: expect.stringMatching(exactly(message)) as string });
    });
  });

  it.each(FAILURES)('%s', async (_title, files, errorType, message, runtime) => {
    const { value, error } = await run(files, runtime ? { runtime } : {});

    expect(error).toBe('Unhandled');
    expect(value).toMatchObject({ errorType, errorMessage: expect.stringMatching(exactly(message)) as string });
  });

  it.each([['MalformedHandlerName', 'a/../index.handler'], ['MalformedHandlerName', 'handler']])('is told Runtime.%s for the handler %s', async (type, name) => {
    expect((await run(handler(''), { handler: name })).value).toMatchObject({ errorType: `Runtime.${type}` });
  });

  it('shows Lambda\'s paths in its trace and its log, and logs the error as Lambda\'s runtime does', async () => {
    const { value, log } = await run(handler('console.error(new Error("seen")); throw Object.assign(new TypeError("bad"), { code: "E1", detail: 7 });'));

    expect((value as { trace: string[] }).trace[1]).toContain('file:///var/task/index.mjs:2:');
    const all = log.join('\n');
    expect(all).not.toMatch(/sluice|functions\/[0-9a-f]{32}/);
    const line = /\tERROR\tInvoke Error \t(\{.*\})/.exec(all)?.[1] ?? '{}';
    expect(JSON.parse(line)).toMatchObject({ errorType: 'TypeError', errorMessage: 'bad', code: 'E1', detail: 7 });
  });

  it.each([
    ['exited', 'process.exit(1);', 1],
    ['let a promise be rejected', 'Promise.reject(1); await new Promise((r) => setTimeout(r, 10));', 1],
    ['threw', 'if (calls === 1) throw new Error("x");', 2],
  ])('gets a fresh sandbox where the process is gone: it %s', async (_title, body, calls) => {
    await using stage = await startLambda();
    await stage.create(handler(`calls += 1; if (event.fail) { ${body} } return calls;`, 'let calls = 0;'));

    const failed = await stage.invoke({ fail: true });
    const { value } = await stage.invoke({});

    expect(failed.error).toBe('Unhandled');
    expect(value).toBe(calls);
  });

  it('aborts the run by name when it computes for longer than a turn may take, and every caller is told', async () => {
    await using stage = await startLambda({ settings: { lambda: { turnLimitMs: 200 } } });
    await stage.create(handler('for (;;);'));

    await expect(stage.invoke()).rejects.toMatchObject({ message: expect.stringMatching(/sandbox 1 of function f used more than 200 ms of wall time in one turn/) as string, $metadata: { httpStatusCode: 500 } });
    await expect(stage.rig.advance(1000)).rejects.toThrow('sandbox 1 of function f');
    await expect(stage.rig.engine.drive((driver) => driver.sleep(5))).rejects.toThrow('sandbox 1 of function f');
  });
});

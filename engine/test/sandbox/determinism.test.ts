import { CreateFunctionCommand, InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { beforeAll, describe, expect, it } from 'vitest';
import { startRig, zipOf } from '../rig.ts';

const PROBES = `
export const times = () => ({
  now: Date.now(), made: new Date().getTime(), called: Date().length > 0, iso: new Date(0).toISOString(), instance: new Date() instanceof Date,
  monotonic: performance.now(), origin: performance.timeOrigin, hrtime: process.hrtime.bigint().toString(), uptime: process.uptime(),
});
`;

const ESM = `${PROBES}
import { setTimeout as importedTimeout } from 'node:timers';
import { setTimeout as wait, scheduler } from 'node:timers/promises';
import { performance as imported } from 'node:perf_hooks';
import { randomUUID, randomBytes, randomInt, webcrypto } from 'node:crypto';
import { gzipSync, gunzip } from 'node:zlib';
import { promisify } from 'node:util';
import { createRequire } from 'node:module';
const cjs = createRequire(import.meta.url)('./probe.cjs');

export const handler = async () => {
  const begun = Date.now();
  const waits = {};
  const timed = async (name, go) => { const from = Date.now(); await go(); waits[name] = Date.now() - from; };
  await timed('global', () => new Promise((done) => setTimeout(done, 100)));
  await timed('imported', () => new Promise((done) => importedTimeout(done, 200)));
  await timed('promises', () => wait(300));
  await timed('scheduler', () => scheduler.wait(400));
  await timed('promisified', () => promisify(setTimeout)(500));
  await timed('interval', () => new Promise((done) => { let n = 0; const i = setInterval(() => { if (++n === 3) { clearInterval(i); done(); } }, 50); }));
  await timed('abort', () => new Promise((done) => { const held = setTimeout(done, 9000); AbortSignal.timeout(600).addEventListener('abort', () => { clearTimeout(held); done(); }); }));
  await timed('cjs', () => cjs.wait(700));
  const unzipped = (await promisify(gunzip)(gzipSync('inline'))).toString();
  const refused = [1.5, -1, 2 ** 32, '5', undefined].map((delay) => { try { return AbortSignal.timeout(delay).aborted; } catch ({ code }) { return code; } });
  const digest = Buffer.from(await crypto.subtle.digest('SHA-256', Buffer.from('x'))).toString('hex');
  return {
    waits, elapsed: Date.now() - begun, times: times(), cjs: cjs.read(), perf: imported.now(), unzipped, digest, refused,
    chance: [Math.random(), randomUUID(), crypto.randomUUID(), randomBytes(4).toString('hex'), randomInt(1000), [...webcrypto.getRandomValues(new Uint8Array(4))]],
  };
};
`;

const CJS = `
const { setTimeout: wait } = require('node:timers/promises');
const crypto = require('crypto');
exports.wait = wait;
exports.read = () => ({ now: Date.now(), perf: require('perf_hooks').performance.now(), uuid: crypto.randomUUID(), math: Math.random() });
`;

async function run(seed: string, jitterMs = 0): Promise<Record<string, unknown>> {
  await using rig = await startRig({ seed, settings: { lambda: { jitterMs } } });
  const lambda = rig.client(LambdaClient);
  await lambda.send(new CreateFunctionCommand({
    FunctionName: 'probe', Runtime: 'nodejs22.x', Handler: 'index.handler', Role: 'arn:aws:iam::000000000000:role/r', Timeout: 60, Code: { ZipFile: zipOf({ 'index.mjs': ESM, 'probe.cjs': CJS }) },
  }));
  const answer = await lambda.send(new InvokeCommand({ FunctionName: 'probe' }));
  const value = JSON.parse(Buffer.from(answer.Payload!).toString()) as Record<string, unknown>;
  return { ...value, history: rig.engine.history.digest() };
}

describe('code in a sandbox', () => {
  let first: Record<string, unknown>;

  beforeAll(async () => { first = await run('one'); });

  it('finds the clock of the engine by every way to a clock, and waits in its time', () => {
    const { waits, times, cjs, elapsed, perf } = first as { waits: object; elapsed: number; perf: number; times: Record<string, unknown>; cjs: { now: number; perf: number } };

    expect(waits).toEqual({ global: 100, imported: 200, promises: 300, scheduler: 400, promisified: 500, interval: 150, abort: 600, cjs: 700 });
    expect(elapsed).toBe(2950);
    const now = Date.UTC(2026, 0, 1) + 2950;
    expect(times).toEqual({ now, made: now, called: true, iso: '1970-01-01T00:00:00.000Z', instance: true, monotonic: 2950, origin: now - 2950, hrtime: '2950000000', uptime: 2.95 });
    expect(cjs).toMatchObject({ now, perf: 2950 });
    expect(perf).toBe(2950);
  });

  it('draws the same for the same seed by every way to chance, also when threads are delayed at random, and other numbers for another', async () => {
    expect(await run('one', 5)).toEqual(first);
    const other = await run('two');
    expect((other['chance'] as unknown[]).filter((value, at) => JSON.stringify(value) === JSON.stringify((first['chance'] as unknown[])[at]))).toEqual([]);
  });

  it('is refused the time-outs that Node refuses', () => {
    const { refused } = first;

    expect(refused).toEqual(['ERR_OUT_OF_RANGE', 'ERR_OUT_OF_RANGE', 'ERR_OUT_OF_RANGE', 'ERR_INVALID_ARG_TYPE', 'ERR_INVALID_ARG_TYPE']);
  });

  it('does zlib and digests inline, so that they end in the turn that began them', () => {
    const { unzipped, digest } = first;

    expect(unzipped).toBe('inline');
    expect(digest).toBe('2d711642b726b04401627ca9fbac32f5c8530fb1903cc4db02258717921a4881');
  });
});

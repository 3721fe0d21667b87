import { existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CreateBucketCommand, S3Client } from '@aws-sdk/client-s3';
import { CloudWatchClient, GetMetricStatisticsCommand } from '@aws-sdk/client-cloudwatch';
import { CloudWatchLogsClient, FilterLogEventsCommand } from '@aws-sdk/client-cloudwatch-logs';
import { UpdateFunctionConfigurationCommand } from '@aws-sdk/client-lambda';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { handler, startLambda, type LambdaStage } from '../lambda/stage.ts';

const FILES = 'import fs from "node:fs"; import { writeFile } from "node:fs/promises";';

afterEach(() => { vi.unstubAllEnvs(); });

describe('a sandbox', () => {
  it('shares nothing with another function: globals, environment, modules, /tmp', async () => {
    await using stage = await startLambda();
    const code = handler('const found = [globalThis.mark, process.env.MARK, fs.readdirSync("/tmp")]; globalThis.mark = 1; process.env.MARK = "x"; fs.writeFileSync("/tmp/mark", "x"); return found;', FILES);
    for (const name of ['a', 'b']) await stage.create(code, { FunctionName: name });

    expect((await stage.invoke({}, { name: 'a' })).value).toEqual([null, null, []]);
    expect((await stage.invoke({}, { name: 'b' })).value).toEqual([null, null, []]);
    expect((await stage.invoke({}, { name: 'a' })).value).toEqual([1, 'x', ['mark']]);
  });

  describe('refuses', () => {
    const ACTS: readonly (readonly [title: string, act: string, code: string])[] = [
      ['the code', 'fs.writeFileSync("/var/task/x", "x")', 'EROFS'],
      ['a relative path', 'fs.writeFileSync("x", "x")', 'EROFS'],
      ['a stream', 'await new Promise((ok, no) => fs.createWriteStream("/etc/x").on("error", no))', 'EROFS'],
      ['a promise', 'await writeFile("/etc/x", "x")', 'EROFS'],
      ['a callback', 'await new Promise((ok, no) => fs.writeFile("/etc/x", "x", no))', 'EROFS'],
      ['an opened file', 'fs.openSync("/etc/x", "a")', 'EROFS'],
      ['a path out of /tmp', 'fs.writeFileSync("/tmp/../etc/x", "x")', 'EROFS'],
      ['a rename', 'fs.writeFileSync("/tmp/x", ""); fs.renameSync("/tmp/x", "/etc/x")', 'EROFS'],
      ['a URL', 'fs.mkdirSync(new URL("file:///etc/x"))', 'EROFS'],
      ['a server', 'await new Promise((ok, no) => net.createServer().on("error", no).listen(0))', 'EACCES'],
      ['a process', 'childProcess.execSync("true")', 'EACCES'],
      ['a thread', 'new threads.Worker("")', 'EACCES'],
      ['a datagram', 'dgram.createSocket("udp4")', 'EACCES'],
      ['another process\'s end', 'process.kill(1)', 'EPERM'],
      ['net.connect', 'await new Promise((ok, no) => net.connect(80, "example.com").on("error", no))', 'ECONNREFUSED'],
      ['a socket of its own', 'await new Promise((ok, no) => new net.Socket().on("error", no).connect(80, "example.com"))', 'EACCES'],
      ['http', 'await new Promise((ok, no) => http.get("http://example.com/").on("error", no))', 'ECONNREFUSED'],
      ['https', 'await new Promise((ok, no) => https.get("https://example.com/").on("error", no))', 'ECONNREFUSED'],
      ['fetch', 'await fetch("https://example.com/").catch((error) => { throw error.cause; })', 'ECONNREFUSED'],
      ['a port of the machine', 'await new Promise((ok, no) => http.get("http://127.0.0.1:22/").on("error", no))', 'ECONNREFUSED'],
      ['a name', 'await new Promise((ok, no) => dns.lookup("example.com", no))', 'ENOTFOUND'],
      ['a name, by promise', 'await dns.promises.lookup("example.com")', 'ENOTFOUND'],
      ['a name server', 'await dns.promises.resolve4("example.com")', 'EACCES'],
    ];
    let stage: LambdaStage;

    // Each is done by the same sandbox, so that what one leaves behind helps no other either.
    beforeAll(async () => {
      stage = await startLambda();
      const acts = ACTS.map(([title, act]) => `${JSON.stringify(title)}: async () => { ${act}; }`);
      await stage.create(handler('await acts[event.act](); return "done";', `${FILES} import net from "node:net"; import http from "node:http"; import https from "node:https"; import dns from "node:dns"; import dgram from "node:dgram"; import childProcess from "node:child_process"; import threads from "node:worker_threads"; const acts = { ${acts.join(', ')} };`));
    });
    afterAll(() => stage[Symbol.asyncDispose]());

    it.each(ACTS)('%s', async (act, _body, code) => {
      const { value, log } = await stage.invoke({ act });

      expect(value).toMatchObject({ errorType: 'Error', errorMessage: expect.stringContaining(code) as string });
      expect(log.join('\n')).toContain(`"code":"${code}"`);
    });
  });

  it('writes to /tmp by every way, which lies in the data folder; nothing is left when the engine is closed', async () => {
    const machine = mkdtempSync(join(tmpdir(), 'sluice-test-'));
    vi.stubEnv('TMPDIR', machine);
    const stage = await startLambda();
    const [folder = '', ...others] = readdirSync(machine);
    await stage.create(handler(`
      fs.mkdirSync('/tmp/a/b', { recursive: true });
      fs.writeFileSync('/tmp/a/sync', '1'); await writeFile('/tmp/a/promise', '2');
      await new Promise((done) => fs.createWriteStream('/tmp/a/stream').end('3', done));
      fs.copyFileSync('/tmp/a/sync', '/tmp/a/b/copy'); fs.renameSync('/tmp/a/stream', '/tmp/a/b/moved');
      return [fs.readdirSync('/tmp/a').sort(), fs.readFileSync('/tmp/a/b/moved', 'utf8'), os.tmpdir(), fs.readFileSync('index.mjs', 'utf8').length > 10];`, `${FILES} import os from 'node:os';`));

    expect((await stage.invoke()).value).toEqual([['b', 'promise', 'sync'], '3', '/tmp', true]);
    expect(existsSync('/tmp/a')).toBe(false);
    expect([others, readdirSync(join(machine, folder, 'sandboxes')).length]).toEqual([[], 1]);
    await stage.rig.close();
    expect(readdirSync(machine)).toEqual([]);
    rmSync(machine, { recursive: true });
  });

  it('leaves no thread when the engine is closed, busy, evicted or retired', async () => {
    const threads = (): number => process.getActiveResourcesInfo().filter((name) => name === 'MessagePort' || name === 'Worker').length;
    const before = threads();
    const stage = await startLambda({ settings: { lambda: { sandboxes: 3 } } });
    for (let at = 0; at < 5; at += 1) {
      await stage.create(handler('if (event.slow) await new Promise((r) => setTimeout(r, 9e5)); return 1;'), { FunctionName: `f${at}`, Timeout: 900 });
      await stage.invoke({}, { name: `f${at}` });
    }
    await stage.client.send(new UpdateFunctionConfigurationCommand({ FunctionName: 'f4', Timeout: 9 }));

    await stage.rig.close();

    expect(threads()).toBe(before);
  });

  it('runs 33 functions in turn in 32 sandboxes', async () => {
    await using stage = await startLambda();
    for (let at = 0; at < 33; at += 1) await stage.create(handler('calls += 1; return calls;', 'let calls = 0;'), { FunctionName: `f${at}` });
    const calls = async (at: number): Promise<unknown> => (await stage.invoke({}, { name: `f${at}` })).value;

    for (let at = 0; at < 32; at += 1) await calls(at);

    expect(await calls(31)).toBe(2);
    expect(await calls(32)).toBe(1);
    expect(await calls(1)).toBe(2);
    expect(await calls(0)).toBe(1);
  }, 60_000);
});

describe('a frozen sandbox', () => {
  it('runs no timer until the next invocation, and then those that are due first', async () => {
    await using stage = await startLambda();
    await stage.create(handler('if (event.set) { setTimeout(() => seen.push(Date.now()), 1000); return Date.now(); } return seen;', 'const seen = [];'));

    const set = (await stage.invoke({ set: true })).value as number;
    await stage.rig.advance(60_000);

    expect((await stage.invoke()).value).toEqual([set + 60_000]);
  });

  it('finds the answer of a call it left under way when it is thawed', async () => {
    await using stage = await startLambda();
    await stage.create(handler('if (event.begin) { call = new LambdaClient({}).send(new GetAccountSettingsCommand({})).then(() => { answered = Date.now(); }); await new Promise((r) => setImmediate(r)); return answered; } await call; return answered;',
      'import { LambdaClient, GetAccountSettingsCommand } from "@aws-sdk/client-lambda"; let call; let answered = null;'));

    expect((await stage.invoke({ begin: true })).value).toBeNull();
    await stage.rig.advance(60_000);

    expect((await stage.invoke()).value).toBe(stage.rig.engine.clock.now());
  });

  it('ends when a timer left over from before throws, and the next invocation is told', async () => {
    await using stage = await startLambda();
    await stage.create(handler('calls += 1; if (event.set) setTimeout(() => { throw new RangeError("left over"); }, 10); return calls;', 'let calls = 0;'));

    await stage.invoke({ set: true });
    await stage.rig.advance(1000);

    expect((await stage.invoke()).value).toMatchObject({ errorType: 'RangeError', errorMessage: 'left over' });
    expect((await stage.invoke()).value).toBe(1);
  });
});

describe('code inside', () => {
  const S3 = 'import { S3Client, PutObjectCommand, GetObjectCommand } from "@aws-sdk/client-s3"; const s3 = new S3Client({ forcePathStyle: true });';

  it('puts and gets a megabyte by the AWS SDK, as bytes and as a stream', async () => {
    await using stage = await startLambda();
    await stage.rig.client(S3Client).send(new CreateBucketCommand({ Bucket: 'bucket' }));
    await stage.create(handler(`
      const body = Buffer.alloc(1_000_000, 'ab');
      await s3.send(new PutObjectCommand({ Bucket: 'bucket', Key: 'bytes', Body: body }));
      await s3.send(new PutObjectCommand({ Bucket: 'bucket', Key: 'stream', Body: Readable.from([body.subarray(0, 300_000), body.subarray(300_000)]), ContentLength: body.length }));
      const got = await Promise.all(['bytes', 'stream'].map(async (Key) => Buffer.from(await (await s3.send(new GetObjectCommand({ Bucket: 'bucket', Key }))).Body.transformToByteArray())));
      return got.map((bytes) => bytes.equals(body));`, `${S3} import { Readable } from 'node:stream';`), { Timeout: 60 });

    expect((await stage.invoke()).value).toEqual([true, true]);
  });

  it('keeps its connections, sends bodies in chunks, and waits for 100 Continue', async () => {
    await using stage = await startLambda();
    await stage.create(handler(`
      const call = (headers, write) => new Promise((done, no) => {
        const request = http.request({ agent, host: '127.0.0.1', port: 4566, method: 'POST', path: '/2015-03-31/functions/nobody/invocations', headers: { authorization: 'AWS4-HMAC-SHA256 Credential=A/20260101/us-east-1/lambda/aws4_request, SignedHeaders=host, Signature=x', ...headers } },
          (response) => { response.resume(); response.on('end', () => done([response.statusCode, request.reusedSocket])); });
        request.on('error', no); write(request);
      });
      let continued = false;
      return [
        await call({}, (request) => request.end('{}')),
        await call({}, (request) => { request.write('{"a":'); setTimeout(() => request.end('1}'), 50); }),
        await call({ expect: '100-continue', 'content-length': 2 }, (request) => request.on('continue', () => { continued = true; request.end('{}'); })),
        continued,
      ];`, 'import http from "node:http"; const agent = new http.Agent({ keepAlive: true, maxSockets: 1 });'));

    expect((await stage.invoke()).value).toEqual([[404, false], [404, true], [404, true], true]);
  });

  it('streams 8 MB in small chunks, and is told when what it sends is no HTTP', async () => {
    await using stage = await startLambda();
    await stage.rig.client(S3Client).send(new CreateBucketCommand({ Bucket: 'bucket' }));
    await stage.create(handler(`
      const status = await new Promise((done, no) => {
        const request = http.request({ host: '127.0.0.1', port: 4566, method: 'PUT', path: '/bucket/big', headers: { authorization: 'AWS4-HMAC-SHA256 Credential=A/20260101/us-east-1/s3/aws4_request, SignedHeaders=host, Signature=x' } }, (response) => { response.resume(); response.on('end', () => done(response.statusCode)); });
        for (let at = 0; at < 4000; at += 1) request.write(Buffer.alloc(2000, 'x'));
        request.on('error', no).end();
      });
      const { ContentLength } = await s3.send(new HeadObjectCommand({ Bucket: 'bucket', Key: 'big' }));
      const refused = await new Promise((done) => { const socket = net.connect(4566, '127.0.0.1', () => socket.write('hello\\r\\n\\r\\n')); socket.on('data', (bytes) => done(String(bytes).split('\\r\\n')[0])); });
      return [status, ContentLength, refused];`, `${S3.replace('PutObjectCommand', 'HeadObjectCommand, PutObjectCommand')} import http from 'node:http'; import net from 'node:net';`), { Timeout: 60 });

    expect((await stage.invoke()).value).toEqual([200, 8_000_000, 'HTTP/1.1 400 Error']);
  });

  it('makes ten calls at once in an order that the seed alone decides, also when threads are delayed', async () => {
    const play = async (seed: string, jitterMs: number): Promise<unknown[]> => {
      await using stage = await startLambda({ seed, settings: { lambda: { jitterMs } } });
      await stage.rig.client(S3Client).send(new CreateBucketCommand({ Bucket: 'bucket' }));
      await stage.create(handler(`
        const order = [];
        await Promise.all(Array.from({ length: 10 }, async (_none, at) => { await s3.send(new PutObjectCommand({ Bucket: 'bucket', Key: 'k' + at, Body: randomUUID() })); order.push(at); }));
        return [order, randomUUID()];`, `${S3} import { randomUUID } from 'node:crypto';`), { Timeout: 60 });
      return [(await stage.invoke()).value, (await stage.invoke()).value, stage.rig.engine.history.digest()];
    };

    const first = await play('one', 0);

    expect(await play('one', 3)).toEqual(first);
    expect(await play('one', 1)).toEqual(first);
    expect(await play('two', 0)).not.toEqual(first);
  }, 60_000);

  it('waits for what Node reports nowhere, beside a timer: keys, signatures and zlib\'s streams', async () => {
    await using stage = await startLambda();
    await stage.create(handler(`
      const begun = Date.now(); const timer = setTimeout(() => {}, 2000);
      const key = await crypto.subtle.generateKey({ name: 'HMAC', hash: 'SHA-256' }, true, ['sign']);
      const signed = (await crypto.subtle.sign('HMAC', key, Buffer.from('x'))).byteLength;
      const pieces = []; await pipeline([Buffer.alloc(300_000, 'a')], createGzip(), createGunzip(), async (source) => { for await (const piece of source) pieces.push(piece); });
      clearTimeout(timer);
      return [signed, Buffer.concat(pieces).length, Date.now() - begun];`, 'import { createGzip, createGunzip } from "node:zlib"; import { pipeline } from "node:stream/promises";'));

    expect((await stage.invoke()).value).toEqual([32, 300_000, 0]);
  });

  it('prints by every way, in levels, within bounds', async () => {
    await using stage = await startLambda();
    await stage.create(handler(`
      for (const level of ['trace', 'debug', 'info', 'log', 'warn', 'error']) console[level]('by %s', level);
      console.table([{ a: 1 }]); process.stderr.write('stderr\\n'); fs.writeSync(1, 'descriptor\\n');
      if (event.much) for (let at = 0; at < 40; at += 1) console.log('x'.repeat(1_000_000));`, FILES), { Environment: { Variables: { AWS_LAMBDA_LOG_LEVEL: 'info' } } });
    await stage.invoke();
    const { events = [] } = await stage.rig.client(CloudWatchLogsClient).send(new FilterLogEventsCommand({ logGroupName: '/aws/lambda/f' }));
    const messages = events.map(({ message = '' }) => message);

    expect(messages.filter((message) => message.includes('by ')).map((message) => message.split('\t').slice(2))).toEqual([['INFO', 'by info'], ['INFO', 'by log'], ['WARN', 'by warn'], ['ERROR', 'by error']]);
    expect(messages).toEqual(expect.arrayContaining(['stderr', 'descriptor']));
    expect(messages.some((message) => message.includes('(index)'))).toBe(true);

    const { log } = await stage.invoke({ much: true });
    expect(log.join('\n')).toMatch(/sluice-engine left out \d+ bytes: one invocation may print 16777216/);
  });

  it('turns lines of the embedded metric format into metrics, by console.log and by standard output', async () => {
    await using stage = await startLambda();
    const emf = '{ _aws: { Timestamp: Date.now(), CloudWatchMetrics: [{ Namespace: "Orders", Dimensions: [["Epoch"]], Metrics: [{ Name: "Failed", Unit: "Count" }] }] }, Epoch: "7", Failed: event.failed }';
    await stage.create(handler(`const line = JSON.stringify(${emf}); if (event.raw) process.stdout.write(line + "\\n"); else console.log(line);`));
    await stage.invoke({ failed: 2 });
    await stage.invoke({ failed: 3, raw: true });
    const now = stage.rig.engine.clock.now();

    const { Datapoints } = await stage.rig.client(CloudWatchClient).send(new GetMetricStatisticsCommand({
      Namespace: 'Orders', MetricName: 'Failed', Dimensions: [{ Name: 'Epoch', Value: '7' }], StartTime: new Date(now - 60_000), EndTime: new Date(now + 60_000), Period: 60, Statistics: ['Sum', 'SampleCount'], Unit: 'Count',
    }));

    expect(Datapoints).toMatchObject([{ Sum: 5, SampleCount: 2, Unit: 'Count' }]);
  });
});

describe('on a real clock', () => {
  it('invocations run beside each other, time out, sleep, fail and end as on a virtual one', async () => {
    await using stage = await startLambda({ clock: 'real' });
    await stage.create(handler('if (event.loop) for (;;); if (event.never) await new Promise(() => {}); if (event.exit) process.exit(2); await new Promise((r) => setTimeout(r, event.ms)); return process.env.MODE;'), { Timeout: 1, Environment: { Variables: { MODE: 'real' } } });
    await Promise.all([1, 2, 3].map(() => stage.invoke({ ms: 1 })));

    const begun = performance.now();
    const together = await Promise.all([1, 2, 3].map(() => stage.invoke({ ms: 400 })));
    const took = performance.now() - begun;

    expect(together.map(({ value }) => value)).toEqual(['real', 'real', 'real']);
    expect(took).toBeGreaterThanOrEqual(390);
    expect(took).toBeLessThan(1150);
    expect((await stage.invoke({ ms: 5000 })).value).toMatchObject({ errorType: 'Sandbox.Timedout' });
    expect((await stage.invoke({ loop: true })).value).toMatchObject({ errorType: 'Sandbox.Timedout' });
    expect((await stage.invoke({ never: true })).value).toMatchObject({ errorType: 'Runtime.NodeJsExit' });
    expect((await stage.invoke({ exit: true })).value).toMatchObject({ errorType: 'Runtime.ExitError' });
  });
});

import { createServer, request as ask, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { CreateBucketCommand, DeleteObjectCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { startEngine, type Engine } from 'sluice-engine';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { apart, completeRules, environmentKey, judgement, verdictKey, windowsKey, type JudgedRecord, type MetricWindow } from '../../lib/core/index.ts';
import { inShell } from './shell.ts';
import { sluice, type Ran } from './sluice.ts';

const PLACE = { application: 'orders', applicationId: 'abc1234', environment: 'production', environmentId: 'def5678', profile: 'orders-production' };
const BEGAN = Date.UTC(2026, 0, 1, 0, 50);
let engine: Engine;
let s3: S3Client;

beforeAll(async () => {
  engine = await startEngine({ clock: 'virtual' });
  s3 = new S3Client({ region: engine.region, endpoint: engine.endpoint, forcePathStyle: true, credentials: { accessKeyId: 'AKIATEST', secretAccessKey: 'test' } });
  await s3.send(new CreateBucketCommand({ Bucket: 'orders-store' }));
});

afterAll(async () => {
  s3.destroy();
  await engine.close();
});

/** A verdict after some minutes, of which each had 60 canary executions with so many bad ones and 540 of the control with three. */
function verdict(deployment: number, bad: readonly number[], more: Partial<JudgedRecord> = {}): JudgedRecord {
  const windows = bad.map((count, minute): MetricWindow => ({
    metric: 'ExecutionsFailed', start: BEGAN + minute * 60_000, end: BEGAN + (minute + 1) * 60_000, canary: { starts: 60, bad: count }, control: { starts: 540, bad: 3 },
  }));
  return {
    ...judgement({ windows, library: '0.1.0', judgedAt: new Date(BEGAN + bad.length * 60_000 + 20_000).toISOString() }), ...PLACE, deployment,
    canary: { version: '3', digest: `sha256:${'ca'.repeat(32)}` }, control: { version: '2', digest: `sha256:${'c0'.repeat(32)}` },
    state: 'DEPLOYING', percent: 10, pending: 1, late: { canary: 2, control: 0 }, surplus: 0, blind: null, before: [], overTime: null, ...more,
  };
}

async function keep(record: JudgedRecord): Promise<void> {
  const { record: kept, parts } = apart(record);
  for (const { digest, bytes } of parts) await s3.send(new PutObjectCommand({ Bucket: 'orders-store', Key: windowsKey(record, record.deployment, digest), Body: bytes }));
  await s3.send(new PutObjectCommand({ Bucket: 'orders-store', Key: verdictKey(record, record.deployment, record.judgedAt, record.blind !== null), Body: JSON.stringify(kept) }));
}

function explain(...args: string[]): Promise<Ran> {
  return inShell(['explain', ...args], { AWS_ENDPOINT_URL: engine.endpoint, AWS_REGION: engine.region, AWS_ACCESS_KEY_ID: 'AKIATEST', AWS_SECRET_ACCESS_KEY: 'test' });
}

describe('sluice explain', () => {
  it('shows the last verdict on a deployment, its counts and how the evidence went, at 80 columns', async () => {
    for (const minutes of [[1], [1, 4], [1, 4, 5, 6]]) await keep(verdict(7, minutes));
    await keep(verdict(70, [0, 0]));

    const { code, stdout, stderr } = await explain('7', '--store', 'orders-store');

    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    await expect(stdout).toMatchFileSnapshot('explain.txt');
    expect(stdout.split('\n').filter((line) => line.length > 80)).toEqual([]);
  });

  it('finds the store by SLUICE_STORE, and says how often nothing could be seen, and which other change is to blame', async () => {
    await keep(verdict(8, [], { blind: 'CloudWatch withheld ExecutionsStarted', blamed: { blames: 'shift', stays: true, reason: 'the evidence blames shift 2 of orders' } }));

    const { stdout } = await sluice(['explain', '8'], { AWS_ENDPOINT_URL: engine.endpoint, AWS_REGION: engine.region, AWS_ACCESS_KEY_ID: 'AKIATEST', AWS_SECRET_ACCESS_KEY: 'test', SLUICE_STORE: 'orders-store' });

    expect(stdout.replace(/\s+/g, ' ')).toContain('by Sluice 0.1.0; nothing could be seen once.');
    expect(stdout).toContain('Nothing could be seen: CloudWatch withheld ExecutionsStarted');
    expect(stdout.replace(/\s+/g, ' ')).toContain('It was not carried out, and that shift was taken back instead: the evidence blames shift 2 of orders.');
  });

  it('makes the verdict again with --replay, and fails when the record says otherwise', async () => {
    const honest = verdict(9, [1, 4, 5, 6]);
    await keep(honest);
    await keep(verdict(10, [1, 4, 5, 6], { verdict: { ...honest.verdict, lnE: honest.verdict.lnE + 1e-6, kind: 'continue' } }));

    const same = await explain('9', '--store', 'orders-store', '--replay');
    const other = await explain('10', '--store', 'orders-store', '--replay');

    expect(same.code).toBe(0);
    expect(same.stdout).toContain('Replayed: the same verdict for the same reason, numbers within 1e-12.');
    expect(other.code).toBe(1);
    expect(other.stdout).toContain('verdict.kind: "continue", now "roll-back"');
    expect(other.stdout).toContain('verdict.lnE: ');
  });

  it('tells how the rules of the environment have changed since', async () => {
    const record = { sluice: 1, ...PLACE, library: '0.1.0', judge: completeRules({ alpha: 0.05, onNoData: 'roll-back' }), slowerThanMs: null, settleWithinMs: 300_000 };
    const Key = environmentKey(PLACE);
    await keep(verdict(13, [1, 4]));
    const now = async (judge: object | null): Promise<string> => {
      await s3.send(new PutObjectCommand({ Bucket: 'orders-store', Key, Body: JSON.stringify({ ...record, judge }) }));
      return (await explain('13', '--store', 'orders-store')).stdout.replace(/\s+/g, ' ');
    };
    const forScripts = async (): Promise<object> => JSON.parse((await explain('13', '--store', 'orders-store', '--json')).stdout) as object;

    const [other, otherJson, same, none, noneJson] = [await now(record.judge), await forScripts(), await now(completeRules()), await now(null), await forScripts()];
    await s3.send(new DeleteObjectCommand({ Bucket: 'orders-store', Key }));

    expect(other).toContain("The environment's rules have changed since: alpha: 0.01, now 0.05; onNoData: \"continue\", now \"roll-back\".");
    expect(same).not.toContain('environment');
    expect(none).toContain('The environment has no judge any more.');
    expect([otherJson, noneJson]).toMatchObject([{ rules: completeRules(), rulesNow: record.judge }, { rulesNow: null }]);
  });

  it('answers a script with the record, and a page with an image', async () => {
    const record = verdict(11, [1, 4]);
    await keep(record);

    const script = await explain('11', '--store', 'orders-store', '--json', '--replay');
    const page = await explain('11', '--store', 'orders-store', '--svg');

    expect(JSON.parse(script.stdout)).toEqual({ ...record, ticks: 1, ticksBlind: 0, replay: { same: true, differences: [] } });
    expect(page.stdout).toMatch(/^<svg xmlns="http:\/\/www.w3.org\/2000\/svg"[^]*<title>Deployment 11 of orders\/production<\/title>[^]*<\/svg>\n$/);
  });

  it('puts a long rollout\'s verdict together from its parts, and says which one is gone', async () => {
    const record = verdict(14, Array.from({ length: 50 }, (_, minute) => minute % 3));
    await keep(record);
    const [, part] = apart(record).parts;

    const script = await explain('14', '--store', 'orders-store', '--json', '--replay');
    await s3.send(new DeleteObjectCommand({ Bucket: 'orders-store', Key: windowsKey(PLACE, 14, part!.digest) }));
    const gone = await explain('14', '--store', 'orders-store');

    expect(JSON.parse(script.stdout)).toEqual({ ...record, ticks: 1, ticksBlind: 0, replay: { same: true, differences: [] } });
    expect([gone.code, gone.stderr]).toEqual([1, expect.stringContaining(`SLUICE-JUDGE-8: the verdict record cannot be read: its part ${part!.digest} is not in the store`)]);
  });

  it.each([
    [['0', '--store', 'orders-store'], 'SLUICE-CLI-3: deployment must be the number of a deployment, got 0', 2],
    [['7', '--env', 'orders/production'], 'SLUICE-PLANE-1: AppConfig has no application named orders', 1],
    [['7', '--project', '/'], 'SLUICE-PROJECT-1', 1],
    [['99', '--store', 'orders-store'], 'SLUICE-JUDGE-14: there is no verdict on deployment 99 in the store orders-store', 1],
    [['7', '--store', 'no-such-store'], 'SLUICE-STORE-2: the bucket no-such-store cannot be used', 1],
  ])('%j is refused with the remedy', async (args, message, exit) => {
    const { code, stderr } = await explain(...args);

    expect(code).toBe(exit);
    expect(stderr).toContain(message);
  });

  it('lists what is kept of that deployment alone, in a store that environments share too', async () => {
    await keep(verdict(15, [1, 4]));
    for (const deployment of [15, 16]) await keep(verdict(deployment, [1, 4], { environment: 'test', environmentId: 'other12' }));
    await using relay = await Relay.open(engine.endpoint);
    const environment = { AWS_ENDPOINT_URL: relay.endpoint, AWS_REGION: engine.region, AWS_ACCESS_KEY_ID: 'AKIATEST', AWS_SECRET_ACCESS_KEY: 'test', SLUICE_STORE: 'orders-store' };

    const [several, only] = [await explain('15', '--store', 'orders-store'), await inShell(['explain', '16'], environment)];

    expect([several.code, several.stderr]).toEqual([1, expect.stringContaining('SLUICE-JUDGE-16: the store orders-store holds verdicts on a deployment 15 of several environments: abc1234/def5678, abc1234/other12')]);
    expect([only.code, only.stderr, only.stdout]).toEqual([0, '', expect.stringContaining('Deployment 16 of orders/test')]);
    expect(relay.listed.filter(({ delimiter }) => delimiter === null)).toEqual([{ prefix: 'verdicts/abc1234/other12/16/', delimiter: null }]);
  });

  it('says which record cannot be read', async () => {
    await s3.send(new PutObjectCommand({ Bucket: 'orders-store', Key: verdictKey({ applicationId: 'abc1234', environmentId: 'def5678' }, 12, '2026-01-01T00:00:00.000Z', false), Body: '{"sluice":1' }));

    const { code, stderr } = await explain('12', '--store', 'orders-store');

    expect(code).toBe(1);
    expect(stderr).toContain('SLUICE-JUDGE-8: the verdict record cannot be read: verdicts/abc1234/def5678/12/2026-01-01T00:00:00.000Z.json is not JSON');
  });
});

/** Stands before the engine and notes what S3 is asked to list. */
class Relay {
  readonly listed: { readonly prefix: string | null; readonly delimiter: string | null }[] = [];
  readonly #server: Server;

  private constructor(to: string) {
    this.#server = createServer(({ method, url = '/', headers }, response) => {
      const { searchParams } = new URL(url, to);
      if (searchParams.get('list-type') === '2') this.listed.push({ prefix: searchParams.get('prefix'), delimiter: searchParams.get('delimiter') });
      ask(new URL(url, to), { method, headers }, (answer) => { answer.pipe(response.writeHead(answer.statusCode ?? 500, answer.headers)); }).end();
    });
  }

  static async open(to: string): Promise<Relay> {
    const relay = new Relay(to);
    await new Promise<void>((resolve) => { relay.#server.listen(0, '127.0.0.1', resolve); });
    return relay;
  }

  get endpoint(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => { this.#server.close(resolve); });
  }
}

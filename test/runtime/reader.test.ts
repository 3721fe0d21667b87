import { chmodSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { hexOf, type Digest, type Pin } from '../../lib/core/index.ts';
import { Reader, type Fault, type ReaderOptions } from '../../lib/runtime/index.ts';
import { epochOf } from '../fixtures/epochs.ts';
import { FAILURES, Source } from '../fixtures/source.ts';

const PLACE = { application: 'orders', environment: 'prod', profile: 'prod' };
const AGENT_PATH = '/applications/orders/environments/prod/configurations/prod';
const OLD = epochOf(10);
const NEW = epochOf(20);

let agent: Source;
let bucket: Source;
let directory: string;

beforeEach(async () => {
  [agent, bucket] = [await Source.start(), await Source.start()];
  directory = mkdtempSync(join(tmpdir(), 'sluice-test-'));
});

afterEach(async () => {
  await Promise.all([agent.stop(), bucket.stop()]);
  rmSync(directory, { recursive: true, force: true });
});

function reader(options: ReaderOptions = {}): Reader {
  const credentials = (): { accessKeyId: string; secretAccessKey: string } => ({ accessKeyId: 'AKID', secretAccessKey: 'secret' });
  return new Reader({ ...PLACE, store: 'epochs-bucket', endpoint: bucket.endpoint, agentPort: agent.port, directory, timeoutMs: 200, credentials, ...options });
}

function serve(epoch: { bytes: Uint8Array }, version: string): void {
  agent.serve(AGENT_PATH, epoch.bytes, { 'configuration-version': version });
}

function pinTo(digest: Digest): Pin {
  return { sluice: 1, ...PLACE, version: '3', digest, entity: 'arn:execution' };
}

function store(epoch: { bytes: Uint8Array; digest: Digest }, bytes: Uint8Array = epoch.bytes): void {
  bucket.serve(`/epochs-bucket/epochs/${hexOf(epoch.digest)}`, bytes);
}

/** What the store says was rolled back, by version. */
function rolledBack(...versions: readonly string[]): void {
  const epochs = versions.map((version) => ({ version, deployment: 9, state: 'ROLLED_BACK', seenAt: '2026-01-02T03:04:05.000Z' }));
  bucket.serve('/epochs-bucket/rolled-back/prod.json', Buffer.from(JSON.stringify({ sluice: 1, ...PLACE, epochs })));
}

/** Requests for the record. */
function looks(): number {
  return bucket.requests.filter(({ path }) => path.includes('rolled-back')).length;
}

describe('at, of a pin whose epoch was rolled back', () => {
  afterEach(() => { vi.useRealTimers(); });

  const failing = (): Pin => ({ ...pinTo(OLD.digest), onRolledBack: 'fail' });

  test('fails by an error that a Catch takes by its name, and that says what was rolled back and what to do', async () => {
    store(OLD);
    rolledBack('2', '3');

    const error = await reader().at(failing()).catch((thrown: unknown) => thrown as Fault);

    expect(error).toMatchObject({ name: 'Sluice.EpochRolledBack', code: 'SLUICE-PIN-3' });
    expect((error as Fault).message).toContain('version 3');
    expect((error as Fault).message).toContain('deployment 9 was ROLLED_BACK');
    expect((error as Fault).message).toContain('`sluice explain 9`');
  });

  test.each<[string, Partial<Pin>, string[]]>([
    ['finishes', { }, ['3']], ['moves at a safe point', { onRolledBack: 'move' }, ['3']], ['is of an older epoch, which is good', { onRolledBack: 'fail' }, ['4']],
  ])('is read when it %s', async (_, more, versions) => {
    store(OLD);
    rolledBack(...versions);

    expect((await reader().at({ ...pinTo(OLD.digest), ...more })).digest).toBe(OLD.digest);
    expect(looks()).toBe(more.onRolledBack === 'fail' ? 1 : 0);
  });

  test('asks the store once in ten seconds, however many read, and believes a rollback only when it is told so anew', async () => {
    vi.useFakeTimers({ toFake: ['Date'] });
    store(OLD);
    rolledBack();
    const one = reader();

    await Promise.all(Array.from({ length: 20 }, () => one.at(failing())));
    vi.setSystemTime(Date.now() + 9_999);
    rolledBack('3');
    await one.at(failing());
    const before = looks();
    vi.setSystemTime(Date.now() + 1);
    await expect(one.at(failing())).rejects.toMatchObject({ code: 'SLUICE-PIN-3' });
    rolledBack();
    await one.at(failing());

    expect([before, looks()]).toEqual([1, 4]);
  });

  test.each(FAILURES)('is read when the record cannot be, since its source is %s; what was known before holds', async (behaviour) => {
    store(OLD);
    const [fresh, told] = [reader({ timeoutMs: 50 }), reader({ timeoutMs: 50 })];
    await fresh.at(pinTo(OLD.digest));
    rolledBack('3');
    await expect(told.at(failing())).rejects.toMatchObject({ code: 'SLUICE-PIN-3' });

    bucket.behaviour = behaviour;

    expect((await fresh.at(failing())).digest).toBe(OLD.digest);
    await expect(told.at(failing())).rejects.toMatchObject({ code: 'SLUICE-PIN-3' });
  });
});

describe('at', () => {
  test('reads exactly the epoch of the pin, from the store once and from memory then', async () => {
    store(OLD);
    const one = reader();

    const first = await one.at(pinTo(OLD.digest));
    const second = await one.at(pinTo(OLD.digest));

    expect(first.document('limits')).toEqual({ timeoutSeconds: 10 });
    expect(first).toMatchObject({ digest: OLD.digest, version: '3', stale: false });
    expect(second).toBe(first);
    expect(bucket.requests).toHaveLength(1);
  });

  test('a hundred concurrent cold reads make one request', async () => {
    store(OLD);
    const one = reader();

    const read = await Promise.all(Array.from({ length: 100 }, () => one.at(pinTo(OLD.digest))));

    expect(new Set(read).size).toBe(1);
    expect(bucket.requests).toHaveLength(1);
  });

  test('another process on the same disk asks nobody', async () => {
    store(OLD);
    await reader().at(pinTo(OLD.digest));

    const read = await reader().at(pinTo(OLD.digest));

    expect(read.digest).toBe(OLD.digest);
    expect(bucket.requests).toHaveLength(1);
  });

  test('a corrupt file on disk is ignored and replaced', async () => {
    store(OLD);
    await reader().at(pinTo(OLD.digest));
    writeFileSync(join(directory, hexOf(OLD.digest)), OLD.bytes.subarray(1));

    const read = await reader().at(pinTo(OLD.digest));
    await reader().at(pinTo(OLD.digest));

    expect(read.document('limits')).toEqual({ timeoutSeconds: 10 });
    expect(bucket.requests).toHaveLength(2);
  });

  test('a directory that is a file costs requests and nothing else', async () => {
    store(OLD);
    const blocked = join(directory, 'file');
    writeFileSync(blocked, '');

    const read = await reader({ directory: blocked }).at(pinTo(OLD.digest));

    expect(read.digest).toBe(OLD.digest);
  });

  test('other bytes at the key of the store are refused', async () => {
    store(OLD, NEW.bytes);

    await expect(reader().at(pinTo(OLD.digest))).rejects.toMatchObject({ code: 'SLUICE-EPOCH-2' });
  });

  test('a missing epoch names the digest, the store and the permission that could be missing', async () => {
    await expect(reader().at(pinTo(OLD.digest))).rejects.toThrow(new RegExp(`^SLUICE-READ-3: the epoch ${OLD.digest} is not in the store epochs-bucket: S3 answered 404; .*s3:GetObject`));
    expect(bucket.requests).toHaveLength(1);
  });

  test('a store that hangs is given up twice and then named', async () => {
    bucket.behaviour = 'hanging';

    await expect(reader().at(pinTo(OLD.digest))).rejects.toThrow('no answer within 200 ms');
    expect(bucket.requests).toHaveLength(2);
  });

  test('a failed read is no verdict on the next one', async () => {
    const one = reader();
    bucket.behaviour = '500';
    await expect(one.at(pinTo(OLD.digest))).rejects.toMatchObject({ code: 'SLUICE-READ-3' });
    bucket.behaviour = 'good';
    store(OLD);

    expect((await one.at(pinTo(OLD.digest))).digest).toBe(OLD.digest);
  });

  test('nobody can change what the next reader sees', async () => {
    store(OLD);
    const { documents } = await reader().at(pinTo(OLD.digest));

    expect(() => { (documents['limits'] as { timeoutSeconds: number }).timeoutSeconds = 1; }).toThrow(TypeError);
    expect(() => { (documents as Record<string, unknown>)['more'] = {}; }).toThrow(TypeError);
    expect(documents['constructor']).toBeUndefined();
  });

  test('a document the epoch lacks is an error that names those it has', async () => {
    store(OLD);
    const read = await reader().at(pinTo(OLD.digest));

    expect(() => read.document('limit')).toThrow('SLUICE-EPOCH-3: the epoch has no document named limit, it has limits');
  });

  test('without a bucket the error names the variable to set', async () => {
    vi.stubEnv('SLUICE_STORE', '');
    const { store: _, ...options } = { store: '', ...PLACE, directory };

    await expect(new Reader(options).at(pinTo(OLD.digest))).rejects.toThrow('SLUICE-READ-1: SLUICE_STORE is not set');
    vi.unstubAllEnvs();
  });
});

describe('current', () => {
  test('serves what the agent serves, and follows it after its age', async () => {
    serve(OLD, '1');
    const one = reader({ maxAgeMs: 0 });

    const before = await one.current();
    serve(NEW, '2');
    const after = await one.current();

    expect(before).toMatchObject({ digest: OLD.digest, version: '1', stale: false });
    expect(after).toMatchObject({ digest: NEW.digest, version: '2', stale: false });
  });

  test('asks nobody while its value is young', async () => {
    serve(OLD, '1');
    const one = reader({ maxAgeMs: 60_000 });

    await one.current();
    const again = await Promise.all(Array.from({ length: 100 }, () => one.current()));

    expect(again.every((read) => read.version === '1')).toBe(true);
    expect(agent.requests).toHaveLength(1);
  });

  test.each(FAILURES)('keeps the newest good one, marked stale, when a warm source is %s, and recovers', async (failure) => {
    serve(OLD, '1');
    const one = reader({ maxAgeMs: 0 });
    await one.current();
    agent.behaviour = failure;

    await one.current();
    await vi.waitFor(async () => { expect((await one.current()).stale).toBe(true); });
    const during = await one.current();
    agent.behaviour = 'good';
    serve(NEW, '2');

    expect(during.digest).toBe(OLD.digest);
    await vi.waitFor(async () => { expect(await one.current()).toMatchObject({ digest: NEW.digest, stale: false }); });
  });

  test('never waits for a source that hangs once it is known to', async () => {
    serve(OLD, '1');
    const one = reader({ maxAgeMs: 0, timeoutMs: 1000 });
    await one.current();
    agent.behaviour = 'hanging';
    await vi.waitFor(async () => { expect((await one.current()).stale).toBe(true); }, { timeout: 3000 });

    const began = performance.now();
    await one.current();

    expect(performance.now() - began).toBeLessThan(50);
  });

  test.each(FAILURES)('a cold start on a source that is %s begins with what an earlier process left', async (failure) => {
    serve(OLD, '1');
    await reader({ timeoutMs: 5000 }).current();
    agent.behaviour = failure;

    expect(await reader().current()).toMatchObject({ digest: OLD.digest, version: '1', stale: true });
  });

  test.each(FAILURES)('a cold start on a source that is %s begins with the seed, when nothing was left', async (failure) => {
    agent.behaviour = failure;

    expect(await reader({ seed: NEW.bytes }).current()).toMatchObject({ digest: NEW.digest, stale: true });
  });

  test.each(FAILURES)('a cold start on a source that is %s with nothing to fall back to is bounded and says what to do', async (failure) => {
    serve(OLD, '1');
    agent.behaviour = failure;

    const began = performance.now();

    await expect(reader().current()).rejects.toThrow(/^SLUICE-READ-2: no configuration could be had from the AppConfig agent at localhost:\d+: .+; check/);
    expect(performance.now() - began).toBeLessThan(1000);
  });

  test('what cannot be written to disk does not matter', async () => {
    serve(OLD, '1');
    chmodSync(directory, 0o500);

    expect((await reader({ timeoutMs: 5000 }).current()).digest).toBe(OLD.digest);
    chmodSync(directory, 0o700);
  });
});

describe('entity', () => {
  test('draws a pin in the name of the entity, and the epoch is in hand already', async () => {
    serve(OLD, '7');
    const one = reader();

    const pin = await one.entity('arn:aws:states:execution:1');
    const read = await one.at(pin);

    expect(pin).toEqual({ sluice: 1, ...PLACE, version: '7', digest: OLD.digest, entity: 'arn:aws:states:execution:1' });
    expect(agent.requests[0]?.headers['entity-id']).toBe('arn:aws:states:execution:1');
    expect(read.document('limits')).toEqual({ timeoutSeconds: 10 });
    expect(bucket.requests).toHaveLength(0);
  });

  test('keeps sixteen epochs on disk at most', async () => {
    const one = reader({ timeoutMs: 5000 });
    for (let value = 1; value <= 20; value++) {
      serve(epochOf(value), String(value));
      await one.entity(`execution ${value}`);
    }

    expect(readdirSync(directory).filter((name) => /^[0-9a-f]{64}$/.test(name)).length).toBeLessThanOrEqual(16);
  });
});

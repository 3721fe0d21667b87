import { CreateBucketCommand, S3Client } from '@aws-sdk/client-s3';
import { startEngine, type Engine } from 'sluice-engine';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { EpochStore, MemoryStore, S3Store, type Store } from '../../lib/adapters/store/index.ts';
import type { DeploymentRecord } from '../../lib/core/index.ts';
import { bytesOf, epochOf, schemaOf } from '../fixtures/epochs.ts';

const credentials = { accessKeyId: 'AKIATEST', secretAccessKey: 'test' };
let engine: Engine;

beforeAll(async () => {
  engine = await startEngine();
});

afterAll(async () => {
  await engine.close();
});

let buckets = 0;

async function s3Store(): Promise<Store> {
  const bucket = `epochs-${buckets++}`;
  const options = { region: engine.region, endpoint: engine.endpoint, credentials };
  const client = new S3Client({ ...options, forcePathStyle: true });
  await client.send(new CreateBucketCommand({ Bucket: bucket }));
  client.destroy();
  return S3Store.open(bucket, options);
}

describe.each<[string, () => Promise<Store>]>([
  ['memory', () => Promise.resolve(new MemoryStore())],
  ['S3', s3Store],
])('a store in %s', (_, open) => {
  test('gives back the bytes it was given, and nothing for a key it does not have', async () => {
    const store = await open();
    const bytes = Uint8Array.from([0, 255, 10, 13, 0]);

    await store.put('epochs/a', bytes, 'application/json');

    expect(Buffer.from((await store.get('epochs/a')) ?? [])).toEqual(Buffer.from(bytes));
    expect(await store.get('epochs/b')).toBeUndefined();
  });

  test('creates a key once, and keeps what was there first', async () => {
    const store = await open();

    expect(await store.create('epochs/a', bytesOf('first'), 'application/json')).toBe(true);
    expect(await store.create('epochs/a', bytesOf('second'), 'application/json')).toBe(false);
    expect(Buffer.from((await store.get('epochs/a')) ?? []).toString()).toBe('first');
  });

  test('replaces a key that is as it was read, and no other', async () => {
    const store = await open();
    await store.put('epochs/a', bytesOf('first'), 'application/json');
    const [one, other] = [await store.revision('epochs/a'), await store.revision('epochs/a')];

    expect(Buffer.from(one!.bytes).toString()).toBe('first');
    expect(await store.replace('epochs/a', bytesOf('second'), 'application/json', one!)).toBe(true);
    expect(await store.replace('epochs/a', bytesOf('third'), 'application/json', other!)).toBe(false);
    expect(await store.replace('epochs/b', bytesOf('third'), 'application/json', other!)).toBe(false);
    expect(Buffer.from((await store.get('epochs/a')) ?? []).toString()).toBe('second');
    expect(await store.revision('epochs/b')).toBeUndefined();
  });

  test('lets one of many writers at once win', async () => {
    const store = await open();

    const won = await Promise.all(Array.from({ length: 10 }, (__, index) => store.create('epochs/a', bytesOf(`writer ${index}`), 'application/json')));

    expect(won.filter(Boolean)).toHaveLength(1);
    expect(Buffer.from((await store.get('epochs/a')) ?? []).toString()).toBe(`writer ${won.indexOf(true)}`);
  });

  test('puts over what was there', async () => {
    const store = await open();
    await store.put('a', bytesOf('first'), 'text/plain');

    await store.put('a', bytesOf('second'), 'text/plain');

    expect(Buffer.from((await store.get('a')) ?? []).toString()).toBe('second');
  });

  test('lists the keys of a prefix in order, and only those', async () => {
    const store = await open();
    for (const key of ['b/2', 'b/10', 'a/1', 'b/1', 'c']) await store.put(key, bytesOf(key), 'text/plain');

    expect(await store.list('b/')).toEqual(['b/1', 'b/10', 'b/2']);
    expect(await store.list('z')).toEqual([]);
  });

  test('lists the folders just below one, each once and in order', async () => {
    const store = await open();
    for (const key of ['a', 'b/1', 'b/x/1', 'b/x/2', 'b/x/y/3', 'b/w/4', 'c/d/5']) await store.put(key, bytesOf(key), 'text/plain');

    expect(await store.folders('b/')).toEqual(['b/w/', 'b/x/']);
    expect(await store.folders('b/w/')).toEqual([]);
    expect(await store.folders('z/')).toEqual([]);
  });

  test('keeps no hand on the bytes it was given', async () => {
    const store = await open();
    const bytes = bytesOf('good');
    await store.put('a', bytes, 'text/plain');

    bytes.fill(0);
    (await store.get('a'))?.fill(0);

    expect(Buffer.from((await store.get('a')) ?? []).toString()).toBe('good');
  });

  test('keeps epochs, schemas and records by their contract', async () => {
    const store = await open();
    const epochs = new EpochStore(store);
    const epoch = epochOf(30);
    const record: DeploymentRecord = {
      sluice: 1, application: 'orders', applicationId: 'app1234', environment: 'prod', environmentId: 'env1234', profile: 'prod', profileId: 'pro1234',
      deployment: 3, canary: { version: '7', digest: epoch.digest }, control: null, startedAt: '2026-01-01T00:00:00.000Z', description: null,
    };

    expect(await epochs.saveEpoch(epoch.bytes)).toBe(epoch.digest);
    expect(await epochs.saveEpoch(epoch.bytes)).toBe(epoch.digest);
    expect(await epochs.saveSchema(schemaOf().bytes)).toBe(schemaOf().digest);
    await epochs.saveDeployment({ ...record, description: 'refused by a validator after the gate' });
    await epochs.saveDeployment(record);

    expect(Buffer.from((await epochs.epoch(epoch.digest)) ?? [])).toEqual(Buffer.from(epoch.bytes));
    expect(await epochs.deployment(record, 3)).toEqual(record);
    expect(await epochs.deployment(record, 4)).toBeUndefined();
    expect(await store.list('')).toEqual(['deployments/app1234/env1234/3.json', `epochs/${epoch.digest.slice(7)}`, `schemas/${schemaOf().digest.slice(7)}.json`]);
  });

  test('is found out when it holds other bytes than its key promises', async () => {
    const store = await open();
    const epoch = epochOf(30);
    await store.put(`epochs/${epoch.digest.slice(7)}`, bytesOf('other'), 'application/json');

    await expect(new EpochStore(store).epoch(epoch.digest)).rejects.toThrow(`SLUICE-STORE-1: the store holds other bytes at epochs/${epoch.digest.slice(7)}`);
  });
});

describe('a bucket that is not there', () => {
  test('is an error that names the bucket and the variable', async () => {
    const store = await S3Store.open('nowhere', { region: engine.region, endpoint: engine.endpoint, credentials });

    await expect(store.get('a')).rejects.toThrow(/^SLUICE-STORE-2: the bucket nowhere cannot be used: .*; create the bucket, or set SLUICE_STORE/);
  });
});

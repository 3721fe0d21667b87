import * as fc from 'fast-check';
import { DeleteObjectsCommand, ListObjectsCommand, ListObjectsV2Command, ListObjectVersionsCommand, PutObjectCommand, type ListObjectsV2CommandInput } from '@aws-sdk/client-s3';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { list } from '../../lib/s3/listing.ts';
import { byBytes, type Bucket, type StoredObject } from '../../lib/s3/objects.ts';
import { refused } from '../refused.ts';
import { startS3, type S3Stage } from './stage.ts';

let s: S3Stage;
beforeEach(async () => { s = await startS3(); });
afterEach(() => s.rig.close());

const KEYS = ['a/1', 'a/2', 'b', 'c/x/1', 'c/y', 'd'];

async function fill(keys: readonly string[]): Promise<void> {
  for (const Key of keys) await s.client.send(new PutObjectCommand({ Bucket: 'box', Key, Body: Key }));
}

async function shown(input: Partial<ListObjectsV2CommandInput>): Promise<unknown> {
  const { Contents = [], CommonPrefixes = [], KeyCount, IsTruncated } = await s.client.send(new ListObjectsV2Command({ Bucket: 'box', ...input }));
  return [Contents.map(({ Key }) => Key), CommonPrefixes.map(({ Prefix }) => Prefix), KeyCount, IsTruncated];
}

test('a list of versions has the one version of each object, page by page, and by it an object is deleted', async () => {
  await fill(KEYS);

  const first = await s.client.send(new ListObjectVersionsCommand({ Bucket: 'box', MaxKeys: 4 }));
  const rest = await s.client.send(new ListObjectVersionsCommand({ Bucket: 'box', KeyMarker: first.NextKeyMarker }));
  const versions = [...first.Versions ?? [], ...rest.Versions ?? []];
  await s.client.send(new DeleteObjectsCommand({ Bucket: 'box', Delete: { Objects: versions.map(({ Key, VersionId }) => ({ Key, VersionId })) } }));

  expect(versions.map(({ Key, VersionId, IsLatest }) => [Key, VersionId, IsLatest])).toEqual(KEYS.map((key) => [key, 'null', true]));
  expect([first.IsTruncated, rest.IsTruncated]).toEqual([true, false]);
  expect(await shown({})).toEqual([[], [], 0, false]);
});

describe('a list of objects', () => {
  test.each<[Partial<ListObjectsV2CommandInput>, unknown]>([
    [{}, [KEYS, [], 6, false]],
    [{ Prefix: 'a/' }, [['a/1', 'a/2'], [], 2, false]],
    [{ Delimiter: '/' }, [['b', 'd'], ['a/', 'c/'], 4, false]],
    [{ Prefix: 'c/', Delimiter: '/' }, [['c/y'], ['c/x/'], 2, false]],
    [{ StartAfter: 'b' }, [['c/x/1', 'c/y', 'd'], [], 3, false]],
    [{ MaxKeys: 2 }, [['a/1', 'a/2'], [], 2, true]],
    [{ MaxKeys: 2, Delimiter: '/' }, [['b'], ['a/'], 2, true]],
    [{ MaxKeys: 0 }, [[], [], 0, false]],
    [{ Prefix: 'zzz' }, [[], [], 0, false]],
  ])('asked for with %j', async (input, expected) => {
    await fill(KEYS);

    expect(await shown(input)).toEqual(expected);
  });

  test('tells each object\'s size, tag and age', async () => {
    await fill(['k']);

    const { Contents } = await s.client.send(new ListObjectsV2Command({ Bucket: 'box' }));

    expect(Contents?.[0]).toMatchObject({ Key: 'k', Size: 1, StorageClass: 'STANDARD', ETag: '"8ce4b16b22b58894aa86c421e8759df3"', LastModified: new Date(Date.UTC(2026, 0, 1)) });
  });

  test('goes on where its token says, without a gap or a repetition', async () => {
    await fill(KEYS);
    const seen: (string | undefined)[] = [];

    let ContinuationToken: string | undefined;
    do {
      const page = await s.client.send(new ListObjectsV2Command({ Bucket: 'box', Delimiter: '/', MaxKeys: 1, ContinuationToken }));
      seen.push(...(page.Contents ?? []).map(({ Key }) => Key), ...(page.CommonPrefixes ?? []).map(({ Prefix }) => Prefix));
      ContinuationToken = page.NextContinuationToken;
    } while (ContinuationToken !== undefined);

    expect(seen).toEqual(['a/', 'b', 'c/', 'd']);
  });

  test('carries names that XML cannot, encoded when asked', async () => {
    await fill(['a b/\u0001', 'a b/<&>']);

    const { Contents, Prefix } = await s.client.send(new ListObjectsV2Command({ Bucket: 'box', Prefix: 'a b/', EncodingType: 'url' }));

    expect([Prefix, Contents?.map(({ Key }) => Key)]).toEqual(['a+b/', ['a+b/%01', 'a+b/%3C%26%3E']]);
  });

  test('refuses a token it did not give, and a bucket that is not there', async () => {
    expect(await refused(shown({ ContinuationToken: 'no token' }))).toEqual({ code: 'InvalidArgument', status: 400, message: 'The continuation token provided is incorrect' });
    expect(await refused(shown({ Bucket: 'nowhere' }))).toMatchObject({ code: 'NoSuchBucket', status: 404 });
  });

  test('in its first form goes on by markers', async () => {
    await fill(KEYS);

    const first = await s.client.send(new ListObjectsCommand({ Bucket: 'box', MaxKeys: 3, Delimiter: '/' }));
    const rest = await s.client.send(new ListObjectsCommand({ Bucket: 'box', Delimiter: '/', Marker: first.NextMarker }));

    expect([first.IsTruncated, first.NextMarker]).toEqual([true, 'c/']);
    expect([rest.Contents?.map(({ Key }) => Key), rest.CommonPrefixes]).toEqual([['d'], undefined]);
  });
});

describe('paging', () => {
  const key = fc.array(fc.constantFrom('a', 'b', '/', '\u00e9', '\u{1f600}'), { minLength: 1, maxLength: 6 }).map((parts) => parts.join(''));

  test('gives every key or common prefix once, in the order of bytes, whatever the size of a page', () => {
    fc.assert(fc.property(fc.uniqueArray(key, { maxLength: 30 }), fc.constantFrom('', 'a', 'a/', '\u00e9'), fc.constantFrom('', '/'), fc.integer({ min: 1, max: 5 }), (keys, prefix, delimiter, most) => {
      const bucket: Bucket = { name: 'box', created: 0, objects: new Map(keys.map((name) => [name, {} as StoredObject])) };
      const cut = (name: string): string => {
        const at = delimiter === '' ? -1 : name.indexOf(delimiter, prefix.length);
        return at < 0 ? name : name.slice(0, at + 1);
      };
      const expected = [...new Set(keys.filter((name) => name.startsWith(prefix)).map(cut))].sort(byBytes);

      const seen: string[] = [];
      let after = '';
      for (let page = list(bucket, { prefix, delimiter, after, most }); ; page = list(bucket, { prefix, delimiter, after, most })) {
        seen.push(...[...page.keys, ...page.prefixes].sort(byBytes));
        if (!page.truncated) break;
        after = page.last ?? '';
      }

      expect(seen).toEqual(expected);
    }));
  });
});

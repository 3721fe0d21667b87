import { createHash } from 'node:crypto';
import { readdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as fc from 'fast-check';
import {
  CopyObjectCommand, DeleteObjectCommand, DeleteObjectTaggingCommand, DeleteObjectsCommand, GetObjectCommand, GetObjectTaggingCommand, HeadObjectCommand, PutObjectCommand, PutObjectTaggingCommand,
  type GetObjectCommandInput, type PutObjectCommandInput,
} from '@aws-sdk/client-s3';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { refused } from '../refused.ts';
import { startS3, type S3Stage } from './stage.ts';

let s: S3Stage;
beforeEach(async () => { s = await startS3(); });
afterEach(() => s.rig.close());

const put = (input: Partial<PutObjectCommandInput> = {}) => s.client.send(new PutObjectCommand({ Bucket: 'box', Key: 'k', Body: 'hello', ...input }));
const get = (input: Partial<GetObjectCommandInput> = {}) => s.client.send(new GetObjectCommand({ Bucket: 'box', Key: 'k', ...input }));
const md5 = (text: string): string => `"${createHash('md5').update(text).digest('hex')}"`;

const UNMET = { code: 'PreconditionFailed', status: 412, message: 'At least one of the pre-conditions you specified did not hold' };
const NO_KEY = { code: 'NoSuchKey', status: 404, message: 'The specified key does not exist.' };

describe('an object', () => {
  test('comes back as it was put, with its own data', async () => {
    const { ETag, ServerSideEncryption } = await put({ ContentType: 'text/plain', CacheControl: 'no-store', Metadata: { who: 'me' } });

    const got = await get();

    expect([ETag, ServerSideEncryption]).toEqual([md5('hello'), 'AES256']);
    expect(await got.Body?.transformToString()).toBe('hello');
    expect(got).toMatchObject({ ContentType: 'text/plain', CacheControl: 'no-store', Metadata: { who: 'me' }, ETag: md5('hello'), ContentLength: 5, AcceptRanges: 'bytes' });
    expect(got.LastModified?.toISOString()).toBe('2026-01-01T00:00:00.000Z');
  });

  test('tells of itself without its content', async () => {
    await put({ Metadata: { who: 'me' } });

    const head = await s.client.send(new HeadObjectCommand({ Bucket: 'box', Key: 'k' }));

    expect(head).toMatchObject({ ContentLength: 5, ETag: md5('hello'), Metadata: { who: 'me' } });
    expect(await refused(s.client.send(new HeadObjectCommand({ Bucket: 'box', Key: 'absent' })))).toMatchObject({ code: 'NotFound', status: 404 });
  });

  test('is missing by its own error, and so is its bucket', async () => {
    expect(await refused(get())).toEqual(NO_KEY);
    expect(await refused(get({ Bucket: 'nowhere' }))).toEqual({ code: 'NoSuchBucket', status: 404, message: 'The specified bucket does not exist' });
  });

  test.each([
    ['bytes=1-3', 'ell', 'bytes 1-3/5'],
    ['bytes=3-', 'lo', 'bytes 3-4/5'],
    ['bytes=-2', 'lo', 'bytes 3-4/5'],
    ['bytes=0-99', 'hello', 'bytes 0-4/5'],
  ])('is read in part by %s', async (Range, text, range) => {
    await put();

    const got = await get({ Range });

    expect([got.$metadata.httpStatusCode, got.ContentRange, got.ContentLength, await got.Body?.transformToString()]).toEqual([206, range, text.length, text]);
  });

  test('is not read behind its end', async () => {
    await put();

    expect(await refused(get({ Range: 'bytes=5-' }))).toEqual({ code: 'InvalidRange', status: 416, message: 'The requested range is not satisfiable' });
  });

  test('is deleted, also when it is not there', async () => {
    await put();

    await s.client.send(new DeleteObjectCommand({ Bucket: 'box', Key: 'k' }));
    await s.client.send(new DeleteObjectCommand({ Bucket: 'box', Key: 'k' }));

    expect(await refused(get())).toEqual(NO_KEY);
  });

  test('is deleted with others in one call', async () => {
    await put();

    const { Deleted } = await s.client.send(new DeleteObjectsCommand({ Bucket: 'box', Delete: { Objects: [{ Key: 'k' }, { Key: 'absent' }] } }));
    const quiet = await s.client.send(new DeleteObjectsCommand({ Bucket: 'box', Delete: { Objects: [{ Key: 'k' }], Quiet: true } }));

    expect(Deleted).toEqual([{ Key: 'k' }, { Key: 'absent' }]);
    expect(quiet.Deleted).toBeUndefined();
    expect(await refused(get())).toEqual(NO_KEY);
  });

  test('takes tags, with its content and later', async () => {
    const on = { Bucket: 'box', Key: 'k' };
    await put({ Tagging: 'team=a%20b' });
    const first = await s.client.send(new GetObjectTaggingCommand(on));

    await s.client.send(new PutObjectTaggingCommand({ ...on, Tagging: { TagSet: [{ Key: 'x', Value: '1' }] } }));
    const second = await s.client.send(new GetObjectTaggingCommand(on));
    await s.client.send(new DeleteObjectTaggingCommand(on));

    expect([first.TagSet, second.TagSet]).toEqual([[{ Key: 'team', Value: 'a b' }], [{ Key: 'x', Value: '1' }]]);
    expect((await s.client.send(new GetObjectTaggingCommand(on))).TagSet ?? []).toEqual([]);
  });

  test.each<[Partial<PutObjectCommandInput>, string]>([
    [{ ObjectLockMode: 'GOVERNANCE', ObjectLockRetainUntilDate: new Date(0) }, 'ObjectLockMode'],
    [{ WebsiteRedirectLocation: '/x' }, 'WebsiteRedirectLocation'],
  ])('is refused by name with %j', async (input, name) => {
    expect(await refused(put(input))).toMatchObject({ code: 'NotImplemented', status: 501, message: expect.stringContaining(name) as string });
  });

  test('is refused with an ACL, and with an encryption that S3 does not know', async () => {
    expect(await refused(put({ ACL: 'public-read' }))).toEqual({ code: 'AccessControlListNotSupported', status: 400, message: 'The bucket does not allow ACLs' });
    expect(await refused(put({ ServerSideEncryption: 'rot13' as 'AES256' }))).toEqual({ code: 'InvalidArgument', status: 400, message: 'The encryption method specified is not supported' });
  });

  test('is in the history with the digest of its bytes, and reading it is not', async () => {
    const seen: unknown[] = [];
    s.rig.engine.history.listen(({ kind, subject, detail }) => { seen.push([kind, subject, detail]); });

    await put();
    await get();
    await s.client.send(new DeleteObjectCommand({ Bucket: 'box', Key: 'k' }));

    expect(seen).toEqual([['s3:object', 'box/k', { sha256: createHash('sha256').update('hello').digest('hex') }], ['s3:object', 'box/k', { sha256: null }]]);
  });
});

describe('a condition', () => {
  test('If-None-Match: * lets the first write through and refuses the next', async () => {
    await put({ IfNoneMatch: '*' });

    expect(await refused(put({ IfNoneMatch: '*', Body: 'other' }))).toEqual(UNMET);
    expect(await (await get()).Body?.transformToString()).toBe('hello');
  });

  test('If-Match lets a write through over the content it names only', async () => {
    expect(await refused(put({ IfMatch: md5('hello') }))).toEqual(NO_KEY);
    await put();

    expect(await refused(put({ IfMatch: md5('other'), Body: 'new' }))).toEqual(UNMET);
    await put({ IfMatch: md5('hello'), Body: 'new' });
    expect(await refused(s.client.send(new DeleteObjectCommand({ Bucket: 'box', Key: 'k', IfMatch: md5('hello') })))).toEqual(UNMET);
    expect(await (await get()).Body?.transformToString()).toBe('new');
  });

  test.each<[Partial<GetObjectCommandInput>, number]>([
    [{ IfMatch: md5('other') }, 412],
    [{ IfNoneMatch: md5('hello') }, 304],
    [{ IfNoneMatch: '*' }, 304],
    [{ IfModifiedSince: new Date(Date.UTC(2026, 0, 1)) }, 304],
    [{ IfUnmodifiedSince: new Date(Date.UTC(2025, 0, 1)) }, 412],
  ])('of a read, %j, does not hold', async (input, status) => {
    await put();

    expect((await refused(get(input))).status).toBe(status);
  });

  test.each<Partial<GetObjectCommandInput>>([
    { IfMatch: md5('hello') },
    { IfNoneMatch: md5('other') },
    { IfModifiedSince: new Date(Date.UTC(2025, 0, 1)) },
    { IfMatch: md5('hello'), IfUnmodifiedSince: new Date(Date.UTC(2025, 0, 1)) },
    { IfNoneMatch: md5('other'), IfModifiedSince: new Date(Date.UTC(2027, 0, 1)) },
  ])('of a read, %j, holds', async (input) => {
    await put();

    expect(await (await get(input)).Body?.transformToString()).toBe('hello');
  });
});

describe('a checksum', () => {
  test.each<[Partial<PutObjectCommandInput>, string, string]>([
    [{ ChecksumSHA256: createHash('sha256').update('other').digest('base64') }, 'BadDigest', 'The SHA256 you specified did not match the calculated checksum.'],
    [{ ChecksumCRC32: 'AAAAAA==' }, 'BadDigest', 'The CRC32 you specified did not match the calculated checksum.'],
    [{ ChecksumSHA256: 'AAAA' }, 'InvalidRequest', 'Value for x-amz-checksum-sha256 header is invalid.'],
    [{ ContentMD5: createHash('md5').update('other').digest('base64') }, 'BadDigest', 'The Content-MD5 you specified did not match what we received.'],
    [{ ContentMD5: 'AAAA' }, 'InvalidDigest', 'The Content-MD5 you specified was invalid.'],
  ])('that is wrong refuses the write: %j', async (input, code, message) => {
    expect(await refused(put(input))).toEqual({ code, status: 400, message });
    expect(await refused(get())).toEqual(NO_KEY);
  });

  test.each(['CRC32', 'CRC32C', 'SHA1', 'SHA256'] as const)('%s is kept and given back to who asks for it', async (ChecksumAlgorithm) => {
    const written = await put({ ChecksumAlgorithm });

    const plain = await get({ ChecksumMode: undefined });
    const checked = await get({ ChecksumMode: 'ENABLED' });

    const member = `Checksum${ChecksumAlgorithm}` as const;
    expect(written[member]).toMatch(/=$/);
    expect(checked[member]).toBe(written[member]);
    expect(await checked.Body?.transformToString()).toBe('hello');
    expect(await plain.Body?.transformToString()).toBe('hello');
  });
});

describe('a copy', () => {
  const copy = (input: Partial<ConstructorParameters<typeof CopyObjectCommand>[0]> = {}) => s.client.send(new CopyObjectCommand({ Bucket: 'box', Key: 'copy', CopySource: 'box/k', ...input }));

  test('has the content and data of its source, or data of its own', async () => {
    await put({ Metadata: { who: 'me' } });

    const { CopyObjectResult } = await copy();
    await copy({ Key: 'own', MetadataDirective: 'REPLACE', Metadata: { who: 'you' } });

    expect(CopyObjectResult?.ETag).toBe(md5('hello'));
    expect((await get({ Key: 'copy' })).Metadata).toEqual({ who: 'me' });
    expect((await get({ Key: 'own' })).Metadata).toEqual({ who: 'you' });
  });

  test('finds a source whose name needs encoding', async () => {
    await put({ Key: 'a b/\u00e9+?' });

    await copy({ CopySource: encodeURIComponent('/box/a b/\u00e9+?') });

    expect(await (await get({ Key: 'copy' })).Body?.transformToString()).toBe('hello');
  });

  test('is refused onto itself, from nowhere, and under a condition that does not hold', async () => {
    await put();

    expect((await refused(copy({ Key: 'k' }))).message).toMatch(/^This copy request is illegal because it is trying to copy an object to itself/);
    expect(await refused(copy({ CopySource: 'box/absent' }))).toEqual(NO_KEY);
    expect(await refused(copy({ CopySourceIfMatch: md5('other') }))).toEqual(UNMET);
    expect(await refused(copy({ CopySourceIfNoneMatch: md5('hello') }))).toEqual(UNMET);
  });
});

describe('keys and contents', () => {
  test('of any kind come back, and make no path of the machine', async () => {
    const keys = fc.oneof(fc.constantFrom('../../etc/passwd', '/lead', 'trail/', 'a//b', '.', '__proto__', 'constructor', '\u{1f600}', '%2e%2e', 'a\u0001b'), fc.string({ minLength: 1, maxLength: 20, unit: 'grapheme' }));
    await fc.assert(fc.asyncProperty(keys.filter((key) => key !== '.' && key !== '..'), fc.uint8Array({ maxLength: 300 }), async (Key, Body) => {
      await put({ Key, Body });
      expect(await (await get({ Key })).Body?.transformToByteArray()).toEqual(Body);
    }), { numRuns: 60 });
  });

  test('beyond what memory may hold lie in the engine\'s folder until they are deleted', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'sluice-test-'));
    try {
      await using small = await startS3({ dataFolder: folder, settings: { s3: { memoryBytes: 10 } } });
      const files = (): string[] => readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((name) => /^s3\/[0-9a-f]{64}$/.test(name));
      await small.client.send(new PutObjectCommand({ Bucket: 'box', Key: '../little', Body: 'x' }));
      await small.client.send(new PutObjectCommand({ Bucket: 'box', Key: '../large', Body: 'y'.repeat(100) }));
      await small.client.send(new PutObjectCommand({ Bucket: 'box', Key: 'again', Body: 'y'.repeat(100) }));
      const before = files();

      const got = await small.client.send(new GetObjectCommand({ Bucket: 'box', Key: '../large' }));
      for (const Key of ['../large', 'again']) await small.client.send(new DeleteObjectCommand({ Bucket: 'box', Key }));

      expect(await got.Body?.transformToString()).toBe('y'.repeat(100));
      expect([before.length, files().length]).toEqual([1, 0]);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  test('are refused beyond 1024 bytes of a key', async () => {
    expect(await refused(put({ Key: '\u00e9'.repeat(513) }))).toEqual({ code: 'KeyTooLongError', status: 400, message: 'Your key is too long' });
  });
});

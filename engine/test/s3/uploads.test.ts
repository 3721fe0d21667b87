import { createHash } from 'node:crypto';
import {
  AbortMultipartUploadCommand, CompleteMultipartUploadCommand, CreateMultipartUploadCommand, GetObjectCommand, ListPartsCommand, PutObjectCommand, UploadPartCommand,
} from '@aws-sdk/client-s3';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { refused } from '../refused.ts';
import { startS3, type S3Stage } from './stage.ts';

let s: S3Stage;
let UploadId: string | undefined;
const at = { Bucket: 'box', Key: 'large' };

beforeEach(async () => {
  s = await startS3();
  ({ UploadId } = await s.client.send(new CreateMultipartUploadCommand({ ...at, ContentType: 'text/plain' })));
});
afterEach(() => s.rig.close());

const MIB = 1024 * 1024;

async function upload(PartNumber: number, Body: Uint8Array): Promise<{ PartNumber: number; ETag: string | undefined }> {
  const { ETag } = await s.client.send(new UploadPartCommand({ ...at, UploadId, PartNumber, Body }));
  return { PartNumber, ETag };
}

const complete = (Parts: { PartNumber: number; ETag: string | undefined }[], more: object = {}) => s.client.send(new CompleteMultipartUploadCommand({ ...at, UploadId, MultipartUpload: { Parts }, ...more }));

describe('an upload in parts', () => {
  test('becomes one object in the order of its parts', async () => {
    const parts = [Buffer.alloc(5 * MIB, 'a'), Buffer.alloc(3, 'b')];
    const second = await upload(2, parts[1]!);
    const first = await upload(1, parts[0]!);
    const listed = await s.client.send(new ListPartsCommand({ ...at, UploadId }));

    const { ETag } = await complete([first, second]);

    const digests = Buffer.concat(parts.map((part) => createHash('md5').update(part).digest()));
    expect(ETag).toBe(`"${createHash('md5').update(digests).digest('hex')}-2"`);
    expect(listed.Parts?.map(({ PartNumber, Size }) => [PartNumber, Size])).toEqual([[1, 5 * MIB], [2, 3]]);
    const got = await s.client.send(new GetObjectCommand({ ...at, Range: 'bytes=-4' }));
    expect([await got.Body?.transformToString(), got.ContentType]).toEqual(['abbb', 'text/plain']);
    expect(await refused(complete([first]))).toMatchObject({ code: 'NoSuchUpload', status: 404 });
  });

  test('is refused with parts it has not, out of order, or too small', async () => {
    const one = await upload(1, Buffer.from('a'));
    const two = await upload(2, Buffer.from('b'));

    expect(await refused(complete([two, one]))).toMatchObject({ code: 'InvalidPartOrder', status: 400 });
    expect(await refused(complete([one, { PartNumber: 3, ETag: one.ETag }]))).toMatchObject({ code: 'InvalidPart' });
    expect(await refused(complete([one, two]))).toMatchObject({ code: 'EntityTooSmall' });
    expect(await refused(complete([{ PartNumber: 1, ETag: two.ETag }]))).toMatchObject({ code: 'InvalidPart' });
    expect(await refused(complete([]))).toMatchObject({ code: 'MalformedXML' });
  });

  test('keeps to its condition until the end', async () => {
    const one = await upload(1, Buffer.from('a'));
    await s.client.send(new PutObjectCommand({ ...at, Body: 'first' }));

    expect(await refused(complete([one], { IfNoneMatch: '*' }))).toMatchObject({ code: 'PreconditionFailed', status: 412 });
  });

  test('is gone when it is given up', async () => {
    await s.client.send(new AbortMultipartUploadCommand({ ...at, UploadId }));

    expect(await refused(upload(1, Buffer.from('a')))).toMatchObject({ code: 'NoSuchUpload', status: 404 });
  });
});

import { createHash, createHmac } from 'node:crypto';
import { GetObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { describe, expect, test } from 'vitest';
import { addressOf } from '../../lib/runtime/bucket.ts';
import { sign } from '../../lib/runtime/signature.ts';
import { Source } from '../fixtures/source.ts';

const SECRET = 'wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY';

/** S3's side of Signature Version 4: whether a request was signed with the secret, over the headers it says. */
function verifies(path: string, headers: Readonly<Record<string, string | string[] | undefined>>): boolean {
  const [, scope = '', signed = '', signature = ''] = /Credential=[^/]+\/([^,]+), ?SignedHeaders=([^,]+), ?Signature=([0-9a-f]+)/.exec(String(headers['authorization'])) ?? [];
  const [pathname = '', query = ''] = path.split('?');
  const list = signed.split(';').map((name) => `${name}:${String(headers[name]).trim()}`);
  const canonical = ['GET', pathname, query.split('&').sort().join('&'), ...list, '', signed, String(headers['x-amz-content-sha256'])].join('\n');
  const text = ['AWS4-HMAC-SHA256', String(headers['x-amz-date']), scope, createHash('sha256').update(canonical).digest('hex')].join('\n');
  const key = scope.split('/').reduce<string | Buffer>((secret, part) => createHmac('sha256', secret).update(part).digest(), `AWS4${SECRET}`);
  return createHmac('sha256', key).update(text).digest('hex') === signature;
}

describe('the signature of a read', () => {
  test('holds where that of the official SDK holds, and breaks where it should', async () => {
    const bucket = await Source.start();
    bucket.serve('/b/epochs/00?x-id=GetObject', new Uint8Array([1]));
    const client = new S3Client({
      endpoint: bucket.endpoint, region: 'eu-central-1', forcePathStyle: true,
      credentials: { accessKeyId: 'AKID', secretAccessKey: SECRET, sessionToken: 'token/+=' },
    });
    await client.send(new GetObjectCommand({ Bucket: 'b', Key: 'epochs/00' }));
    client.destroy();
    await bucket.stop();
    const [official] = bucket.requests;
    const url = new URL('https://b.s3.eu-central-1.amazonaws.com/epochs/00');

    const own = sign(url, 'eu-central-1', { accessKeyId: 'AKID', secretAccessKey: SECRET, sessionToken: 'token/+=' }, new Date('2026-11-21T00:00:00.123Z'));

    expect(official && verifies(official.path, official.headers)).toBe(true);
    expect(verifies('/epochs/00', own)).toBe(true);
    expect(verifies('/epochs/01', own)).toBe(false);
    expect(verifies('/epochs/00', { ...own, 'x-amz-security-token': 'other' })).toBe(false);
  });
});

describe('the address of an object', () => {
  test.each([
    ['bucket', 'eu-west-1', undefined, 'https://bucket.s3.eu-west-1.amazonaws.com/epochs/00'],
    ['dotted.bucket', 'eu-west-1', undefined, 'https://s3.eu-west-1.amazonaws.com/dotted.bucket/epochs/00'],
    ['bucket', 'cn-north-1', undefined, 'https://bucket.s3.cn-north-1.amazonaws.com.cn/epochs/00'],
    ['bucket', 'us-east-1', 'http://127.0.0.1:4566', 'http://127.0.0.1:4566/bucket/epochs/00'],
    ['bucket', 'us-east-1', 'http://localhost:4566/', 'http://localhost:4566/bucket/epochs/00'],
    ['bucket', 'us-east-1', 'https://objects.example.com', 'https://bucket.objects.example.com/epochs/00'],
  ])('of %s in %s at %s is %s', (bucket, region, endpoint, address) => {
    expect(addressOf(bucket, region, endpoint, 'epochs/00').href).toBe(address);
  });
});

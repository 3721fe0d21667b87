import { createHash } from 'node:crypto';
import { crc32 } from 'node:zlib';
import { refusal, unbuilt } from './refusal.ts';

/** A checksum an object was put with, under the name of its header's member: `ChecksumCRC32`. */
export interface Checksum {
  readonly member: ChecksumMember;
  /** Base64. */
  readonly value: string;
}

type ChecksumMember = keyof typeof KINDS;

/** What a caller says of a body's checksums. */
export type ChecksumsGiven = Partial<Record<ChecksumMember | 'ChecksumCRC64NVME' | 'ContentMD5', string>>;

const KINDS = {
  ChecksumCRC32: { name: 'CRC32', length: 4, of: (bytes: Uint8Array): Buffer => word(crc32(bytes)) },
  ChecksumCRC32C: { name: 'CRC32C', length: 4, of: (bytes: Uint8Array): Buffer => word(crc32c(bytes)) },
  ChecksumSHA1: { name: 'SHA1', length: 20, of: (bytes: Uint8Array): Buffer => createHash('sha1').update(bytes).digest() },
  ChecksumSHA256: { name: 'SHA256', length: 32, of: (bytes: Uint8Array): Buffer => createHash('sha256').update(bytes).digest() },
} as const;

/** Verifies what a caller says of a body, or refuses it as S3 does; the checksum to keep with the object, if one was given. */
export function verified(bytes: Uint8Array, given: ChecksumsGiven): Checksum | undefined {
  if (given.ChecksumCRC64NVME !== undefined) throw unbuilt('the checksum CRC64NVME');
  if (given.ContentMD5 !== undefined) {
    if (Buffer.from(given.ContentMD5, 'base64').length !== 16) throw refusal(400, 'InvalidDigest', 'The Content-MD5 you specified was invalid.');
    if (createHash('md5').update(bytes).digest('base64') !== given.ContentMD5) throw refusal(400, 'BadDigest', 'The Content-MD5 you specified did not match what we received.');
  }
  let kept: Checksum | undefined;
  for (const member of Object.keys(KINDS) as ChecksumMember[]) {
    const value = given[member];
    if (value === undefined) continue;
    const { name, length, of } = KINDS[member];
    if (Buffer.from(value, 'base64').length !== length) throw refusal(400, 'InvalidRequest', `Value for x-amz-checksum-${name.toLowerCase()} header is invalid.`);
    if (of(bytes).toString('base64') !== value) throw refusal(400, 'BadDigest', `The ${name} you specified did not match the calculated checksum.`);
    kept = { member, value };
  }
  return kept;
}

/** A checksum as members of an answer. */
export function checksumMembers(checksum: Checksum | undefined): Record<string, string> {
  return checksum ? { [checksum.member]: checksum.value, ChecksumType: 'FULL_OBJECT' } : {};
}

function word(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(value >>> 0);
  return bytes;
}

const CASTAGNOLI = Uint32Array.from({ length: 256 }, (_, byte) => {
  let value = byte;
  for (let bit = 0; bit < 8; bit += 1) value = value & 1 ? (value >>> 1) ^ 0x82f63b78 : value >>> 1;
  return value >>> 0;
});

function crc32c(bytes: Uint8Array): number {
  let value = 0xffffffff;
  for (const byte of bytes) value = (value >>> 8) ^ CASTAGNOLI[(value ^ byte) & 0xff]!;
  return value ^ 0xffffffff;
}

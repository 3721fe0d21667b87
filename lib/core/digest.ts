import { createHash } from 'node:crypto';

/** The SHA-256 of some bytes, as `sha256:` and 64 lower-case hexadecimal digits. */
export type Digest = `sha256:${string}`;

/** The digest of exactly these bytes. */
export function digestOf(bytes: Uint8Array): Digest {
  return `sha256:${createHash('sha256').update(bytes).digest('hex')}`;
}

/** Whether a value is a digest as this project writes it. */
export function isDigest(value: unknown): value is Digest {
  return typeof value === 'string' && /^sha256:[0-9a-f]{64}$/.test(value);
}

/** The 64 hexadecimal digits of a digest, as the store's keys use them. */
export function hexOf(digest: Digest): string {
  return digest.slice('sha256:'.length);
}

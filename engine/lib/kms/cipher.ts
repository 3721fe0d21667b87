import { createCipheriv, createDecipheriv, createHash, createHmac } from 'node:crypto';

/** What was encrypted beside the text: must be given again to decrypt. */
export type EncryptionContext = Readonly<Record<string, string>>;

const ID = 36;
const NONCE = 12;
const TAG = 16;

function secretOf(seed: string, keyId: string): Buffer {
  return createHash('sha256').update(`kms key\u0000${seed}\u0000${keyId}`).digest();
}

/** The context as it is authenticated, whatever order its keys came in. */
function authenticated(keyId: string, context: EncryptionContext): Buffer {
  return Buffer.from(JSON.stringify([keyId, ...Object.entries(context).sort(([a], [b]) => (a < b ? -1 : 1))]));
}

/** Encrypts with AES-256-GCM; the id of the key stands in front, as KMS's ciphertexts carry theirs. `salt` keeps equal texts apart. */
export function seal(seed: string, keyId: string, plain: Uint8Array, context: EncryptionContext, salt: string): Uint8Array {
  const secret = secretOf(seed, keyId);
  const extra = authenticated(keyId, context);
  // The nonce depends on all that is encrypted, so one never serves two texts.
  const nonce = createHmac('sha256', secret).update(salt).update('\u0000').update(extra).update(plain).digest().subarray(0, NONCE);
  const cipher = createCipheriv('aes-256-gcm', secret, nonce).setAAD(extra);
  const sealed = Buffer.concat([cipher.update(plain), cipher.final()]);
  return Buffer.concat([Buffer.from(keyId.padEnd(ID)), nonce, cipher.getAuthTag(), sealed]);
}

/** The id of the key in front of a ciphertext. */
export function keyIdOf(blob: Uint8Array): string {
  return Buffer.from(blob.subarray(0, ID)).toString('latin1').trimEnd();
}

/** Undefined for bytes altered since, encrypted elsewhere or with another context. */
export function open(seed: string, blob: Uint8Array, context: EncryptionContext): Uint8Array | undefined {
  if (blob.length < ID + NONCE + TAG) return undefined;
  const keyId = keyIdOf(blob);
  const decipher = createDecipheriv('aes-256-gcm', secretOf(seed, keyId), blob.subarray(ID, ID + NONCE)).setAAD(authenticated(keyId, context));
  decipher.setAuthTag(blob.subarray(ID + NONCE, ID + NONCE + TAG));
  try {
    return Buffer.concat([decipher.update(blob.subarray(ID + NONCE + TAG)), decipher.final()]);
  } catch {
    // Authentication failed.
    return undefined;
  }
}

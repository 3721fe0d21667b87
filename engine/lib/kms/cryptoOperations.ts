import { createHash } from 'node:crypto';
import type { House } from '../ports.ts';
import type { Service } from '../wire/index.ts';
import { keyIdOf, open, seal, type EncryptionContext } from './cipher.ts';
import type { Keys } from './keys.ts';
import { refusal, unbuilt } from './refusal.ts';

interface OnKey {
  readonly KeyId: string;
  readonly EncryptionContext?: EncryptionContext;
  readonly EncryptionAlgorithm?: string;
}

interface DataKeyInput extends OnKey {
  readonly KeySpec?: string;
  readonly NumberOfBytes?: number;
}

/** Encrypt, Decrypt and GenerateDataKey. */
export function cryptoOperations(house: House, keys: Keys): Service['operations'] {
  const encrypt = (input: OnKey, plain: Uint8Array): { readonly blob: Uint8Array; readonly arn: string } => {
    if (input.EncryptionAlgorithm !== undefined && input.EncryptionAlgorithm !== 'SYMMETRIC_DEFAULT') throw unbuilt(`the algorithm ${input.EncryptionAlgorithm}`);
    const { id, arn } = keys.usable(input.KeyId);
    return { blob: seal(house.draws.seed, id, plain, input.EncryptionContext ?? {}, house.draws.uuid('kms:salt')), arn };
  };
  const dataKey = (input: DataKeyInput): { readonly plain: Uint8Array; readonly blob: Uint8Array; readonly arn: string } => {
    const plain = bytes(house, lengthOf(input));
    return { plain, ...encrypt(input, plain) };
  };
  return {
    Encrypt(input: OnKey & { readonly Plaintext: Uint8Array }) {
      if (input.Plaintext.length > 4096) throw refusal('ValidationException', '1 validation error detected: Value at \'plaintext\' failed to satisfy constraint: Member must have length less than or equal to 4096');
      const { blob, arn } = encrypt(input, input.Plaintext);
      return { CiphertextBlob: blob, KeyId: arn, EncryptionAlgorithm: 'SYMMETRIC_DEFAULT' };
    },
    Decrypt(input: Partial<OnKey> & { readonly CiphertextBlob: Uint8Array }) {
      const holder = keys.all.get(keyIdOf(input.CiphertextBlob));
      if (!holder) throw refusal('InvalidCiphertextException', '');
      if (input.KeyId !== undefined && keys.find(input.KeyId) !== holder) throw refusal('IncorrectKeyException', 'The key ID in the request does not identify a CMK that can perform this operation.');
      const { arn } = keys.usable(holder.id);
      const plain = open(house.draws.seed, input.CiphertextBlob, input.EncryptionContext ?? {});
      if (!plain) throw refusal('InvalidCiphertextException', '');
      return { Plaintext: plain, KeyId: arn, EncryptionAlgorithm: 'SYMMETRIC_DEFAULT' };
    },
    GenerateDataKey(input: DataKeyInput) {
      const { plain, blob, arn } = dataKey(input);
      return { Plaintext: plain, CiphertextBlob: blob, KeyId: arn };
    },
    GenerateDataKeyWithoutPlaintext(input: DataKeyInput) {
      const { blob, arn } = dataKey(input);
      return { CiphertextBlob: blob, KeyId: arn };
    },
  };
}

function lengthOf({ KeySpec, NumberOfBytes }: DataKeyInput): number {
  if ((KeySpec === undefined) === (NumberOfBytes === undefined)) throw refusal('ValidationException', 'Please specify either number of bytes or key spec.');
  return NumberOfBytes ?? (KeySpec === 'AES_128' ? 16 : 32);
}

/** Bytes drawn from the seed, as everything random here. */
function bytes(house: House, length: number): Uint8Array {
  const parts: Buffer[] = [];
  for (let made = 0; made < length; made += 32) parts.push(createHash('sha256').update(house.draws.uuid('kms:data-key')).digest());
  return Buffer.concat(parts).subarray(0, length);
}

import { keyIdOf } from '../../kms/cipher.ts';
import type { Keys } from '../../kms/keys.ts';
import type { House } from '../../ports.ts';
import type { Context } from '../policy/condition.ts';
import { textOf, type ActionTable, type Asked } from './table.ts';

const KEY = '{Key}';
/** An alias's operations are about the alias and about its key. */
const ALIAS = ['{AliasArn}', KEY];

/** KMS: policies name keys by ARN, whatever a call says. */
export function kmsActions(house: House, keys: Keys): ActionTable {
  return {
    prefix: 'kms',
    base: `arn:aws:kms:${house.region}:${house.account}:`,
    values: ({ input }) => ({ Key: keyOf(keys, input), AliasArn: keys.arnOf(textOf(input, 'AliasName') ?? '*') }),
    context: contextOf,
    rules: {
      CreateKey: '*', ListKeys: '*', ListAliases: '*', DescribeKey: KEY, UpdateKeyDescription: KEY, EnableKey: KEY, DisableKey: KEY,
      EnableKeyRotation: KEY, DisableKeyRotation: KEY, GetKeyRotationStatus: KEY, GetKeyPolicy: KEY, PutKeyPolicy: KEY, ScheduleKeyDeletion: KEY, CancelKeyDeletion: KEY,
      TagResource: KEY, UntagResource: KEY, ListResourceTags: KEY,
      CreateAlias: ALIAS, UpdateAlias: ALIAS, DeleteAlias: ALIAS,
      Encrypt: KEY, Decrypt: KEY, GenerateDataKey: KEY, GenerateDataKeyWithoutPlaintext: KEY,
    },
  };
}

function keyOf(keys: Keys, input: Asked['input']): string | undefined {
  const alias = textOf(input, 'AliasName');
  const text = textOf(input, 'KeyId') ?? textOf(input, 'TargetKeyId') ?? alias;
  const blob = input['CiphertextBlob'];
  if (text === undefined && blob instanceof Uint8Array) return keys.arnFor(keyIdOf(blob));
  return text === undefined ? undefined : keys.arnFor(text);
}

function contextOf({ input }: Asked): Context {
  const given = Object.entries((input['EncryptionContext'] ?? {}) as Readonly<Record<string, string>>);
  if (given.length === 0) return {};
  return { ...Object.fromEntries(given.map(([key, value]) => [`kms:encryptioncontext:${key.toLowerCase()}`, value])), 'kms:encryptioncontextkeys': given.map(([key]) => key) };
}

import { accepted } from '../iam/refusal.ts';
import type { StoredPolicy } from '../iam/role.ts';
import type { House } from '../ports.ts';
import type { Service } from '../wire/index.ts';
import type { Key, Keys } from './keys.ts';
import { refusal, unbuilt } from './refusal.ts';

interface OnKey {
  readonly KeyId: string;
}

interface KeyTag {
  readonly TagKey: string;
  readonly TagValue: string;
}

interface CreateInput {
  readonly Policy?: string;
  readonly Description?: string;
  readonly KeyUsage?: string;
  readonly KeySpec?: string;
  readonly Origin?: string;
  readonly MultiRegion?: boolean;
  readonly Tags?: readonly KeyTag[];
}

const DAY = 24 * 60 * 60 * 1000;

/** CreateKey and what is done with a key beside encrypting. */
export function keyOperations(house: House, keys: Keys): Service['operations'] {
  return {
    CreateKey: (input: CreateInput) => ({ KeyMetadata: metadata(house, createKey(house, keys, input)) }),
    DescribeKey: ({ KeyId }: OnKey) => ({ KeyMetadata: metadata(house, keys.find(KeyId)) }),
    ListKeys: () => ({ Keys: [...keys.all.values()].map(({ id, arn }) => ({ KeyId: id, KeyArn: arn })), Truncated: false }),
    UpdateKeyDescription({ KeyId, Description }: OnKey & { readonly Description: string }) { keys.find(KeyId).description = Description; },
    EnableKey({ KeyId }: OnKey) { kept(keys, KeyId).enabled = true; },
    DisableKey({ KeyId }: OnKey) { kept(keys, KeyId).enabled = false; },
    EnableKeyRotation({ KeyId }: OnKey) { kept(keys, KeyId).rotates = true; },
    DisableKeyRotation({ KeyId }: OnKey) { kept(keys, KeyId).rotates = false; },
    GetKeyRotationStatus: ({ KeyId }: OnKey) => ({ KeyRotationEnabled: keys.find(KeyId).rotates, KeyId }),
    GetKeyPolicy: ({ KeyId }: OnKey) => ({ Policy: keys.find(KeyId).policy.text, PolicyName: 'default' }),
    PutKeyPolicy({ KeyId, Policy }: OnKey & { readonly Policy: string }) { keys.find(KeyId).policy = policyOf(Policy); },
    ScheduleKeyDeletion({ KeyId, PendingWindowInDays: days = 30 }: OnKey & { readonly PendingWindowInDays?: number }) {
      const key = kept(keys, KeyId);
      if (days < 7 || days > 30) throw refusal('ValidationException', `1 validation error detected: Value '${days}' at 'pendingWindowInDays' failed to satisfy constraint: Member must be from 7 to 30`);
      const deletion = house.kernel.now() + days * DAY;
      key.deletion = deletion;
      key.enabled = false;
      house.kernel.at(deletion, () => { if (key.deletion === deletion) forget(keys, key); });
      return { KeyId: key.arn, DeletionDate: deletion, KeyState: 'PendingDeletion', PendingWindowInDays: days };
    },
    CancelKeyDeletion({ KeyId }: OnKey) {
      const key = keys.find(KeyId);
      if (key.deletion === undefined) throw refusal('KMSInvalidStateException', `${key.arn} is not pending deletion.`);
      delete key.deletion;
      return { KeyId: key.arn };
    },
    TagResource({ KeyId, Tags }: OnKey & { readonly Tags: readonly KeyTag[] }) { for (const { TagKey, TagValue } of Tags) keys.find(KeyId).tags.set(TagKey, TagValue); },
    UntagResource({ KeyId, TagKeys }: OnKey & { readonly TagKeys: readonly string[] }) { for (const key of TagKeys) keys.find(KeyId).tags.delete(key); },
    ListResourceTags: ({ KeyId }: OnKey) => ({ Tags: [...keys.find(KeyId).tags].map(([TagKey, TagValue]) => ({ TagKey, TagValue })), Truncated: false }),
  };
}

function createKey(house: House, keys: Keys, input: CreateInput): Key {
  if ((input.KeyUsage ?? 'ENCRYPT_DECRYPT') !== 'ENCRYPT_DECRYPT' || (input.KeySpec ?? 'SYMMETRIC_DEFAULT') !== 'SYMMETRIC_DEFAULT') throw unbuilt('keys other than SYMMETRIC_DEFAULT for ENCRYPT_DECRYPT');
  if ((input.Origin ?? 'AWS_KMS') !== 'AWS_KMS') throw unbuilt(`keys of origin ${input.Origin}`);
  if (input.MultiRegion === true) throw unbuilt('keys of several regions');
  const id = house.draws.uuid('kms:key');
  const key: Key = {
    id,
    arn: keys.arnOf(`key/${id}`),
    created: house.kernel.now(),
    description: input.Description ?? '',
    enabled: true,
    rotates: false,
    policy: policyOf(input.Policy ?? defaultPolicy(house)),
    tags: new Map(input.Tags?.map(({ TagKey, TagValue }) => [TagKey, TagValue])),
  };
  keys.all.set(id, key);
  house.history.record('kms:key', id, { did: 'created' });
  return key;
}

/** KMS's own: the account may do everything, by its identity policies. */
function defaultPolicy(house: House): string {
  return JSON.stringify({ Version: '2012-10-17', Id: 'key-default-1', Statement: [{ Sid: 'Enable IAM User Permissions', Effect: 'Allow', Principal: { AWS: `arn:aws:iam::${house.account}:root` }, Action: 'kms:*', Resource: '*' }] });
}

function policyOf(text: string): StoredPolicy {
  return accepted(text, 'resource');
}

/** A key that is not about to be deleted. */
function kept(keys: Keys, text: string): Key {
  const key = keys.find(text);
  if (key.deletion !== undefined) throw refusal('KMSInvalidStateException', `${key.arn} is pending deletion.`);
  return key;
}

function forget(keys: Keys, key: Key): void {
  keys.all.delete(key.id);
  for (const [name, { keyId }] of keys.aliases) if (keyId === key.id) keys.aliases.delete(name);
}

function metadata(house: House, key: Key): Record<string, unknown> {
  return {
    AWSAccountId: house.account,
    KeyId: key.id,
    Arn: key.arn,
    CreationDate: key.created,
    Enabled: key.enabled,
    Description: key.description,
    KeyUsage: 'ENCRYPT_DECRYPT',
    KeyState: key.deletion === undefined ? key.enabled ? 'Enabled' : 'Disabled' : 'PendingDeletion',
    ...(key.deletion !== undefined && { DeletionDate: key.deletion }),
    Origin: 'AWS_KMS',
    KeyManager: 'CUSTOMER',
    CustomerMasterKeySpec: 'SYMMETRIC_DEFAULT',
    KeySpec: 'SYMMETRIC_DEFAULT',
    EncryptionAlgorithms: ['SYMMETRIC_DEFAULT'],
    MultiRegion: false,
  };
}

import { unlessGone } from '../api.ts';
import type { ExistingCall, Made, Provider, ProviderCall } from '../provider.ts';
import { same } from '../template/conditions.ts';
import { arnOf, only } from './stored.ts';
import { tagMap } from './tags.ts';

const KMS = 'kms';

const key: Provider = {
  type: 'AWS::KMS::Key',
  properties: {
    KeySpec: 'replace', KeyUsage: 'replace', MultiRegion: 'replace', Origin: 'replace', Description: 'update', Enabled: 'update', EnableKeyRotation: 'update', KeyPolicy: 'update', Tags: 'update',
    PendingWindowInDays: 'update', RotationPeriodInDays: 'kept', BypassPolicyLockoutSafetyCheck: 'kept',
  },
  async create(call) {
    const { api, properties } = call;
    const { KeyMetadata } = await api(KMS, 'CreateKey', { ...only(properties, 'KeySpec', 'KeyUsage', 'MultiRegion', 'Origin', 'Description'), Policy: properties['KeyPolicy'], Tags: tagsOf(properties['Tags']) });
    const KeyId = String((KeyMetadata as Record<string, unknown>)['KeyId']);
    await turn(call, KeyId);
    return keyMade(call, KeyId);
  },
  async update(call) {
    const { api, id: KeyId, properties } = call;
    await api(KMS, 'UpdateKeyDescription', { KeyId, Description: '', ...only(properties, 'Description') });
    if (properties['KeyPolicy'] !== undefined) await api(KMS, 'PutKeyPolicy', { KeyId, Policy: properties['KeyPolicy'] });
    await turn(call, KeyId);
    await retagKey(call);
    return keyMade(call, KeyId);
  },
  delete: ({ api, id, properties }) => unlessGone(api(KMS, 'ScheduleKeyDeletion', { KeyId: id, ...only(properties, 'PendingWindowInDays') })),
};

/** Turns the key and its rotation on or off. */
async function turn({ api, properties }: ProviderCall, KeyId: string): Promise<void> {
  await api(KMS, String(properties['EnableKeyRotation']) === 'true' ? 'EnableKeyRotation' : 'DisableKeyRotation', { KeyId });
  await api(KMS, String(properties['Enabled'] ?? true) === 'true' ? 'EnableKey' : 'DisableKey', { KeyId });
}

/** KMS alone calls a tag's parts TagKey and TagValue. */
function tagsOf(tags: unknown): { TagKey: string; TagValue: string }[] {
  return Object.entries(tagMap(tags)).map(([TagKey, TagValue]) => ({ TagKey, TagValue }));
}

async function retagKey({ api, id: KeyId, before, properties }: ExistingCall): Promise<void> {
  const [old, now] = [tagMap(before['Tags']), tagMap(properties['Tags'])];
  if (same(old, now)) return;
  const gone = Object.keys(old).filter((name) => !Object.hasOwn(now, name));
  if (gone.length > 0) await api(KMS, 'UntagResource', { KeyId, TagKeys: gone });
  await api(KMS, 'TagResource', { KeyId, Tags: tagsOf(properties['Tags']) });
}

function keyMade(call: ProviderCall, id: string): Made {
  return { id, attributes: { Arn: arnOf(call, KMS, `key/${id}`), KeyId: id } };
}

const alias: Provider = {
  type: 'AWS::KMS::Alias',
  properties: { AliasName: 'replace', TargetKeyId: 'update' },
  required: ['AliasName', 'TargetKeyId'],
  async create({ api, properties }) {
    await api(KMS, 'CreateAlias', properties);
    return { id: String(properties['AliasName']) };
  },
  async update({ api, id, properties }) {
    await api(KMS, 'UpdateAlias', properties);
    return { id };
  },
  delete: ({ api, id }) => unlessGone(api(KMS, 'DeleteAlias', { AliasName: id })),
};

/** KMS's types. */
export const kmsProviders: readonly Provider[] = [key, alias];

import { CreateAliasCommand, CreateKeyCommand, DecryptCommand, DescribeKeyCommand, DisableKeyCommand, EncryptCommand, GenerateDataKeyCommand, KMSClient, ScheduleKeyDeletionCommand } from '@aws-sdk/client-kms';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { refused } from '../refused.ts';
import { startRig, type Rig } from '../rig.ts';
import { ACCOUNT, allow, as, createRole, policy } from './stage.ts';

let rig: Rig;
let client: KMSClient;
beforeEach(async () => {
  rig = await startRig();
  client = rig.client(KMSClient);
});
afterEach(() => rig.close());

async function createKey(Policy?: string): Promise<{ id: string; arn: string }> {
  const { KeyMetadata } = await client.send(new CreateKeyCommand({ Policy }));
  return { id: KeyMetadata?.KeyId ?? '', arn: KeyMetadata?.Arn ?? '' };
}

const PLAIN = Buffer.from('a secret');

describe('a key', () => {
  test('decrypts what it encrypted, under its id, its ARN or an alias', async () => {
    const { id, arn } = await createKey();
    await client.send(new CreateAliasCommand({ AliasName: 'alias/config', TargetKeyId: id }));

    for (const KeyId of [id, arn, 'alias/config', `arn:aws:kms:us-east-1:${ACCOUNT}:alias/config`]) {
      const { CiphertextBlob, KeyId: used } = await client.send(new EncryptCommand({ KeyId, Plaintext: PLAIN }));
      const { Plaintext } = await client.send(new DecryptCommand({ CiphertextBlob }));
      expect(used).toBe(arn);
      expect(Buffer.from(Plaintext ?? [])).toEqual(PLAIN);
    }
  });

  test('decrypts only with the encryption context it encrypted with', async () => {
    const { id } = await createKey();
    const { CiphertextBlob } = await client.send(new EncryptCommand({ KeyId: id, Plaintext: PLAIN, EncryptionContext: { app: 'a', stage: 'b' } }));

    expect((await client.send(new DecryptCommand({ CiphertextBlob, EncryptionContext: { stage: 'b', app: 'a' } }))).KeyId).toContain(id);
    expect((await refused(client.send(new DecryptCommand({ CiphertextBlob, EncryptionContext: { app: 'a' } })))).code).toBe('InvalidCiphertextException');
  });

  test('gives data keys that it alone can open', async () => {
    const { id } = await createKey();

    const one = await client.send(new GenerateDataKeyCommand({ KeyId: id, KeySpec: 'AES_256' }));
    const other = await client.send(new GenerateDataKeyCommand({ KeyId: id, NumberOfBytes: 100 }));
    const opened = await client.send(new DecryptCommand({ CiphertextBlob: one.CiphertextBlob }));

    expect([one.Plaintext?.length, other.Plaintext?.length]).toEqual([32, 100]);
    expect(opened.Plaintext).toEqual(one.Plaintext);
  });

  test('is of no use while it is disabled or about to be deleted, and then gone', async () => {
    const { id, arn } = await createKey();

    await client.send(new DisableKeyCommand({ KeyId: id }));
    const disabled = await refused(client.send(new EncryptCommand({ KeyId: id, Plaintext: PLAIN })));
    await client.send(new ScheduleKeyDeletionCommand({ KeyId: id, PendingWindowInDays: 7 }));
    const pending = await refused(client.send(new EncryptCommand({ KeyId: id, Plaintext: PLAIN })));
    await rig.advance(7 * 24 * 3_600_000);

    expect(disabled).toEqual({ code: 'DisabledException', status: 400, message: `${arn} is disabled.` });
    expect(pending).toEqual({ code: 'KMSInvalidStateException', status: 400, message: `${arn} is pending deletion.` });
    expect(await refused(client.send(new DescribeKeyCommand({ KeyId: id })))).toEqual({ code: 'NotFoundException', status: 400, message: `Key '${arn}' does not exist` });
  });
});

describe('a key\'s policy', () => {
  test('leaves it to identity policies where it names the account', async () => {
    const { id, arn } = await createKey();
    const own = (await as(rig, await createRole(rig, 'reader', [])))(KMSClient);
    const encrypt = (): Promise<unknown> => own.send(new EncryptCommand({ KeyId: id, Plaintext: PLAIN }));

    expect((await refused(encrypt())).message).toBe(`User: arn:aws:sts::${ACCOUNT}:assumed-role/reader/test is not authorized to perform: kms:Encrypt on resource: ${arn} because no identity-based policy allows the kms:Encrypt action`);
    await allow(rig, 'reader', { Action: 'kms:Encrypt', Resource: arn });
    expect(await encrypt()).toMatchObject({ KeyId: arn });
  });

  test('shuts out whom it does not name, whatever identity policies say', async () => {
    const role = await createRole(rig, 'owner', []);
    const { id } = await createKey(policy({ Principal: { AWS: role }, Action: 'kms:*', Resource: '*' }));
    const other = (await as(rig, await createRole(rig, 'reader', [{ Action: 'kms:*', Resource: '*' }])))(KMSClient);
    const owner = (await as(rig, role))(KMSClient);

    expect((await refused(other.send(new DescribeKeyCommand({ KeyId: id })))).message).toMatch(/because no resource-based policy allows the kms:DescribeKey action$/);
    expect((await refused(client.send(new DescribeKeyCommand({ KeyId: id })))).code).toBe('AccessDeniedException');
    expect((await owner.send(new DescribeKeyCommand({ KeyId: id }))).KeyMetadata?.KeyId).toBe(id);
  });
});

import { AssumeRoleCommand, GetCallerIdentityCommand, GetFederationTokenCommand, GetSessionTokenCommand, STSClient, type Credentials } from '@aws-sdk/client-sts';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { refused } from '../refused.ts';
import { startRig, type Rig } from '../rig.ts';

let rig: Rig;
let client: STSClient;

beforeEach(async () => {
  rig = await startRig();
  client = rig.client(STSClient);
});
afterEach(() => rig.close());

const ROLE = 'arn:aws:iam::123456789012:role/path/deployer';

function clientWith({ AccessKeyId = '', SecretAccessKey = '', SessionToken = '' }: Credentials): STSClient {
  return new STSClient({ region: rig.engine.region, endpoint: rig.engine.endpoint, maxAttempts: 1, credentials: { accessKeyId: AccessKeyId, secretAccessKey: SecretAccessKey, sessionToken: SessionToken } });
}

async function assume(DurationSeconds?: number): Promise<Credentials> {
  const { Credentials } = await client.send(new AssumeRoleCommand({ RoleArn: ROLE, RoleSessionName: 'release', DurationSeconds }));
  if (!Credentials) throw new Error('no credentials came');
  return Credentials;
}

describe('credentials', () => {
  test('that nobody issued are the account\'s own', async () => {
    expect(await client.send(new GetCallerIdentityCommand({}))).toMatchObject({ Account: '000000000000', Arn: 'arn:aws:iam::000000000000:root', UserId: '000000000000' });
  });

  test('of a role tell who they are', async () => {
    const answer = await client.send(new AssumeRoleCommand({ RoleArn: ROLE, RoleSessionName: 'release' }));

    const identity = await clientWith(answer.Credentials ?? ({} as Credentials)).send(new GetCallerIdentityCommand({}));

    const arn = 'arn:aws:sts::123456789012:assumed-role/deployer/release';
    expect(answer.AssumedRoleUser).toEqual({ Arn: arn, AssumedRoleId: expect.stringMatching(/^AROA[0-9A-Z]{17}:release$/) as string });
    expect(answer.Credentials?.Expiration?.toISOString()).toBe('2026-01-01T01:00:00.000Z');
    expect(identity).toMatchObject({ Account: '123456789012', Arn: arn, UserId: answer.AssumedRoleUser?.AssumedRoleId });
  });

  test('of a session are their owner\'s', async () => {
    const role = clientWith(await assume());
    const { Credentials } = await role.send(new GetSessionTokenCommand({}));

    const identity = await clientWith(Credentials ?? ({} as Credentials)).send(new GetCallerIdentityCommand({}));

    expect(identity.Arn).toBe('arn:aws:sts::123456789012:assumed-role/deployer/release');
  });

  test('expire on the engine\'s clock', async () => {
    const role = clientWith(await assume(900));

    await rig.advance(900_000);

    expect(await refused(role.send(new GetCallerIdentityCommand({})))).toEqual({ code: 'ExpiredToken', status: 403, message: 'The security token included in the request is expired' });
  });

  test('are the same for the same seed, and others for another', async () => {
    const keyOf = async (seed: string): Promise<string | undefined> => {
      await using other = await startRig({ seed });
      const { Credentials } = await other.client(STSClient).send(new AssumeRoleCommand({ RoleArn: ROLE, RoleSessionName: 'release' }));
      return Credentials?.AccessKeyId;
    };

    const [one, same, another] = [await keyOf('1'), await keyOf('1'), await keyOf('2')];

    expect(one).toMatch(/^ASIA[0-9A-Z]{16}$/);
    expect([same === one, another === one]).toEqual([true, false]);
  });

  test.each([
    [{ RoleArn: 'short', RoleSessionName: 'release' }, "1 validation error detected: Value 'short' at 'roleArn' failed to satisfy constraint: Member must have length greater than or equal to 20"],
    [{ RoleArn: 'arn:aws:iam::123456789012:user/somebody', RoleSessionName: 'release' }, 'arn:aws:iam::123456789012:user/somebody is invalid'],
    [{ RoleArn: ROLE, RoleSessionName: 'a b' }, "1 validation error detected: Value 'a b' at 'roleSessionName' failed to satisfy constraint: Member must satisfy regular expression pattern: [\\w+=,.@-]*"],
    [{ RoleArn: ROLE, RoleSessionName: 'release', DurationSeconds: 1 }, "1 validation error detected: Value '1' at 'durationSeconds' failed to satisfy constraint: Member must have value greater than or equal to 900"],
  ])('are refused for %j', async (input, message) => {
    expect(await refused(client.send(new AssumeRoleCommand(input)))).toEqual({ code: 'ValidationError', status: 400, message });
  });

  test('by federation are refused by name', async () => {
    expect(await refused(client.send(new GetFederationTokenCommand({ Name: 'me' })))).toMatchObject({ status: 501, message: 'sluice-engine does not implement sts:GetFederationToken; see engine/operations.md' });
  });
});

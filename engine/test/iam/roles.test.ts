import {
  AttachRolePolicyCommand, CreatePolicyCommand, CreatePolicyVersionCommand, CreateRoleCommand, DeletePolicyCommand, DeletePolicyVersionCommand, DeleteRoleCommand, DeleteRolePolicyCommand, DetachRolePolicyCommand,
  GetPolicyCommand, GetPolicyVersionCommand, GetRoleCommand, GetRolePolicyCommand, IAMClient, ListAttachedRolePoliciesCommand, ListEntitiesForPolicyCommand, ListPoliciesCommand, ListPolicyVersionsCommand,
  ListRolePoliciesCommand, ListRolesCommand, ListRoleTagsCommand, PutRolePolicyCommand, SetDefaultPolicyVersionCommand, TagRoleCommand, UntagRoleCommand, UpdateAssumeRolePolicyCommand, UpdateRoleCommand,
} from '@aws-sdk/client-iam';
import { AssumeRoleCommand, STSClient } from '@aws-sdk/client-sts';
import { DescribeParametersCommand, SSMClient } from '@aws-sdk/client-ssm';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { refused } from '../refused.ts';
import { startRig, type Rig } from '../rig.ts';
import { ACCOUNT, as, createRole, policy, trust } from './stage.ts';

let rig: Rig;
let iam: IAMClient;
beforeEach(async () => {
  rig = await startRig();
  iam = rig.client(IAMClient);
});
afterEach(() => rig.close());

const READ = policy({ Action: 'ssm:DescribeParameters', Resource: '*' });
const BASIC = 'arn:aws:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole';

describe('a role', () => {
  test('is shown as it was created and updated', async () => {
    const { Role } = await iam.send(new CreateRoleCommand({ RoleName: 'r', Path: '/app/', Description: 'first', AssumeRolePolicyDocument: trust(), MaxSessionDuration: 7200, Tags: [{ Key: 'a', Value: '1' }] }));
    await iam.send(new UpdateRoleCommand({ RoleName: 'r', Description: 'second' }));
    await iam.send(new TagRoleCommand({ RoleName: 'r', Tags: [{ Key: 'b', Value: '2' }] }));
    await iam.send(new UntagRoleCommand({ RoleName: 'r', TagKeys: ['a'] }));
    await iam.send(new UpdateAssumeRolePolicyCommand({ RoleName: 'r', PolicyDocument: trust('lambda.amazonaws.com') }));

    const { Role: now } = await iam.send(new GetRoleCommand({ RoleName: 'r' }));

    expect(Role).toMatchObject({ Arn: `arn:aws:iam::${ACCOUNT}:role/app/r`, RoleId: expect.stringMatching(/^AROA[A-Z0-9]{17}$/) as string, CreateDate: new Date('2026-01-01T00:00:00Z') });
    expect(decodeURIComponent(Role?.AssumeRolePolicyDocument ?? '')).toBe(trust());
    expect(now).toMatchObject({ Description: 'second', MaxSessionDuration: 3600, Tags: [{ Key: 'b', Value: '2' }] });
    expect(decodeURIComponent(now?.AssumeRolePolicyDocument ?? '')).toBe(trust('lambda.amazonaws.com'));
    expect((await iam.send(new ListRolesCommand({ PathPrefix: '/app/' }))).Roles?.map(({ RoleName }) => RoleName)).toEqual(['r']);
    expect((await iam.send(new ListRoleTagsCommand({ RoleName: 'r' }))).Tags).toEqual([{ Key: 'b', Value: '2' }]);
  });

  test('holds policies, which are listed and must be gone before it is', async () => {
    await createRole(rig, 'r', []);
    await iam.send(new PutRolePolicyCommand({ RoleName: 'r', PolicyName: 'p', PolicyDocument: READ }));
    await iam.send(new AttachRolePolicyCommand({ RoleName: 'r', PolicyArn: BASIC }));

    expect((await iam.send(new ListRolePoliciesCommand({ RoleName: 'r' }))).PolicyNames).toEqual(['p']);
    expect(decodeURIComponent((await iam.send(new GetRolePolicyCommand({ RoleName: 'r', PolicyName: 'p' }))).PolicyDocument ?? '')).toBe(READ);
    expect((await iam.send(new ListAttachedRolePoliciesCommand({ RoleName: 'r' }))).AttachedPolicies).toEqual([{ PolicyName: 'AWSLambdaBasicExecutionRole', PolicyArn: BASIC }]);
    const remove = (): Promise<unknown> => iam.send(new DeleteRoleCommand({ RoleName: 'r' }));
    expect(await refused(remove())).toEqual({ code: 'DeleteConflictException', status: 409, message: 'Cannot delete entity, must detach all policies first.' });
    await iam.send(new DetachRolePolicyCommand({ RoleName: 'r', PolicyArn: BASIC }));
    expect(await refused(remove())).toEqual({ code: 'DeleteConflictException', status: 409, message: 'Cannot delete entity, must delete policies first.' });
    await iam.send(new DeleteRolePolicyCommand({ RoleName: 'r', PolicyName: 'p' }));
    await remove();
    expect((await refused(iam.send(new GetRoleCommand({ RoleName: 'r' })))).code).toBe('NoSuchEntityException');
  });

  test('is listed page by page', async () => {
    for (const name of ['c', 'a', 'b']) await createRole(rig, name, []);

    const first = await iam.send(new ListRolesCommand({ MaxItems: 2 }));
    const second = await iam.send(new ListRolesCommand({ MaxItems: 2, Marker: first.Marker }));

    expect([first, second].map(({ Roles, IsTruncated }) => [Roles?.map(({ RoleName }) => RoleName), IsTruncated])).toEqual([[['a', 'b'], true], [['c'], false]]);
  });

  test.each([
    ['a name taken', () => createRole(rig, 'taken', []), 'EntityAlreadyExistsException', 409, 'Role with name taken already exists.'],
    ['a role missing', () => iam.send(new GetRoleCommand({ RoleName: 'x' })), 'NoSuchEntityException', 404, 'The role with name x cannot be found.'],
    ['a policy missing in it', () => iam.send(new GetRolePolicyCommand({ RoleName: 'taken', PolicyName: 'x' })), 'NoSuchEntityException', 404, 'The role policy with name x cannot be found.'],
    ['a policy not attached', () => iam.send(new DetachRolePolicyCommand({ RoleName: 'taken', PolicyArn: BASIC })), 'NoSuchEntityException', 404, `Policy ${BASIC} was not found.`],
    ['a policy that is not there', () => iam.send(new AttachRolePolicyCommand({ RoleName: 'taken', PolicyArn: `${BASIC}2` })), 'NoSuchEntityException', 404, `Policy ${BASIC}2 does not exist or is not attachable.`],
    ['a malformed policy', () => iam.send(new PutRolePolicyCommand({ RoleName: 'taken', PolicyName: 'p', PolicyDocument: '{' })), 'MalformedPolicyDocumentException', 400, 'Syntax errors in policy.'],
    ['a name with spaces', () => createRole(rig, 'a b', []), 'ValidationError', 400, "1 validation error detected: Value 'a b' at 'roleName' failed to satisfy constraint: Member must satisfy regular expression pattern: [\\w+=,.@-]+"],
    ['a session of a minute', () => iam.send(new UpdateRoleCommand({ RoleName: 'taken', MaxSessionDuration: 60 })), 'ValidationError', 400, "1 validation error detected: Value '60' at 'maxSessionDuration' failed to satisfy constraint: Member must have value greater than or equal to 3600"],
    ['a permissions boundary', () => iam.send(new CreateRoleCommand({ RoleName: 'n', AssumeRolePolicyDocument: trust(), PermissionsBoundary: BASIC })), 'NotImplemented', 501, 'sluice-engine does not implement permissions boundaries of IAM; see engine/operations.md'],
    ['too much policy', () => iam.send(new PutRolePolicyCommand({ RoleName: 'taken', PolicyName: 'p', PolicyDocument: policy({ Action: '*', Resource: `arn:aws:s3:::${'x'.repeat(10_300)}` }) })), 'LimitExceededException', 409, 'Maximum policy size of 10240 bytes exceeded for role taken'],
  ])('is refused for %s', async (_, call, code, status, message) => {
    await createRole(rig, 'taken', []);

    expect(await refused(call())).toEqual({ code, status, message });
  });
});

describe('a managed policy', () => {
  test('has versions, of which the default one counts', async () => {
    const { Policy } = await iam.send(new CreatePolicyCommand({ PolicyName: 'p', PolicyDocument: READ }));
    const PolicyArn = Policy?.Arn ?? '';
    const role = await createRole(rig, 'r', []);
    await iam.send(new AttachRolePolicyCommand({ RoleName: 'r', PolicyArn }));
    const call = async (): Promise<unknown> => (await as(rig, role))(SSMClient).send(new DescribeParametersCommand({}));
    await call();

    await iam.send(new CreatePolicyVersionCommand({ PolicyArn, PolicyDocument: policy({ Action: 'ssm:GetParameter', Resource: '*' }), SetAsDefault: true }));
    const denied = await refused(call());
    await iam.send(new SetDefaultPolicyVersionCommand({ PolicyArn, VersionId: 'v1' }));
    await call();

    expect(denied.code).toBe('AccessDeniedException');
    expect((await iam.send(new GetPolicyCommand({ PolicyArn }))).Policy).toMatchObject({ DefaultVersionId: 'v1', AttachmentCount: 1, IsAttachable: true });
    expect((await iam.send(new ListPolicyVersionsCommand({ PolicyArn }))).Versions?.map(({ VersionId, IsDefaultVersion }) => [VersionId, IsDefaultVersion])).toEqual([['v2', false], ['v1', true]]);
    expect((await iam.send(new ListEntitiesForPolicyCommand({ PolicyArn }))).PolicyRoles?.map(({ RoleName }) => RoleName)).toEqual(['r']);
    expect(await refused(iam.send(new DeletePolicyVersionCommand({ PolicyArn, VersionId: 'v1' })))).toMatchObject({ code: 'DeleteConflictException', message: 'Cannot delete the default version of a policy.' });
    expect(await refused(iam.send(new DeletePolicyCommand({ PolicyArn })))).toMatchObject({ code: 'DeleteConflictException', message: 'Cannot delete a policy attached to entities.' });
    await iam.send(new DetachRolePolicyCommand({ RoleName: 'r', PolicyArn }));
    expect((await refused(iam.send(new DeletePolicyCommand({ PolicyArn })))).message).toMatch(/^This policy has more than one version\./);
    await iam.send(new DeletePolicyVersionCommand({ PolicyArn, VersionId: 'v2' }));
    await iam.send(new DeletePolicyCommand({ PolicyArn }));
    expect((await iam.send(new ListPoliciesCommand({ Scope: 'Local' }))).Policies).toEqual([]);
  });

  test('of AWS\'s is there with its real document', async () => {
    const { Policy } = await iam.send(new GetPolicyCommand({ PolicyArn: BASIC }));
    const { PolicyVersion } = await iam.send(new GetPolicyVersionCommand({ PolicyArn: BASIC, VersionId: Policy?.DefaultVersionId }));

    expect(JSON.parse(decodeURIComponent(PolicyVersion?.Document ?? ''))).toEqual({ Version: '2012-10-17', Statement: [{ Effect: 'Allow', Action: ['logs:CreateLogGroup', 'logs:CreateLogStream', 'logs:PutLogEvents'], Resource: '*' }] });
    expect((await iam.send(new ListPoliciesCommand({ Scope: 'AWS' }))).Policies?.map(({ PolicyName }) => PolicyName)).toEqual(expect.arrayContaining(['AdministratorAccess', 'ReadOnlyAccess']));
  });
});

describe('assuming a role', () => {
  const assume = (RoleArn: string, more: { DurationSeconds?: number; ExternalId?: string; Policy?: string } = {}, client = rig.client(STSClient)): Promise<unknown> => client.send(new AssumeRoleCommand({ RoleArn, RoleSessionName: 'me', ...more }));

  test('needs its trust, and its conditions', async () => {
    await iam.send(new CreateRoleCommand({ RoleName: 'r', AssumeRolePolicyDocument: policy({ Principal: { AWS: ACCOUNT }, Action: 'sts:AssumeRole', Condition: { StringEquals: { 'sts:ExternalId': 'secret' } } }) }));
    const service = await createRole(rig, 's', [], 'lambda.amazonaws.com');
    const role = `arn:aws:iam::${ACCOUNT}:role/r`;

    expect(await refused(assume(service))).toEqual({ code: 'AccessDenied', status: 403, message: `User: arn:aws:iam::${ACCOUNT}:root is not authorized to perform: sts:AssumeRole on resource: ${service}` });
    expect((await refused(assume(role))).code).toBe('AccessDenied');
    expect(await assume(role, { ExternalId: 'secret' })).toMatchObject({ AssumedRoleUser: { Arn: `arn:aws:sts::${ACCOUNT}:assumed-role/r/me` } });
  });

  test('needs the right to it where the trust only names the account', async () => {
    const target = await createRole(rig, 'target', []);
    const without = (await as(rig, await createRole(rig, 'one', [])))(STSClient);
    const having = (await as(rig, await createRole(rig, 'two', [{ Action: 'sts:AssumeRole', Resource: target }])))(STSClient);

    expect((await refused(assume(target, {}, without))).code).toBe('AccessDenied');
    expect(await assume(target, {}, having)).toHaveProperty('Credentials');
  });

  test('lasts no longer than the role allows, and takes no session policy', async () => {
    const role = await createRole(rig, 'r', []);

    expect(await refused(assume(role, { DurationSeconds: 3601 }))).toEqual({ code: 'ValidationError', status: 400, message: 'The requested DurationSeconds exceeds the MaxSessionDuration set for this role.' });
    expect((await refused(assume(role, { Policy: READ }))).status).toBe(501);
  });

  test('ends: its credentials are refused by every service then', async () => {
    const client = (await as(rig, await createRole(rig, 'r', [{ Action: '*', Resource: '*' }])))(SSMClient);
    await client.send(new DescribeParametersCommand({}));

    await rig.advance(3_600_000);

    expect(await refused(client.send(new DescribeParametersCommand({})))).toEqual({ code: 'ExpiredTokenException', status: 400, message: 'The security token included in the request is expired' });
  });
});

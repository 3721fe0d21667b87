import { AttachRolePolicyCommand, CreatePolicyCommand, GetRoleCommand, IAMClient, SimulatePrincipalPolicyCommand } from '@aws-sdk/client-iam';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { refused } from '../refused.ts';
import { startRig, type Rig } from '../rig.ts';
import { ACCOUNT, as, createRole, policy } from './stage.ts';

let rig: Rig;
let iam: IAMClient;
let role = '';
const BUCKET = 'arn:aws:s3:::b';

beforeEach(async () => {
  rig = await startRig();
  iam = rig.client(IAMClient);
  role = await createRole(rig, 'r', [
    { Action: ['s3:GetObject', 's3:PutObject'], Resource: `${BUCKET}/*` },
    { Effect: 'Deny', Action: 's3:PutObject', Resource: `${BUCKET}/kept/*` },
    { Action: 'events:PutEvents', Resource: '*', Condition: { StringEquals: { 'events:source': 'mine' } } },
  ]);
});
afterEach(() => rig.close());

async function decided(ActionNames: string[], ResourceArns: string[] | undefined, more: object = {}): Promise<(string | undefined)[][]> {
  const { EvaluationResults = [], IsTruncated } = await iam.send(new SimulatePrincipalPolicyCommand({ PolicySourceArn: role, ActionNames, ...(ResourceArns === undefined ? {} : { ResourceArns }), ...more }));
  expect(IsTruncated).toBe(false);
  return EvaluationResults.map(({ EvalActionName, EvalResourceName, EvalDecision }) => [EvalActionName, EvalResourceName, EvalDecision]);
}

test('tells of each action on each resource what the policies decide', async () => {
  expect(await decided(['s3:GetObject', 's3:PutObject', 's3:DeleteObject'], [`${BUCKET}/a`, `${BUCKET}/kept/a`])).toEqual([
    ['s3:GetObject', `${BUCKET}/a`, 'allowed'], ['s3:GetObject', `${BUCKET}/kept/a`, 'allowed'],
    ['s3:PutObject', `${BUCKET}/a`, 'allowed'], ['s3:PutObject', `${BUCKET}/kept/a`, 'explicitDeny'],
    ['s3:DeleteObject', `${BUCKET}/a`, 'implicitDeny'], ['s3:DeleteObject', `${BUCKET}/kept/a`, 'implicitDeny'],
  ]);
  expect(await decided(['sts:AssumeRole'], undefined)).toEqual([['sts:AssumeRole', '*', 'implicitDeny']]);
});

test('counts managed policies, and those that are given beside them', async () => {
  const { Policy } = await iam.send(new CreatePolicyCommand({ PolicyName: 'more', PolicyDocument: policy({ Action: 's3:ListBucket', Resource: BUCKET }) }));
  await iam.send(new AttachRolePolicyCommand({ RoleName: 'r', PolicyArn: Policy?.Arn }));

  expect(await decided(['s3:ListBucket', 's3:DeleteBucket'], [BUCKET], { PolicyInputList: [policy({ Action: 's3:DeleteBucket', Resource: '*' })] })).toEqual([
    ['s3:ListBucket', BUCKET, 'allowed'], ['s3:DeleteBucket', BUCKET, 'allowed'],
  ]);
});

test('says which keys of conditions it was not told, and takes those it is told', async () => {
  const { EvaluationResults: [blind] = [] } = await iam.send(new SimulatePrincipalPolicyCommand({ PolicySourceArn: role, ActionNames: ['events:PutEvents'] }));

  expect(blind).toMatchObject({ EvalDecision: 'implicitDeny', MissingContextValues: ['events:source'] });
  expect(await decided(['events:PutEvents'], undefined, { ContextEntries: [{ ContextKeyName: 'events:source', ContextKeyType: 'string', ContextKeyValues: ['mine'] }] })).toEqual([['events:PutEvents', '*', 'allowed']]);
});

test('decides as the engine then does, and may be asked only by whom IAM lets', async () => {
  const curious = await createRole(rig, 'curious', [{ Action: 'iam:SimulatePrincipalPolicy', Resource: role }, { Action: 'iam:GetRole', Resource: role }]);
  const person = (await as(rig, curious))(IAMClient);

  expect((await person.send(new SimulatePrincipalPolicyCommand({ PolicySourceArn: role, ActionNames: ['iam:GetRole'], ResourceArns: [role] }))).EvaluationResults?.[0]?.EvalDecision).toBe('implicitDeny');
  expect((await person.send(new SimulatePrincipalPolicyCommand({ PolicySourceArn: role, ActionNames: ['s3:GetObject'], ResourceArns: [`${BUCKET}/a`] }))).EvaluationResults?.[0]?.EvalDecision).toBe('allowed');
  expect((await refused((await as(rig, role))(IAMClient).send(new GetRoleCommand({ RoleName: 'r' })))).code).toBe('AccessDenied');
  expect((await refused((await as(rig, role))(IAMClient).send(new SimulatePrincipalPolicyCommand({ PolicySourceArn: role, ActionNames: ['s3:GetObject'] })))).code).toBe('AccessDenied');
});

test.each([
  ['a session', { PolicySourceArn: `arn:aws:sts::${ACCOUNT}:assumed-role/r/me` }, { code: 'InvalidInputException', status: 400 }],
  ['a role IAM does not know', { PolicySourceArn: `arn:aws:iam::${ACCOUNT}:role/none` }, { code: 'NoSuchEntityException', status: 404 }],
  ['an action that is none', { ActionNames: ['GetObject'] }, { code: 'InvalidInputException', status: 400 }],
  ['what the engine does not simulate', { ResourcePolicy: '{}' }, { code: 'NotImplemented', status: 501 }],
])('refuses %s', async (_, given, wanted) => {
  expect(await refused(iam.send(new SimulatePrincipalPolicyCommand({ PolicySourceArn: role, ActionNames: ['s3:GetObject'], ...given })))).toMatchObject(wanted);
});

import { CreateBucketCommand, GetObjectCommand, HeadObjectCommand, PutBucketPolicyCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { AppConfigClient, CreateApplicationCommand, CreateConfigurationProfileCommand, CreateEnvironmentCommand, CreateHostedConfigurationVersionCommand, StartDeploymentCommand } from '@aws-sdk/client-appconfig';
import { GetRoleCommand, IAMClient } from '@aws-sdk/client-iam';
import { GetFunctionCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { GetParameterCommand, PutParameterCommand, SSMClient } from '@aws-sdk/client-ssm';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { refused } from '../refused.ts';
import { startRig, type Rig } from '../rig.ts';
import { ACCOUNT, allow, as, createRole, policy, type StatementText } from './stage.ts';

let rig: Rig;
beforeEach(async () => { rig = await startRig(); });
afterEach(() => rig.close());

const USER = `arn:aws:sts::${ACCOUNT}:assumed-role/reader/test`;

describe('a role calls', () => {
  test('what its policies allow, and is told what they do not', async () => {
    const role = await createRole(rig, 'reader', [{ Action: 'ssm:GetParameter', Resource: `arn:aws:ssm:us-east-1:${ACCOUNT}:parameter/app/*` }]);
    await rig.client(SSMClient).send(new PutParameterCommand({ Name: '/app/limit', Value: '5', Type: 'String' }));
    await rig.client(SSMClient).send(new PutParameterCommand({ Name: '/other', Value: '6', Type: 'String' }));
    const client = await as(rig, role);

    const { Parameter } = await client(SSMClient).send(new GetParameterCommand({ Name: '/app/limit' }));

    expect(Parameter?.Value).toBe('5');
    expect(await refused(client(SSMClient).send(new GetParameterCommand({ Name: '/other' })))).toEqual({
      code: 'AccessDeniedException', status: 400,
      message: `User: ${USER} is not authorized to perform: ssm:GetParameter on resource: arn:aws:ssm:us-east-1:${ACCOUNT}:parameter/other because no identity-based policy allows the ssm:GetParameter action`,
    });
  });

  test('nothing that a statement denies, whatever another allows', async () => {
    const role = await createRole(rig, 'reader', [{ Action: 'iam:*', Resource: '*' }, { Effect: 'Deny', Action: 'iam:GetRole', Resource: '*' }]);
    const client = await as(rig, role);

    expect(await refused(client(IAMClient).send(new GetRoleCommand({ RoleName: 'reader' })))).toEqual({
      code: 'AccessDenied', status: 403, message: `User: ${USER} is not authorized to perform: iam:GetRole on resource: role reader with an explicit deny in an identity-based policy`,
    });
  });

  test('a deployment only with all four of its resources', async () => {
    const admin = rig.client(AppConfigClient);
    const { Id: application } = await admin.send(new CreateApplicationCommand({ Name: 'app' }));
    const { Id: environment } = await admin.send(new CreateEnvironmentCommand({ ApplicationId: application, Name: 'prod' }));
    const { Id: profile } = await admin.send(new CreateConfigurationProfileCommand({ ApplicationId: application, Name: 'main', LocationUri: 'hosted' }));
    await admin.send(new CreateHostedConfigurationVersionCommand({ ApplicationId: application, ConfigurationProfileId: profile, ContentType: 'application/json', Content: Buffer.from('{}') }));
    const base = `arn:aws:appconfig:us-east-1:${ACCOUNT}:`;
    const all = [`${base}application/${application}`, `${base}application/${application}/environment/${environment}`, `${base}application/${application}/configurationprofile/${profile}`, `${base}deploymentstrategy/AppConfig.AllAtOnce`];
    const client = (await as(rig, await createRole(rig, 'reader', [])))(AppConfigClient);
    const start = (): Promise<unknown> => client.send(new StartDeploymentCommand({ ApplicationId: 'app', EnvironmentId: 'prod', ConfigurationProfileId: 'main', ConfigurationVersion: '1', DeploymentStrategyId: 'AppConfig.AllAtOnce' }));

    for (const missing of all) {
      await allow(rig, 'reader', { Action: 'appconfig:StartDeployment', Resource: all.filter((arn) => arn !== missing) });
      expect((await refused(start())).message).toContain(`on resource: ${missing} because`);
    }
    await allow(rig, 'reader', { Action: 'appconfig:StartDeployment', Resource: all });

    expect(await start()).toMatchObject({ DeploymentNumber: 1 });
  });

  test('a function by the ARN its policy names, qualified or not', async () => {
    const role = await createRole(rig, 'reader', [{ Action: 'lambda:GetFunction', Resource: `arn:aws:lambda:us-east-1:${ACCOUNT}:function:f` }]);
    const client = (await as(rig, role))(LambdaClient);

    expect((await refused(client.send(new GetFunctionCommand({ FunctionName: 'f' })))).code).toBe('ResourceNotFoundException');
    expect(await refused(client.send(new GetFunctionCommand({ FunctionName: 'f', Qualifier: 'live' })))).toMatchObject({ code: 'AccessDeniedException', status: 403 });
  });
});

describe('a bucket', () => {
  const object = { Bucket: 'files', Key: 'a' };

  test('hides an absent key from who may not list it', async () => {
    await rig.client(S3Client).send(new CreateBucketCommand({ Bucket: 'files' }));
    const role = await createRole(rig, 'reader', [{ Action: 's3:GetObject', Resource: 'arn:aws:s3:::files/*' }]);
    const client = (await as(rig, role))(S3Client);

    const blind = await refused(client.send(new GetObjectCommand(object)));
    await allow(rig, 'reader', { Action: ['s3:GetObject', 's3:ListBucket'], Resource: ['arn:aws:s3:::files', 'arn:aws:s3:::files/*'] });
    const seeing = await refused(client.send(new GetObjectCommand(object)));

    expect(blind).toEqual({ code: 'AccessDenied', status: 403, message: `User: ${USER} is not authorized to perform: s3:ListBucket on resource: "arn:aws:s3:::files" because no identity-based policy allows the s3:ListBucket action` });
    expect(seeing).toMatchObject({ code: 'NoSuchKey', status: 404 });
  });

  test('lets in whom its policy names, and denies even the administrator', async () => {
    const admin = rig.client(S3Client);
    await admin.send(new CreateBucketCommand({ Bucket: 'files' }));
    await admin.send(new PutObjectCommand({ ...object, Body: 'x' }));
    const role = await createRole(rig, 'reader', []);
    const client = (await as(rig, role))(S3Client);

    const before = await refused(client.send(new HeadObjectCommand(object)));
    await admin.send(new PutBucketPolicyCommand({ Bucket: 'files', Policy: policy(
      { Principal: { AWS: role }, Action: 's3:GetObject', Resource: 'arn:aws:s3:::files/*' },
      { Effect: 'Deny', Principal: '*', Action: 's3:PutObject', Resource: 'arn:aws:s3:::files/*', Condition: { StringNotEquals: { 's3:if-none-match': '*' } } },
    ) }));

    expect(before.status).toBe(403);
    expect((await client.send(new HeadObjectCommand(object))).ContentLength).toBe(1);
    expect(await refused(admin.send(new PutObjectCommand({ ...object, Body: 'y' })))).toMatchObject({ code: 'AccessDenied', message: expect.stringMatching(/with an explicit deny in a resource-based policy$/) as string });
    await admin.send(new PutObjectCommand({ ...object, Key: 'b', Body: 'y', IfNoneMatch: '*' }));
  });

  test('was read a moment ago, and is judged anew after each change of a policy', async () => {
    const admin = rig.client(S3Client);
    await admin.send(new CreateBucketCommand({ Bucket: 'files' }));
    await admin.send(new PutObjectCommand({ ...object, Body: 'x' }));
    const put = (...given: readonly StatementText[]): Promise<unknown> => admin.send(new PutBucketPolicyCommand({ Bucket: 'files', Policy: policy(...given) }));
    const own = { Action: 's3:*', Resource: ['arn:aws:s3:::files', 'arn:aws:s3:::files/*'] };
    const client = (await as(rig, await createRole(rig, 'reader', [own])))(S3Client);
    const read = async (): Promise<number> => (await client.send(new HeadObjectCommand(object)).catch((error: unknown) => error as { $metadata: { httpStatusCode?: number } })).$metadata.httpStatusCode ?? 0;

    const seen = [await read(), await read()];
    await put({ Effect: 'Deny', Principal: '*', Action: 's3:GetObject', Resource: 'arn:aws:s3:::files/*', Condition: { DateGreaterThan: { 'aws:CurrentTime': new Date(rig.engine.clock.now() + 60_000).toISOString() } } });
    seen.push(await read());
    await rig.advance(120_000);
    seen.push(await read());
    await put({ Effect: 'Deny', Principal: '*', Action: 's3:PutObject', Resource: 'arn:aws:s3:::files/*' });
    seen.push(await read());
    await allow(rig, 'reader', { ...own, Action: 's3:ListBucket' });
    seen.push(await read());

    expect(seen).toEqual([200, 200, 200, 403, 200, 403]);
  });
});

describe('a role that IAM does not know', () => {
  const role = `arn:aws:iam::${ACCOUNT}:role/nobody`;

  test('keeps all rights, so that scripts need no IAM', async () => {
    const client = (await as(rig, role))(IAMClient);

    expect((await refused(client.send(new GetRoleCommand({ RoleName: 'absent' })))).code).toBe('NoSuchEntityException');
  });

  test('has none when the engine is strict', async () => {
    await using strict = await startRig({ settings: { iam: { enforce: 'strict' } } });
    const client = (await as(strict, role))(IAMClient);

    expect((await refused(client.send(new GetRoleCommand({ RoleName: 'absent' })))).code).toBe('AccessDenied');
  });
});

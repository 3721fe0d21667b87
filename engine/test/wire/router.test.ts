import { AppConfigClient, ListApplicationsCommand } from '@aws-sdk/client-appconfig';
import { AppConfigDataClient, GetLatestConfigurationCommand } from '@aws-sdk/client-appconfigdata';
import { CloudWatchClient, DescribeAlarmsCommand, PutMetricAlarmCommand } from '@aws-sdk/client-cloudwatch';
import { CopyObjectCommand, CreateMultipartUploadCommand, GetObjectCommand, ListPartsCommand, PutObjectCommand, S3Client, UploadPartCommand } from '@aws-sdk/client-s3';
import { AssumeRoleWithWebIdentityCommand, STSClient } from '@aws-sdk/client-sts';
import { AwsQueryProtocol } from '@aws-sdk/core/protocols';
import { describe, expect, it } from 'vitest';
import { inProcess, wireRequest } from '../../lib/wire/index.ts';
import { clientConfig, echo, echoServer, refusal, signedFor } from './echo.ts';

describe('a request finds its service', () => {
  it('by the name it is signed for, and AppConfig and its data plane by the path', async () => {
    const { client, calls } = await echoServer({ appconfig: { ListApplications: { Items: [] } }, appconfigdata: { GetLatestConfiguration: { NextPollConfigurationToken: 't' } } });

    await new AppConfigClient(client).send(new ListApplicationsCommand({}));
    await new AppConfigDataClient(client).send(new GetLatestConfigurationCommand({ ConfigurationToken: 'c' }));

    expect(calls.map(({ service, operation, accessKeyId }) => [service, operation, accessKeyId])).toEqual([
      ['appconfig', 'ListApplications', 'AKIDTEST'], ['appconfigdata', 'GetLatestConfiguration', 'AKIDTEST'],
    ]);
  });

  it('without a signature by its target, its path or its form, and otherwise is refused with the remedy', async () => {
    const { dispatch, calls } = echo({ sfn: { ListStateMachines: { stateMachines: [] } }, lambda: { ListFunctions: {} }, sts: { AssumeRoleWithWebIdentity: {} } });
    const sts = new STSClient({ ...clientConfig(), requestHandler: inProcess(dispatch) });

    await dispatch(wireRequest('POST', '/', { 'x-amz-target': 'AWSStepFunctions.ListStateMachines' }));
    await dispatch(wireRequest('GET', '/2015-03-31/functions/'));
    await sts.send(new AssumeRoleWithWebIdentityCommand({ RoleArn: 'r', RoleSessionName: 's', WebIdentityToken: 't' }));
    const nameless = await dispatch(wireRequest('GET', '/bucket/key'));

    expect(calls.map(({ operation }) => operation)).toEqual(['ListStateMachines', 'ListFunctions', 'AssumeRoleWithWebIdentity']);
    expect(nameless.status).toBe(403);
    expect(Buffer.from(nameless.body).toString()).toContain('sign it with any credentials');
  });

  it('when it is presigned, by the credential in its query', async () => {
    const { dispatch, calls } = echo({ s3: { GetObject: { Body: 'text' } } });

    const { body } = await dispatch(wireRequest('GET', '/bucket/key?X-Amz-Credential=AKID%2F20260101%2Fus-east-1%2Fs3%2Faws4_request'));

    expect(Buffer.from(body).toString()).toBe('text');
    expect(calls[0]).toMatchObject({ input: { Bucket: 'bucket', Key: 'key' }, accessKeyId: 'AKID' });
  });

  it('or is told by name that the engine has no such service or operation', async () => {
    const { dispatch } = echo({});
    const answers = await Promise.all([
      dispatch(wireRequest('POST', '/', { ...signedFor('dynamodb'), 'x-amz-target': 'DynamoDB_20120810.GetItem' })),
      dispatch(wireRequest('POST', '/', { ...signedFor('iam'), 'content-type': 'application/x-www-form-urlencoded' }, Buffer.from('Action=GetUser'))),
      dispatch(wireRequest('POST', '/', { ...signedFor('states'), 'x-amz-target': 'AWSStepFunctions.constructor' })),
      dispatch(wireRequest('GET', '/nowhere/at/all', signedFor('appconfig'))),
      dispatch(wireRequest('POST', '/', { 'x-amz-target': 'Nobody.Knows' })),
      dispatch(wireRequest('POST', '/service/GraniteServiceVersion20100801/operation/ListMetrics', { ...signedFor('monitoring'), 'smithy-protocol': 'rpc-v2-cbor' })),
    ]);

    expect(answers.map(({ status }) => status)).toEqual([501, 501, 400, 404, 400, 501]);
    expect(answers.map(({ body }) => Buffer.from(body).toString()).join('\n')).toMatch(/dynamodb[^]*<Code>NotImplemented[^]*iam[^]*UnknownOperation[^]*nowhere[^]*Nobody[^]*rpc-v2-cbor/);
    expect(answers.every(({ headers }) => /^request-\d$/.test(headers['x-amzn-requestid'] ?? ''))).toBe(true);
  });

  it('and the engine answers below /_engine/ for itself', async () => {
    const { dispatch } = echo({});

    const known = await dispatch(wireRequest('GET', '/_engine/health'));
    const unknown = await dispatch(wireRequest('GET', '/_engine/constructor'));

    expect([known.status, Buffer.from(known.body).toString()]).toEqual([200, 'well']);
    expect([unknown.status, Buffer.from(unknown.body).toString()]).toEqual([404, '{"message":"the engine has no /_engine/constructor; it has /_engine/health"}']);
  });
});

describe('S3', () => {
  it('tells operations of one path apart by parameters and headers, also for clients that send no x-id', async () => {
    const answers = { PutObject: {}, CopyObject: { CopyObjectResult: { ETag: '"e"' } }, UploadPart: {}, GetObject: { Body: 'b' }, ListParts: {}, CreateMultipartUpload: { UploadId: 'u' }, ListObjects: {}, ListObjectsV2: {}, ListBuckets: {}, HeadBucket: {} };
    const { dispatch, calls } = echo({ s3: answers });
    const s3 = new S3Client({ ...clientConfig(), forcePathStyle: true, requestHandler: inProcess(async (request) => { request.query.delete('x-id'); return dispatch(request); }) });
    const at = { Bucket: 'b', Key: 'k/l' };

    await s3.send(new PutObjectCommand({ ...at, Body: 'x' }));
    await s3.send(new CopyObjectCommand({ ...at, CopySource: 'b/other' }));
    await s3.send(new UploadPartCommand({ ...at, UploadId: 'u', PartNumber: 1, Body: 'x' }));
    await s3.send(new GetObjectCommand(at));
    await s3.send(new ListPartsCommand({ ...at, UploadId: 'u' }));
    await s3.send(new CreateMultipartUploadCommand(at));
    for (const target of ['/b', '/b?list-type=2', '/b/', '/']) await dispatch(wireRequest('GET', target, signedFor('s3')));
    await dispatch(wireRequest('HEAD', '/b', signedFor('s3')));

    expect(calls.map(({ operation }) => operation)).toEqual(['PutObject', 'CopyObject', 'UploadPart', 'GetObject', 'ListParts', 'CreateMultipartUpload', 'ListObjects', 'ListObjectsV2', 'ListObjects', 'ListBuckets', 'HeadBucket']);
  });

  it('takes a bucket out of the name of the host', async () => {
    const { dispatch, calls } = echo({ s3: { GetObject: { Body: '' }, ListObjects: {} } });

    await dispatch(wireRequest('GET', '/key%20two', { ...signedFor('s3'), host: 'my.bucket.localhost:4566' }));
    await dispatch(wireRequest('GET', '/', { ...signedFor('s3'), host: 'bucket.s3.localhost' }));

    expect(calls.map(({ input }) => input)).toEqual([{ Bucket: 'my.bucket', Key: 'key two' }, { Bucket: 'bucket' }]);
  });
});

describe('CloudWatch', () => {
  it('still understands the query protocol of older clients', async () => {
    const { client, calls } = await echoServer({ cloudwatch: { DescribeAlarms: { MetricAlarms: [{ AlarmName: 'a & b', StateUpdatedTimestamp: 1_500_000_000_500, Dimensions: [{ Name: 'n', Value: 'v' }] }] }, PutMetricAlarm: {} } });
    const older = new CloudWatchClient({ ...client, protocol: AwsQueryProtocol, protocolSettings: { defaultNamespace: 'com.amazonaws.cloudwatch', xmlNamespace: 'http://monitoring.amazonaws.com/doc/2010-08-01/', version: '2010-08-01' } });

    const answer = await older.send(new DescribeAlarmsCommand({ AlarmNames: ['one', 'two'], MaxRecords: 3 }));
    await older.send(new PutMetricAlarmCommand({ AlarmName: 'a', ComparisonOperator: 'GreaterThanThreshold', EvaluationPeriods: 1, ActionsEnabled: false, Threshold: 0.5, Dimensions: [{ Name: 'n', Value: 'v' }] }));
    const refused = await refusal(older.send(new PutMetricAlarmCommand({ AlarmName: undefined, ComparisonOperator: 'GreaterThanThreshold', EvaluationPeriods: 1 })));

    expect(answer.MetricAlarms).toEqual([{ AlarmName: 'a & b', StateUpdatedTimestamp: new Date(1_500_000_000_500), Dimensions: [{ Name: 'n', Value: 'v' }] }]);
    expect(calls.map(({ input }) => input)).toEqual([
      { AlarmNames: ['one', 'two'], MaxRecords: 3 },
      { AlarmName: 'a', ComparisonOperator: 'GreaterThanThreshold', EvaluationPeriods: 1, ActionsEnabled: false, Threshold: 0.5, Dimensions: [{ Name: 'n', Value: 'v' }] },
    ]);
    expect(refused).toMatchObject({ name: 'ValidationError', message: expect.stringContaining("'alarmName'") as string });
  });
});

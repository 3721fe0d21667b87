import { AppConfigClient, CreateApplicationCommand, CreateEnvironmentCommand, CreateExperimentDefinitionCommand, CreateHostedConfigurationVersionCommand, GetApplicationCommand } from '@aws-sdk/client-appconfig';
import { CloudWatchClient, DescribeAlarmsCommand, ListMetricsCommand, PutMetricDataCommand } from '@aws-sdk/client-cloudwatch';
import { GetFunctionCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { GetObjectCommand, HeadObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { DescribeExecutionCommand, SFNClient, StartExecutionCommand } from '@aws-sdk/client-sfn';
import { AssumeRoleCommand, GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts';
import { describe, expect, it } from 'vitest';
import { WireFault } from '../../lib/wire/index.ts';
import { echoServer, refusal, signedFor } from './echo.ts';

const refuse = (code: string, message: string, members: Record<string, unknown> = {}) => (): never => { throw new WireFault({ code, message, members }); };

async function raw(url: string, signingName: string, init: RequestInit): Promise<{ status: number; headers: Headers; body: string }> {
  const response = await fetch(url, { ...init, headers: { ...signedFor(signingName), ...(init.headers as Record<string, string>) } });
  return { status: response.status, headers: response.headers, body: await response.text() };
}

describe('a refusal', () => {
  it('of AppConfig has its status by the model, its type in a header and its text in Message', async () => {
    const { client, listener } = await echoServer({ appconfig: { CreateApplication: refuse('PayloadTooLargeException', 'Content size limit exceeded.', { Measure: 'KILOBYTES', Limit: 2048, Size: 2049 }) } });

    const seen = await refusal(new AppConfigClient(client).send(new CreateApplicationCommand({ Name: 'shop' })));
    const wire = await raw(`${listener.url}/applications`, 'appconfig', { method: 'POST', body: '{"Name":"shop"}' });

    expect(seen).toMatchObject({ name: 'PayloadTooLargeException', message: 'Content size limit exceeded.', Measure: 'KILOBYTES', Limit: 2048, Size: 2049 });
    expect(wire.status).toBe(413);
    expect(wire.headers.get('x-amzn-errortype')).toBe('PayloadTooLargeException:');
    expect(JSON.parse(wire.body)).toEqual({ Message: 'Content size limit exceeded.', Measure: 'KILOBYTES', Limit: 2048, Size: 2049 });
  });

  it('of Step Functions carries the namespace of its framework in __type', async () => {
    const { client, listener } = await echoServer({ sfn: { DescribeExecution: refuse('ExecutionDoesNotExist', 'Execution Does Not Exist: x'), StopExecution: refuse('ValidationException', 'no such rule') } });

    const seen = await refusal(new SFNClient(client).send(new DescribeExecutionCommand({ executionArn: 'x' })));
    const headers = { 'x-amz-target': 'AWSStepFunctions.DescribeExecution' };
    const own = await raw(listener.url, 'states', { method: 'POST', headers, body: '{"executionArn":"x"}' });
    const violation = await raw(listener.url, 'states', { method: 'POST', headers, body: '{}' });
    const rule = await raw(listener.url, 'states', { method: 'POST', headers: { 'x-amz-target': 'AWSStepFunctions.StopExecution' }, body: '{"executionArn":"x"}' });

    expect(seen).toMatchObject({ name: 'ExecutionDoesNotExist', message: 'Execution Does Not Exist: x' });
    expect(JSON.parse(own.body)).toEqual({ __type: 'com.amazonaws.swf.service.v2.model#ExecutionDoesNotExist', message: 'Execution Does Not Exist: x' });
    expect(JSON.parse(violation.body)).toMatchObject({ __type: 'com.amazon.coral.validate#ValidationException' });
    expect(JSON.parse(rule.body)).toEqual({ __type: 'com.amazonaws.swf.service.v2.model#ValidationException', message: 'no such rule' });
    expect([own.status, violation.status, rule.status]).toEqual([400, 400, 400]);
  });

  it('of CloudWatch goes by its old code and by its new one', async () => {
    const { client } = await echoServer({ cloudwatch: { DescribeAlarms: refuse('InvalidNextToken', 'no such page'), ListMetrics: refuse('ResourceNotFoundException', 'gone') } });
    const cloudwatch = new CloudWatchClient(client);

    expect(await refusal(cloudwatch.send(new DescribeAlarmsCommand({})))).toMatchObject({ name: 'InvalidNextToken', Code: 'InvalidNextToken', message: 'no such page' });
    expect(await refusal(cloudwatch.send(new ListMetricsCommand({})))).toMatchObject({ name: 'ResourceNotFoundException', $metadata: { httpStatusCode: 404 } });
  });

  it('of Lambda says whose fault it was', async () => {
    const { client } = await echoServer({ lambda: { GetFunction: refuse('ResourceNotFoundException', 'Function not found: f') } });

    expect(await refusal(new LambdaClient(client).send(new GetFunctionCommand({ FunctionName: 'f' })))).toMatchObject({ name: 'ResourceNotFoundException', message: 'Function not found: f', Type: 'User', $metadata: { httpStatusCode: 404 } });
  });

  it('of S3 and STS is XML, with characters escaped', async () => {
    const { client } = await echoServer({ s3: { GetObject: refuse('NoSuchKey', 'a < b & "c"'), HeadObject: refuse('NotFound', '') }, sts: { AssumeRole: refuse('MalformedPolicyDocument', '<policy>') } });
    const s3 = new S3Client({ ...client, forcePathStyle: true });

    expect(await refusal(s3.send(new GetObjectCommand({ Bucket: 'b', Key: 'k' })))).toMatchObject({ name: 'NoSuchKey', message: 'a < b & "c"', $metadata: { httpStatusCode: 404, requestId: 'request-1' } });
    expect(await refusal(s3.send(new HeadObjectCommand({ Bucket: 'b', Key: 'k' })))).toMatchObject({ name: 'NotFound' });
    expect(await refusal(new STSClient(client).send(new AssumeRoleCommand({ RoleArn: 'r', RoleSessionName: 's' })))).toMatchObject({ name: 'MalformedPolicyDocumentException', message: '<policy>', $metadata: { httpStatusCode: 400 } });
  });

  it('names every missing member as AWS does, and the service is not asked', async () => {
    const { client, calls } = await echoServer({ appconfig: { CreateApplication: {}, CreateEnvironment: {}, CreateHostedConfigurationVersion: {} }, cloudwatch: { PutMetricData: {} } });
    const appconfig = new AppConfigClient(client);

    const nameless = await refusal(appconfig.send(new CreateApplicationCommand({ Name: undefined })));
    const monitor = await refusal(appconfig.send(new CreateEnvironmentCommand({ ApplicationId: 'a', Name: 'n', Monitors: [{ AlarmArn: undefined }] })));
    const empty = await refusal(appconfig.send(new CreateHostedConfigurationVersionCommand({ ApplicationId: 'a', ConfigurationProfileId: 'p', ContentType: 'text/plain', Content: Buffer.alloc(0) })));
    const metric = await refusal(new CloudWatchClient(client).send(new PutMetricDataCommand({ Namespace: undefined, MetricData: [{ MetricName: undefined }] })));

    expect(nameless).toMatchObject({ name: 'BadRequestException', message: "1 validation error detected: Value null at 'name' failed to satisfy constraint: Member must not be null" });
    expect(monitor.message).toBe("1 validation error detected: Value null at 'monitors.1.member.alarmArn' failed to satisfy constraint: Member must not be null");
    expect(empty.message).toBe("1 validation error detected: Value at 'content' failed to satisfy constraint: Member must not be null");
    expect(metric.message).toMatch(/^2 validation errors detected: .*'namespace'.*; .*'metricData\.1\.member\.metricName'/);
    expect(calls).toEqual([]);
  });

  it('of an operation AWS has and the engine has not is a 501 that names it', async () => {
    const { client } = await echoServer({ appconfig: {} });
    const calls: [Promise<unknown>, string][] = [
      [new AppConfigClient(client).send(new CreateExperimentDefinitionCommand({ ApplicationIdentifier: 'a', Name: 'n' } as never)), 'appconfig:CreateExperimentDefinition'],
      [new SFNClient(client).send(new StartExecutionCommand({ stateMachineArn: 'm' })), 'sfn:StartExecution'],
      [new STSClient(client).send(new GetCallerIdentityCommand({})), 'sts:GetCallerIdentity'],
      [new S3Client({ ...client, forcePathStyle: true }).send(new GetObjectCommand({ Bucket: 'b', Key: 'k' })), 's3:GetObject'],
    ];

    for (const [call, name] of calls) {
      expect(await refusal(call)).toMatchObject({ name: 'NotImplemented', message: `sluice-engine does not implement ${name}; see engine/operations.md`, $metadata: { httpStatusCode: 501 } });
    }
  });

  it('that is no refusal but a defect is a 500 without its secrets, and is reported', async () => {
    const { client, reports } = await echoServer({
      appconfig: { GetApplication: () => ({ Id: 7 }) },
      sfn: { DescribeExecution: () => { throw new Error('secret'); } },
    });

    const mistyped = await refusal(new AppConfigClient(client).send(new GetApplicationCommand({ ApplicationId: 'a' })));
    const broken = await refusal(new SFNClient(client).send(new DescribeExecutionCommand({ executionArn: 'x' })));

    expect(mistyped).toMatchObject({ name: 'InternalServerException', $metadata: { httpStatusCode: 500 } });
    expect(broken.message).not.toContain('secret');
    expect(reports.map(({ where, error }) => `${where}: ${String(error)}`)).toEqual([
      "appconfig:GetApplication: TypeError: the answer's GetApplication.Id must be a string, got the number 7",
      'sfn:DescribeExecution: Error: secret',
    ]);
  });
});

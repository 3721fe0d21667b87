import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { newAppConfigState } from '../../lib/appconfig/index.ts';
import { furnish } from '../../lib/furniture.ts';
import { actionTables } from '../../lib/iam/actions/tables.ts';
import { requirementsOf } from '../../lib/iam/actions/table.ts';
import { Directory } from '../../lib/iam/directory.ts';
import { Draws } from '../../lib/kernel/draws.ts';
import { History } from '../../lib/kernel/history.ts';
import { Kernel } from '../../lib/kernel/kernel.ts';
import { Keys } from '../../lib/kms/keys.ts';
import { Objects } from '../../lib/s3/objects.ts';
import { Topics } from '../../lib/sns/topics.ts';
import type { House, Ports } from '../../lib/ports.ts';
import { settingsOf } from '../../lib/settings.ts';

const kernel = new Kernel({ mode: 'virtual' });
const house: House = { kernel, draws: new Draws('test'), history: new History(kernel), settings: settingsOf(), account: '000000000000', region: 'us-east-1', ports: {} as Ports };
const { services } = furnish(house, join(tmpdir(), 'sluice-engine-actions'), () => Promise.reject(new Error('nothing is dispatched')));
const objects = new Objects(house, tmpdir());
objects.buckets.set('sealed', { name: 'sealed', created: 0, objects: new Map(), encryption: { ApplyServerSideEncryptionByDefault: { SSEAlgorithm: 'aws:kms', KMSMasterKeyID: 'k' } } });
objects.put(objects.bucket('sealed'), 'old', { bytes: new Uint8Array(1), headers: {} });
const tables = actionTables(house, { appConfig: newAppConfigState(), directory: new Directory(house), keys: new Keys(house), objects, topics: new Topics(house) });

function needs(service: string, operation: string, input: Readonly<Record<string, unknown>>): readonly (readonly string[])[] {
  return requirementsOf(tables[service]!, { service, operation, input }).map(({ action, resource }) => [action, resource]);
}

describe('every implemented operation', () => {
  test.each(services.map(({ name, operations }) => [name, Object.keys(operations)] as const))('of %s has its actions and resources', (name, operations) => {
    const { rules } = tables[name]!;

    expect(operations.filter((operation) => !Object.hasOwn(rules, operation))).toEqual([]);
  });
});

describe('a call requires', () => {
  const BASE = 'arn:aws:lambda:us-east-1:000000000000:function:f';
  const MACHINE = 'arn:aws:states:us-east-1:000000000000:stateMachine:m';
  const ROLE = 'arn:aws:iam::000000000000:role/r';

  test.each<[string, string, Readonly<Record<string, unknown>>, readonly (readonly string[])[]]>([
    ['lambda', 'Invoke', { FunctionName: 'f' }, [['lambda:InvokeFunction', BASE]]],
    ['lambda', 'Invoke', { FunctionName: 'f:live' }, [['lambda:InvokeFunction', `${BASE}:live`]]],
    ['lambda', 'Invoke', { FunctionName: BASE, Qualifier: '3' }, [['lambda:InvokeFunction', `${BASE}:3`]]],
    ['lambda', 'CreateFunction', { FunctionName: 'f', Role: ROLE, Layers: ['arn:aws:lambda:us-east-1:1:layer:l:2'] }, [['lambda:CreateFunction', BASE], ['lambda:GetLayerVersion', 'arn:aws:lambda:us-east-1:1:layer:l:2'], ['iam:PassRole', ROLE]]],
    ['s3', 'HeadObject', { Bucket: 'b', Key: 'k/1' }, [['s3:GetObject', 'arn:aws:s3:::b/k/1']]],
    ['s3', 'PutObject', { Bucket: 'b', Key: 'k', Tagging: 'a=b' }, [['s3:PutObject', 'arn:aws:s3:::b/k'], ['s3:PutObjectTagging', 'arn:aws:s3:::b/k']]],
    ['s3', 'CopyObject', { Bucket: 'b', Key: 'k', CopySource: '/c/x%20y' }, [['s3:PutObject', 'arn:aws:s3:::b/k'], ['s3:GetObject', 'arn:aws:s3:::c/x y']]],
    ['s3', 'DeleteObjects', { Bucket: 'b', Delete: { Objects: [{ Key: 'x' }, { Key: 'y' }] } }, [['s3:DeleteObject', 'arn:aws:s3:::b/x'], ['s3:DeleteObject', 'arn:aws:s3:::b/y']]],
    ['s3', 'DeleteObjects', { Bucket: 'b', Delete: { Objects: [{ Key: 'x', VersionId: 'null' }, { Key: 'y' }] } }, [['s3:DeleteObject', 'arn:aws:s3:::b/y'], ['s3:DeleteObjectVersion', 'arn:aws:s3:::b/x']]],
    ['s3', 'DeleteObject', { Bucket: 'b', Key: 'k' }, [['s3:DeleteObject', 'arn:aws:s3:::b/k']]],
    ['s3', 'GetObject', { Bucket: 'b', Key: 'k', VersionId: 'null' }, [['s3:GetObjectVersion', 'arn:aws:s3:::b/k']]],
    ['s3', 'GetObject', { Bucket: 'sealed', Key: 'old' }, [['s3:GetObject', 'arn:aws:s3:::sealed/old'], ['kms:Decrypt', 'arn:aws:kms:us-east-1:000000000000:key/k']]],
    ['s3', 'PutObject', { Bucket: 'sealed', Key: 'new' }, [['s3:PutObject', 'arn:aws:s3:::sealed/new'], ['kms:GenerateDataKey', 'arn:aws:kms:us-east-1:000000000000:key/k']]],
    ['s3', 'PutObject', { Bucket: 'sealed', Key: 'new', ServerSideEncryption: 'AES256' }, [['s3:PutObject', 'arn:aws:s3:::sealed/new']]],
    ['s3', 'CopyObject', { Bucket: 'b', Key: 'k', CopySource: 'sealed/old' }, [['s3:PutObject', 'arn:aws:s3:::b/k'], ['s3:GetObject', 'arn:aws:s3:::sealed/old'], ['kms:Decrypt', 'arn:aws:kms:us-east-1:000000000000:key/k']]],
    ['s3', 'ListBuckets', {}, [['s3:ListAllMyBuckets', '*']]],
    ['sfn', 'StartExecution', { stateMachineArn: `${MACHINE}:live` }, [['states:StartExecution', MACHINE]]],
    ['sfn', 'CreateStateMachine', { name: 'm', roleArn: ROLE, publish: true }, [['states:CreateStateMachine', MACHINE], ['states:PublishStateMachineVersion', MACHINE], ['iam:PassRole', ROLE]]],
    ['sfn', 'CreateStateMachineAlias', { name: 'live', routingConfiguration: [{ stateMachineVersionArn: `${MACHINE}:1`, weight: 100 }] }, [['states:CreateStateMachineAlias', MACHINE]]],
    ['cloudwatch', 'DescribeAlarms', { AlarmNames: ['a', 'b'] }, [['cloudwatch:DescribeAlarms', 'arn:aws:cloudwatch:us-east-1:000000000000:alarm:a'], ['cloudwatch:DescribeAlarms', 'arn:aws:cloudwatch:us-east-1:000000000000:alarm:b']]],
    ['cloudwatch', 'DescribeAlarms', {}, [['cloudwatch:DescribeAlarms', 'arn:aws:cloudwatch:us-east-1:000000000000:alarm:*']]],
    ['cloudwatch', 'DescribeAlarms', { AlarmNames: ['a'], AlarmTypes: ['MetricAlarm'] }, [['cloudwatch:DescribeAlarms', 'arn:aws:cloudwatch:us-east-1:000000000000:alarm:a']]],
    ['cloudwatch', 'DescribeAlarms', { AlarmNames: ['a'], AlarmTypes: ['MetricAlarm', 'CompositeAlarm'] }, [['cloudwatch:DescribeAlarms', '*']]],
    ['cloudwatch', 'DescribeAlarmHistory', { AlarmName: 'a' }, [['cloudwatch:DescribeAlarmHistory', 'arn:aws:cloudwatch:us-east-1:000000000000:alarm:a']]],
    ['cloudwatch', 'DescribeAlarmHistory', { AlarmName: 'a', AlarmTypes: ['CompositeAlarm'] }, [['cloudwatch:DescribeAlarmHistory', '*']]],
    ['cloudwatch', 'PutCompositeAlarm', { AlarmName: 'a' }, [['cloudwatch:PutCompositeAlarm', '*']]],
    ['cloudwatch-logs', 'PutLogEvents', { logGroupName: '/g', logStreamName: 's' }, [['logs:PutLogEvents', 'arn:aws:logs:us-east-1:000000000000:log-group:/g:log-stream:s']]],
    ['eventbridge', 'PutEvents', { Entries: [{ Source: 's' }] }, [['events:PutEvents', 'arn:aws:events:us-east-1:000000000000:event-bus/default']]],
    ['eventbridge', 'PutTargets', { Rule: 'r', Targets: [{ Id: 't', Arn: MACHINE, RoleArn: ROLE }] }, [['events:PutTargets', 'arn:aws:events:us-east-1:000000000000:rule/r'], ['iam:PassRole', ROLE]]],
    ['ssm', 'GetParameters', { Names: ['/a/b:3', 'c'] }, [['ssm:GetParameters', 'arn:aws:ssm:us-east-1:000000000000:parameter/a/b'], ['ssm:GetParameters', 'arn:aws:ssm:us-east-1:000000000000:parameter/c']]],
    ['ssm', 'GetParameter', { Name: '/aws/service/x' }, [['ssm:GetParameter', 'arn:aws:ssm:us-east-1::parameter/aws/service/x']]],
    ['sts', 'GetCallerIdentity', {}, []],
    ['iam', 'CreateRole', { RoleName: 'r', Path: '/p/' }, [['iam:CreateRole', 'arn:aws:iam::000000000000:role/p/r']]],
    ['cloudformation', 'CreateChangeSet', { StackName: 's', RoleARN: ROLE }, [['cloudformation:CreateChangeSet', 'arn:aws:cloudformation:us-east-1:000000000000:stack/s/*'], ['iam:PassRole', ROLE]]],
    ['kms', 'Encrypt', { KeyId: 'alias/none' }, [['kms:Encrypt', 'arn:aws:kms:us-east-1:000000000000:alias/none']]],
  ])('%s %s %j', (service, operation, input, expected) => {
    expect(needs(service, operation, input)).toEqual(expected);
  });
});

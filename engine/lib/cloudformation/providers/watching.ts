import { unlessGone } from '../api.ts';
import type { Made, PropertyRule, Provider, ProviderCall } from '../provider.ts';
import { arnOf, only, stored, textOr, without } from './stored.ts';
import { retag } from './tags.ts';

const ACTIONS: Readonly<Record<string, PropertyRule>> = { AlarmName: 'replace', AlarmDescription: 'update', ActionsEnabled: 'update', OKActions: 'update', AlarmActions: 'update', InsufficientDataActions: 'update', Tags: 'update' };
const METRIC = ['MetricName', 'Namespace', 'Statistic', 'ExtendedStatistic', 'Dimensions', 'Period', 'Unit', 'EvaluationPeriods', 'DatapointsToAlarm', 'Threshold', 'ComparisonOperator', 'TreatMissingData', 'EvaluateLowSampleCountPercentile', 'Metrics', 'ThresholdMetricId'];

const metricAlarm = alarm('AWS::CloudWatch::Alarm', 'PutMetricAlarm', { ...ACTIONS, ...Object.fromEntries(METRIC.map((name) => [name, 'update' as const])) });
const compositeAlarm = alarm('AWS::CloudWatch::CompositeAlarm', 'PutCompositeAlarm', {
  ...ACTIONS, AlarmRule: 'update', ActionsSuppressor: 'update', ActionsSuppressorWaitPeriod: 'update', ActionsSuppressorExtensionPeriod: 'update',
});

/** Both kinds of alarms are put whole, at their creation and at each change. */
function alarm(type: string, operation: string, properties: Readonly<Record<string, PropertyRule>>): Provider {
  const arn = (call: ProviderCall, id: string): string => arnOf(call, 'cloudwatch', `alarm:${id}`);
  return {
    type, properties,
    async create(call) {
      const id = textOr(call.properties['AlarmName'], call.name(255));
      await call.api('cloudwatch', operation, { ...call.properties, AlarmName: id });
      return { id, attributes: { Arn: arn(call, id) } };
    },
    async update(call) {
      await call.api('cloudwatch', operation, { ...without(call.properties, 'Tags'), AlarmName: call.id });
      await retag(call, { service: 'cloudwatch', target: { ResourceARN: arn(call, call.id) } });
      return { id: call.id, attributes: { Arn: arn(call, call.id) } };
    },
    delete: ({ api, id }) => unlessGone(api('cloudwatch', 'DeleteAlarms', { AlarmNames: [id] })),
  };
}

const dashboard = stored('AWS::CloudWatch::Dashboard', { DashboardName: 'replace', DashboardBody: 'update' }, (call, id = textOr(call.properties['DashboardName'], call.name(255))) => ({ id }));

const LOGS = 'cloudwatch-logs';

const logGroup: Provider = {
  type: 'AWS::Logs::LogGroup',
  properties: { LogGroupName: 'replace', LogGroupClass: 'replace', RetentionInDays: 'update', Tags: 'kept', KmsKeyId: 'kept', DataProtectionPolicy: 'kept', FieldIndexPolicies: 'kept', ResourcePolicyDocument: 'kept', DeletionProtectionEnabled: 'kept' },
  async create(call) {
    const { api, properties } = call;
    const logGroupName = textOr(properties['LogGroupName'], call.name(512));
    await api(LOGS, 'CreateLogGroup', { logGroupName, ...only(properties, 'LogGroupClass') });
    if (properties['RetentionInDays'] !== undefined) await api(LOGS, 'PutRetentionPolicy', { logGroupName, ...only(properties, 'RetentionInDays') });
    return groupMade(call, logGroupName);
  },
  async update(call) {
    const target = { logGroupName: call.id };
    if (call.properties['RetentionInDays'] === undefined) await call.api(LOGS, 'DeleteRetentionPolicy', target);
    else await call.api(LOGS, 'PutRetentionPolicy', { ...target, ...only(call.properties, 'RetentionInDays') });
    return groupMade(call, call.id);
  },
  delete: ({ api, id }) => unlessGone(api(LOGS, 'DeleteLogGroup', { logGroupName: id })),
};

function groupMade(call: ProviderCall, name: string): Made {
  return { id: name, attributes: { Arn: arnOf(call, 'logs', `log-group:${name}:*`) } };
}

/** CloudWatch's types, with those of its logs. */
export const watchingProviders: readonly Provider[] = [metricAlarm, compositeAlarm, dashboard, logGroup];

import type { Alarm, CompositeSettings, MetricSettings, Standing } from './alarm.ts';
import { dimensionsOf, type MetricDataQuery } from './query.ts';
import { doubleText, instantText } from './text.ts';

type Document = Record<string, unknown>;

/** A state as events and Lambda actions carry it. */
export function stateDocument(standing: Standing): Document {
  return {
    ...(standing.suppressedBy !== undefined && { actionsSuppressedBy: standing.suppressedBy, actionsSuppressedReason: standing.suppressedReason }),
    value: standing.value,
    reason: standing.reason,
    ...(standing.reasonData !== undefined && { reasonData: standing.reasonData }),
    timestamp: instantText(standing.updated),
  };
}

/** What `CloudWatch Alarm State Change` and Lambda actions say of an alarm's configuration. */
export function briefConfiguration({ settings }: Pick<Alarm, 'settings'>): Document {
  return {
    ...(settings.kind === 'metric' ? { metrics: metricDocuments(settings) } : ruleDocument(settings)),
    ...(settings.description !== undefined && { description: settings.description }),
  };
}

/** What `CloudWatch Alarm Configuration Change` says of it. */
export function fullConfiguration(name: string, settings: MetricSettings | CompositeSettings): Document {
  return {
    ...(settings.kind === 'metric' ? metricDocument(settings) : ruleDocument(settings)),
    alarmName: name,
    ...(settings.description !== undefined && { description: settings.description }),
    actionsEnabled: settings.actionsEnabled,
    timestamp: instantText(settings.configured),
    okActions: settings.okActions,
    alarmActions: settings.alarmActions,
    insufficientDataActions: settings.insufficientDataActions,
  };
}

function metricDocument(settings: MetricSettings): Document {
  const { given } = settings;
  return {
    evaluationPeriods: given.EvaluationPeriods,
    ...(given.DatapointsToAlarm !== undefined && { datapointsToAlarm: given.DatapointsToAlarm }),
    threshold: given.Threshold,
    comparisonOperator: given.ComparisonOperator,
    ...(given.TreatMissingData !== undefined && { treatMissingData: given.TreatMissingData }),
    ...(given.EvaluateLowSampleCountPercentile !== undefined && { evaluateLowSampleCountPercentile: given.EvaluateLowSampleCountPercentile }),
    metrics: metricDocuments(settings),
  };
}

function metricDocuments({ given, metricId }: MetricSettings): Document[] {
  const own: MetricDataQuery = {
    Id: metricId,
    MetricStat: {
      Metric: { Namespace: given.Namespace ?? '', MetricName: given.MetricName ?? '', Dimensions: given.Dimensions ?? [] },
      Period: given.Period ?? 60,
      Stat: given.Statistic ?? given.ExtendedStatistic ?? '',
      ...(given.Unit !== undefined && { Unit: given.Unit }),
    },
    ReturnData: true,
  };
  return (given.Metrics ?? [own]).map(queryDocument);
}

function queryDocument(query: MetricDataQuery): Document {
  const stat = query.MetricStat;
  return {
    id: query.Id,
    ...(stat && {
      metricStat: {
        metric: { namespace: stat.Metric.Namespace, name: stat.Metric.MetricName, dimensions: dimensionsOf(stat.Metric.Dimensions ?? []) },
        period: stat.Period,
        stat: stat.Stat,
        ...(stat.Unit !== undefined && { unit: stat.Unit }),
      },
    }),
    ...(query.Expression !== undefined && { expression: query.Expression }),
    ...(query.Label !== undefined && { label: query.Label }),
    ...(query.Period !== undefined && { period: query.Period }),
    returnData: query.ReturnData ?? true,
  };
}

function ruleDocument({ ruleText, suppressor }: CompositeSettings): Document {
  return {
    alarmRule: ruleText,
    ...(suppressor && { actionsSuppressor: suppressor.given, actionsSuppressorWaitPeriod: suppressor.waitPeriod, actionsSuppressorExtensionPeriod: suppressor.extensionPeriod }),
  };
}

/** An alarm as DescribeAlarms answers it. */
export function description(alarm: Alarm): Document {
  const { settings, standing } = alarm;
  return {
    AlarmName: alarm.name,
    AlarmArn: alarm.arn,
    AlarmDescription: settings.description,
    AlarmConfigurationUpdatedTimestamp: settings.configured,
    ActionsEnabled: settings.actionsEnabled,
    OKActions: settings.okActions,
    AlarmActions: settings.alarmActions,
    InsufficientDataActions: settings.insufficientDataActions,
    StateValue: standing.value,
    StateReason: standing.reason,
    StateReasonData: standing.reasonData,
    StateUpdatedTimestamp: standing.updated,
    StateTransitionedTimestamp: standing.transitioned,
    ...(settings.kind === 'metric' ? metricMembers(settings) : compositeMembers(settings, standing)),
  };
}

function metricMembers({ given }: MetricSettings): Document {
  return {
    ...given,
    Dimensions: given.Dimensions ?? [],
    ...(given.Metrics && {
      Metrics: given.Metrics.map((query) => ({
        ...query,
        ReturnData: query.ReturnData ?? true,
        ...(query.MetricStat && { MetricStat: { ...query.MetricStat, Metric: { ...query.MetricStat.Metric, Dimensions: query.MetricStat.Metric.Dimensions ?? [] } } }),
      })),
    }),
  };
}

function compositeMembers({ ruleText, suppressor }: CompositeSettings, standing: Standing): Document {
  return {
    AlarmRule: ruleText,
    ActionsSuppressor: suppressor?.given,
    ActionsSuppressorWaitPeriod: suppressor?.waitPeriod,
    ActionsSuppressorExtensionPeriod: suppressor?.extensionPeriod,
    ActionsSuppressedBy: standing.suppressedBy,
    ActionsSuppressedReason: standing.suppressedReason,
  };
}

/** The members histories of configurations are written from, as JSON texts by key, in recorded order. */
export function historyMembers(alarm: Alarm): Map<string, string> {
  const { settings, standing } = alarm;
  const members = new Map<string, string>();
  const put = (key: string, value: unknown): void => { if (value !== undefined) members.set(key, JSON.stringify(value)); };
  put('alarmName', alarm.name);
  put('alarmDescription', settings.description);
  put('alarmArn', alarm.arn);
  put('alarmConfigurationUpdatedTimestamp', instantText(settings.configured));
  if (settings.kind === 'metric') {
    const { given } = settings;
    put('namespace', given.Namespace);
    put('metricName', given.MetricName);
    put('extendedStatistic', given.Statistic?.toUpperCase() ?? given.ExtendedStatistic);
    put('period', given.Period);
    put('unit', given.Unit);
    put('dimensions', (given.Dimensions ?? []).map(({ Name, Value }) => ({ name: Name, value: Value })));
    if (given.Metrics) put('metrics', metricDocuments(settings));
    members.set('threshold', doubleText(given.Threshold));
    put('comparisonOperator', given.ComparisonOperator);
    put('evaluationPeriods', given.EvaluationPeriods);
    put('datapointsToAlarm', given.DatapointsToAlarm);
    put('treatMissingData', given.TreatMissingData);
    put('evaluateLowSampleCountPercentile', given.EvaluateLowSampleCountPercentile);
  } else {
    for (const [key, value] of Object.entries(ruleDocument(settings))) put(key, value);
  }
  put('stateValue', standing.value);
  put('stateUpdatedTimestamp', instantText(standing.updated));
  put('actionsEnabled', settings.actionsEnabled);
  put('alarmActions', settings.alarmActions);
  put('insufficientDataActions', settings.insufficientDataActions);
  put('okactions', settings.okActions);
  return members;
}

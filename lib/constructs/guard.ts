import { Duration } from 'aws-cdk-lib';
import { Alarm, ComparisonOperator, MathExpression, Metric, TreatMissingData, type IAlarm } from 'aws-cdk-lib/aws-cloudwatch';
import type { Construct } from 'constructs';
import { fault } from '../core/fault.ts';
import { BUILDING } from '../core/faults/building.ts';
import { NAMESPACE, type MetricName } from '../core/metric.ts';

/** The dimensions of an environment's metrics. */
export interface Guarded {
  readonly applicationName: string;
  readonly environmentName: string;
}

/** How many failed executions are too many. */
export interface FailedExecutionsProps {
  /** Percent of settled executions that may fail. @default 5 */
  readonly percent?: number;
  /** How many minutes are looked at. @default 3 */
  readonly evaluationPeriods?: number;
  /** How many of them must be bad. @default 2 */
  readonly datapointsToAlarm?: number;
}

/** What takes a change back when it rings: an alarm of your own, or one made for the environment. */
export class Guard {
  /** More than some percent of executions fail. Where nothing runs, nothing rings. */
  static failedExecutions(props: FailedExecutionsProps = {}): Guard {
    return new Guard((scope, id, guarded) => new Alarm(scope, id, {
      alarmDescription: `More than ${props.percent ?? 5} % of the executions pinned in ${guarded.applicationName}/${guarded.environmentName} fail`,
      metric: new MathExpression({
        expression: '100 * failed / settled',
        label: 'failed %',
        usingMetrics: { failed: executionMetric(guarded, 'ExecutionsFailed'), settled: executionMetric(guarded, 'ExecutionsSettled') },
        period: Duration.minutes(1),
      }),
      comparisonOperator: ComparisonOperator.GREATER_THAN_THRESHOLD,
      threshold: props.percent ?? 5,
      evaluationPeriods: props.evaluationPeriods ?? 3,
      datapointsToAlarm: props.datapointsToAlarm ?? 2,
      treatMissingData: TreatMissingData.NOT_BREACHING,
    }));
  }

  /**
   * An alarm of your own; its actions stay its own.
   * @throws Fault `SLUICE-CDK-8` when it treats missing data as breaching.
   */
  static alarm(alarm: IAlarm): Guard {
    if (alarm instanceof Alarm && breaching(alarm)) throw fault(BUILDING, 'SLUICE-CDK-8', { alarm: alarm.node.path });
    return new Guard(() => alarm);
  }

  /** The alarm of an environment, made in its scope. */
  readonly bind: (scope: Construct, id: string, guarded: Guarded) => IAlarm;

  private constructor(bind: (scope: Construct, id: string, guarded: Guarded) => IAlarm) {
    this.bind = bind;
  }
}

/** The sum of one of Sluice's metrics in an environment, by the minute. */
export function executionMetric({ applicationName, environmentName }: Guarded, metricName: MetricName): Metric {
  return new Metric({
    namespace: NAMESPACE, metricName, statistic: 'Sum', period: Duration.minutes(1),
    dimensionsMap: { Application: applicationName, Environment: environmentName },
  });
}

function breaching(alarm: Alarm): boolean {
  const resource = alarm.node.defaultChild as { readonly treatMissingData?: string } | undefined;
  return resource?.treatMissingData === TreatMissingData.BREACHING;
}

import { Duration } from 'aws-cdk-lib';
import { AlarmStatusWidget, Dashboard, GraphWidget, MathExpression, TextWidget, type IAlarm, type IWidget } from 'aws-cdk-lib/aws-cloudwatch';
import { Construct } from 'constructs';
import { NAMESPACE, type MetricName } from '../core/metric.ts';
import { executionMetric } from './guard.ts';
import type { ConfigurationEnvironment } from './environment.ts';
import type { Workflow } from './workflow.ts';

/** What a dashboard shows. */
export interface RolloutDashboardProps {
  readonly environment: ConfigurationEnvironment;
  /** @default - none */
  readonly workflows?: readonly Workflow[];
  /** @default - CloudFormation makes one */
  readonly dashboardName?: string;
}

/** Executions and failures by epoch, what became of rollouts and of executions whose epoch was rolled back, where the judge was blind, and the alarms that decide: one look at a rollout. */
export class RolloutDashboard extends Construct {
  readonly dashboard: Dashboard;

  constructor(scope: Construct, id: string, { environment, workflows = [], dashboardName }: RolloutDashboardProps) {
    super(scope, id);
    const { applicationName, environmentName, alarm, guards } = environment;
    this.dashboard = new Dashboard(this, 'Resource', { defaultInterval: Duration.hours(3), ...(dashboardName === undefined ? {} : { dashboardName }) });
    this.dashboard.addWidgets(new TextWidget({ markdown: `# ${applicationName} / ${environmentName}\nExecutions by the epoch they are pinned to; the alarms that take a change back.`, width: 24, height: 2 }));
    this.dashboard.addWidgets(
      byEpoch(environment, 'ExecutionsStarted', 'Executions started, by epoch'),
      byEpoch(environment, 'ExecutionsFailed', 'Executions failed, by epoch'),
    );
    this.dashboard.addWidgets(rollouts(environment), blindness(environment), leftBehind(environment));
    this.dashboard.addWidgets(alarms([alarm, ...guards]));
    if (workflows.length > 0) this.dashboard.addWidgets(...workflows.map(ends));
  }
}

/** One line for each epoch: an epoch's digest is a dimension, and only a search finds those to come. */
function byEpoch({ applicationName, environmentName }: ConfigurationEnvironment, metric: MetricName, title: string): IWidget {
  const search = `{${NAMESPACE},Application,Environment,Epoch} MetricName="${metric}" Application="${applicationName}" Environment="${environmentName}"`;
  const expression = new MathExpression({ expression: `SEARCH('${search}', 'Sum', 60)`, usingMetrics: {}, label: '', period: Duration.minutes(1) });
  return new GraphWidget({ title, left: [expression], width: 12 });
}

/** What AppConfig told of deployments, and what Sluice decided on them. */
function rollouts(environment: ConfigurationEnvironment): IWidget {
  const shown: readonly (readonly [MetricName, string])[] = [
    ['RolloutsBegun', 'begun'], ['RolloutsCompleted', 'complete'], ['RolloutsRolledBack', 'rolled back, by whomever'],
    ['RollbacksJudged', 'rolled back by the judge'], ['RollbacksDecided', 'reverted after they were complete'],
  ];
  return new GraphWidget({ title: 'Rollouts', left: shown.map(([metric, label]) => executionMetric(environment, metric).with({ label })), leftYAxis: { min: 0 }, width: 8 });
}

/** Minutes in which the judge could see nothing: it takes nothing back then. */
function blindness(environment: ConfigurationEnvironment): IWidget {
  return new GraphWidget({ title: 'Ticks at which the judge was blind', left: [executionMetric(environment, 'JudgeBlind')], leftYAxis: { min: 0 }, width: 8 });
}

/** What became of executions whose epoch was taken back while they ran, where their workflows say so. */
function leftBehind(environment: ConfigurationEnvironment): IWidget {
  const shown: readonly (readonly [MetricName, string])[] = [['ExecutionsMoved', 'moved at a safe point'], ['ExecutionsRecalled', 'failed']];
  return new GraphWidget({ title: 'Executions whose epoch was rolled back', left: shown.map(([metric, label]) => executionMetric(environment, metric).with({ label })), leftYAxis: { min: 0 }, width: 8 });
}

function alarms(all: readonly IAlarm[]): IWidget {
  return new AlarmStatusWidget({ title: 'What takes a change back', alarms: [...all], width: 24 });
}

function ends({ stateMachine, node }: Workflow): IWidget {
  return new GraphWidget({
    title: `${node.id}: executions by end`, width: 12,
    left: [stateMachine.metricSucceeded(), stateMachine.metricFailed(), stateMachine.metricTimedOut(), stateMachine.metricAborted()],
  });
}

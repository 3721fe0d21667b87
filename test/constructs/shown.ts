import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { CloudWatchClient, DescribeAlarmsCommand, GetMetricStatisticsCommand, ListMetricsCommand } from '@aws-sdk/client-cloudwatch';
import type { Deployed } from './deployed.ts';

type Dimensions = { Name: string; Value: string }[];

/** A widget of a dashboard's body, as CloudWatch's structure and syntax of it say. */
interface Widget {
  readonly type: 'metric' | 'alarm' | 'text';
  readonly properties: { readonly title?: string; readonly alarms?: readonly string[]; readonly metrics?: readonly (readonly unknown[])[] };
}

/**
 * What a stack's dashboard shows: the sum of each line of each graph since the beginning, by title and label, where something was counted;
 * and the alarms that are there. What a SEARCH finds is looked up by hand.
 */
export async function shown(deployed: Deployed, cdkOut: string): Promise<Record<string, unknown>> {
  const { Resources } = JSON.parse(readFileSync(join(cdkOut, `${deployed.stack.name}.template.json`), 'utf8')) as { Resources: Record<string, { Type: string; Properties: { DashboardBody: unknown } }> };
  const [dashboard] = Object.values(Resources).filter(({ Type }) => Type === 'AWS::CloudWatch::Dashboard');
  const { widgets } = JSON.parse(resolved(dashboard?.Properties.DashboardBody, deployed)) as { widgets: Widget[] };
  const found: [string, unknown][] = [];
  for (const { type, properties: { title = '', metrics = [], alarms = [] } } of widgets) {
    if (type === 'metric') found.push([title, Object.fromEntries((await Promise.all(metrics.map((metric) => lines(deployed, metric)))).flat().filter(([, sum]) => sum !== undefined))]);
    if (type === 'alarm') found.push([title, await there(deployed, alarms)]);
  }
  return Object.fromEntries(found);
}

function resolved(value: unknown, deployed: Deployed): string {
  if (typeof value === 'string') return value;
  const { Ref, 'Fn::Join': join, 'Fn::GetAtt': attribute } = value as { 'Ref'?: string; 'Fn::Join'?: [string, unknown[]]; 'Fn::GetAtt'?: [string, string] };
  if (join !== undefined) return join[1].map((part) => resolved(part, deployed)).join(join[0]);
  const { region, account } = deployed.engine;
  const pseudo: Record<string, string> = { 'AWS::Region': region, 'AWS::AccountId': account, 'AWS::Partition': 'aws' };
  if (attribute?.[1] === 'Arn') return `arn:aws:cloudwatch:${region}:${account}:alarm:${deployed.stack.resources[attribute[0]]}`;
  const known = pseudo[Ref ?? ''] ?? deployed.stack.resources[Ref ?? ''];
  if (known === undefined) throw new Error(`the dashboard refers to ${JSON.stringify(value)}`);
  return known;
}

/** The lines that one entry of a graph draws: one for a metric, one for each metric that a SEARCH finds. */
async function lines(deployed: Deployed, metric: readonly unknown[]): Promise<(readonly [label: string, sum: number | undefined])[]> {
  const [first] = metric;
  if (typeof first === 'string') {
    const { label, stat } = metric.at(-1) as { label?: string; stat?: string };
    const texts = metric.filter((part): part is string => typeof part === 'string');
    const [Namespace = '', MetricName = ''] = texts;
    const dimensions = Array.from({ length: texts.length / 2 - 1 }, (_, at) => ({ Name: texts[2 + 2 * at]!, Value: texts[3 + 2 * at]! }));
    return [[label ?? MetricName, stat === 'Sum' ? await sum(deployed, Namespace, MetricName, dimensions) : undefined]];
  }
  const [, Namespace = '', names = '', filters = ''] = /^SEARCH\('\{(\w+),([\w,]+)\} (.*)', 'Sum', 60\)$/.exec((first as { expression: string }).expression) ?? [];
  const wanted = Object.fromEntries([...filters.matchAll(/(\w+)="([^"]+)"/g)].map(([, name = '', value = '']) => [name, value]));
  const { Metrics = [] } = await deployed.client(CloudWatchClient).send(new ListMetricsCommand({ Namespace, MetricName: wanted['MetricName'] }));
  const fitting = Metrics.map(({ Dimensions = [] }) => Dimensions as Dimensions).filter((dimensions) => dimensions.map(({ Name }) => Name).join() === names && dimensions.every(({ Name, Value }) => (wanted[Name] ?? Value) === Value));
  return Promise.all(fitting.map(async (dimensions) => [dimensions.at(-1)!.Value, await sum(deployed, Namespace, wanted['MetricName']!, dimensions)] as const));
}

async function sum(deployed: Deployed, Namespace: string, MetricName: string, Dimensions: Dimensions): Promise<number | undefined> {
  const { Datapoints = [] } = await deployed.client(CloudWatchClient).send(new GetMetricStatisticsCommand({
    Namespace, MetricName, Dimensions, StartTime: new Date(deployed.engine.clock.now() - 86_400_000), EndTime: new Date(deployed.engine.clock.now() + 60_000), Period: 3600, Statistics: ['Sum'],
  }));
  return Datapoints.length === 0 ? undefined : Datapoints.reduce((all, { Sum = 0 }) => all + Sum, 0);
}

async function there(deployed: Deployed, arns: readonly string[]): Promise<number> {
  const { MetricAlarms = [], CompositeAlarms = [] } = await deployed.client(CloudWatchClient).send(new DescribeAlarmsCommand({ AlarmTypes: ['MetricAlarm', 'CompositeAlarm'] }));
  const known = [...MetricAlarms, ...CompositeAlarms].map(({ AlarmArn }) => AlarmArn);
  return arns.filter((arn) => known.includes(arn)).length;
}

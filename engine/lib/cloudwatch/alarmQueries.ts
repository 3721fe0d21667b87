import type { House } from '../ports.ts';
import type { Service } from '../wire/call.ts';
import { typeOf, type Alarm } from './alarm.ts';
import type { AlarmBook } from './alarmBook.ts';
import { description } from './alarmDocument.ts';
import type { HistoryItem } from './alarmHistory.ts';
import { alarmsIn } from './alarmRule.ts';
import { pageOf } from './page.ts';
import { dimensionsOf, type DimensionInput } from './query.ts';
import { invalidNextToken, unimplemented, validationError } from './refusal.ts';

interface DescribeAlarmsInput {
  readonly AlarmNames?: readonly string[];
  readonly AlarmNamePrefix?: string;
  readonly AlarmTypes?: readonly string[];
  readonly ChildrenOfAlarmName?: string;
  readonly ParentsOfAlarmName?: string;
  readonly StateValue?: string;
  readonly ActionPrefix?: string;
  readonly MaxRecords?: number;
  readonly NextToken?: string;
}

interface DescribeAlarmHistoryInput {
  readonly AlarmName?: string;
  readonly AlarmContributorId?: string;
  readonly AlarmTypes?: readonly string[];
  readonly HistoryItemType?: string;
  readonly StartDate?: number;
  readonly EndDate?: number;
  readonly MaxRecords?: number;
  readonly NextToken?: string;
  readonly ScanBy?: string;
}

interface DescribeAlarmsForMetricInput {
  readonly MetricName: string;
  readonly Namespace: string;
  readonly Statistic?: string;
  readonly ExtendedStatistic?: string;
  readonly Dimensions?: readonly DimensionInput[];
  readonly Period?: number;
  readonly Unit?: string;
}

/** What is described unless other types are asked for, as recorded. */
const DEFAULT_TYPES: readonly string[] = ['MetricAlarm'];
const RECORDS = 50;
const MOST_RECORDS = 100;

/** The operations that describe alarms. */
export function alarmQueries(house: House, book: AlarmBook): Service['operations'] {
  return {
    DescribeAlarms: (input: DescribeAlarmsInput) => describeAlarms(input, book),
    DescribeAlarmHistory: (input: DescribeAlarmHistoryInput) => describeAlarmHistory(input, book.history.items(house.kernel.now())),
    DescribeAlarmsForMetric: (input: DescribeAlarmsForMetricInput) => ({ MetricAlarms: sorted(book).filter((alarm) => watches(alarm, input)).map(description) }),
  };
}

/** Code-unit order, so that the order depends on no locale. */
function sorted(book: AlarmBook): Alarm[] {
  return [...book.alarms.values()].sort((a, b) => (a.name < b.name ? -1 : 1));
}

function describeAlarms(input: DescribeAlarmsInput, book: AlarmBook): Record<string, unknown> {
  const { AlarmNames: names, AlarmNamePrefix: prefix, AlarmTypes: types = DEFAULT_TYPES, StateValue: state, ActionPrefix: action } = input;
  if (names && prefix !== undefined) throw validationError('AlarmNamePrefix and AlarmNames are mutually exclusive; use one of them');
  const related = relatives(input, book);
  const fits = (alarm: Alarm): boolean => (names === undefined || names.includes(alarm.name))
    && (prefix === undefined || alarm.name.startsWith(prefix))
    && (related ? related.has(alarm.arn) : types.includes(typeOf(alarm)))
    && (state === undefined || alarm.standing.value === state)
    && (action === undefined || allActions(alarm).some((own) => own.startsWith(action)));
  const { items, nextToken } = pageOf(sorted(book).filter(fits), recordsOf(input.MaxRecords), input.NextToken, badToken);
  return {
    MetricAlarms: items.filter(({ settings }) => settings.kind === 'metric').map(description),
    CompositeAlarms: items.filter(({ settings }) => settings.kind === 'composite').map(description),
    LogAlarms: [],
    ...(nextToken !== undefined && { NextToken: nextToken }),
  };
}

/** The ARNs of an alarm's children or parents, where those are asked for. */
function relatives({ ChildrenOfAlarmName: parent, ParentsOfAlarmName: child }: DescribeAlarmsInput, book: AlarmBook): ReadonlySet<string> | undefined {
  if (parent !== undefined && child !== undefined) throw validationError('ChildrenOfAlarmName and ParentsOfAlarmName are mutually exclusive; use one of them');
  const childrenOf = (alarm: Alarm | undefined): string[] => (alarm?.settings.kind === 'composite' ? alarmsIn(alarm.settings.rule) : []);
  if (parent !== undefined) return new Set(childrenOf(book.find(parent)));
  if (child === undefined) return undefined;
  const own = book.find(child)?.arn ?? '';
  return new Set([...book.alarms.values()].filter((alarm) => childrenOf(alarm).includes(own)).map(({ arn }) => arn));
}

function allActions({ settings }: Alarm): readonly string[] {
  return [...settings.alarmActions, ...settings.okActions, ...settings.insufficientDataActions];
}

/** Newest first unless asked otherwise; histories outlive their alarms. */
function describeAlarmHistory(input: DescribeAlarmHistoryInput, all: readonly HistoryItem[]): Record<string, unknown> {
  if (input.AlarmContributorId !== undefined) throw unimplemented('DescribeAlarmHistory with AlarmContributorId');
  const { AlarmName: name, HistoryItemType: kind, StartDate: from = -Infinity, EndDate: to = Infinity, AlarmTypes: types = DEFAULT_TYPES } = input;
  const found = all.filter((item) => (name === undefined || item.name === name) && types.includes(item.type) && (kind === undefined || item.kind === kind) && item.timestamp >= from && item.timestamp <= to);
  if (input.ScanBy !== 'TimestampAscending') found.reverse();
  const { items, nextToken } = pageOf(found, recordsOf(input.MaxRecords), input.NextToken, badToken);
  return {
    AlarmHistoryItems: items.map((item) => ({ AlarmName: item.name, AlarmType: item.type, Timestamp: item.timestamp, HistoryItemType: item.kind, HistorySummary: item.summary, HistoryData: item.data })),
    ...(nextToken !== undefined && { NextToken: nextToken }),
  };
}

function badToken(token: string): Error {
  return invalidNextToken(`Invalid NextToken : ${token}`);
}

function recordsOf(given: number = RECORDS): number {
  if (given >= 1 && given <= MOST_RECORDS) return given;
  throw validationError(`1 validation error detected: Value '${given}' at 'maxRecords' failed to satisfy constraint: Member must have value ${given < 1 ? 'greater than or equal to 1' : `less than or equal to ${MOST_RECORDS}`}`);
}

/** The exact set of dimensions, in any order; statistic, period and unit only where they are given. */
function watches({ settings }: Alarm, input: DescribeAlarmsForMetricInput): boolean {
  if (settings.kind !== 'metric') return false;
  const { given } = settings;
  const key = (dimensions: readonly DimensionInput[] = []): string => JSON.stringify(Object.entries(dimensionsOf(dimensions)).sort(([a], [b]) => (a < b ? -1 : 1)));
  const plain = given.MetricName === input.MetricName && given.Namespace === input.Namespace && key(given.Dimensions) === key(input.Dimensions);
  return plain && (['Statistic', 'ExtendedStatistic', 'Period', 'Unit'] as const).every((name) => input[name] === undefined || input[name] === given[name]);
}

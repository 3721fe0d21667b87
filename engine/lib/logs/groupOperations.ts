import type { House } from '../ports.ts';
import type { Service } from '../wire/call.ts';
import { WireFault } from '../wire/fault.ts';
import { LogGroup, type LogStream } from './logGroup.ts';
import { groupOf, invalidParameter, noSuchStream, tokenOf } from './lookup.ts';
import type { LogGroups } from './logs.ts';

interface GroupInput {
  readonly logGroupName: string;
}

interface StreamInput extends GroupInput {
  readonly logStreamName: string;
}

interface DescribeLogGroupsInput {
  readonly logGroupNamePrefix?: string;
  readonly logGroupNamePattern?: string;
  readonly nextToken?: string;
  readonly limit?: number;
}

interface DescribeLogStreamsInput {
  readonly logGroupName?: string;
  readonly logGroupIdentifier?: string;
  readonly logStreamNamePrefix?: string;
  readonly orderBy?: string;
  readonly descending?: boolean;
  readonly nextToken?: string;
  readonly limit?: number;
}

const GROUP_NAME = /^[.\-_/#A-Za-z0-9]{1,512}$/;
const STREAM_NAME = /^[^:*]{1,512}$/;
const RETENTIONS: readonly number[] = [1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653];
const PAGE = 50;

/** The operations on log groups and streams. */
export function groupOperations(house: House, groups: LogGroups): Service['operations'] {
  const now = (): number => house.kernel.now();
  return {
    CreateLogGroup: ({ logGroupName: name, logGroupClass = 'STANDARD' }: GroupInput & { readonly logGroupClass?: string }) => {
      if (!GROUP_NAME.test(name)) throw pattern(name, 'logGroupName', '[\\.\\-_/#A-Za-z0-9]+');
      if (groups.has(name)) throw alreadyExists('group');
      groups.set(name, new LogGroup(name, now(), logGroupClass));
    },
    DeleteLogGroup: ({ logGroupName: name }: GroupInput) => { groups.delete(groupOf(groups, name).name); },
    CreateLogStream: ({ logGroupName: name, logStreamName: stream }: StreamInput) => {
      const group = groupOf(groups, name);
      if (!STREAM_NAME.test(stream)) throw pattern(stream, 'logStreamName', '[^:*]*');
      if (group.streams.has(stream)) throw alreadyExists('stream');
      group.append(stream, [], now());
    },
    DeleteLogStream: ({ logGroupName: name, logStreamName: stream }: StreamInput) => {
      const group = groupOf(groups, name);
      if (!group.streams.has(stream)) throw noSuchStream();
      group.removeStream(stream);
    },
    PutRetentionPolicy: ({ logGroupName: name, retentionInDays: days }: GroupInput & { readonly retentionInDays: number }) => {
      const group = groupOf(groups, name);
      if (!RETENTIONS.includes(days)) throw invalidParameter(`1 validation error detected: Value '${days}' at 'retentionInDays' failed to satisfy constraint: Member must satisfy enum value set: [${RETENTIONS.join(', ')}]`);
      group.retentionInDays = days;
    },
    DeleteRetentionPolicy: ({ logGroupName: name }: GroupInput) => { groupOf(groups, name).retentionInDays = undefined; },
    DescribeLogGroups: (input: DescribeLogGroupsInput) => describeLogGroups(input, groups, house),
    DescribeLogStreams: (input: DescribeLogStreamsInput) => describeLogStreams(input, groups, house),
  };
}

function describeLogGroups(input: DescribeLogGroupsInput, groups: LogGroups, house: House): Record<string, unknown> {
  const { logGroupNamePrefix: prefix = '', logGroupNamePattern: contained = '', limit = PAGE } = input;
  if (input.logGroupNamePrefix !== undefined && input.logGroupNamePattern !== undefined) throw invalidParameter('LogGroup name prefix and LogGroup name pattern are mutually exclusive parameters.');
  const found = [...groups.values()].filter(({ name }) => name.startsWith(prefix) && name.toLowerCase().includes(contained.toLowerCase())).sort((a, b) => (a.name < b.name ? -1 : 1));
  const { items, nextToken } = cut(found, limit, input.nextToken);
  const logGroups = items.map((group) => {
    const arn = groupArn(house, group.name);
    return {
      logGroupName: group.name, creationTime: group.created, retentionInDays: group.retentionInDays, metricFilterCount: 0,
      arn: `${arn}:*`, logGroupArn: arn, storedBytes: group.stored, logGroupClass: group.logGroupClass,
    };
  });
  return { logGroups, ...(nextToken !== undefined && { nextToken }) };
}

function describeLogStreams(input: DescribeLogStreamsInput, groups: LogGroups, house: House): Record<string, unknown> {
  const { logStreamNamePrefix: prefix = '', orderBy = 'LogStreamName', descending = false, limit = PAGE } = input;
  const group = groupOf(groups, input.logGroupName ?? input.logGroupIdentifier);
  if (orderBy === 'LastEventTime' && input.logStreamNamePrefix !== undefined) throw invalidParameter('Cannot order by LastEventTime with a logStreamNamePrefix.');
  const order = (a: LogStream, b: LogStream): number => (orderBy === 'LastEventTime' ? (a.last ?? 0) - (b.last ?? 0) : 0) || (a.name < b.name ? -1 : 1);
  const found = [...group.streams.values()].filter(({ name }) => name.startsWith(prefix)).sort(order);
  if (descending) found.reverse();
  const { items, nextToken } = cut(found, limit, input.nextToken);
  const logStreams = items.map((stream) => ({
    logStreamName: stream.name, creationTime: stream.created, firstEventTimestamp: stream.first, lastEventTimestamp: stream.last, lastIngestionTime: stream.lastIngested,
    uploadSequenceToken: '1', arn: `${groupArn(house, group.name)}:log-stream:${stream.name}`, storedBytes: 0,
  }));
  return { logStreams, ...(nextToken !== undefined && { nextToken }) };
}

function groupArn({ region, account }: House, name: string): string {
  return `arn:aws:logs:${region}:${account}:log-group:${name}`;
}

function cut<T>(items: readonly T[], limit: number, token: string | undefined): { items: readonly T[]; nextToken?: string } {
  const start = token === undefined ? 0 : tokenOf(token, 'n');
  const end = start + limit;
  return { items: items.slice(start, end), ...(end < items.length && { nextToken: `n/${end}` }) };
}

function alreadyExists(what: string): WireFault {
  return new WireFault({ code: 'ResourceAlreadyExistsException', message: `The specified log ${what} already exists` });
}

function pattern(value: string, member: string, expression: string): WireFault {
  return invalidParameter(`1 validation error detected: Value '${value.slice(0, 200)}' at '${member}' failed to satisfy constraint: Member must satisfy regular expression pattern: ${expression}`);
}

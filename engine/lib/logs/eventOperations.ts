import type { House } from '../ports.ts';
import type { Service } from '../wire/call.ts';
import { filterOf } from './filterPattern.ts';
import type { LogEvent, LogGroup } from './logGroup.ts';
import { groupOf, invalidParameter, noSuchStream, tokenOf } from './lookup.ts';
import type { LogGroups, LogLine } from './logs.ts';

interface PutLogEventsInput {
  readonly logGroupName: string;
  readonly logStreamName: string;
  readonly logEvents: readonly LogLine[];
}

interface GetLogEventsInput {
  readonly logGroupName?: string;
  readonly logGroupIdentifier?: string;
  readonly logStreamName: string;
  readonly startTime?: number;
  readonly endTime?: number;
  readonly nextToken?: string;
  readonly limit?: number;
  readonly startFromHead?: boolean;
}

interface FilterLogEventsInput {
  readonly logGroupName?: string;
  readonly logGroupIdentifier?: string;
  readonly logStreamNames?: readonly string[];
  readonly logStreamNamePrefix?: string;
  readonly startTime?: number;
  readonly endTime?: number;
  readonly filterPattern?: string;
  readonly nextToken?: string;
  readonly limit?: number;
}

type Write = (group: LogGroup, stream: string, lines: readonly LogLine[]) => void;

const DAY = 86_400_000;
const TOO_NEW = 2 * 3_600_000;
const TOO_OLD = 14 * DAY;
const MOST = 10_000;

/** PutLogEvents, GetLogEvents and FilterLogEvents. */
export function eventOperations(house: House, groups: LogGroups, write: Write): Service['operations'] {
  const now = (): number => house.kernel.now();
  return {
    PutLogEvents: (input: PutLogEventsInput) => {
      const group = groupOf(groups, input.logGroupName);
      if (!group.streams.has(input.logStreamName)) throw noSuchStream();
      return putLogEvents(group, input, now(), write);
    },
    GetLogEvents: (input: GetLogEventsInput) => {
      const group = groupOf(groups, input.logGroupName ?? input.logGroupIdentifier);
      if (!group.streams.has(input.logStreamName)) throw noSuchStream();
      return getLogEvents(group, input, now());
    },
    FilterLogEvents: (input: FilterLogEventsInput) => filterLogEvents(groupOf(groups, input.logGroupName ?? input.logGroupIdentifier), input, now()),
  };
}

/** Lines that are too old or too new are left out, and said to be, by their index. */
function putLogEvents(group: LogGroup, { logStreamName, logEvents: lines }: PutLogEventsInput, now: number, write: Write): Record<string, unknown> {
  const [first, last] = [lines[0], lines.at(-1)];
  if (!first || !last) throw invalidParameter("1 validation error detected: Value '[]' at 'logEvents' failed to satisfy constraint: Member must have length greater than or equal to 1");
  if (lines.length > MOST) throw invalidParameter(`1 validation error detected: Value at 'logEvents' failed to satisfy constraint: Member must have length less than or equal to ${MOST}`);
  if (lines.some(({ timestamp }, index) => timestamp < (lines[index - 1]?.timestamp ?? -Infinity))) throw invalidParameter('Log events in a single PutLogEvents request must be in chronological order.');
  if (last.timestamp - first.timestamp > DAY) throw invalidParameter('The batch of log events in a single PutLogEvents request cannot span more than 24 hours.');
  const expiry = group.retentionInDays === undefined ? -Infinity : now - group.retentionInDays * DAY;
  const tooOld = lines.filter(({ timestamp }) => timestamp < now - TOO_OLD).length;
  const expired = lines.filter(({ timestamp }) => timestamp < expiry).length;
  const tooNew = lines.findIndex(({ timestamp }) => timestamp > now + TOO_NEW);
  write(group, logStreamName, lines.slice(Math.max(tooOld, expired), tooNew === -1 ? undefined : tooNew));
  const rejected = {
    ...(tooNew !== -1 && { tooNewLogEventStartIndex: tooNew }),
    ...(tooOld > 0 && { tooOldLogEventEndIndex: tooOld }),
    ...(expired > 0 && { expiredLogEventEndIndex: expired }),
  };
  return { nextSequenceToken: '1', ...(Object.keys(rejected).length > 0 && { rejectedLogEventsInfo: rejected }) };
}

/** Tokens go both ways and repeat themselves at the ends, as CloudWatch's do. */
function getLogEvents(group: LogGroup, input: GetLogEventsInput, now: number): Record<string, unknown> {
  const { logStreamName, startTime = -Infinity, endTime = Infinity, limit = MOST, nextToken: token } = input;
  const all = group.events(now, ({ stream, timestamp }) => stream === logStreamName && timestamp >= startTime && timestamp < endTime);
  let events: LogEvent[];
  if (token?.startsWith('f/')) events = all.filter(({ sequence }) => sequence >= tokenOf(token, 'f')).slice(0, limit);
  else if (token !== undefined) events = all.filter(({ sequence }) => sequence < tokenOf(token, 'b')).slice(-limit);
  else events = input.startFromHead === true ? all.slice(0, limit) : all.slice(-limit);
  const edge = token === undefined ? (all.at(-1)?.sequence ?? -1) + 1 : Number(token.slice(2));
  return {
    events: events.map(({ timestamp, message, ingested }) => ({ timestamp, message, ingestionTime: ingested })),
    nextForwardToken: `f/${events.length > 0 ? Math.max(...events.map(({ sequence }) => sequence)) + 1 : edge}`,
    nextBackwardToken: `b/${events.length > 0 ? Math.min(...events.map(({ sequence }) => sequence)) : edge}`,
  };
}

function filterLogEvents(group: LogGroup, input: FilterLogEventsInput, now: number): Record<string, unknown> {
  const { logStreamNames: names, logStreamNamePrefix: prefix = '', startTime = -Infinity, endTime = Infinity, limit = MOST } = input;
  if (names && input.logStreamNamePrefix !== undefined) throw invalidParameter('logStreamNames and logStreamNamePrefix are mutually exclusive parameters.');
  const fits = filterOf(input.filterPattern ?? '');
  const found = group.events(now, ({ stream, timestamp, message }) => timestamp >= startTime && timestamp <= endTime
    && (names ? names.includes(stream) : stream.startsWith(prefix)) && fits(message));
  const start = input.nextToken === undefined ? 0 : tokenOf(input.nextToken, 'n');
  const events = found.slice(start, start + limit).map(({ stream, timestamp, message, ingested, sequence }) => ({
    logStreamName: stream, timestamp, message, ingestionTime: ingested, eventId: String(timestamp).padStart(20, '0') + String(sequence).padStart(36, '0'),
  }));
  return { events, searchedLogStreams: [], ...(start + limit < found.length && { nextToken: `n/${start + limit}` }) };
}

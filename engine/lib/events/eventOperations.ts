import type { House } from '../ports.ts';
import type { Service } from '../wire/index.ts';
import type { Bus } from './bus.ts';
import { envelope } from './envelope.ts';
import { invalid } from './refusal.ts';
import { patternOf } from './ruleOperations.ts';
import { syntaxFault } from './template.ts';

interface Entry {
  readonly Time?: number;
  readonly Source?: string;
  readonly Resources?: readonly string[];
  readonly DetailType?: string;
  readonly Detail?: string;
  readonly EventBusName?: string;
}

interface EntryAnswer {
  readonly EventId?: string;
  readonly ErrorCode?: string;
  readonly ErrorMessage?: string;
}

const ENTRIES_AT_MOST = 10;
const BYTES_AT_MOST = 1024 * 1024;
const NEEDED = ['id', 'detail-type', 'source', 'account', 'time', 'region'];

/** The operations on events themselves. */
export function eventOperations(house: House, bus: Bus): Service['operations'] {
  return {
    PutEvents({ Entries }: { readonly Entries: readonly Entry[] }) {
      if (Entries.length === 0 || Entries.length > ENTRIES_AT_MOST) throw invalid(`1 validation error detected: Value '${Entries.length} entries' at 'entries' failed to satisfy constraint: Member must have length ${Entries.length === 0 ? 'greater than or equal to 1' : 'less than or equal to 10'}`);
      if (Entries.reduce((sum, entry) => sum + Buffer.byteLength(JSON.stringify(entry)), 0) > BYTES_AT_MOST) throw invalid('Total size of the entries in the request is over the limit.');
      const answers = Entries.map((entry) => putEvent(house, bus, entry));
      return { FailedEntryCount: answers.filter(({ ErrorCode }) => ErrorCode !== undefined).length, Entries: answers };
    },
    TestEventPattern({ EventPattern, Event }: { readonly EventPattern: string; readonly Event: string }) {
      const pattern = patternOf(EventPattern);
      checkEvent(Event);
      return { Result: pattern.matches(Event) };
    },
  };
}

function putEvent(house: House, bus: Bus, entry: Entry): EntryAnswer {
  const { Time, Source, Resources = [], DetailType, Detail, EventBusName = 'default' } = entry;
  if (!Source) return missing('Source');
  if (!DetailType) return missing('DetailType');
  if (!Detail) return missing('Detail');
  if (Source.startsWith('aws.')) return { ErrorCode: 'NotAuthorizedForSourceException', ErrorMessage: 'Not authorized for the source.' };
  const detail = objectOf(Detail);
  if (!detail) return { ErrorCode: 'MalformedDetail', ErrorMessage: 'Detail is malformed.' };
  const event = envelope(house, { source: Source, detailType: DetailType, resources: Resources, detail, ...(Time !== undefined && { time: Time }) });
  // An event for a bus that is not there is taken and lost, as recorded.
  if (EventBusName === 'default' || EventBusName === bus.arn) bus.publish(event);
  return { EventId: event.id };
}

function missing(name: string): EntryAnswer {
  return { ErrorCode: 'InvalidArgument', ErrorMessage: `Parameter ${name} is not valid. Reason: ${name} is a required argument.` };
}

/** The object a text means; undefined for other JSON, for no JSON, and for JSON nested too deep. */
function objectOf(text: string): Record<string, unknown> | undefined {
  if (syntaxFault(text) !== undefined || !text.trimStart().startsWith('{')) return undefined;
  try {
    return JSON.parse(text) as Record<string, unknown>;
  } catch {
    // Several values one after the other, which the reader takes and JSON does not.
    return undefined;
  }
}

function checkEvent(text: string): void {
  const event = objectOf(text);
  if (!event || NEEDED.some((name) => !Object.hasOwn(event, name))) throw invalid('Parameter Event is not valid.');
  const time = event['time'];
  if (typeof time !== 'string' || !/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z$/.test(time) || Number.isNaN(Date.parse(time))) throw invalid('Parameter Event is not valid. Reason: Invalid time.');
}

import type { State, Step } from '../branch.ts';
import { RuntimeFault } from '../fault.ts';
import type { Fields, QueryLanguage, Scalar } from '../query.ts';
import { parseTimestamp } from '../timestamp.ts';
import type { Visit } from '../visit.ts';

/** Wait: for seconds or until a timestamp, given or read; a timestamp that is past waits no time. */
export function compileWait(fields: Fields, language: QueryLanguage): State['run'] {
  const intake = language.intake(fields, undefined);
  const outlet = language.outlet(fields);
  const seconds = language.scalar(fields, 'Seconds');
  const timestamp = language.scalar(fields, 'Timestamp');
  const next = fields['Next'] as string | undefined;
  return async (visit): Promise<Step> => {
    const data = intake(visit.received, visit);
    const ms = seconds ? secondsOf(seconds, data.value, visit) * 1000 : timeOf(timestamp, data.value, visit) - visit.thread.run.port.now();
    if (ms > 0) await visit.thread.sleep(ms);
    return { ...outlet(visit.received, data, visit), next };
  };
}

function secondsOf(seconds: Scalar, data: unknown, visit: Visit): number {
  const { value, shown } = read(seconds, 'SecondsPath', data, visit);
  const parsed = typeof value === 'string' && /^[+-]?\d+$/.test(value) ? Number(value) : value;
  if (typeof parsed !== 'number' || !Number.isInteger(parsed)) throw new RuntimeFault(`The SecondsPath parameter cannot be parsed as a long value: ${shown}`);
  if (parsed < 0) throw new RuntimeFault(`The SecondsPath parameter references a negative value: ${shown}`);
  return parsed;
}

function timeOf(timestamp: Scalar | undefined, data: unknown, visit: Visit): number {
  if (!timestamp) throw new RuntimeFault('A Wait state needs Seconds, SecondsPath, Timestamp or TimestampPath');
  const { value, shown } = read(timestamp, 'TimestampPath', data, visit);
  const time = parseTimestamp(value);
  if (time === undefined) throw new RuntimeFault(`The TimestampPath parameter does not reference a valid ISO-8601 extended offset date-time format string: ${shown}`);
  return time;
}

function read(scalar: Scalar, field: string, data: unknown, visit: Visit): { readonly value: unknown; readonly shown: string } {
  const found = scalar.read(data, visit);
  if (!found.found) throw new RuntimeFault(`The ${field} parameter does not reference an input value: ${scalar.source ?? ''}`);
  const text = typeof found.value === 'string' ? found.value : JSON.stringify(found.value);
  return { value: found.value, shown: `${scalar.source ?? field} == ${text}` };
}

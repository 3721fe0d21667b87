import { WireFault } from '../../wire/index.ts';
import { badRequest } from '../refusal.ts';
import { canonical, isObject, parsed } from '../schema/json.ts';
import { definitionViolations } from './definition.ts';
import { goJson, normalised, type FlagDocument, type Json } from './document.ts';
import { broken, valueViolations, type FlagViolation } from './violation.ts';

/**
 * A feature-flag document as AppConfig stores it: normalised, with `_createdAt` and `_updatedAt` on every entry. What has not
 * changed since the version before keeps its times, so that equal content gives equal bytes. `now` is epoch milliseconds.
 *
 * Throws BadRequestException with Details.InvalidConfiguration, and, as recorded, InternalServerException for a time that is none.
 */
export function storedFlags(content: Uint8Array, previous: Uint8Array | undefined, now: number): Uint8Array {
  const raw = parsed(Buffer.from(content).toString('utf8'));
  if (!raw.ok || !isObject(raw.value)) throw invalid([broken('Object', '', raw.ok ? raw.value : raw.reason)]);
  const shape = shapeViolations(raw.value);
  if (shape.length > 0) throw invalid(shape);
  const before = previous && (JSON.parse(Buffer.from(previous).toString('utf8')) as Json);
  const known = before && normalised(before);
  const document = normalised(raw.value);
  const timed: FlagDocument = { version: '1', flags: timedEntries(document.flags, known?.flags, now), values: timedEntries(document.values, known?.values, now) };
  const violations = [...definitionViolations(timed), ...valueViolations(timed)];
  if (violations.length > 0) throw invalid(violations);
  const full = (part: FlagDocument['flags']): boolean => Object.keys(part).length > 0;
  return Buffer.from(goJson({ version: '1', ...(full(timed.flags) && { flags: timed.flags }), ...(full(timed.values) && { values: timed.values }) }));
}

function invalid(violations: readonly FlagViolation[]): WireFault {
  return badRequest("Error invoking extension AppConfig Feature Flags Helper: Invalid 'Content' data", { Reason: 'InvalidConfiguration', Details: { InvalidConfiguration: violations } });
}

function shapeViolations(raw: Json): readonly FlagViolation[] {
  const { version } = raw;
  if (version === undefined || version === null || version === '') return [broken('Required', 'version', '')];
  if (version !== '1') return [broken('OneOf(1)', 'version', version)];
  return (['flags', 'values'] as const).flatMap((part) => {
    const map = raw[part];
    if (map === undefined || map === null) return [];
    if (!isObject(map)) return [broken('Object', part, map)];
    return Object.entries(map).filter(([, entry]) => !isObject(entry)).map(([name, entry]) => broken('Object', `${part}.${name}`, entry));
  });
}

function timedEntries(entries: FlagDocument['flags'], before: FlagDocument['flags'] | undefined, now: number): FlagDocument['flags'] {
  return Object.fromEntries(Object.entries(entries).map(([name, entry]) => {
    const { _createdAt: created, _updatedAt: updated, ...rest } = entry;
    const given = [created, updated].map(timeOf);
    const { _createdAt: createdBefore, _updatedAt: updatedBefore, ...restBefore } = (before && Object.hasOwn(before, name) ? before[name] : undefined) ?? {};
    const same = createdBefore !== undefined && canonical(rest) === canonical(restBefore);
    return [name, { ...rest, _createdAt: createdBefore ?? given[0] ?? timeText(now), _updatedAt: same ? updatedBefore : timeText(now) }];
  }));
}

/** A time of the document in AppConfig's form; undefined when it gives none. */
function timeOf(raw: unknown): string | undefined {
  if (raw === undefined) return undefined;
  const time = typeof raw === 'string' && /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)$/.test(raw) ? Date.parse(raw) : NaN;
  if (Number.isNaN(time)) throw new WireFault({ code: 'InternalServerException', status: 500, message: '' });
  return timeText(time);
}

/** RFC 3339 with milliseconds, trailing zeros trimmed. */
function timeText(time: number): string {
  return new Date(time).toISOString().replace(/\.?0*Z$/, 'Z');
}

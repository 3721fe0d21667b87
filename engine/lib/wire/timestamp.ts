import type { TimestampFormat } from './model.ts';

const DATE_TIME = /^\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:?\d\d)$/i;
const NUMBER = /^[+-]?\d+(\.\d+)?(e[+-]?\d+)?$/i;

/** The widest instant a Date can hold, in milliseconds either side of the epoch. */
const LIMIT = 8.64e15;

/** Epoch milliseconds of a timestamp on the wire, or undefined when it is none. Text may be in any of AWS's three formats. */
export function parseTimestamp(value: unknown): number | undefined {
  const ms = typeof value === 'number' ? Math.round(value * 1000) : typeof value === 'string' ? parseText(value.trim()) : NaN;
  return Number.isFinite(ms) && Math.abs(ms) <= LIMIT ? ms : undefined;
}

function parseText(text: string): number {
  if (NUMBER.test(text)) return Math.round(Number(text) * 1000);
  if (DATE_TIME.test(text) || text.endsWith('GMT')) return Date.parse(text);
  return NaN;
}

/** An instant (epoch milliseconds or a Date) in a format of the wire, as text; throws for what is no instant. */
export function formatTimestamp(value: unknown, format: TimestampFormat): string {
  const date = new Date(instant(value));
  switch (format) {
    case 'date-time': return date.toISOString().replace('.000Z', 'Z');
    case 'http-date': return date.toUTCString();
    default: return String(date.getTime() / 1000);
  }
}

/** Epoch milliseconds of what a service answered; anything that is no instant is the service's defect. */
export function instant(value: unknown): number {
  const ms = value instanceof Date ? value.getTime() : value;
  if (typeof ms === 'number' && Math.abs(ms) <= LIMIT) return ms;
  throw new TypeError(`a timestamp must be epoch milliseconds or a Date, got ${String(value)}`);
}

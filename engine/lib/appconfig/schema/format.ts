import { isIPv4, isIPv6 } from 'node:net';
import { isExpression } from './expression.ts';

interface Format {
  readonly fits: (text: string) => boolean;
  readonly complaint: string;
}

/** The formats of draft-04; every other name is ignored, as the library AWS uses does with a warning. */
const FORMATS: Readonly<Record<string, Format>> = {
  'date-time': { fits: isDateTime, complaint: "is invalid against requested date format(s) [yyyy-MM-dd'T'HH:mm:ssZ, yyyy-MM-dd'T'HH:mm:ss.[0-9]{1,12}Z]" },
  email: { fits: (text) => /^[^\s@]+@[^\s@]+$/.test(text), complaint: 'is not a valid email address' },
  hostname: { fits: isHostname, complaint: 'is not a valid hostname' },
  ipv4: { fits: isIPv4, complaint: 'is not a valid IPv4 address' },
  ipv6: { fits: (text) => isIPv6(text) && !text.includes('%'), complaint: 'is not a valid IPv6 address' },
  regex: { fits: isExpression, complaint: 'is not a valid ECMA 262 regular expression' },
  uri: { fits: (text) => /^[A-Za-z][A-Za-z0-9+.-]*:(?:[^\s<>"{}|\\^`%]|%[0-9A-Fa-f]{2})*$/.test(text), complaint: 'is not a valid URI' },
};

/** What a format has against a text; undefined when it fits or nobody knows the format. */
export function formatComplaint(format: string, text: string): string | undefined {
  const known = Object.hasOwn(FORMATS, format) ? FORMATS[format] : undefined;
  return known === undefined || known.fits(text) ? undefined : `string "${text}" ${known.complaint}`;
}

function isDateTime(text: string): boolean {
  const parts = /^(\d{4})-(\d\d)-(\d\d)[Tt](\d\d):(\d\d):(\d\d)(?:\.\d{1,12})?(?:[Zz]|[+-](\d\d):?(\d\d))$/.exec(text)?.slice(1).map(Number);
  if (!parts) return false;
  const [year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0, offsetHours = 0, offsetMinutes = 0] = parts;
  const last = new Date(Date.UTC(year, month, 0)).getUTCDate();
  return month >= 1 && month <= 12 && day >= 1 && day <= last && hour <= 23 && minute <= 59 && second <= 59 && !(offsetHours > 23) && !(offsetMinutes > 59);
}

function isHostname(text: string): boolean {
  return text.length <= 255 && text.split('.').every((label) => /^[A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?$/.test(label));
}

/** When a schedule fires: the first instant after one, in epoch milliseconds; undefined when never again. */
export interface Schedule {
  readonly next: (after: number) => number | undefined;
}

/** A schedule that AWS takes and the engine has not. */
export interface UnbuiltSchedule {
  readonly unbuilt: string;
}

const UNITS: Readonly<Record<string, number>> = { minute: 60_000, hour: 3_600_000, day: 86_400_000 };
const MONTHS = ['JAN', 'FEB', 'MAR', 'APR', 'MAY', 'JUN', 'JUL', 'AUG', 'SEP', 'OCT', 'NOV', 'DEC'];
const WEEKDAYS = ['SUN', 'MON', 'TUE', 'WED', 'THU', 'FRI', 'SAT'];
const YEARS: readonly [number, number] = [1970, 2199];

/**
 * Reads `rate(5 minutes)` or `cron(0 12 * * ? *)`; undefined for what is neither. A rate counts from the instant its rule was put.
 * Of cron, `L`, `W` and `#` are not built.
 */
export function parseSchedule(text: string): Schedule | UnbuiltSchedule | undefined {
  const rate = /^rate\(([1-9]\d*) (minute|hour|day)(s?)\)$/.exec(text);
  if (rate) {
    const [, count = '', unit = '', plural] = rate;
    if ((count === '1') !== (plural === '')) return undefined;
    return { next: (after) => after + Number(count) * (UNITS[unit] ?? 0) };
  }
  const fields = /^cron\(([^()]+)\)$/.exec(text)?.[1]?.trim().split(/\s+/);
  return fields?.length === 6 ? cron(fields) : undefined;
}

function cron(fields: readonly string[]): Schedule | UnbuiltSchedule | undefined {
  const [minute = '', hour = '', day = '', month = '', weekday = '', year = ''] = fields;
  if ((day === '?') === (weekday === '?')) return undefined;
  if (/[LW#]/.test(day) || /L|#/.test(weekday)) return { unbuilt: `L, W and # in ${day} ${weekday}` };
  const minutes = values(minute, 0, 59);
  const hours = values(hour, 0, 23);
  const days = day === '?' ? undefined : values(day, 1, 31);
  const months = values(month, 1, 12, MONTHS);
  const weekdays = weekday === '?' ? undefined : values(weekday, 1, 7, WEEKDAYS);
  const years = values(year, ...YEARS);
  if (!minutes || !hours || !months || !years || (day !== '?' && !days) || (weekday !== '?' && !weekdays)) return undefined;
  const fits = (date: Date): boolean =>
    months.has(date.getUTCMonth() + 1) && (days?.has(date.getUTCDate()) ?? true) && (weekdays?.has(date.getUTCDay() + 1) ?? true);
  return {
    next(after) {
      const start = new Date(Math.floor(after / 60_000) * 60_000 + 60_000);
      const date = new Date(Date.UTC(start.getUTCFullYear(), start.getUTCMonth(), start.getUTCDate()));
      for (; date.getUTCFullYear() <= YEARS[1]; date.setUTCDate(date.getUTCDate() + 1)) {
        if (!years.has(date.getUTCFullYear())) {
          const upcoming = [...years].filter((known) => known > date.getUTCFullYear());
          if (upcoming.length === 0) return undefined;
          date.setTime(Date.UTC(Math.min(...upcoming), 0, 0));
          continue;
        }
        const time = fits(date) ? timeOfDay(date, start, hours, minutes) : undefined;
        if (time !== undefined) return time;
      }
      return undefined;
    },
  };
}

function timeOfDay(date: Date, start: Date, hours: ReadonlySet<number>, minutes: ReadonlySet<number>): number | undefined {
  for (let hour = 0; hour < 24; hour += 1) {
    if (!hours.has(hour)) continue;
    for (let minute = 0; minute < 60; minute += 1) {
      const time = date.getTime() + (hour * 60 + minute) * 60_000;
      if (minutes.has(minute) && time >= start.getTime()) return time;
    }
  }
  return undefined;
}

/** The values a field allows; a range may wrap around. Undefined when it cannot be read. */
function values(field: string, low: number, high: number, names: readonly string[] = []): ReadonlySet<number> | undefined {
  const allowed = new Set<number>();
  const value = (text: string): number => {
    const named = names.indexOf(text.toUpperCase());
    const number = named >= 0 ? named + low : /^\d+$/.test(text) ? Number(text) : Number.NaN;
    return number >= low && number <= high ? number : Number.NaN;
  };
  for (const part of field.split(',')) {
    const [, range = '', step] = /^([^/]+)(?:\/(\d+))?$/.exec(part) ?? [];
    const [first = '', last] = range.split('-');
    const from = first === '*' ? low : value(first);
    const to = first === '*' || (last === undefined && step !== undefined) ? high : last === undefined ? from : value(last);
    const stride = Number(step ?? 1);
    if (Number.isNaN(from) || Number.isNaN(to) || stride === 0) return undefined;
    const length = (to >= from ? to : to + high - low + 1) - from;
    for (let offset = 0; offset <= length; offset += stride) allowed.add(low + ((from + offset - low) % (high - low + 1)));
  }
  return allowed;
}

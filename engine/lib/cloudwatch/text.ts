const WEEKDAYS = ['Sunday', 'Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday'];
const MONTHS = ['January', 'February', 'March', 'April', 'May', 'June', 'July', 'August', 'September', 'October', 'November', 'December'];

/** A double as CloudWatch's texts and reason data write it, which is Java's way: `50.0`, `1.0E7`. */
export function doubleText(value: number): string {
  const size = Math.abs(value);
  if (value === 0 || (size >= 1e-3 && size < 1e7)) return Number.isInteger(value) ? `${value}.0` : String(value);
  const [digits = '', exponent = ''] = value.toExponential().split('e');
  return `${digits.includes('.') ? digits : `${digits}.0`}E${Number(exponent)}`;
}

/** An instant as alarms' events and reason data write it: `2026-09-14T06:28:17.960+0000`. */
export function instantText(time: number): string {
  return new Date(time).toISOString().replace('Z', '+0000');
}

/** A data point's time as reasons write it: `14/09/26 06:28:10`. */
export function slotText(time: number): string {
  const [, year, month, day, clock] = /^..(..)-(..)-(..)T(.{8})/.exec(new Date(time).toISOString()) ?? [];
  return `${day}/${month}/${year} ${clock}`;
}

/** An instant as composite alarms' reasons write it: `Monday 14 September, 2026 06:28:17 UTC`. */
export function longText(time: number): string {
  const date = new Date(time);
  const day = String(date.getUTCDate()).padStart(2, '0');
  return `${WEEKDAYS[date.getUTCDay()]} ${day} ${MONTHS[date.getUTCMonth()]}, ${date.getUTCFullYear()} ${date.toISOString().slice(11, 19)} UTC`;
}

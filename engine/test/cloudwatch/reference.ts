import type { Missing } from '../../lib/cloudwatch/rule.ts';

/**
 * A second opinion on an alarm of one-minute periods, written from the user guide's words and without a look at the engine's: it makes up what the
 * missing points could have been. The picture has one mark a minute, oldest first: O good, X breaching, - missing.
 */
export function slowly(picture: string, n: number, m: number, missing: Missing): string {
  const seen = picture.slice(-(n + 2));
  const marks = seen.split('').filter((mark) => mark !== '-').slice(-n);
  const gaps = n - marks.length;
  const alarming = (window: readonly string[]): boolean => window.filter((mark) => mark === 'X').length >= m;
  if (missing === 'breaching') return alarming([...marks, ...Array<string>(gaps).fill('X')]) ? 'ALARM' : 'OK';
  if (missing === 'notBreaching') return alarming([...marks, ...Array<string>(gaps).fill('O')]) ? 'ALARM' : 'OK';
  if (alarming(marks)) return 'ALARM';
  if (marks.includes('O')) return 'OK';
  if (missing === 'ignore') return 'keep';
  if (marks.length === 0) return 'INSUFFICIENT_DATA';
  return seen.length - seen.indexOf('X') >= m ? 'ALARM' : 'keep';
}

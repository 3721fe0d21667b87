import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Status } from '../../lib/cli/report.ts';
import { HumanView } from '../../lib/cli/views/human.ts';
import { cells } from '../../lib/cli/views/layout.ts';
import { styleOf, type Size } from '../../lib/cli/views/terminal.ts';

const BEGAN = Date.parse('2026-01-01T00:00:00Z');

/** What status tells some minutes after a deployment over 10 minutes began. */
function status(minutes: number, percent: number, more: Partial<Status> = {}, last = false): Parameters<HumanView['show']>[0] {
  const newest = {
    number: 7, state: last ? 'COMPLETE' : 'DEPLOYING', profile: 'p', version: '3', startedAt: BEGAN, percent, log: [{ type: 'DEPLOYMENT_COMPLETED', by: 'APPCONFIG', at: BEGAN + minutes * 60_000, text: 'It is complete' }],
    strategy: { growthType: 'LINEAR', growthFactor: 50, durationMinutes: 10, bakeMinutes: 5 },
  } as const;
  const one: Status = { place: 'orders/production', base: { deployment: 6, version: '2', digest: null, latest: 3 }, newest, ...more };
  return { kind: 'report', report: { kind: 'status', statuses: [one], now: BEGAN + minutes * 60_000, watched: true, last } };
}

const VERDICT = { judgedAt: '2026-01-01T00:04:00Z', kind: 'continue', reason: 'nothing differs so far that chance would not explain as well, and as little is seen, it takes more minutes', blind: null, overridden: false };
const COUNTS = { canary: { digest: `sha256:${'a'.repeat(64)}`, started: 1200, failed: 6 }, control: { digest: `sha256:${'b'.repeat(64)}`, started: 10_800, failed: 54 } };
const LOOKS = [status(1, 0), status(4, 10, { counts: COUNTS, verdict: VERDICT, switchedOff: ['orders-production'] }), status(15, 100, {}, true)];

/** What a terminal shows after some writes: of ECMA-48, cursor up and erase below. */
function screenOf(writes: readonly string[]): string[] {
  let lines: string[] = [''];
  for (const text of writes) {
    const [, up, rest = text] = /^\u001B\[(\d+)A\u001B\[0J([^]*)$/.exec(text) ?? [];
    if (up !== undefined) lines = lines.slice(0, Math.max(0, lines.length - 1 - Number(up)));
    else lines.pop();
    lines.push(...rest.split('\n'));
  }
  return lines.slice(0, -1);
}

/** Every row that a terminal of some size has shown, those that left it at the top included, when it has got some writes. */
function rowsOf(writes: readonly string[], { columns, rows }: Size): string[] {
  const all = [''];
  let [at, column] = [0, 0];
  const down = (): void => {
    [at, column] = [at + 1, 0];
    if (at === all.length) all.push('');
  };
  for (const [whole, up, one = ''] of writes.join('').matchAll(/\u001B\[(\d+)A|\u001B\[0J|([^])/gu)) {
    // The cursor stays on the screen; what is above it is out of reach.
    if (up !== undefined) at = Math.max(at - Number(up), Math.max(0, all.length - rows));
    else if (whole === '\u001B[0J') all.splice(at, Infinity, '');
    else if (one === '\n') down();
    else {
      const width = cells(one);
      if (column + width > columns) down();
      all[at] += one;
      column += width;
    }
  }
  return all;
}

function shown(inPlace: boolean, looks = LOOKS, size?: Size): string[] {
  const written: string[] = [];
  const view = new HumanView({ out: (text) => { written.push(`${text}\n`); }, err: () => undefined, style: styleOf(false, false), watched: false, inPlace, ...(size === undefined ? {} : { size: () => size }) });
  for (const look of looks) view.show(look);
  return written;
}

describe('a status that is watched', () => {
  test('is drawn over itself on a terminal, whatever it grows or shrinks to', () => {
    for (const some of [LOOKS, LOOKS.slice(0, 2), [...LOOKS].reverse(), [LOOKS[1]!, LOOKS[1]!]]) expect(screenOf(shown(true, some))).toEqual(screenOf(shown(true, some.slice(-1))));
  });

  test('leaves nothing behind on a terminal that is narrower or lower than what it shows, and shows all of it at the end', () => {
    const wide = status(4, 10, { place: 'orders/生产', counts: COUNTS, provenance: { commit: 'a'.repeat(40), subject: '把所有重试次数提高到五次，并把超时时间缩短一半以便更快失败', author: null } as NonNullable<Status['provenance']> });

    fc.assert(fc.property(fc.record({ columns: fc.integer({ min: 20, max: 100 }), rows: fc.integer({ min: 5, max: 30 }) }), fc.array(fc.constantFrom(...LOOKS.slice(0, 2), wide), { minLength: 1, maxLength: 5 }), fc.constantFrom(LOOKS[2]!, wide), (size, before, last) => {
      const rows = rowsOf(shown(true, [...before, last], size), size);

      expect(rows).toEqual(rowsOf(shown(true, [last], size), size));
      expect(last === LOOKS[2] ? rows.join('') : 'It is complete').toContain('It is complete');
    }));
  });

  test('lets nothing that a commit says move the terminal', () => {
    const text = shown(true, [status(1, 0, { provenance: { commit: 'b'.repeat(40), subject: 'Raise \u001B[2J\u001B]0;owned\u0007\r\u009B1A it', author: 'Ada' } as NonNullable<Status['provenance']> })]).join('');

    expect(text).toContain('bbbbbbb Raise \uFFFD[2J\uFFFD]0;owned\uFFFD\uFFFD\uFFFD1A it (Ada)');
  });

  test('shows stage, exposure, what comes next, counts by epoch, the judge\'s last word and an alarm that is switched off, at 80 columns', () => {
    const lines = screenOf(shown(true, LOOKS.slice(0, 2)));

    expect(lines).toEqual([
      'orders/production  live: version 2, not released by sluice',
      '  switched off: orders-production takes nothing back until its actions are',
      '  enabled again',
      '  DEPLOYING  deployment 7, not released by sluice',
      '  ###...........................    10 %   100 % in 3 min, over in 11 min',
      '  new  aaaaaaaaaaaa      1,200 executions, 6 bad (0.5 %)',
      '  old  bbbbbbbbbbbb     10,800 executions, 54 bad (0.5 %)',
      '  judge  continue at 00:04:00: nothing differs so far that chance would',
      '         not explain as well, and as little is seen, it takes more minutes',
    ]);
    expect(Math.max(...lines.map(({ length }) => length))).toBeLessThanOrEqual(80);
  });

  test('says what became of executions that ran when their epoch was rolled back', () => {
    const counts = { canary: { ...COUNTS.canary, moved: 12, recalled: 3 }, control: COUNTS.control };

    expect(screenOf(shown(true, [status(15, 100, { counts })]))[4]).toBe('                     since it was rolled back, 12 moved away, 3 failed');
  });

  test.each([
    [null, '  no judge: guards alone take a release back'],
    [['alpha 0.05', 'after.alpha 0.01'], '  judged by alpha 0.05; after.alpha 0.01'],
  ])('says how the environment judges where that is not as usual: %j', (judge, line) => {
    expect(screenOf(shown(true, [status(1, 0, { judge })]))[1]).toBe(line);
    expect(shown(true, [status(1, 0)]).join('')).not.toContain('judge');
  });

  test('is a line for each change where nothing can be drawn over, and everything at the end', () => {
    const text = shown(false, [LOOKS[0]!, LOOKS[0]!, LOOKS[1]!, LOOKS[2]!]).join('');

    expect(text.split('\n').filter((line) => line.includes('  deployment 7'))).toEqual([
      '00:01:00  orders/production  deployment 7 DEPLOYING 0 %',
      '00:04:00  orders/production  deployment 7 DEPLOYING 10 %, judge: continue',
      '00:15:00  orders/production  deployment 7 COMPLETE 100 %',
      '  COMPLETE  deployment 7, not released by sluice',
    ]);
    expect(text).not.toContain('\u001B');
  });
});

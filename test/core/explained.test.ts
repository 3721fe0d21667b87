import * as fc from 'fast-check';
import { describe, expect, it, test } from 'vitest';
import { decideAftermath } from '../../lib/core/index.ts';
import type { JudgedRecord } from '../../lib/core/judged.ts';
import { afterglowMs, apartFrom, explained, exposuresOf, shiftInFlight } from '../../lib/core/shift/explain.ts';
import type { ShiftRecord, ShiftState } from '../../lib/core/shift/record.ts';

const MINUTE = 60_000;
const BEGAN = Date.parse('2026-01-01T00:00:00Z');
const SETTLE = 5 * MINUTE;

/** A shift whose new version got its first executions at minute 1; `minutes` is when it was over, `looked` when a controller last looked at it. */
function shift(state: ShiftState, minutes?: number, moved = true, looked = 700): ShiftRecord {
  const at = (minute: number): string => new Date(BEGAN + minute * MINUTE).toISOString();
  const log = [{ at: at(0), state: 'claimed', weight: 0, text: '' }, ...(moved ? [{ at: at(1), state: 'growing', weight: 10, text: '' }] : [])];
  return { shift: 2, workflow: 'orders', from: 'orders:1', to: 'orders:2', state, lookedAt: at(looked), endedAt: minutes === undefined ? null : at(minutes), log } as unknown as ShiftRecord;
}

function kindOf(records: readonly ShiftRecord[], rangAt: number, now: number): string | undefined {
  return explained(exposuresOf(records, BEGAN + now * MINUTE), { rangAt: BEGAN + rangAt * MINUTE, now: BEGAN + now * MINUTE, settleWithinMs: SETTLE })?.kind;
}

describe('an alarm beside a shift', () => {
  test.each<[string, 'now' | 'no-more' | undefined, ShiftRecord[], number, number]>([
    ['nothing shifts', undefined, [], 5, 5],
    ['the new version has executions', 'now', [shift('growing')], 5, 5],
    ['it bakes, for hours', 'now', [shift('baking')], 300, 400],
    ['the alias goes back', 'now', [shift('returning')], 5, 6],
    ['deployments are refused already, and nothing has moved', undefined, [shift('claimed', undefined, false)], 1, 1],
    ['it rang before the new version had executions', undefined, [shift('growing')], 0.5, 30],
    ['it went back a moment ago', 'now', [shift('rolled-back', 8)], 5, 9],
    ['its last executions may still run', 'now', [shift('rolled-back', 8)], 5, 8 + 1 + 5 + 10],
    ['it rings although they are over', 'no-more', [shift('rolled-back', 8)], 5, 8 + 1 + 5 + 10.1],
    ['it rang while they were running out, and still does', 'no-more', [shift('aborted', 8)], 20, 40],
    ['it rang long after the shift', undefined, [shift('complete', 8)], 60, 60],
    ['nobody leads it any more, and its last executions may still run', 'now', [shift('growing', undefined, true, 20)], 5, 20 + 15 + 5 + 10],
    ['nobody leads it any more', 'no-more', [shift('growing', undefined, true, 20)], 5, 20 + 15 + 5 + 10.1],
    ['it rang long after anybody led it', undefined, [shift('growing', undefined, true, 20)], 60, 60],
    ['a later shift of another workflow goes on', 'now', [shift('rolled-back', 8), shift('growing')], 9, 60],
  ])('when %s: %s', (_, kind, records, rangAt, now) => {
    expect(kindOf(records, rangAt, now)).toBe(kind);
  });

  it('is explained for as long as executions are waited for, and then no more, whenever it rang', () => {
    fc.assert(fc.property(fc.integer({ min: 2, max: 600 }), fc.integer({ min: 1, max: 700 }), fc.integer({ min: 0, max: 700 }), (ends, rangAt, later) => {
      const known = kindOf([shift('rolled-back', ends)], rangAt, rangAt + later);
      const last = ends + afterglowMs(SETTLE) / MINUTE;

      expect(known).toBe(rangAt > last ? undefined : rangAt + later <= last ? 'now' : 'no-more');
    }));
  });
});

describe('a comparison beside a shift', () => {
  const bad = { overTime: { kind: 'roll-back', reason: 'it is worse' }, verdict: { kind: 'continue' } } as unknown as JudgedRecord;

  it('takes nothing back while the new version has executions, and does when it is over', () => {
    const decide = (records: readonly ShiftRecord[]): unknown => decideAftermath(7, bad, { whenBegan: 'OK', override: undefined, shift: shiftInFlight(exposuresOf(records)) });

    expect(decide([shift('growing')])).toEqual({ kind: 'leave', deployment: 7, because: 'shifting', reason: 'the new version may be to blame: shift 2 of orders from version 1 to version 2 (growing)' });
    expect([decide([shift('claimed', undefined, false)]), decide([shift('rolled-back', 8)]), decide([])]).toEqual(Array.from({ length: 3 }, () => expect.objectContaining({ kind: 'revert' })));
  });

  it('goes by no window in which an execution may have begun on a new version', () => {
    const windows = Array.from({ length: 8 }, (_, n) => ({ start: BEGAN + (n - 2) * 5 * MINUTE, end: BEGAN + (n - 1) * 5 * MINUTE }));
    const left = (records: readonly ShiftRecord[]): number[] => apartFrom(exposuresOf(records), windows).map(({ start }) => (start - BEGAN) / MINUTE);

    expect(left([shift('rolled-back', 8)])).toEqual([-10, -5, 10, 15, 20, 25]);
    expect(left([shift('rolled-back', 9)])).toEqual([-10, -5, 15, 20, 25]);
    expect(left([shift('growing')])).toEqual([-10, -5]);
    expect(left([])).toHaveLength(8);
  });
});

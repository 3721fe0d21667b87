import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { formatRolledBack, parseRolledBack, ROLLED_BACK_MOST, rolledBackBy, sameRolledBack, type Deployment, type DeploymentState, type RolledBackEpoch } from '../../lib/core/index.ts';

const NOW = Date.parse('2026-01-02T03:04:05.000Z');
const AT = { profile: 'settings', now: NOW };

/** Deployments by number: which version each deployed, and what became of it. */
function listed(...all: readonly (readonly [number: number, version: string, state: DeploymentState])[]): Deployment[] {
  return all.map(([number, version, state]) => ({ number, version, state, profile: 'settings', startedAt: number }));
}

function named(epochs: readonly RolledBackEpoch[]): string[] {
  return epochs.map(({ version, deployment, state }) => `${version} by ${deployment}: ${state}`);
}

describe('the epochs that are taken back', () => {
  test.each<[string, Deployment[], string[]]>([
    ['are those whose newest deployment was', listed([1, '1', 'COMPLETE'], [2, '2', 'ROLLED_BACK'], [3, '3', 'REVERTED']), ['2 by 2: ROLLED_BACK', '3 by 3: REVERTED']],
    ['are so from the moment they begin to be', listed([1, '1', 'COMPLETE'], [2, '2', 'ROLLING_BACK']), ['2 by 2: ROLLED_BACK']],
    ['are no older good ones', listed([1, '1', 'COMPLETE'], [2, '2', 'COMPLETE'], [3, '3', 'DEPLOYING']), []],
    ['are none that is being deployed again', listed([1, '1', 'COMPLETE'], [2, '2', 'ROLLED_BACK'], [3, '2', 'DEPLOYING']), []],
    ['are none that came through the second time', listed([1, '1', 'COMPLETE'], [2, '2', 'ROLLED_BACK'], [3, '2', 'COMPLETE']), []],
    ['are none that was good before its deployment was tried once more', listed([1, '1', 'COMPLETE'], [2, '2', 'COMPLETE'], [3, '1', 'ROLLED_BACK']), []],
    ['are told by the last of several attempts', listed([1, '1', 'COMPLETE'], [2, '2', 'ROLLED_BACK'], [3, '2', 'REVERTED']), ['2 by 3: REVERTED']],
    ['are none of other profiles', [{ ...listed([4, '9', 'ROLLED_BACK'])[0]!, profile: 'switches' }], []],
  ])('%s', (_, deployments, expected) => {
    expect(named(rolledBackBy([], deployments, AT))).toEqual(expected);
  });

  test('are believed of who took one back before AppConfig lists it, and not of who is late', () => {
    const before = listed([1, '1', 'COMPLETE'], [2, '2', 'COMPLETE']);
    const after = listed([1, '1', 'COMPLETE'], [2, '2', 'REVERTED']);

    expect(named(rolledBackBy([], before, { ...AT, told: { deployment: 2, state: 'REVERTED' } }))).toEqual(['2 by 2: REVERTED']);
    expect(named(rolledBackBy([], after, { ...AT, told: { deployment: 2, state: 'COMPLETE' } }))).toEqual(['2 by 2: REVERTED']);
  });

  test('stay when a list is old, when AppConfig lists them no more, and keep when they were seen first', () => {
    const [known] = rolledBackBy([], listed([2, '2', 'ROLLED_BACK']), AT);

    expect(rolledBackBy([known!], listed([1, '1', 'COMPLETE'], [2, '2', 'BAKING']), { ...AT, now: NOW + 1 })).toEqual([known]);
    expect(rolledBackBy([known!], listed([90, '70', 'COMPLETE']), { ...AT, now: NOW + 1 })).toEqual([known]);
    expect(known).toEqual({ version: '2', deployment: 2, state: 'ROLLED_BACK', seenAt: '2026-01-02T03:04:05.000Z' });
  });

  test('are the newest ones, when there are very many', () => {
    const many = listed(...Array.from({ length: 300 }, (_, n) => [n + 1, String(n + 1), 'ROLLED_BACK'] as const));

    const epochs = rolledBackBy([], many, AT);

    expect([epochs.length, epochs[0]?.deployment, epochs.at(-1)?.deployment]).toEqual([ROLLED_BACK_MOST, 101, 300]);
  });

  test('are the same however often they are looked at, and never one that readers get', () => {
    const state = fc.constantFrom<DeploymentState>('COMPLETE', 'ROLLED_BACK', 'REVERTED', 'DEPLOYING');
    const history = fc.array(fc.tuple(fc.constantFrom('1', '2', '3'), state), { maxLength: 8 }).map((all) => listed(...all.map(([version, one], index) => [index + 1, version, one] as const)));

    fc.assert(fc.property(history, fc.nat({ max: 8 }), (deployments, seen) => {
      const epochs = rolledBackBy([], deployments, AT);
      const again = rolledBackBy(rolledBackBy([], deployments.slice(0, seen), AT), deployments, { ...AT, now: NOW + 60_000 });

      expect(sameRolledBack(again, epochs)).toBe(true);
      const read = deployments.findLast((one) => one.state === 'COMPLETE')?.version;
      expect(epochs.map(({ version }) => version)).not.toContain(read ?? 'none');
    }));
  });
});

describe('their record', () => {
  test('is read as it was written, and what is none is nothing', () => {
    const epochs = rolledBackBy([], listed([2, '2', 'ROLLED_BACK']), AT);
    const bytes = formatRolledBack({ sluice: 1, application: 'shop', environment: 'prod', profile: 'settings', epochs });

    expect(parseRolledBack(bytes)).toEqual(epochs);
    for (const text of ['', '{"sluice":2,"epochs":[]}', '{"sluice":1}']) expect(parseRolledBack(Buffer.from(text))).toBeUndefined();
  });
});

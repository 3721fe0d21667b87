import { describe, expect, it } from 'vitest';
import { demandsOf, unmet } from '../../lib/core/consent.ts';
import type { ApprovalRules } from '../../lib/core/rules.ts';

const RULES: ApprovalRules = {
  owners: [{ documents: '*', owners: ['@ops'], approvals: 1 }, { documents: 'limits', owners: ['@risk', 'eve@example.org'], approvals: 2 }, { documents: 'notes*', owners: ['@ops'], approvals: 0 }],
  people: { '@risk': ['AROARISK:*'], '@ops': ['*:ada@example.org', 'AIDABOB'] },
};
const by = (...who: string[]): { by: string; at: string; who: string }[] => who.map((one) => ({ by: one, at: '', who: one }));

describe('what must be approved', () => {
  it('is by the last entry that fits a changed document', () => {
    expect(demandsOf(RULES, ['limits', 'hosts', 'notes-1'], false)).toEqual([
      { document: 'limits', owners: ['@risk', 'eve@example.org'], approvals: 2 },
      { document: 'hosts', owners: ['@ops'], approvals: 1 },
    ]);
  });

  it('is everything that anybody must approve when the approvals themselves change', () => {
    expect(demandsOf(RULES, [], true)).toEqual([{ document: 'sluice.yaml', owners: ['@ops'], approvals: 1 }, { document: 'sluice.yaml', owners: ['@risk', 'eve@example.org'], approvals: 2 }]);
  });
});

describe('approvals', () => {
  const limits = demandsOf(RULES, ['limits'], false);
  const table: [string, string[], number][] = [
    ['of nobody', [], 0],
    ['of somebody else', ['AROAOPS:ada@example.org', 'AIDABOB'], 0],
    ['of one owner', ['AROARISK:joe'], 1],
    ['of one owner in two roles', ['AROARISK:eve@example.org', 'AROAOTHER:eve@example.org'], 1],
    ['of somebody who calls a session like a role', ['AROAOTHER:AROARISK:joe'], 0],
  ];

  it.each(table)('%s are too few', (_, who, got) => {
    expect(unmet(limits, by(...who), RULES.people)).toEqual([{ ...limits[0], got }]);
  });

  it('of two owners, by the pattern of their team and by the name of their session, are enough', () => {
    expect(unmet(limits, by('AROARISK:joe', 'AROAOTHER:eve@example.org'), RULES.people)).toEqual([]);
  });

  it('without an identity count for nobody', () => {
    expect(unmet(limits, [{ by: '@risk', at: '' }, { by: 'eve@example.org', at: '' }], RULES.people)).toMatchObject([{ got: 0 }]);
  });
});

import { readFileSync } from 'node:fs';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { describe, expect, test } from 'vitest';
import { completeRules, ownRules, parseEnvironmentRecord, type JudgeRules } from '../../lib/core/index.ts';
import { keptBytes } from '../../lib/core/kept.ts';
import { parseSeedProperties } from '../../lib/core/seed.ts';

const validate = new Ajv2020({ strict: true, allowUnionTypes: true }).compile(JSON.parse(readFileSync('schemas/environment.schema.json', 'utf8')) as object);
const PROPERTIES = { ApplicationId: 'abc1234', EnvironmentId: 'def5678', ProfileId: 'ghi9012', ProfileName: 'orders-production', Bucket: 'assets', Key: 'seed.json', Strategy: 'AppConfig.AllAtOnce', Application: 'orders', Environment: 'production' };

function recordOf(judgement?: object): ReturnType<typeof parseSeedProperties>['record'] {
  return parseSeedProperties({ ...PROPERTIES, ...(judgement === undefined ? {} : { Judgement: JSON.stringify(judgement) }) }).record;
}

describe('the record of an environment', () => {
  test.each([
    ['with rules', { judge: completeRules({ alpha: 0.05 }), slowerThanMs: 3000, settleWithinMs: 120_000 }],
    ['with a rule only, the rest being the usual ones', { judge: { alpha: 0.05 }, slowerThanMs: null, settleWithinMs: 120_000 }],
    ['without a judge', { judge: null, slowerThanMs: null, settleWithinMs: 300_000 }],
  ])('is made of what the stack says, by its contract, and is read again: %s', (_, judgement) => {
    const record = recordOf(judgement)!;

    expect(record).toMatchObject({ application: 'orders', applicationId: 'abc1234', environment: 'production', environmentId: 'def5678', profile: 'orders-production', ...judgement });
    expect(validate(record), JSON.stringify(validate.errors)).toBe(true);
    expect(parseEnvironmentRecord(keptBytes(record))).toEqual(record);
  });

  test('says what must be shown first, where something must', () => {
    const judgement = { Judgement: JSON.stringify({ judge: null, slowerThanMs: null, settleWithinMs: 300_000 }) };
    const { record } = parseSeedProperties({ ...PROPERTIES, ...judgement, Shadow: '{"executions":5,"withinMs":1000}' });

    expect(record?.shadow).toEqual({ executions: 5, withinMs: 1000 });
    expect(validate(record), JSON.stringify(validate.errors)).toBe(true);
    expect(() => parseSeedProperties({ ...PROPERTIES, ...judgement, Shadow: '{"executions":0,"withinMs":1000}' })).toThrow('SLUICE-SHADOW-7');
  });

  test('is none in a stack that an earlier version deployed, and none of rules that make no sense', () => {
    expect(recordOf()).toBeUndefined();
    expect(() => recordOf({ judge: { alpha: 0 }, slowerThanMs: null, settleWithinMs: 1 })).toThrow('SLUICE-JUDGE-6');
    expect(['{', '{}', '{"sluice":1,"judge":7,"settleWithinMs":1}', '{"sluice":1,"judge":null}'].map((text) => parseEnvironmentRecord(Buffer.from(text)))).toEqual([undefined, undefined, undefined, undefined]);
  });

  test.each<[JudgeRules, string[]]>([
    [{}, []],
    [{ alpha: 0.05, onNoData: 'roll-back', after: { tolerate: 2 } }, ['alpha 0.05', 'onNoData roll-back', 'after.tolerate 2']],
    [{ metrics: { ExecutionsFailed: {}, Refunds: { weight: 3 } } }, ['metrics ExecutionsFailed, Refunds']],
  ])('tells which rules are its own: %j', (rules, own) => {
    expect(ownRules(completeRules(rules))).toEqual(own);
  });
});

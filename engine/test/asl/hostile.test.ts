import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { Cancellation, compile, execute, findJsonFault, refusedFeatures, validateDefinition, variableReferences, type Outcome } from '../../lib/states/asl/index.ts';

const FIELDS = [
  'Type', 'Next', 'End', 'Comment', 'InputPath', 'OutputPath', 'ResultPath', 'ResultSelector', 'Parameters', 'Result', 'Assign', 'Resource', 'Retry', 'Catch', 'Choices', 'Default', 'Variable', 'And', 'Or', 'Not',
  'NumericEquals', 'StringMatches', 'IsPresent', 'Seconds', 'SecondsPath', 'Timestamp', 'Branches', 'ItemProcessor', 'Iterator', 'ItemsPath', 'ItemSelector', 'MaxConcurrency', 'Error', 'ErrorPath', 'ErrorEquals',
  'MaxAttempts', 'StartAt', 'States', 'A', 'B', 'x.$', 'QueryLanguage', 'ProcessorConfig', '__proto__', 'constructor',
];
const TEXTS = [
  'A', 'B', 'Pass', 'Task', 'Choice', 'Wait', 'Parallel', 'Map', 'Succeed', 'Fail', '$', '$.a', '$$', '$$.Map.Item', '$v.x', '$.a[?(@.b =~ /(/)]', '$.a[*]', '$..', '$[', 'States.UUID()', 'States.Format(\'{', 'States.Array($.a, $[)',
  'arn:aws:states:::lambda:invoke', 'States.ALL', 'JSONata', '2026-02-30T00:00:00Z', '', '__proto__',
];

const { value } = fc.letrec<{ value: unknown }>((tie) => ({
  value: fc.oneof({ maxDepth: 6, depthSize: 'large' },
    fc.constantFrom<unknown>(...TEXTS, 0, -1, 1.5, true, false, null),
    fc.array(tie('value'), { maxLength: 3 }),
    fc.dictionary(fc.constantFrom(...FIELDS), tie('value'), { maxKeys: 6 })),
}));
/** Sound states of each type, to which anything may happen. */
const SOUND = [
  { Type: 'Pass', End: true }, { Type: 'Task', Resource: 'arn:aws:states:::lambda:invoke', Next: 'B' }, { Type: 'Choice', Choices: [{ Variable: '$.a', IsPresent: true, Next: 'B' }], Default: 'B' },
  { Type: 'Wait', Seconds: 1, Next: 'B' }, { Type: 'Parallel', Branches: [{ StartAt: 'C', States: { C: { Type: 'Pass', End: true } } }], Next: 'B' }, { Type: 'Fail' },
  { Type: 'Map', ItemProcessor: { StartAt: 'C', States: { C: { Type: 'Pass', End: true } } }, Next: 'B' }, { Type: 'Succeed' },
];
const state = fc.tuple(fc.constantFrom(...SOUND), fc.dictionary(fc.constantFrom(...FIELDS), value, { maxKeys: 2 })).map(([sound, change]) => ({ ...sound, ...change }));
const machine = fc.record({ StartAt: fc.constant('A'), States: fc.record({ A: state, B: state }, { requiredKeys: ['A'] }) });

/** Runs on a port where no time passes: what a definition does matters here, not when. */
async function run(text: string, input: unknown): Promise<Outcome> {
  return execute(compile(text), {
    input: JSON.stringify(input), roleArn: 'role',
    context: { Execution: { Id: 'arn:aws:states:us-east-1:111111111111:execution:m:e', Name: 'e', RoleArn: 'role', StartTime: '2026-01-01T00:00:00.000Z' }, StateMachine: { Id: 'm', Name: 'm' } },
  }, {
    now: () => 0, random: () => 0.5, uuid: () => 'id', record: () => undefined,
    sleep: (ms) => (ms > 0 ? Promise.resolve() : Promise.reject(new Error(`slept for ${ms} ms`))),
    invokeTask: async (call) => ({ kind: 'succeeded', output: call.inputText }),
  }, new Cancellation());
}

describe('whatever is given as a definition', () => {
  test('is judged, never thrown at, and what is not refused compiles', () => {
    let compiled = 0;
    fc.assert(fc.property(fc.oneof(value, machine), (definition) => {
      const text = JSON.stringify(definition);

      const refused = validateDefinition(text).length > 0;
      if (refused) return;
      variableReferences(text);
      if (refusedFeatures(text).length > 0) return;
      compiled += 1;
      compile(text);
    }), { numRuns: 5000, seed: 1 });
    expect(compiled).toBeGreaterThan(100);
  });

  test('and is accepted runs to an end, whatever the input', async () => {
    const ends = new Map<string, number>();
    await fc.assert(fc.asyncProperty(machine, value, async (definition, input) => {
      const text = JSON.stringify(definition);
      fc.pre(validateDefinition(text).length === 0 && refusedFeatures(text).length === 0);

      const { status } = await run(text, input);

      ends.set(status, (ends.get(status) ?? 0) + 1);
    }), { numRuns: 150, maxSkipsPerRun: 1000 });
    expect([...ends.keys()].sort()).toEqual(['FAILED', 'SUCCEEDED']);
  });

  test('is found to be no JSON exactly when it is none', () => {
    fc.assert(fc.property(fc.oneof(fc.string(), fc.json(), fc.tuple(fc.json(), fc.nat()).map(([json, at]) => json.slice(0, at % (json.length + 1)))), (text) => {
      let valid = true;
      try {
        JSON.parse(text);
      } catch {
        valid = false;
      }

      const fault = findJsonFault(text);

      expect(fault === undefined).toBe(valid);
      expect(fault?.column ?? 1).toBeGreaterThan(0);
    }), { numRuns: 2000 });
  });
});

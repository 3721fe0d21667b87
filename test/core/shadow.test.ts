import fc from 'fast-check';
import { describe, expect, it, test } from 'vitest';
import { Answers, checkedDemand, compared, concluded, differencesOf, parseShadow, formatShadow, pureStates, recordingOf, unshown, type Compared, type Ending, type OutcomeKind, type PastEvent, type ShadowRecord } from '../../lib/core/shadow/index.ts';

const PIN = { sluice: 1, application: 'a', environment: 'e', profile: 'p', version: '1', digest: `sha256:${'0'.repeat(64)}`, entity: 'x' };

describe('differences of JSON', () => {
  it('are none between a value and itself, however its keys are ordered', () => {
    fc.assert(fc.property(fc.jsonValue(), (value) => {
      const text = JSON.stringify(value);
      const turned: unknown = JSON.parse(text, (_, member: unknown) => (typeof member === 'object' && member !== null && !Array.isArray(member) ? Object.fromEntries(Object.entries(member).reverse()) : member));
      expect(differencesOf(JSON.parse(text), turned)).toEqual([]);
    }));
  });

  it('are as many in one direction as in the other, and some unless the values are equal', () => {
    fc.assert(fc.property(fc.jsonValue(), fc.jsonValue(), (one, other) => {
      const [there, back] = [differencesOf(one, other), differencesOf(other, one)];
      expect(there.map(({ path }) => path)).toEqual(back.map(({ path }) => path));
    }));
  });

  it.each([
    ['a member', { a: 1, b: [1, { c: 2 }] }, { a: 1, b: [1, { c: 3 }] }, [{ path: 'b[1].c', before: 2, after: 3 }]],
    ['what is gone', { a: 1 }, {}, [{ path: 'a', before: 1 }]],
    ['a shorter list', [1, 2], [1], [{ path: '[1]', before: 2 }]],
    ['null for nothing', { a: null }, {}, [{ path: 'a', before: null }]],
    ['which epoch a pin names, which is none', { pin: PIN }, { pin: { ...PIN, version: '2', digest: `sha256:${'1'.repeat(64)}` } }, []],
    ['whose pin it is', { pin: PIN }, { pin: { ...PIN, application: 'b' } }, [{ path: 'pin.application', before: 'a', after: 'b' }]],
  ])('tell %s', (_, before, after, differences) => {
    expect(differencesOf(before, after)).toEqual(differences);
  });
});

describe('answers', () => {
  const answer = (output: string) => ({ kind: 'succeeded', output, afterMs: 1 }) as const;
  const attempt = (state: string, input: string, output: string, resource = 'arn:aws:lambda:r:1:function:f:1') => ({ state, resource, input, answer: answer(output) });

  it('are given once: by state and input, else to the same function under another name, else the next of the state', () => {
    const answers = new Answers([attempt('A', '1', 'a1'), attempt('A', '2', 'a2'), attempt('B', '7', 'b7')]);

    expect(answers.take({ state: 'A', resource: 'f', input: '2' })).toEqual(answer('a2'));
    expect(answers.take({ state: 'C', resource: 'arn:aws:lambda:r:1:function:f:9', input: '7' })).toEqual(answer('b7'));
    expect(answers.take({ state: 'A', resource: 'f', input: '3' })).toEqual(answer('a1'));
    expect(answers.other).toEqual([{ state: 'A', differences: [{ path: '', before: 1, after: 3 }] }]);
    expect(answers.take({ state: 'A', resource: 'f', input: '1' })).toBeUndefined();
    expect(answers.take({ state: 'New', resource: 'g', input: '1' })).toBeUndefined();
    expect(answers.unanswered).toEqual([{ state: 'A', isNew: false }, { state: 'New', isNew: true }]);
  });

  it('name the epoch of the candidate in every pin', () => {
    const epoch = { version: '2', digest: `sha256:${'1'.repeat(64)}` } as const;

    const given = new Answers([attempt('Pin', '1', JSON.stringify(PIN))], epoch).take({ state: 'Pin', resource: 'f', input: '1' });

    expect(given).toMatchObject({ kind: 'succeeded', output: JSON.stringify({ ...PIN, ...epoch }) });
  });
});

test.each<[string, PastEvent[], string]>([
  ['does not begin', [], 'its history does not begin with its start'],
  ['was stopped', [event(1, 'ExecutionStarted'), event(2, 'ExecutionAborted')], 'somebody stopped it'],
  ['goes on', [event(1, 'ExecutionStarted'), event(2, 'PassStateEntered')], 'it has not ended'],
  ['was redriven', [event(1, 'ExecutionStarted'), event(2, 'ExecutionFailed'), event(3, 'ExecutionRedriven'), event(4, 'ExecutionSucceeded')], 'it was redriven'],
  ['is truncated', [{ ...event(1, 'ExecutionStarted'), details: { inputDetails: { truncated: true } } }, event(2, 'ExecutionSucceeded')], 'its history is truncated'],
])('a history that %s cannot be played', (_, events, why) => {
  expect(recordingOf({ execution: 'e', stateMachine: 'm', definition: '{}' }, events)).toBe(why);
});

function event(id: number, type: string): PastEvent {
  return { id, previous: id - 1, type, at: id, details: {} };
}

describe('a comparison', () => {
  const good: Ending = { status: 'SUCCEEDED', output: '{"a":1}', steps: ['> A'] };
  const none = { other: [], unanswered: [] };

  it('says nothing of a candidate where the old version does not come to its own end', () => {
    expect(compared('e', good, { ending: { status: 'FAILED', error: 'E', steps: ['> A'] }, answers: none }, { ending: good, answers: none }).kind).toBe('unreproducible');
  });

  it('takes what the old version does otherwise than its recording for no difference', () => {
    const old = { ending: { ...good, output: '{"a":2}' }, answers: { other: [{ state: 'A', differences: [{ path: 'at' }] }], unanswered: [] } };

    expect(compared('e', good, old, old).kind).toBe('same');
  });

  it('does not judge what waits for ever', () => {
    expect(compared('e', good, { ending: good, answers: none }, { ending: { status: 'RUNNING', steps: ['> A'] }, answers: none }).kind).toBe('unanswered');
  });
});

test.each<[string, Partial<Record<Compared['kind'], number>>, string]>([
  ['nothing was played', {}, 'inconclusive'],
  ['all do the same', { same: 10 }, 'same'],
  ['nine in ten do, and one could not be judged', { same: 9, unanswered: 1 }, 'same'],
  ['fewer could be judged', { same: 8, unanswered: 1, unreproducible: 1 }, 'inconclusive'],
  ['one of many differs', { same: 499, 'different-path': 1 }, 'different'],
  ['one succeeds that did not', { same: 499, 'newly-succeeding': 1 }, 'different'],
])('when %s, the verdict is %s', (_, kinds, verdict) => {
  const executions = Object.entries(kinds).flatMap(([kind, count]) => Array.from({ length: count }, (__, at): Compared => ({ execution: `${kind}-${at}`, kind: kind as Compared['kind'], explanation: '', differences: [] })));

  expect(concluded(executions)).toMatchObject({ verdict, counts: kinds });
});

test('pure states are found by their comments, inside branches and iterations too', () => {
  const pure = { Type: 'Task', Comment: 'a look-up [pure]' };
  const inside = (name: string): object => ({ StartAt: name, States: { [name]: pure } });
  const States = { A: pure, B: { Type: 'Task', Comment: 'pure' }, C: { Type: 'Parallel', Branches: [inside('D'), inside('E')] }, F: { Type: 'Map', ItemProcessor: inside('G') } };

  expect(pureStates(JSON.stringify({ StartAt: 'A', States }))).toEqual(['A', 'D', 'E', 'G']);
});

describe('a shadow that is asked for', () => {
  const DEMAND = { executions: 10, withinMs: 3_600_000 };
  const NOW = Date.parse('2026-01-02T00:00:00Z');
  const outcome = (kind: OutcomeKind): Compared => ({ execution: 'x', kind, explanation: '', differences: [] });
  const record = (kinds: readonly OutcomeKind[], more: Partial<ShadowRecord> = {}): ShadowRecord => ({
    sluice: 1, workflow: 'arn:aws:states:us-east-1:1:stateMachine:shop:live', candidate: { kind: 'version', arn: 'v' }, judgedAt: new Date(NOW).toISOString(), from: null, to: null, skipped: {}, pure: [],
    ...concluded(kinds.map(outcome)), ...more,
  });
  const many = (number: number, kind: OutcomeKind = 'same'): OutcomeKind[] => Array.from({ length: number }, () => kind);

  it.each<[string, readonly ShadowRecord[], string | undefined]>([
    ['there is none', [], 'none is kept'],
    ['it compared enough', [record(many(10))], undefined],
    ['it compared too few', [record(many(9))], '9 executions were compared, and 10 are asked for'],
    ['what was unanswered makes up the number', [record([...many(9), 'unanswered'])], '9 executions were compared, and 10 are asked for'],
    ['it is too old', [record(many(10), { judgedAt: '2026-01-01T22:59:59.000Z' })], 'the last one is of 2026-01-01T22:59:59.000Z, older than 1 hours'],
    ['it is of a time to come', [record(many(10), { judgedAt: '2027-01-01T00:00:00.000Z' })], 'the last one is of 2027-01-01T00:00:00.000Z, older than 1 hours'],
    ['something newly fails', [record([...many(10), 'newly-failing'])], 'that of 2026-01-02T00:00:00.000Z found 1 of 11 executions newly failing, and nobody accepted that'],
    ['somebody accepted that', [record([...many(10), 'newly-failing'], { accepted: { by: 'ada', why: 'they should' } })], undefined],
    ['something else differs', [record([...many(10), 'different-output'])], undefined],
    ['too little could be judged', [record([...many(10), ...many(2, 'unreproducible')])], 'that of 2026-01-02T00:00:00.000Z is inconclusive: 2 of 12 executions could not be judged'],
    ['a newer one of the same workflow found harm', [record(many(10), { judgedAt: '2026-01-01T23:30:00.000Z' }), record(['newly-failing'], { workflow: 'arn:aws:states:us-east-1:1:stateMachine:shop:2' })], 'that of 2026-01-02T00:00:00.000Z found 1 of 1 executions newly failing, and nobody accepted that'],
    ['two workflows make up the number', [record(many(5)), record(many(5), { workflow: 'arn:aws:states:us-east-1:1:stateMachine:depot:live' })], undefined],
  ])('is judged where %s', (_, records, problem) => {
    expect(unshown(DEMAND, records, NOW)).toBe(problem);
  });

  it('counts only what can be read', () => {
    expect(parseShadow(formatShadow(record(many(3))))).toEqual(record(many(3)));
    expect(parseShadow(formatShadow({ ...record(many(3)), counts: { same: 3 } as never }))).toBeUndefined();
  });

  it.each([{ executions: 0, withinMs: 1 }, { executions: 1.5, withinMs: 1 }, { executions: 1, withinMs: 0 }, null])('is refused as %j', (demand) => {
    expect(() => checkedDemand(demand as never)).toThrow('SLUICE-SHADOW-7');
  });
});

import { readFileSync } from 'node:fs';
import { Ajv2020 } from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  askedOfShift, beginningOfShift, blueGreenShift, canaryShift, checkedShift, formatShift, linearShift, nextOfShift, parseShift, shiftAtOnce, shiftEnded, shiftHolds, weightIn,
  type AliasRoute, type Shiftable, type ShiftAsk, type ShiftRecord, type ShiftSight, type ShiftSteps,
} from '../../lib/core/index.ts';

const V1 = 'arn:aws:states:eu-west-1:123456789012:stateMachine:orders:1';
const V2 = V1.replace(/1$/, '2');
const V3 = V1.replace(/1$/, '3');
const BEGAN = Date.parse('2026-01-01T00:00:00Z');
const SECOND = 1000;
const OLD: readonly AliasRoute[] = [{ StateMachineVersionArn: V1, Weight: 100 }];
const SPLIT: readonly AliasRoute[] = [{ StateMachineVersionArn: V1, Weight: 90 }, { StateMachineVersionArn: V2, Weight: 10 }];

function shiftable(plan: ShiftSteps): Shiftable {
  return { workflow: 'orders', aliasArn: V1.replace(/1$/, 'live'), application: 'orders', environment: 'production', plan };
}

function begun(plan: ShiftSteps, more: Partial<Parameters<typeof beginningOfShift>[0]> = {}): ReturnType<typeof beginningOfShift> {
  return beginningOfShift({ of: shiftable(plan), known: undefined, wanted: V2, routes: OLD, execution: 'first', leads: false, now: BEGAN, ...more });
}

/** An alias whose reads are old for a while, a record, and a clock. */
class World {
  now = BEGAN;
  record: ShiftRecord;
  readonly weights: number[] = [];
  readonly #lagMs: number;
  #writes: { at: number; routes: readonly AliasRoute[] }[] = [{ at: 0, routes: OLD }];

  constructor(plan: ShiftSteps, lagMs = 0) {
    const beginning = begun(plan);
    if (beginning.kind !== 'lead') throw new Error('there is something to shift');
    this.record = beginning.record;
    this.#lagMs = lagMs;
  }

  write(routes: readonly AliasRoute[]): void {
    this.#writes = [...this.#writes, { at: this.now, routes }];
  }

  get read(): readonly AliasRoute[] {
    return this.#writes.findLast(({ at }) => at + this.#lagMs <= this.now)!.routes;
  }

  /** The share that the alias really has. */
  get weight(): number | undefined {
    return weightIn(this.#writes.at(-1)!.routes, this.record);
  }

  /** One look; `killed` before the record is kept, or before the alias is updated. */
  look(sight: Partial<ShiftSight> = {}, killed?: 'unkept' | 'unmoved'): void {
    const { record, step } = nextOfShift(this.record, { now: this.now, routes: this.read, ...sight });
    if (killed === 'unkept') return;
    this.record = record;
    if (step.do === 'move' && killed !== 'unmoved') {
      this.write(step.routes);
      this.weights.push(this.weight!);
    }
    this.now += (step.do === 'end' ? 30 : step.seconds) * SECOND;
  }

  /** Looks until it is over, or for so many looks. */
  play(sight: (now: number) => Partial<ShiftSight> = () => ({}), looks = 2000): this {
    for (let n = 0; n < looks && !shiftEnded(this.record); n += 1) this.look(sight(this.now));
    return this;
  }

  ask(kind: 'pause' | 'resume' | 'promote' | 'abort'): void {
    this.record = { ...this.record, asked: { kind, at: '', by: 'ada', why: null } };
  }
}

const HARM = { kind: 'roll-back', at: '', reason: 'it fails', p: 0.001, counts: {} } as const;
const SAFE = { ...HARM, kind: 'promote', reason: 'it is safe' } as const;

const plans = fc.record({
  weights: fc.uniqueArray(fc.integer({ min: 0, max: 99 }), { maxLength: 4 }), minutes: fc.integer({ min: 1, max: 20 }), bakeMinutes: fc.integer({ min: 0, max: 30 }),
}).map(({ weights, minutes, bakeMinutes }) => checkedShift({ steps: weights.toSorted((one, other) => one - other).map((weight) => ({ weight, minutes })), bakeMinutes, onInconclusive: 'go-on', promoteEarly: false }));

describe('a shift', () => {
  it('begins only when nothing forbids it, whatever is asked, and waits patiently until then', () => {
    const world = new World(canaryShift(10, 20));
    world.play(() => ({ forbidden: 'SLUICE-SHIFT-9: no' }), 5);
    const waiting = { state: world.record.state, reason: world.record.reason, entries: world.record.log.length, minutes: (world.now - BEGAN) / 60_000, weights: [...world.weights] };
    world.play();

    expect(waiting).toEqual({ state: 'waiting', reason: 'waits: SLUICE-SHIFT-9: no', entries: 2, minutes: 25, weights: [] });
    expect(world.record.state).toBe('complete');
  });

  it('goes back as soon as something forbids it, promoted or not, and leaves none of its executions there', () => {
    fc.assert(fc.property(plans, fc.integer({ min: 0, max: 60 }), fc.boolean(), (plan, minutes, promoted) => {
      const world = new World(plan).play(undefined, 3);
      const from = world.now + minutes * 60_000;
      world.play((now) => {
        if (promoted && now >= from && world.record.asked === null && world.record.ending === null) world.ask('promote');
        return now >= from ? { forbidden: 'no' } : {};
      });

      expect([world.record.state, world.weight]).toEqual(world.record.state === 'complete' ? ['complete', 100] : ['rolled-back', 0]);
      expect(world.record.state === 'complete').toBe(Date.parse(world.record.endedAt!) < from);
    }), { numRuns: 60 });
  });

  it('goes by the plan of the deploy that took its place', () => {
    const world = new World(canaryShift(10, 20)).play(undefined, 4);
    const told = begun(linearShift(50, 5), { known: world.record, wanted: V3, execution: 'second', leads: true });
    if (told.kind !== 'tell') throw new Error('another execution leads');
    world.record = told.record;
    world.play();
    const next = begun(canaryShift(10, 20), { known: world.record, wanted: V3 });

    expect(world.record.state).toBe('superseded');
    expect(next).toMatchObject({ kind: 'lead', record: { to: V3, plan: linearShift(50, 5) } });
  });

  it.each([
    ['canary', canaryShift(10, 20), [10, 100], 20 + 10],
    ['linear', linearShift(25, 5, { bakeMinutes: 15 }), [25, 50, 75, 100], 3 * 5 + 15],
    ['blue/green', blueGreenShift(30, { bakeMinutes: 5 }), [100], 30 + 5],
    ['all at once', shiftAtOnce({ bakeMinutes: 10 }), [100], 10],
  ])('by the preset %s goes through its weights and is complete after its bake', (_, plan, weights, minutes) => {
    const world = new World(plan).play();

    expect([world.record.state, world.weights, world.weight]).toEqual(['complete', weights, 100]);
    const took = (Date.parse(world.record.endedAt!) - BEGAN) / 60_000;
    expect(took).toBeGreaterThanOrEqual(minutes);
    expect(took).toBeLessThan(minutes + 1 + weights.length);
  });

  it('that is killed anywhere, behind reads that lag, comes to the same end, and its share only grows', () => {
    fc.assert(fc.property(plans, fc.integer({ min: 0, max: 25 }), fc.array(fc.option(fc.constantFrom('unkept' as const, 'unmoved' as const)), { maxLength: 80 }), (plan, lagSeconds, kills) => {
      const world = new World(plan, lagSeconds * SECOND);
      for (const killed of kills) {
        world.look({}, killed ?? undefined);
        // Whoever takes over begins some time later.
        if (killed !== null) world.now += 30 * SECOND;
      }
      world.play();

      expect([world.record.state, world.weight]).toEqual(['complete', 100]);
      expect(world.weights).toEqual(world.weights.toSorted((one, other) => one - other));
      expect(new Set(world.weights).size).toBeLessThanOrEqual(plan.steps.length + 1);
    }), { numRuns: 200 });
  });

  it('goes back by one update, whatever happens when, and exposes nobody any more', () => {
    const events = fc.constantFrom('harm', 'alarm', 'abort', 'deploy');
    fc.assert(fc.property(plans, events, fc.integer({ min: 1, max: 60 }), fc.array(fc.option(fc.constantFrom('unkept' as const, 'unmoved' as const)), { maxLength: 6 }), (plan, event, looks, kills) => {
      const world = new World(plan).play(() => ({ alarm: { name: 'a', state: 'OK', actionsEnabled: true } }), looks);
      fc.pre(!shiftEnded(world.record) && !(event === 'deploy' && world.record.state === 'baking'));
      fc.pre(event === 'abort' || event === 'deploy' || world.record.state === 'growing' || world.record.state === 'baking');
      const before = world.weights.length;
      if (event === 'abort') world.ask('abort');
      if (event === 'deploy') world.record = { ...world.record, wanted: V3 };
      const sight: Partial<ShiftSight> = event === 'harm' ? { verdict: HARM } : event === 'alarm' ? { alarm: { name: 'a', state: 'ALARM', actionsEnabled: true } } : {};
      for (const killed of kills) world.look(sight, killed ?? undefined);
      world.play(() => sight);

      expect([world.record.state, world.weight]).toEqual([{ harm: 'rolled-back', alarm: 'rolled-back', abort: 'aborted', deploy: 'superseded' }[event], 0]);
      expect(world.weights.slice(before).every((weight) => weight === 0)).toBe(true);
    }), { numRuns: 200 });
  });

  it('that somebody else routes stays as they routed it', () => {
    const world = new World(canaryShift(10, 20)).play(undefined, 6);
    world.write([{ StateMachineVersionArn: V1, Weight: 70 }, { StateMachineVersionArn: V2, Weight: 30 }]);

    world.play();

    expect([world.record.state, world.weight]).toEqual(['overridden', 30]);
    expect(world.record.reason).toContain('30 % of version 2 where 10 % was meant');
  });

  it('that somebody routed back to where it was before is over too, as soon as that is no old answer', () => {
    const world = new World(canaryShift(10, 20)).play(undefined, 8);
    world.write(OLD);

    world.play();

    expect([world.record.state, world.weight]).toEqual(['overridden', 0]);
  });

  it.each(['abort', 'deploy'] as const)('whose update is refused, as of a version that was deleted, says why, tries again, and hears of %s', (event) => {
    const world = new World(canaryShift(10, 5)).play(undefined, 1);
    for (let n = 0; n < 5; n += 1) world.look({ refused: 'Sfn.ValidationException: no such version' }, 'unmoved');
    const { state, reason, log } = world.record;

    expect([state, world.weights, log.length]).toEqual(['growing', [], 4]);
    expect(reason).toContain('SLUICE-SHIFT-14: the alias of orders cannot be given 10 % of version 2: Sfn.ValidationException: no such version; ');

    if (event === 'abort') world.ask('abort');
    else world.record = { ...world.record, wanted: V3 };
    world.play(() => ({ refused: 'Sfn.ValidationException: no such version' }));

    expect([world.record.state, world.weight]).toEqual([event === 'abort' ? 'aborted' : 'superseded', 0]);
  });

  it('pauses, and the pause is no part of its step', () => {
    const world = new World(canaryShift(10, 5)).play(undefined, 6);
    world.ask('pause');
    world.play(undefined, 100);
    expect([world.record.state, world.record.weight, world.record.paused]).toEqual(['growing', 10, true]);
    world.ask('resume');

    expect(world.play().record.state).toBe('complete');
  });

  it('is promoted by a person at any step, and by a proof of safety where the plan says so', () => {
    const asked = new World(linearShift(25, 30)).play(undefined, 6);
    asked.ask('promote');
    const proven = new World(linearShift(25, 30, { promoteEarly: true })).play(() => ({ verdict: SAFE }));
    const unhurried = new World(linearShift(25, 30)).play(() => ({ verdict: SAFE }));

    expect([asked.play().weights, proven.weights, unhurried.weights]).toEqual([[25, 100], [25, 100], [25, 50, 75, 100]]);
  });

  it.each([
    ['hold', undefined, ['growing', 10]], ['hold', SAFE, ['complete', 100]],
    ['roll-back', undefined, ['rolled-back', 0]], ['roll-back', SAFE, ['complete', 100]],
    ['go-on', undefined, ['complete', 100]],
  ] as const)('after its last step, by %s with the proof %j', (onInconclusive, verdict, end) => {
    const world = new World(canaryShift(10, 5, { onInconclusive })).play(() => (verdict === undefined ? {} : { verdict }), 100);

    expect([world.record.state, world.weight]).toEqual(end);
  });

  it('waits for a deployment of configuration, and lets others go on while it waits', () => {
    const world = new World(canaryShift(10, 5)).play(() => ({ deployment: 7 }), 5);

    expect([world.record.state, shiftHolds(world.record), world.record.reason]).toEqual(['waiting', false, 'waits for configuration deployment 7 to end']);
    world.look();
    expect(shiftHolds(world.record)).toBe(true);
    expect(world.weights).toEqual([]);
    expect(world.play().record.state).toBe('complete');
  });

  it('begun under an alarm that rings may be what mends it', () => {
    const ringing = { alarm: { name: 'a', state: 'ALARM', actionsEnabled: true } } as const;
    const overridden = { alarm: { name: 'a', state: 'ALARM', actionsEnabled: false } } as const;
    let looks = 0;

    expect(new World(canaryShift(10, 5)).play(() => ringing).record.state).toBe('complete');
    expect(new World(canaryShift(10, 5)).play(() => ((looks += 1) < 4 ? {} : overridden)).record.state).toBe('complete');
  });

  it('that bakes lets the next version wait', () => {
    const world = new World(shiftAtOnce({ bakeMinutes: 10 })).play(undefined, 6);
    world.record = { ...world.record, wanted: V3 };

    expect(world.play().record.state).toBe('complete');
  });
});

describe('what is asked of a shift', () => {
  const ask = (record: ShiftRecord, kind: ShiftAsk): string => String((askedOfShift(record, { kind, by: 'Bob', at: record.lookedAt, why: null }) as { message?: string }).message ?? kind);
  const { record } = new World(canaryShift(10, 20)).play(undefined, 6);

  it.each(['pause', 'promote', 'resume'] as const)('is not to %s it, where somebody wants it back and is not heard yet', (kind) => {
    const asked = { ...record, paused: kind === 'resume' };

    expect(ask(asked, kind)).toBe(kind);
    expect(ask({ ...asked, asked: { kind: 'abort', by: 'Ada', at: '', why: null } }, kind)).toContain(`SLUICE-SHIFT-8: the shift of orders cannot be asked to ${kind}: Ada has asked to abort it, which its controller is about to hear`);
    expect(ask({ ...asked, asked: { kind, by: 'Ada', at: '', why: null } }, 'abort')).toBe('abort');
  });
});

describe('what there is to do', () => {
  const plan = canaryShift(10, 5);
  const record = new World(plan).record;
  const at = new Date(BEGAN).toISOString();
  const over = { ...record, state: 'superseded' as const, weight: 0, moved: { at, before: 10, seenAt: at }, endedAt: at };

  it.each([
    ['nothing, where the alias is there already', { wanted: V1 }, 'nothing'],
    ['nothing, where somebody else shifts the alias', { routes: [{ StateMachineVersionArn: V1, Weight: 90 }, { StateMachineVersionArn: V2, Weight: 10 }] }, 'nothing'],
    ['nothing, where another execution leads', { known: record, execution: 'second', leads: true }, 'nothing'],
    ['to tell the leader of a newer version', { known: record, execution: 'second', leads: true, wanted: V3 }, 'tell'],
    ['to lead on, where the leader is gone', { known: record, execution: 'second' }, 'lead'],
    ['to lead on, for the leader itself', { known: record }, 'lead'],
    ['nothing, for a version that was taken back', { known: { ...record, state: 'rolled-back' as const } }, 'nothing'],
    ['to wait, where the alias is told as it was before the shift that is just over went back', { known: over, wanted: V3, routes: SPLIT }, 'wait'],
    ['to wait, where it is told as it was before that one was complete', { known: { ...over, state: 'complete' as const, weight: 100 }, wanted: V3, routes: OLD }, 'wait'],
    ['nothing, where it is told so a minute later: somebody else shifts it', { known: over, wanted: V3, routes: SPLIT, now: BEGAN + 60_000 }, 'nothing'],
    ['the next one, where it is told as that one left it', { known: over, wanted: V3 }, 'lead'],
    ['the next one, where that one never moved', { known: { ...over, moved: null }, wanted: V3 }, 'lead'],
    ['the next one, for a newer version', { known: { ...record, state: 'rolled-back' as const }, wanted: V3 }, 'lead'],
  ])('is %s', (_, more, kind) => {
    expect(begun(plan, more).kind).toBe(kind);
  });

  it('counts shifts', () => {
    const next = begun(plan, { known: { ...record, shift: 7, state: 'complete' }, wanted: V3, routes: [{ StateMachineVersionArn: V2, Weight: 100 }] });

    expect(next).toMatchObject({ kind: 'lead', record: { shift: 8, from: V2, to: V3, state: 'waiting', weight: 0 } });
  });
});

describe('a shift record', () => {
  it('at each look is what its schema says', () => {
    const ajv = new Ajv2020({ strict: true, allowUnionTypes: true });
    addFormats.default(ajv);
    const validate = ajv.compile(JSON.parse(readFileSync('schemas/shift.schema.json', 'utf8')) as object);
    const world = new World(canaryShift(10, 5));
    const faults: unknown[] = [];
    for (let n = 0; n < 40; n += 1) {
      if (n === 5) world.ask('pause');
      if (n === 7) world.ask('resume');
      world.look(n > 3 ? { verdict: n > 12 ? { ...HARM, at: new Date(world.now).toISOString() } : { ...SAFE, kind: 'continue' } } : {});
      if (!validate(world.record)) faults.push(...validate.errors ?? []);
    }

    expect(faults).toEqual([]);
    expect(world.record.state).toBe('rolled-back');
  });

  it('is read as it was written', () => {
    const { record } = new World(canaryShift(10, 5)).play();

    expect(parseShift(formatShift(record), 'k')).toEqual(record);
  });

  it.each([['{', 'it is not JSON'], ['{}', '"sluice" must be 1'], ['{"sluice":1}', '"workflow" must be text']])('of %s is refused', (text, problem) => {
    expect(String(parseShift(Buffer.from(text), 'shifting/orders.json'))).toContain(`SLUICE-SHIFT-3: the shift record shifting/orders.json cannot be read: ${problem}`);
  });
});

describe('a plan', () => {
  it.each([
    [{ steps: [{ weight: 100, minutes: 1 }] }, 'steps[0].weight'], [{ steps: [{ weight: 20, minutes: 1 }, { weight: 10, minutes: 1 }] }, 'steps[1].weight'],
    [{ steps: [{ weight: 10, minutes: 0 }] }, 'steps[0].minutes'], [{ bakeMinutes: -1 }, 'bakeMinutes'], [{ onInconclusive: 'pray' as 'hold' }, 'onInconclusive'],
  ])('of %j is refused', (wrong, field) => {
    expect(() => checkedShift({ ...canaryShift(10, 5), ...wrong })).toThrow(`SLUICE-SHIFT-1: ${field} of a shift must be`);
  });
});

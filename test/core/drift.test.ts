import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { digestOf, driftOf, IN_FLIGHT, live, mayHeal, newest, takenBack, type LogLine, type TakenBack, type Testimony, type Deployment, type DeploymentState, type DriftOrigin, type DriftState } from '../../lib/core/index.ts';

const WANTED = digestOf(Buffer.from('wanted'));
const OTHER = digestOf(Buffer.from('other'));
const OURS: DriftOrigin = { digest: WANTED, released: true };
const RELEASED: DriftOrigin = { digest: OTHER, released: true };
const CONSOLE: DriftOrigin = { digest: OTHER, released: false };

function deployment(number: number, state: DeploymentState, profile = 'shop-prod'): Deployment {
  return { number, state, profile, version: String(number), startedAt: number };
}

function drift(deployments: readonly Deployment[], origins: Readonly<Record<string, DriftOrigin>>): ReturnType<typeof driftOf> {
  return driftOf({ wanted: WANTED, profile: 'shop-prod', deployments, origins: new Map(Object.entries(origins)) });
}

const FIRST = deployment(1, 'COMPLETE');
const TABLE: [string, DriftState, readonly Deployment[], Readonly<Record<string, DriftOrigin>>][] = [
  ['nothing was deployed', 'missing', [], {}],
  ['only another profile was deployed', 'missing', [deployment(1, 'COMPLETE', 'flags')], { 1: OURS }],
  ['what is live is what git says', 'in-sync', [FIRST], { 1: OURS }],
  ['the console made what git says', 'in-sync', [deployment(2, 'COMPLETE'), FIRST], { 2: { digest: WANTED, released: false } }],
  ['the stack seeded something else', 'queued', [FIRST], { 1: CONSOLE }],
  ['git is newer than the last release', 'queued', [deployment(2, 'COMPLETE'), FIRST], { 2: RELEASED }],
  ['what git says is on its way', 'rolling-out', [deployment(2, 'DEPLOYING'), FIRST], { 1: RELEASED, 2: OURS }],
  ['it bakes', 'rolling-out', [deployment(2, 'BAKING'), FIRST], { 1: RELEASED, 2: OURS }],
  ['another release is under way', 'queued', [deployment(2, 'DEPLOYING'), FIRST], { 1: OURS, 2: RELEASED }],
  ['the console rolls something out', 'edited', [deployment(2, 'DEPLOYING'), FIRST], { 1: OURS, 2: CONSOLE }],
  ['the console made what is live', 'edited', [deployment(2, 'COMPLETE'), FIRST], { 2: CONSOLE }],
  ['what git says was rolled back', 'rolled-back', [deployment(2, 'ROLLED_BACK'), FIRST], { 1: RELEASED, 2: OURS }],
  ['what git says was reverted', 'rolled-back', [deployment(2, 'REVERTED'), FIRST], { 1: RELEASED, 2: OURS }],
  ['it was rolled back, and git was told', 'in-sync', [deployment(2, 'ROLLED_BACK'), FIRST], { 1: OURS, 2: RELEASED }],
  ['the first one was rolled back', 'missing', [deployment(1, 'ROLLED_BACK')], { 1: RELEASED }],
  ['its bytes cannot be read', 'unknown', [deployment(2, 'COMPLETE'), FIRST], { 2: { digest: null, released: true } }],
];

describe('drift', () => {
  it.each(TABLE)('when %s is %s', (_, state, deployments, origins) => {
    const found = drift(deployments, origins);

    expect(found.state).toBe(state);
    expect(found.explanation).toMatch(/\w{4}/);
  });

  it('is never healed against a rollout in flight or a rollback, whatever the project allows', () => {
    const all = ['queued', 'edited', 'missing'] as const;
    const healed = TABLE.filter(([, , deployments, origins]) => mayHeal({ drift: drift(deployments, origins), deployments, allowed: all }).heal).map(([title]) => title);

    expect(healed).toEqual(['nothing was deployed', 'only another profile was deployed', 'the stack seeded something else', 'git is newer than the last release', 'the console made what is live']);
  });

  it('is healed only as the project allows, and says why', () => {
    const edited = { drift: drift([deployment(2, 'COMPLETE'), FIRST], { 2: CONSOLE }), deployments: [FIRST] };

    expect(mayHeal({ ...edited, allowed: ['queued'] })).toEqual({ heal: false, reason: 'the project does not let edited be healed' });
    expect(mayHeal({ ...edited, allowed: ['edited'] })).toEqual({ heal: true, reason: 'the project lets edited be healed' });
  });
});

describe('an older version that somebody put over a newer one', () => {
  const again = (number: number, version: string): Deployment => ({ ...deployment(number, 'COMPLETE'), version });

  it('is an edit, although a release made it', () => {
    const found = drift([again(3, '1'), again(2, '2'), FIRST], { 1: RELEASED, 2: OURS });

    expect(found).toEqual({ state: 'edited', deployment: 3, explanation: 'deployment 3 put the older version 1 over what git says, version 2' });
  });

  it('is over the newest of two that hold what git says, however they are listed', () => {
    const deployments = [FIRST, again(2, '3'), again(3, '2'), again(4, '1')];
    const over = { state: 'edited', deployment: 4, explanation: 'deployment 4 put the older version 1 over what git says, version 2' };

    const found = [deployments, deployments.toReversed()].map((listed) => drift(listed, { 1: RELEASED, 2: OURS, 3: OURS }));

    expect(found).toEqual([over, over]);
  });

  it('is none when git went back to an older state, which waits for its release', () => {
    expect(drift([again(2, '2'), FIRST], { 1: OURS, 2: RELEASED }).state).toBe('queued');
  });
});

describe('what git says and somebody took back', () => {
  const BAD: [string, readonly Deployment[], Readonly<Record<string, DriftOrigin>>][] = [
    ['an edit over it', [deployment(3, 'COMPLETE'), deployment(2, 'ROLLED_BACK'), FIRST], { 1: RELEASED, 2: OURS, 3: CONSOLE }],
    ['an edit over its revert', [deployment(3, 'COMPLETE'), deployment(2, 'REVERTED'), FIRST], { 1: RELEASED, 2: OURS, 3: CONSOLE }],
    ['another release over it', [deployment(3, 'COMPLETE'), deployment(2, 'ROLLED_BACK'), FIRST], { 1: RELEASED, 2: OURS, 3: RELEASED }],
    ['an edit over its healing', [deployment(5, 'COMPLETE'), { ...deployment(4, 'ROLLED_BACK') }, deployment(3, 'COMPLETE'), deployment(2, 'COMPLETE'), FIRST], { 2: OURS, 3: CONSOLE, 4: OURS, 5: CONSOLE }],
  ];

  it.each(BAD)('is not released over %s', (_title, deployments, origins) => {
    const found = drift(deployments, origins);

    expect(found.takenBack).toBe(deployments.find(({ state }) => state === 'ROLLED_BACK' || state === 'REVERTED')?.number);
    expect(mayHeal({ drift: found, deployments, allowed: ['queued', 'edited', 'missing'] })).toEqual({ heal: false, reason: `deployment ${found.takenBack ?? ''} of what git says was taken back, and a person has to look at it first` });
  });

  it('is released over an edit once it was live again', () => {
    const deployments = [deployment(4, 'COMPLETE'), deployment(3, 'COMPLETE'), deployment(2, 'ROLLED_BACK'), FIRST];
    const found = drift(deployments, { 1: RELEASED, 2: OURS, 3: OURS, 4: CONSOLE });

    expect(mayHeal({ drift: found, deployments, allowed: ['edited'] }).heal).toBe(true);
  });
});

/** Deployments of four versions, each with other bytes or those that git says; some of another profile. */
const HISTORY = fc.tuple(
  fc.array(fc.constantFrom<DriftOrigin>(OURS, RELEASED, CONSOLE), { minLength: 4, maxLength: 4 }),
  fc.array(fc.record({
    state: fc.constantFrom<DeploymentState>('VALIDATING', 'DEPLOYING', 'BAKING', 'COMPLETE', 'COMPLETE', 'COMPLETE', 'ROLLING_BACK', 'ROLLED_BACK', 'REVERTED'),
    version: fc.integer({ min: 1, max: 4 }), profile: fc.constantFrom('shop-prod', 'shop-prod', 'shop-prod', 'flags'),
  }), { maxLength: 8 }),
).map(([origins, all]) => ({
  origins: Object.fromEntries(origins.map((origin, at) => [at + 1, origin])),
  deployments: all.map((one, at): Deployment => ({ ...deployment(at + 1, one.state, one.profile), version: String(one.version) })),
}));

describe('drift, whatever was deployed', () => {
  it('does not hang on the order in which deployments are listed', () => {
    const listed = HISTORY.chain((history) => fc.shuffledSubarray(history.deployments, { minLength: history.deployments.length }).map((shuffled) => ({ ...history, shuffled })));

    fc.assert(fc.property(listed, ({ deployments, origins, shuffled }) => {
      expect(drift(shuffled, origins)).toEqual(drift(deployments, origins));
    }), { numRuns: 5000 });
  });

  it('is in sync only when what git says is live and nothing of the profile is under way', () => {
    fc.assert(fc.property(HISTORY, ({ deployments, origins }) => {
      const ours = deployments.filter(({ profile }) => profile === 'shop-prod');
      fc.pre(drift(deployments, origins).state === 'in-sync');

      expect(origins[live(ours)?.version ?? '']?.digest).toBe(WANTED);
      expect(ours.some((one) => one === newest(ours) && IN_FLIGHT.has(one.state))).toBe(false);
    }));
  });

  it('is never healed while anything is in flight, nor when the last of all or the last of what git says was taken back', () => {
    fc.assert(fc.property(HISTORY, ({ deployments, origins }) => {
      const taken = (one: Deployment | undefined): boolean => one !== undefined && ['ROLLING_BACK', 'ROLLED_BACK', 'REVERTED'].includes(one.state);
      const said = newest(deployments.filter(({ profile, version }) => profile === 'shop-prod' && origins[version]?.digest === WANTED));

      const { heal } = mayHeal({ drift: drift(deployments, origins), deployments, allowed: ['queued', 'edited', 'missing'] });

      expect(heal && (IN_FLIGHT.has(newest(deployments)?.state ?? 'COMPLETE') || taken(newest(deployments)) || taken(said))).toBe(false);
    }), { numRuns: 2000 });
  });
});

describe('who took a deployment back', () => {
  const table: [string, LogLine, Partial<Testimony>, Partial<TakenBack>][] = [
    ['a person who stopped it', { type: 'ROLLBACK_COMPLETED', by: 'USER', at: 1, text: 'Deployment rolled back by user request' }, {}, { by: 'person', why: 'Deployment rolled back by user request', at: 1, alarms: [] }],
    ['a person who stopped it while an alarm rang', { type: 'ROLLBACK_COMPLETED', by: 'USER', at: 1, text: '' }, { ringing: ['bad'] }, { by: 'person', alarms: ['bad'] }],
    ['a person who reverted it while nothing rang', { type: 'REVERT_COMPLETED', by: 'USER', at: 2, text: 'Deployment reverted by user request' }, { ringing: [] }, { by: 'person', at: 2 }],
    ['somebody, when no alarm could be asked', { type: 'REVERT_COMPLETED', by: 'USER', at: 2, text: 'Deployment reverted by user request' }, {}, { by: 'unknown', why: 'Deployment reverted by user request' }],
    ['the roll-back, which reverts when an alarm rings', { type: 'REVERT_COMPLETED', by: 'USER', at: 2, text: '' }, { ringing: ['bad'] }, { by: 'roll-back', alarms: ['bad'] }],
    ['the monitor, by the ARN of its alarm', { type: 'ROLLBACK_STARTED', by: 'CLOUDWATCH_ALARM', at: 3, text: 'Deployment rolled back by CloudWatch alarm arn:aws:cloudwatch:us-east-1:000000000000:alarm:shop-prod.' }, { ringing: ['other'] }, { by: 'monitor', alarms: ['shop-prod'] }],
    ['the monitor, by the name of its alarm', { type: 'ROLLBACK_STARTED', by: 'CLOUDWATCH_ALARM', at: 3, text: 'Deployment rollback started by CloudWatch alarm shop-prod' }, {}, { by: 'monitor', alarms: ['shop-prod'] }],
    ['the monitor, by the alarms that rang where AppConfig names none', { type: 'ROLLBACK_STARTED', by: 'CLOUDWATCH_ALARM', at: 3, text: 'Rolled back' }, { ringing: ['bad'] }, { by: 'monitor', alarms: ['bad'] }],
    ['the judge, in its own words', { type: 'ROLLBACK_STARTED', by: 'APPCONFIG', at: 4, text: 'by an extension' }, { verdict: { judgedAt: '', reason: 'it harms' } }, { by: 'judge', why: 'it harms' }],
    ['another extension', { type: 'ROLLBACK_STARTED', by: 'APPCONFIG', at: 4, text: 'by an extension: no' }, {}, { by: 'extension', why: 'by an extension: no' }],
    ['AppConfig, when something failed', { type: 'ROLLBACK_STARTED', by: 'INTERNAL_ERROR', at: 5, text: 'failed' }, {}, { by: 'failure', why: 'failed' }],
    ['somebody, when only its begin is logged', { type: 'DEPLOYMENT_STARTED', by: 'USER', at: 5, text: '' }, {}, { by: 'unknown' }],
  ];

  it.each(table)('%s', (_title, line, more, expected) => {
    const log = [{ type: 'DEPLOYMENT_STARTED', by: 'USER', at: 0, text: 'Deployment started' }, line];

    expect(takenBack({ number: 2, state: 'REVERTED' }, { deployment: 2, log, ...more })).toMatchObject(expected);
  });

  it('is not told by the log of another deployment', () => {
    expect(takenBack({ number: 3, state: 'ROLLED_BACK' }, { deployment: 2, log: [{ type: 'ROLLBACK_COMPLETED', by: 'USER', at: 1, text: '' }] }).by).toBe('unknown');
  });
});

import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { decideRollback, live, REVERT_WITHIN_MS, type AlarmEvidence, type Deployment, type DeploymentState } from '../../lib/core/index.ts';

const MINUTE = 60_000;
const NOW = Date.UTC(2026, 10, 21);
const STATES: DeploymentState[] = ['VALIDATING', 'DEPLOYING', 'BAKING', 'COMPLETE', 'ROLLING_BACK', 'ROLLED_BACK', 'REVERTED'];

function deployment(number: number, more: Partial<Deployment> = {}): Deployment {
  const startedAt = NOW - 180 * MINUTE + number * MINUTE;
  return { number, state: 'COMPLETE', profile: 'prod', version: String(number), startedAt, completedAt: startedAt + 30 * MINUTE, ...more };
}

const ringing: AlarmEvidence = { name: 'orders-failing', state: 'ALARM', actionsEnabled: true, rangAt: NOW - MINUTE, whenBegan: 'OK' };

function decide(deployments: Deployment[], alarm: Partial<AlarmEvidence> = {}): ReturnType<typeof decideRollback> {
  return decideRollback({ deployments, profile: 'prod', alarm: { ...ringing, ...alarm }, now: NOW });
}

describe('an alarm after completion', () => {
  test('takes the newest deployment back when it was quiet when that began', () => {
    expect(decide([deployment(1), deployment(2)])).toEqual({
      kind: 'revert', deployment: 2, reason: 'orders-failing was OK when deployment 2 began and is ALARM 148 minutes after it was complete',
    });
  });

  test.each<[string, string, Deployment[], Partial<AlarmEvidence>]>([
    ['nothing was ever deployed', 'nothing-deployed', [], {}],
    ['a deployment grows: its monitors decide', 'in-flight', [deployment(1), deployment(2, { state: 'DEPLOYING' })], {}],
    ['a deployment bakes', 'in-flight', [deployment(1), deployment(2, { state: 'BAKING' })], {}],
    ['it is being taken back by AppConfig', 'in-flight', [deployment(1), deployment(2, { state: 'ROLLING_BACK' })], {}],
    ['it was reverted already, so that the one before is not reverted too', 'already-taken-back', [deployment(1), deployment(2, { state: 'REVERTED' })], {}],
    ['it was rolled back already', 'already-taken-back', [deployment(1), deployment(2, { state: 'ROLLED_BACK' })], {}],
    ['the newest deployment is of an experiment', 'not-ours', [deployment(1), deployment(2, { profile: 'flags' })], {}],
    ['72 hours have passed', 'too-late', [deployment(1, { completedAt: NOW - REVERT_WITHIN_MS - 1 })], {}],
    ['the alarm is over by the time it is heard', 'alarm-is-over', [deployment(1)], { state: 'OK' }],
    ['a person disabled its actions', 'alarm-is-overridden', [deployment(1)], { actionsEnabled: false }],
    ['it rang before the deployment, which may be the fix', 'alarm-came-first', [deployment(1), deployment(2, { startedAt: NOW })], {}],
    ['it was ringing when the deployment began', 'alarm-was-not-quiet', [deployment(1)], { whenBegan: 'ALARM' }],
    ['it had no data when the deployment began', 'alarm-was-not-quiet', [deployment(1)], { whenBegan: 'INSUFFICIENT_DATA' }],
    ['nobody knows how it was then', 'alarm-was-not-quiet', [deployment(1)], { whenBegan: 'unknown' }],
  ])('is left alone when %s', (_, because, deployments, alarm) => {
    expect(decide(deployments, alarm)).toMatchObject({ kind: 'leave', because, reason: expect.stringMatching(/\w/) as string });
  });

  test('takes back until the last moment of the 72 hours', () => {
    expect(decide([deployment(1, { startedAt: NOW - REVERT_WITHIN_MS - MINUTE, completedAt: NOW - REVERT_WITHIN_MS })]).kind).toBe('revert');
  });

  test('never takes back anything but the newest deployment, COMPLETE and ours, and never twice', () => {
    const deployments = fc.uniqueArray(
      fc.record({ number: fc.integer({ min: 1, max: 50 }), state: fc.constantFrom(...STATES), profile: fc.constantFrom('prod', 'flags') }),
      { selector: (one) => one.number, maxLength: 8 },
    ).map((list) => list.map(({ number, ...more }) => deployment(number, more)));

    fc.assert(fc.property(deployments, fc.boolean(), (list, actionsEnabled) => {
      const verdict = decide(list, { actionsEnabled });
      if (verdict.kind === 'leave') return;
      const newest = Math.max(...list.map((one) => one.number));
      const after = list.map((one) => (one.number === verdict.deployment ? { ...one, state: 'REVERTED' as const } : one));

      expect(verdict.deployment).toBe(newest);
      expect(list.find((one) => one.number === newest)).toMatchObject({ state: 'COMPLETE', profile: 'prod' });
      expect(decide(after)).toMatchObject({ kind: 'leave', because: 'already-taken-back' });
    }));
  });
});

describe('what is live', () => {
  test('is the newest COMPLETE deployment of the profile, whatever was taken back since', () => {
    const list = [deployment(1), deployment(2), deployment(3, { state: 'REVERTED' }), deployment(4, { profile: 'flags' }), deployment(5, { state: 'DEPLOYING' })];

    expect(live(list, 'prod')?.number).toBe(2);
    expect(live(list)?.number).toBe(4);
    expect(live([], 'prod')).toBeUndefined();
  });
});

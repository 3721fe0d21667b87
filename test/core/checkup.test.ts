import { describe, expect, test } from 'vitest';
import { ofCaller, ofPlace } from '../../lib/core/checkup/checkup.ts';
import { commandRights, type ToldRights } from '../../lib/core/checkup/command.ts';
import { turnoverOf } from '../../lib/core/checkup/cost.ts';
import { needsOf, partsOf, type Duty, type Part } from '../../lib/core/checkup/duty.ts';
import type { FunctionFacts, PlaceDetail } from '../../lib/core/checkup/facts.ts';
import type { Deployment } from '../../lib/core/rollout.ts';

const HIDDEN = { hidden: { code: 'SLUICE-AWS-3', text: 'AWS does not allow it: no', remedy: 'ask' } };
const RULE = { seen: [{ name: 'r', enabled: true }] };
const ROLL_BACK: FunctionFacts = { name: 'rb', handler: 'roll-back', version: '1.0.0', state: 'Active', layers: [], rules: RULE };
const SETTLE: FunctionFacts = { ...ROLL_BACK, name: 's', handler: 'settle', variables: {} };
const WELL: PlaceDetail = {
  store: { seen: 'bucket' }, validators: { seen: ['JSON_SCHEMA', 'LAMBDA'] },
  extensions: { seen: [{ id: 'g', points: ['PRE_CREATE_HOSTED_CONFIGURATION_VERSION', 'PRE_START_DEPLOYMENT', 'AT_DEPLOYMENT_TICK'] }, { id: 'AWS.AppConfig.DeploymentNotificationsToEventBridge', points: ['ON_DEPLOYMENT_COMPLETE'] }] },
  monitors: { seen: [{ name: 'a', state: 'OK', actionsEnabled: true }] }, functions: { seen: [ROLL_BACK, SETTLE] },
  rights: { seen: [{ duty: 'look', lacking: [], of: 9 }, { duty: 'release', lacking: [], of: 3 }] }, releases: { seen: { times: 0, minutes: 0 } },
};

/** What is wrong with a place, as `level code`. */
function wrong(more: Partial<PlaceDetail>): string[] {
  const ids = { seen: { applicationId: 'a', environmentId: 'e', profileId: 'p' } };
  return ofPlace({ place: 'x/y', profile: 'x-y', ids, more: { ...WELL, ...more } }, '1.0.0').filter(({ level }) => level !== 'ok').map(({ level, code }) => `${level} ${code}`);
}

test('a place in order has nothing wrong', () => {
  expect(wrong({})).toEqual([]);
});

const layer = (arn: string): Partial<PlaceDetail> => ({ functions: { seen: [ROLL_BACK, SETTLE, { name: 'reader', layers: [arn], rules: { seen: [] } }] } });
const AGENT = 'arn:aws:lambda:us-east-1:027255383542:layer:AWS-AppConfig-Extension';

describe('what is wrong is found', () => {
  test.each<[string, Partial<PlaceDetail>, string[]]>([
    ['an alarm that rings', { monitors: { seen: [{ name: 'a', state: 'ALARM', actionsEnabled: true }] } }, ['fail SLUICE-DOCTOR-7']],
    ['an alarm that knows too little', { monitors: { seen: [{ name: 'a', state: 'INSUFFICIENT_DATA', actionsEnabled: true }] } }, ['warn SLUICE-DOCTOR-7']],
    ['an alarm that is overridden while it rings', { monitors: { seen: [{ name: 'a', state: 'ALARM', actionsEnabled: false }] } }, ['fail SLUICE-DOCTOR-7', 'warn SLUICE-DOCTOR-8']],
    ['no alarm', { monitors: { seen: [] } }, ['fail SLUICE-DOCTOR-6']],
    ['one validator too few', { validators: { seen: ['LAMBDA'] } }, ['fail SLUICE-DOCTOR-2']],
    ['a gate that is asked too late', { extensions: { seen: [{ id: 'g', points: ['PRE_CREATE_HOSTED_CONFIGURATION_VERSION', 'AT_DEPLOYMENT_TICK'] }] } }, ['fail SLUICE-DOCTOR-3', 'fail SLUICE-DOCTOR-5']],
    ['handlers that are not there', { functions: { seen: [] } }, ['fail SLUICE-DOCTOR-13', 'fail SLUICE-DOCTOR-13']],
    ['a handler that failed to start', { functions: { seen: [{ ...ROLL_BACK, state: 'Failed' }, SETTLE] } }, ['fail SLUICE-DOCTOR-12']],
    ['a handler that nothing calls', { functions: { seen: [{ ...ROLL_BACK, rules: { seen: [] } }, SETTLE] } }, ['fail SLUICE-DOCTOR-11']],
    ['no workflow, which is no fault', { functions: { seen: [ROLL_BACK, { ...SETTLE, rules: { seen: [] } }] } }, []],
    ['rules that cannot be seen', { functions: { seen: [{ ...ROLL_BACK, rules: HIDDEN }, SETTLE] } }, ['warn SLUICE-DOCTOR-9']],
    ['an agent of the last version that ignores Entity-Id', layer(`${AGENT}:207`), ['fail SLUICE-DOCTOR-15']],
    ['an agent of the first version that may heed it', layer(`${AGENT}:208`), []],
    ['an agent for arm64, which counts by itself', layer(`${AGENT}-Arm64:141`), []],
    ['another layer', layer('arn:aws:lambda:us-east-1:123456789012:layer:mine:1'), []],
    ['a store that is not there', { store: HIDDEN }, ['fail SLUICE-AWS-3']],
    ['who may not see all', { rights: { seen: [{ duty: 'look', lacking: ['s3:GetObject'], of: 9 }] } }, ['fail SLUICE-DOCTOR-17']],
    ['half a permission', { rights: { seen: [{ duty: 'operate', lacking: ['appconfig:StopDeployment'], of: 3 }] } }, ['warn SLUICE-DOCTOR-16']],
    ['a duty of others, which is no fault', { rights: { seen: [{ duty: 'operate', lacking: ['a', 'b', 'c'], of: 3 }] } }, []],
  ])('%s', (_, more, wanted) => {
    expect(wrong(more)).toEqual(wanted);
  });
});

describe('what the counts cost', () => {
  const JUDGE: FunctionFacts = { ...ROLL_BACK, name: 'j', handler: 'judge', variables: { SLUICE_JUDGE: '{"metrics":{"ExecutionsFailed":{},"Refunds":{},"Complaints":{}}}' } };
  const settle = (variables: Record<string, string>): FunctionFacts => ({ ...SETTLE, variables });
  test.each<[string, Partial<PlaceDetail>, string[]]>([
    // 5 of the environment and 5 of the epoch, at 0.30 USD.
    ['is that of the environment and its epoch', {}, ['about 3.00 USD a month for 10 custom metrics in CloudWatch, with 0 releases in 30 days']],
    // One more each for slowness, one for the judge's blindness, two of its own.
    ['grows by what is judged', { functions: { seen: [settle({ SLUICE_SLOW_MS: '5000' }), JUDGE] } }, ['about 4.50 USD a month for 15 custom metrics in CloudWatch, with 0 releases in 30 days']],
    ['grows by the workflows that shift', { functions: { seen: [settle({ SLUICE_SHIFTING: 'orders,refunds' })] } }, ['about 6.00 USD a month for 20 custom metrics in CloudWatch, with 0 releases in 30 days']],
    // 3 hours of 5 metrics, and 2 of one that begins and completes, for each.
    ['grows by releases', { releases: { seen: { times: 100, minutes: 90 } } }, ['about 3.70 USD a month for 10 custom metrics in CloudWatch, with 100 releases in 30 days']],
    ['is not known without settle, which is a fault', { functions: { seen: [ROLL_BACK] } }, []],
    ['is that of what can be read where the judge\'s rules cannot', { functions: { seen: [SETTLE, { ...JUDGE, variables: { SLUICE_JUDGE: '{' } }] } }, ['about 3.30 USD a month for 11 custom metrics in CloudWatch, with 0 releases in 30 days']],
  ])('%s', (_, more, wanted) => {
    const found = ofPlace({ place: 'x/y', profile: 'x-y', ids: { seen: { applicationId: 'a', environmentId: 'e', profileId: 'p' } }, more: { ...WELL, ...more } }, '1.0.0');

    expect(found.filter(({ check }) => check === 'costs').map(({ text }) => text)).toEqual(wanted);
  });

  test('counts the releases of thirty days, of this profile alone', () => {
    const [now, minute] = [Date.parse('2026-06-01T00:00:00Z'), 60_000];
    const at = (number: number, daysAgo: number, minutes: number | undefined, profile = 'x-y'): Deployment => {
      const startedAt = now - daysAgo * 86_400_000;
      return { number, state: minutes === undefined ? 'DEPLOYING' : 'COMPLETE', profile, version: '1', startedAt, ...(minutes === undefined ? {} : { completedAt: startedAt + minutes * minute }) };
    };

    expect(turnoverOf([at(4, 1 / 24, undefined), at(3, 2, 30), at(2, 3, 500, 'other'), at(1, 31, 500)], 'x-y', now)).toEqual({ times: 2, minutes: 45 });
    expect(turnoverOf([], 'x-y', now)).toEqual({ times: 0, minutes: 0 });
  });
});

test.each<[number, string]>([[59_000, 'ok'], [-59_000, 'ok'], [60_000, 'warn'], [-299_000, 'warn'], [300_000, 'fail'], [-4e9, 'fail']])('a clock %d ms off AWS\'s is %s', (aheadMs, level) => {
  const found = ofCaller({ version: '1.0.0', node: '24.0.0', caller: { seen: { arn: 'arn:aws:iam::1:root', account: '1', userId: 'AIDA', region: 'r' } }, aheadMs });

  expect(found.find(({ check }) => check === 'clock')?.level).toBe(level);
});

describe('which commands may be run', () => {
  const PLACE = { partition: 'aws', region: 'r', account: '1', applicationId: 'a', environmentId: 'e', profileId: 'p', bucket: 'b', alarms: ['x-y'] };
  const parts = Object.keys(partsOf(PLACE)) as Part[];
  const lacking = (denied: Partial<Record<Part, string[]>>): ToldRights => ({ by: 'iam:SimulatePrincipalPolicy', lacking: { ...Object.fromEntries(parts.map((part) => [part, []])), ...denied } });
  const commands = (told: ToldRights, may: boolean | null): string[] => commandRights(told).filter((one) => one.may === may).map(({ command }) => command);

  test.each<[string, ToldRights, string[], string[]]>([
    ['all with every right', lacking({}), [], []],
    ['not what writes a release without that', lacking({ release: ['s3:PutObject'] }), ['release'], []],
    ['nothing that reads verdicts without them', lacking({ 'kept verdicts': ['s3:GetObject'] }), ['status', 'explain', 'drift'], []],
    ['validate alone where no environment can be found', lacking({ find: ['appconfig:ListApplications'] }), commands(lacking({}), true).filter((name) => name !== 'validate'), []],
    ['nobody knows what of which nothing is told', { by: 'reading', lacking: {} }, [], commands(lacking({}), true).filter((name) => name !== 'validate')],
  ])('%s', (_, told, not, unknown) => {
    expect([commands(told, false), commands(told, null)]).toEqual([not, unknown]);
  });

  test('and by which way that is known', () => {
    const found = ofPlace({ place: 'x/y', profile: 'x-y', ids: { seen: { applicationId: 'a', environmentId: 'e', profileId: 'p' } }, more: { ...WELL, commands: { by: 'reading', rights: [{ command: 'plan', may: true }, { command: 'show', may: false, lacking: ['s3:GetObject'] }, { command: 'release', may: null }] } } }, '1.0.0');

    expect(found.find(({ check }) => check === 'commands')?.text).toBe('you may run plan; not show; not told of release (as reading was tried; of writing only iam:SimulatePrincipalPolicy and iam:GetRole tell)');
  });

  test('a store with a customer key asks its readers and writers for that key too', () => {
    const key = 'arn:aws:kms:r:1:key/k';
    const of = (action: string, place: typeof PLACE & { key?: string }): Part[] => parts.filter((part) => partsOf(place)[part].some(({ actions, on }) => actions.includes(action) && on.includes(key)));

    expect(of('kms:Decrypt', { ...PLACE, key })).toEqual(parts.filter((part) => part.startsWith('kept ')));
    expect(of('kms:GenerateDataKey', { ...PLACE, key })).toEqual(['release', 'approve', 'override', 'shift', 'shadow']);
    expect([of('kms:Decrypt', PLACE), of('kms:GenerateDataKey', PLACE)]).toEqual([[], []]);
  });

  test('shadows are kept by who releases and who operates, and read by who looks', () => {
    const of = (action: string): Duty[] => (['look', 'release', 'approve', 'operate'] as Duty[]).filter((duty) => needsOf(duty, PLACE).some(({ actions, on }) => actions.includes(action) && on.includes('arn:aws:s3:::b/shadows/*')));

    expect([of('s3:PutObject'), of('s3:GetObject')]).toEqual([['release', 'operate'], ['look']]);
  });

  test('approving is asked of the name that only its approver may write', () => {
    expect(needsOf('approve', { ...PLACE, userId: 'AIDA' })).toEqual([{ actions: ['s3:PutObject'], on: ['arn:aws:s3:::b/approvals/a/e/sluice/AIDA.json'] }]);
  });
});

test('without a store no duty asks for anything in it', () => {
  const place = { partition: 'aws', region: 'r', account: '1', applicationId: 'a', environmentId: 'e', profileId: 'p', alarms: [] };
  const all = (['look', 'release', 'approve', 'operate'] as Duty[]).flatMap((duty) => needsOf(duty, place).flatMap(({ actions, on }) => [...actions, ...on]));

  expect(all.filter((text) => /s3:|undefined|cloudwatch:Disable/.test(text))).toEqual([]);
  expect(needsOf('approve', { ...place, bucket: 'b' })).toEqual([{ actions: ['s3:PutObject'], on: ['arn:aws:s3:::b/approvals/*'] }]);
});

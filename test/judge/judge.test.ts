import type { Deployment, DeploymentSummary } from '@aws-sdk/client-appconfig';
import { expect, it } from 'vitest';
import { judge, judgedAgain, type JudgedRecord } from '../../lib/core/index.ts';
import { deployAssembly } from 'sluice-engine';
import { Guard } from '../../lib/constructs/index.ts';
import { Duration } from 'aws-cdk-lib';
import { Deployed } from '../constructs/deployed.ts';
import { clumpsOf, endedBy, environmentRecord, epochOf, plant, published, rang, release, runUntilEnd, told, verdicts } from './plant.ts';

const LONG = { timeout: 300_000 };

/** Each recorded verdict is made again from what it was made of. */
function expectReplayed(records: readonly JudgedRecord[]): void {
  expect(records.length).toBeGreaterThan(0);
  expect(records.flatMap((record) => judgedAgain(record))).toEqual([]);
}

it('5 % failures against 0.5 %, at 10 % exposure of 10 executions a second, are rolled back by the tick before the alarm rings', LONG, async () => {
  const { harm: { number, ended, rang, records, told, published, store, environment } } = await played();

  const last = records.at(-1)!;
  expect([ended.State, endedBy(ended), rang]).toEqual(['ROLLED_BACK', 'APPCONFIG', 0]);
  expect(last).toMatchObject({ percent: 10, verdict: { kind: 'roll-back', because: 'evidence' } });
  expect(ended.EventLog!.find(({ EventType }) => EventType === 'ROLLBACK_STARTED')!.Description).toContain(last.verdict.reason);
  expect(told).toMatchObject([{ decidedBy: 'judge', application: 'orders', environment: 'production', deployment: number, reason: last.verdict.reason }]);
  expect(published).toEqual([
    `"Deployment ${number} of orders/production is rolled back: ${last.verdict.reason}"\n"More: sluice explain ${number} --store ${store}"`,
  ]);
  expect(last.verdict.reason).toMatch(/ExecutionsFailed: canary \d+ bad of \d+ .*control \d+ bad of \d+/);
  expect(environment).toMatchObject({ application: 'orders', environment: 'production', judge: last.rules, slowerThanMs: null, settleWithinMs: 300_000 });
  expectReplayed(records);
});

it('a rollout nobody uses completes, though the judge sees nothing; so does one whose failures come in clumps on both sides', LONG, async () => {
  const { unused, clumped } = await played();

  expect(unused.deployment).toMatchObject({ DeploymentNumber: unused.number, State: 'COMPLETE' });
  expect(unused.records.at(-1)).toMatchObject({ blind: 'no execution of the new epoch has been counted', verdict: { kind: 'continue', because: 'no-data' } });
  expectReplayed(unused.records);
  const last = clumped.records.at(-1)!;
  const { windows, rules } = last;
  expect(clumped.deployment).toMatchObject({ DeploymentNumber: clumped.number, State: 'COMPLETE' });
  expect([last.verdict.kind, judge(windows, rules).kind]).toEqual(['continue', 'roll-back']);
  expect(last.verdict.metrics['ExecutionsFailed']!.phi).toBeGreaterThan(3);
  expectReplayed(clumped.records);
});

it('where the judge is switched off, the alarm is the net below it', LONG, async () => {
  const { unjudged: { ended, records } } = await played();

  expect([ended.State, endedBy(ended)]).toEqual(['ROLLED_BACK', 'CLOUDWATCH_ALARM']);
  expect(records).toEqual([]);
});

it('with an alarm that rings late, the judge alone lets a release complete in an environment that is as bad without it, and a harmless one; it takes back one that only times out and one that only gets slower', LONG, async () => {
  const { late: { asBad, endings } } = await played();

  expect(asBad.deployment).toMatchObject({ DeploymentNumber: asBad.number, State: 'COMPLETE' });
  expect(asBad.records.at(-1)!.verdict.metrics['ExecutionsFailed']!.canary.bad).toBeGreaterThan(20);
  expectReplayed(asBad.records);
  for (const { records } of endings) expectReplayed(records);
  expect(endings.map(({ ended, records }) => [ended.State, endedBy(ended), records.at(-1)!.verdict.reason.split(':')[0]])).toEqual([
    ['COMPLETE', undefined, expect.any(String) as string],
    ['ROLLED_BACK', 'APPCONFIG', expect.stringMatching(/TimedOut|Failed|Slow/) as string],
    ['ROLLED_BACK', 'APPCONFIG', 'ExecutionsSlow'],
  ]);
});

/** What was seen of releases that one stack goes through, one after the other. */
interface Played {
  readonly harm: Harmed;
  readonly unused: Rolled;
  readonly clumped: Rolled;
  readonly unjudged: Pick<Harmed, 'ended' | 'records'>;
  readonly late: { readonly asBad: Rolled; readonly endings: readonly Pick<Harmed, 'ended' | 'records'>[] };
}

interface Rolled {
  readonly number: number;
  readonly deployment: DeploymentSummary | undefined;
  readonly records: readonly JudgedRecord[];
}

interface Harmed {
  readonly number: number;
  readonly ended: Deployment;
  readonly rang: number;
  readonly records: readonly JudgedRecord[];
  readonly told: readonly unknown[];
  readonly published: readonly unknown[];
  readonly store: string;
  readonly environment: unknown;
}

let once: Promise<Played> | undefined;

/** Plays them, once. */
function played(): Promise<Played> {
  return once ??= Deployed.play(plant({ fails: 0.005 }), async (deployed) => {
    await deployed.sleep(15);
    return { harm: await harmed(deployed), unused: await unused(deployed), clumped: await clumped(deployed), unjudged: await unjudged(deployed), late: await late(deployed) };
  });
}

async function unused(deployed: Deployed): Promise<Rolled> {
  const number = await release(deployed, { note: 1 }, { percent: 20, minutes: 12, bake: 1 });
  await deployed.sleep(15);
  return { number, deployment: (await deployed.deployments())[0], records: await verdicts(deployed, number) };
}

async function clumped(deployed: Deployed): Promise<Rolled> {
  const minute = clumpsOf(deployed, { canary: epochOf({ note: 0.5 }).digest, control: epochOf({ note: 1 }).digest });
  for (let n = 0; n < 140; n += 1) await minute(0);
  const number = await release(deployed, { note: 0.5 }, { percent: 10, minutes: 30, bake: 1 });
  for (let n = 0; n < 34; n += 1) await minute((await deployed.deployments())[0]!.PercentageComplete!);
  return { number, deployment: (await deployed.deployments())[0], records: await verdicts(deployed, number) };
}

async function harmed(deployed: Deployed): Promise<Harmed> {
  const number = await release(deployed, { fails: 0.05 }, { percent: 10, minutes: 40, bake: 1 });
  const ended = await runUntilEnd(deployed, number, 10, 6.5);
  return {
    number, ended, rang: await rang(deployed), records: await verdicts(deployed, number), told: await told(deployed), published: await published(deployed),
    store: deployed.stack.outputs['Store']!, environment: await environmentRecord(deployed),
  };
}

async function unjudged(judged: Deployed): Promise<Played['unjudged']> {
  const [stack] = await judged.park(() => deployAssembly(judged.engine, plant({}, { judge: false })));
  const deployed = judged.with(stack!);
  const number = await release(deployed, { fails: 1 }, { percent: 20, minutes: 20, bake: 0 });
  return { ended: await runUntilEnd(deployed, number, 0.5, 4), records: await verdicts(deployed, number) };
}

/** Executions that fail often; then other harm, compared with ones that seldom do. No alarm rings at either. */
async function late(before: Deployed): Promise<Played['late']> {
  const [stack] = await before.park(() => deployAssembly(before.engine, plant({}, { guards: [Guard.failedExecutions({ percent: 60 })], judge: { slowerThan: Duration.seconds(5) } })));
  const deployed = before.with(stack!);
  const [plan, atOnce] = [{ percent: 20, minutes: 8, bake: 0 }, { percent: 100, minutes: 0, bake: 0 }];
  await runUntilEnd(deployed, await release(deployed, { fails: 0.3 }, atOnce), 1);
  await deployed.sleep(15);
  const number = await release(deployed, { fails: 0.3, note: 1 }, plan);
  await runUntilEnd(deployed, number, 1, 2);
  const asBad = { number, deployment: (await deployed.deployments())[0], records: await verdicts(deployed, number) };
  await runUntilEnd(deployed, await release(deployed, { fails: 0.02 }, atOnce), 1);
  const endings = [];
  for (const behaviour of [{ fails: 0.02, note: 1 }, { fails: 0.02, hangs: 0.5 }, { fails: 0.02, slow: 0.6 }]) {
    const next = await release(deployed, behaviour, plan);
    endings.push({ ended: await runUntilEnd(deployed, next, 1, 2), records: await verdicts(deployed, next) });
  }
  return { asBad, endings };
}

import { AppConfigClient, GetDeploymentCommand } from '@aws-sdk/client-appconfig';
import { CloudWatchClient, DescribeAlarmsCommand, DisableAlarmActionsCommand, PutMetricDataCommand, type MetricDatum } from '@aws-sdk/client-cloudwatch';
import { PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { describe, expect, it } from 'vitest';
import { Guard } from '../../lib/constructs/index.ts';
import { formatOverride, judgedAgain, overrideKey, type Digest, type Override } from '../../lib/core/index.ts';
import { Deployed } from '../constructs/deployed.ts';
import { epochOf, plant, release, told, verdicts } from './plant.ts';

const HOUR = 3_600_000;
const FIVE = 300_000;
/** No alarm rings at what these releases do. */
const OPTIONS = { guards: [Guard.failedExecutions({ percent: 60 })] };
const AT_ONCE = { percent: 100, minutes: 0, bake: 0 };
const STARTS = 2000;

/** Failures come and go with the day: half a percent at midnight, two at seven, three at noon. */
function rhythm(at: number): number {
  return 0.0175 - 0.0125 * Math.cos((2 * Math.PI * (at % (24 * HOUR))) / (24 * HOUR));
}

/** Counts of an epoch by five minutes, as the handlers would have written them. */
async function counted(deployed: Deployed, epoch: Digest, from: number, to: number, rateAt: (at: number) => number): Promise<void> {
  const data: MetricDatum[] = [];
  for (let at = Math.ceil(from / FIVE) * FIVE; at < to; at += FIVE) {
    const counts = { ExecutionsStarted: STARTS, ExecutionsSettled: STARTS, ExecutionsFailed: Math.round(STARTS * rateAt(at)) };
    const Dimensions = [{ Name: 'Application', Value: 'orders' }, { Name: 'Environment', Value: 'production' }, { Name: 'Epoch', Value: epoch }];
    for (const [MetricName, Value] of Object.entries(counts)) data.push({ MetricName, Value, Unit: 'Count', Timestamp: new Date(at), Dimensions });
  }
  // The SDK compresses more than 10 kB.
  const cloudwatch = deployed.client(CloudWatchClient);
  while (data.length > 0) await cloudwatch.send(new PutMetricDataCommand({ Namespace: 'Sluice', MetricData: data.splice(0, 30) }));
}

/** Time goes by while an epoch is counted, by the half hour. */
async function halfHours(deployed: Deployed, epoch: Digest, many: number, rateAt: (at: number) => number): Promise<void> {
  for (let n = 0; n < many; n += 1) {
    const now = deployed.engine.clock.now();
    await counted(deployed, epoch, now, now + HOUR / 2, rateAt);
    await deployed.sleep(30);
  }
}

async function stateOf(deployed: Deployed, DeploymentNumber: number): Promise<string | undefined> {
  return (await deployed.client(AppConfigClient).send(new GetDeploymentCommand({ ...await deployed.ids(), DeploymentNumber }))).State;
}

async function alarmActions(deployed: Deployed): Promise<boolean | undefined> {
  const { CompositeAlarms = [] } = await deployed.client(CloudWatchClient).send(new DescribeAlarmsCommand({ AlarmNames: [deployed.stack.outputs['Alarm']!], AlarmTypes: ['CompositeAlarm'] }));
  return CompositeAlarms[0]?.ActionsEnabled;
}

describe('after completion, with an alarm that would ring too late', () => {
  it('a day and a night as the old epoch had them take nothing back; a release that turns bad is taken back, once, unless that is overridden', { timeout: 180_000 }, async () => {
    await Deployed.play(plant({}, OPTIONS), async (deployed) => {
      await deployed.sleep(15);
      const [old, first, second] = [epochOf({}).digest, epochOf({ note: 1 }).digest, epochOf({ note: 0.5 }).digest];
      const began = deployed.engine.clock.now();
      await counted(deployed, old, began - 48 * HOUR, began, rhythm);
      const calm = await release(deployed, { note: 1 }, AT_ONCE);
      await halfHours(deployed, first, 13, rhythm);
      const afterCalm = await stateOf(deployed, calm);
      await halfHours(deployed, first, 1, (at) => 2.5 * rhythm(at));
      const afterBad = await stateOf(deployed, calm);

      const overridden = await release(deployed, { note: 0.5 }, AT_ONCE);
      await override(deployed, 1);
      await halfHours(deployed, second, 1, (at) => 4 * rhythm(at));
      const during = [await stateOf(deployed, overridden), await alarmActions(deployed)];
      await halfHours(deployed, second, 2, (at) => 4 * rhythm(at));
      const afterwards = [await stateOf(deployed, overridden), await alarmActions(deployed)];

      expect([afterCalm, afterBad]).toEqual(['COMPLETE', 'REVERTED']);
      expect(during).toEqual(['COMPLETE', false]);
      expect(afterwards).toEqual(['REVERTED', true]);
      expect((await deployed.deployments()).map(({ State }) => State)).toEqual(['REVERTED', 'REVERTED', 'COMPLETE']);
      const records = [...await verdicts(deployed, calm), ...await verdicts(deployed, overridden)];
      expect(records.map(({ state, overTime, override: by }) => [state, overTime?.kind, by?.by])).toEqual([
        ['COMPLETE', 'continue', undefined], ['COMPLETE', 'continue', undefined], ['COMPLETE', 'roll-back', undefined],
        ['COMPLETE', 'roll-back', 'alice'], ['COMPLETE', 'roll-back', undefined],
      ]);
      expect(records.flatMap((record) => judgedAgain(record))).toEqual([]);
      expect(await told(deployed)).toMatchObject([calm, overridden].map((deployment) => ({ decidedBy: 'roll-back', deployment, because: 'over-time' })));
    });
  });
});

/** What `sluice override` does: an entry in the store, and the alarm's actions disabled. */
async function override(deployed: Deployed, forHours: number): Promise<void> {
  const now = deployed.engine.clock.now();
  const { ApplicationId: applicationId, EnvironmentId: environmentId } = await deployed.ids();
  const entry: Override = { sluice: 1, kind: 'override', by: 'alice', why: 'a load test', at: new Date(now).toISOString(), until: new Date(now + forHours * HOUR).toISOString() };
  await deployed.client(S3Client).send(new PutObjectCommand({ Bucket: deployed.stack.outputs['Store']!, Key: overrideKey({ applicationId, environmentId }, 1), Body: formatOverride(entry) }));
  await deployed.client(CloudWatchClient).send(new DisableAlarmActionsCommand({ AlarmNames: [deployed.stack.outputs['Alarm']!] }));
}

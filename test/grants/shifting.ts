import { cpSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { AppConfigClient, StartDeploymentCommand } from '@aws-sdk/client-appconfig';
import { CloudWatchClient, PutMetricDataCommand } from '@aws-sdk/client-cloudwatch';
import { CloudWatchLogsClient, FilterLogEventsCommand } from '@aws-sdk/client-cloudwatch-logs';
import {
  CreateStateMachineAliasCommand, ListStateMachineVersionsCommand, SFNClient, StartExecutionCommand, StopExecutionCommand, UpdateStateMachineCommand,
} from '@aws-sdk/client-sfn';
import { Duration } from 'aws-cdk-lib';
import { deployAssembly } from 'sluice-engine';
import { EpochStore } from '../../lib/adapters/store/index.ts';
import { RunsWith, ShiftPlan } from '../../lib/constructs/index.ts';
import { concluded, type Candidate } from '../../lib/core/shadow/index.ts';
import { epochOf, type Deployed } from '../constructs/deployed.ts';
import { Shop, synthesised } from '../scenario/shifting.ts';
import { silent } from './environment.ts';
import type { Step } from './play.ts';

const HOUR = 3_600_000;
const FIVE = 300_000;

/** A stack whose workflow shifts, declares what it runs with, and must be shown first, as its configuration must. */
export function shifting(outdir: string): string {
  const requireShadow = { executions: 1 };
  const plan = ShiftPlan.canary({ percent: 25, hold: Duration.minutes(8), bakeTime: Duration.minutes(2), requireShadow });
  return synthesised({ answer: 'one', runsWith: RunsWith.schemas({ limits: ['examples/orders/config/limits.schema.json'] }) }, plan, outdir, { requireShadow });
}

/** The life of shifts, as short as it may be while every grant is needed once. `folder` holds the assembly that is played. */
export function shiftingSteps(folder: () => string): readonly Step[] {
  return [
    ['the first version takes the alias at once', { 1: 100 }, async (deployed) => {
      await deployed.sleep(12);
      const shop = Shop.of(deployed);
      await shop.run(0.1);
      return shop.routes();
    }],
    ['one that has led for long hands over', [true, 'SUCCEEDED', { 1: 100 }], async (deployed) => {
      const shop = Shop.of(deployed);
      await update(deployed, folder(), 2);
      const before = await leader(shop);
      // While a version waits to be shown it is looked at every five minutes alone.
      await deployed.sleep(67);
      // One that may not hand over fails, and is followed too.
      return [await leader(shop) !== before, (await shop.controllers()).find(({ arn }) => arn === before)?.status, await shop.routes()];
    }],
    ['a new version is shifted to when it was shown', { 1: 75, 2: 25 }, async (deployed) => {
      await showVersion(deployed, 2);
      await deployed.sleep(7);
      return Shop.of(deployed).routes();
    }],
    ['a newer one takes its place', [['superseded'], { 1: 75, 3: 25 }], async (deployed) => {
      await showVersion(deployed, 3);
      await update(deployed, folder(), 3);
      return [await Shop.of(deployed).ends(), await Shop.of(deployed).routes()];
    }],
    ['another controller follows one that is stopped', true, async (deployed) => {
      const shop = Shop.of(deployed);
      const before = await leader(shop);
      await deployed.client(SFNClient).send(new StopExecutionCommand({ executionArn: before }));
      await deployed.sleep(3);
      return await leader(shop) !== before;
    }],
    ['versions come to fifty more, of which one is routed to and one still runs', 57, async (deployed) => {
      await publish(deployed, deployed.resource('ShiftingStateMachine'), 51);
      return (await crowd(deployed, 54)).length;
    }],
    ['a person promotes it', ['superseded', 'complete'], async (deployed) => {
      await Shop.of(deployed).ask('promote');
      await deployed.sleep(4);
      return Shop.of(deployed).ends();
    }],
    // 1 and 3 are of the shift, an alias routes to 4, an execution runs on 5; 8 to 57 are the newest.
    ['versions that nothing needs are deleted', [1, 3, 4, 5, 8], async (deployed) => (await versionsOf(deployed)).slice(0, 5)],
    ['the controller\'s own too, but for the one that it runs on', [1, 3], async (deployed) => (await versionsOf(deployed, 'ShiftingStateMachine')).slice(0, 2)],
    ['nothing was in the way', [], async (deployed) => {
      const { events = [] } = await deployed.client(CloudWatchLogsClient).send(new FilterLogEventsCommand({ logGroupName: deployed.resource('ShiftingDecideLogs') }));
      return events.flatMap(({ message = '' }) => (message.startsWith('{') ? (JSON.parse(message) as { troubles?: string[] }).troubles ?? [] : []));
    }],
    ['a configuration that was shown is rolled out', 'DEPLOYING', async (deployed) => {
      const { bytes, digest } = epochOf(['examples/orders/config', 'examples/orders/releases/2-patient-bank']);
      const now = deployed.engine.clock.now();
      // What was before a deployment is read once when it is complete.
      await counted(deployed, { from: now - 24 * HOUR, to: now - 22 * HOUR, bad: 0 }, { Epoch: epochOf(['examples/orders/config']).digest }, { Workflow: 'answers', WorkflowVersion: '3' });
      await show(deployed, { kind: 'epoch', version: '2', digest });
      await deployed.client(AppConfigClient).send(new StartDeploymentCommand({ ...await deployed.ids(), ConfigurationVersion: String(await deployed.createVersion(bytes)), DeploymentStrategyId: 'AppConfig.Linear50PercentEvery30Seconds' }));
      return (await deployed.deployments())[0]?.State;
    }],
    ['a version after it that turns bad when all is complete is taken back in its place', [['superseded', 'complete', 'complete', 'rolled-back'], { 3: 100 }, 'COMPLETE'], async (deployed) => {
      const shop = Shop.of(deployed);
      const began = deployed.engine.clock.now();
      await deployed.sleep(23);
      await showVersion(deployed, 58);
      await update(deployed, folder(), 58);
      await shop.ask('promote');
      await deployed.sleep(4);
      const { digest: Epoch } = epochOf(['examples/orders/config', 'examples/orders/releases/2-patient-bank']);
      const now = deployed.engine.clock.now();
      for (const [from, to, WorkflowVersion, bad] of [[began + HOUR / 12, began + HOUR / 2 + FIVE, '3', 0], [now, now + HOUR / 4, '58', 0.5]] as const) await counted(deployed, { from, to, bad }, { Epoch }, { Workflow: 'answers', WorkflowVersion });
      await deployed.sleep(16);
      return [await shop.ends(), await shop.routes(), (await deployed.deployments())[0]?.State];
    }],
    ['functions write logs', [], async (deployed) => (await silent(deployed, [])).filter((id) => id.includes('Shift'))],
  ];
}

/** Counts 2000 executions in each five minutes, of which a part ends badly. */
async function counted(deployed: Deployed, { from, to, bad }: { readonly from: number; readonly to: number; readonly bad: number }, ...whose: Record<string, string>[]): Promise<void> {
  for (const of of whose) {
    const Dimensions = Object.entries({ Application: 'orders', Environment: 'production', ...of }).map(([Name, Value]) => ({ Name, Value }));
    const MetricData = Array.from({ length: (to - from) / FIVE }, (_, n) => Math.ceil(from / FIVE) * FIVE + n * FIVE)
      .flatMap((at) => Object.entries({ ExecutionsStarted: 2000, ExecutionsSettled: 2000, ExecutionsFailed: 2000 * bad }).map(([MetricName, Value]) => ({ MetricName, Value, Timestamp: new Date(at), Dimensions })));
    // The SDK compresses more than 10 kB.
    while (MetricData.length > 0) await deployed.client(CloudWatchClient).send(new PutMetricDataCommand({ Namespace: 'Sluice', MetricData: MetricData.splice(0, 30) }));
  }
}

/** Keeps that a candidate was shown to do the same. */
async function show(deployed: Deployed, candidate: Candidate): Promise<void> {
  const { ApplicationId: applicationId, EnvironmentId: environmentId } = await deployed.ids();
  await new EpochStore(await deployed.objects(Shop.of(deployed).store)).saveShadow({ applicationId, environmentId }, {
    sluice: 1, workflow: Shop.of(deployed).aliasArn, candidate, judgedAt: new Date(deployed.engine.clock.now()).toISOString(), from: null, to: null, skipped: {}, pure: [],
    ...concluded([{ execution: 'one', kind: 'same', explanation: '', differences: [] }]),
  });
}

/** Publishes so many versions, lets another alias route to the fourth, and an execution of the fifth run for long. Answers the numbers of all. */
async function crowd(deployed: Deployed, many: number): Promise<number[]> {
  const [states, stateMachineArn] = [deployed.client(SFNClient), deployed.resource('WorkflowStateMachine')];
  await publish(deployed, stateMachineArn, many);
  await states.send(new CreateStateMachineAliasCommand({ name: 'other', routingConfiguration: [{ stateMachineVersionArn: `${stateMachineArn}:4`, weight: 100 }] }));
  await states.send(new StartExecutionCommand({ stateMachineArn: `${stateMachineArn}:5`, input: '{}' }));
  return versionsOf(deployed);
}

/** Publishes so many versions of a state machine, each of which runs for long. */
export async function publish(deployed: Deployed, stateMachineArn: string, many: number): Promise<void> {
  for (let n = 0; n < many; n += 1) {
    const definition = JSON.stringify({ StartAt: 'Rest', States: { Rest: { Type: 'Wait', Seconds: 100_000 + n, End: true } } });
    await deployed.client(SFNClient).send(new UpdateStateMachineCommand({ stateMachineArn, publish: true, definition }));
  }
}

/** The numbers of a state machine's versions, the workflow's unless another is named, oldest first. */
export async function versionsOf(deployed: Deployed, machine = 'WorkflowStateMachine'): Promise<number[]> {
  const { stateMachineVersions = [] } = await deployed.client(SFNClient).send(new ListStateMachineVersionsCommand({ stateMachineArn: deployed.resource(machine), maxResults: 1000 }));
  return stateMachineVersions.map(({ stateMachineVersionArn = '' }) => Number(stateMachineVersionArn.split(':').at(-1))).toSorted((one, other) => one - other);
}

/** The one execution of the controller that runs. */
async function leader(shop: Shop): Promise<string> {
  const running = (await shop.controllers()).filter(({ status }) => status === 'RUNNING');
  if (running.length !== 1) throw new Error(`${running.length} controllers run`);
  return running[0]!.arn;
}

function showVersion(deployed: Deployed, version: number): Promise<void> {
  return show(deployed, { kind: 'version', arn: `${deployed.resource('WorkflowStateMachine')}:${version}` });
}

/** Deploys the stack once more with a version by that number, with another time-out of its workflow; and lets the controller look at it. */
async function update(deployed: Deployed, folder: string, version: number): Promise<void> {
  const copy = mkdtempSync(join(tmpdir(), 'sluice-again-'));
  cpSync(folder, copy, { recursive: true });
  const path = join(copy, `${deployed.stack.name}.template.json`);
  writeFileSync(path, readFileSync(path, 'utf8').replace(String.raw`\"TimeoutSeconds\":30`, String.raw`\"TimeoutSeconds\":${29 + version}`));
  await deployed.park(() => deployAssembly(deployed.engine, copy));
  await deployed.sleep(2.5);
}

import { DeleteEnvironmentCommand, DeleteHostedConfigurationVersionCommand, ListDeploymentsCommand, ListDeploymentStrategiesCommand, StopDeploymentCommand } from '@aws-sdk/client-appconfig';
import { GetMetricStatisticsCommand } from '@aws-sdk/client-cloudwatch';
import { CloudWatchLogsClient, FilterLogEventsCommand } from '@aws-sdk/client-cloudwatch-logs';
import { EventBridgeClient, PutRuleCommand, PutTargetsCommand } from '@aws-sdk/client-eventbridge';
import { UpdateFunctionConfigurationCommand } from '@aws-sdk/client-lambda';
import { Ajv2020 } from 'ajv/dist/2020.js';
import formats from 'ajv-formats';
import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Alarms } from '../../lib/adapters/evidence/index.ts';
import { AppConfigPlane, AppConfigSight } from '../../lib/adapters/plane/index.ts';
import { Reconciling } from '../../lib/adapters/reconciling.ts';
import { Releasing } from '../../lib/adapters/releasing.ts';
import { standing } from '../../lib/adapters/standing.ts';
import { EpochStore, type Store } from '../../lib/adapters/store/index.ts';
import { labelOf, type Healable, type Release, type Strategy } from '../../lib/core/index.ts';
import type { DriftRecord } from '../../lib/core/reconciled.ts';
import { bytesOf, epochOf, schemaOf } from '../fixtures/epochs.ts';
import { NAMES, Stage } from '../fixtures/stage.ts';

const MINUTE = 60_000;
const AT_ONCE: Strategy = { growthType: 'LINEAR', growthFactor: 100, durationMinutes: 0, bakeMinutes: 0 };
const BAKED: Strategy = { ...AT_ONCE, bakeMinutes: 10 };
const conforms = formats.default(new Ajv2020()).compile(JSON.parse(readFileSync('schemas/drift.schema.json', 'utf8')) as object);

let stage: Stage;
let plane: AppConfigPlane;
let epochs: EpochStore;

beforeAll(async () => {
  stage = await Stage.open();
  epochs = new EpochStore(stage.store);
  plane = await AppConfigPlane.open(options());
  await stage.guard();
  await epochs.saveSchema(schemaOf().bytes);
  await stage.handler('reconcile');
  const ear = await stage.function('ear', Buffer.from('export const handler = async ({ detail }) => { console.log(`heard ${detail.before} ${detail.state}`); };'));
  const bus = new EventBridgeClient(options());
  await bus.send(new PutRuleCommand({ Name: 'drift', EventPattern: JSON.stringify({ source: ['sluice'], 'detail-type': ['Sluice Drift'], detail: { environment: ['prod'] } }) }));
  await bus.send(new PutTargetsCommand({ Rule: 'drift', Targets: [{ Id: 'ear', Arn: ear }] }));
  bus.destroy();
});

afterAll(async () => {
  plane.close();
  await stage.close();
});

function options(): { region: string; endpoint: string; credentials: { accessKeyId: string; secretAccessKey: string } } {
  return { region: stage.engine.region, endpoint: stage.engine.endpoint, credentials: { accessKeyId: 'AKIATEST', secretAccessKey: 'test' } };
}

function place(): { applicationId: string; environmentId: string; profileId: string; profile: string } {
  const { ApplicationId, EnvironmentId, ConfigurationProfileId } = stage.ids;
  return { applicationId: ApplicationId, environmentId: EnvironmentId, profileId: ConfigurationProfileId, profile: NAMES.profile };
}

/** What a scheduled reconciler answers and keeps. */
async function look(): Promise<DriftRecord> {
  await stage.engine.clock.advance(MINUTE);
  const answered = await stage.invoke('reconcile', { source: 'aws.events', 'detail-type': 'Scheduled Event', detail: {} }) as DriftRecord;
  const kept = await epochs.drift(place());

  expect({ ...kept, explanation: '', evidence: [] }).toEqual({ ...answered, explanation: '', evidence: [] });
  expect(conforms(kept), JSON.stringify(conforms.errors)).toBe(true);
  return answered;
}

/** A release as `sluice release` makes it; broken off before its start, if so wished. */
async function release(seconds: number, { heal = [], strategy = AT_ONCE, start = true }: { heal?: readonly Healable[]; strategy?: Strategy; start?: boolean } = {}): Promise<number> {
  await stage.engine.clock.advance(MINUTE);
  const { base } = await standing(plane, epochs, place());
  const { bytes, digest } = epochOf(seconds);
  const decided: Release = { ...NAMES, base, digest, strategy, commit: 'c0ffee' };
  const provenance = { sluice: 1, ...decided, label: labelOf(decided), plan: digest, subject: null, author: null, signature: null, approvals: [], heal, createdAt: '2026-01-01T00:00:00.000Z' } as const;
  const cargo = { release: decided, bytes, schemas: new Map(), provenance, description: 'by git' };
  const broken = new Error('broken off');
  const released = new Releasing(plane, epochs).play(place(), cargo, { detach: true, pause: async () => undefined, tell: ({ kind }) => { if (kind === 'created' && !start) throw broken; } });
  const { number } = await released.catch((error: unknown) => {
    if (error !== broken) throw error;
    return { number: 0 };
  });
  return number;
}

async function states(): Promise<string[]> {
  const { Items = [] } = await stage.appconfig.send(new ListDeploymentsCommand(stage.ids));
  return Items.map(({ DeploymentNumber, ConfigurationVersion, State }) => `${DeploymentNumber}: v${ConfigurationVersion} ${State}`);
}

/** A change in the console: the console writes JSON in its own way. */
async function edit(seconds: number): Promise<number> {
  await stage.engine.clock.advance(MINUTE);
  return stage.deploy(await stage.createVersion(bytesOf(JSON.stringify(JSON.parse(Buffer.from(epochOf(seconds).bytes).toString()), null, 2))), 'in the console');
}

/** A reconciler in this process, in which something else happens once, after it has listed the deployments and before it has decided. */
async function racing(meanwhile: () => Promise<unknown>, by = plane): Promise<Reconciling> {
  let listed = 0;
  const store: Store = {
    get: async (key) => {
      if (key.startsWith('releases/') && (listed += 1) === 2) await meanwhile();
      return stage.store.get(key);
    },
    create: (...write) => stage.store.create(...write), put: (...write) => stage.store.put(...write), list: (prefix) => stage.store.list(prefix), folders: (folder) => stage.store.folders(folder),
    revision: (key) => stage.store.revision(key), replace: (...write) => stage.store.replace(...write),
  };
  const sight = await AppConfigSight.open(options());
  const { Items: [strategy] = [] } = await stage.appconfig.send(new ListDeploymentStrategiesCommand({}));
  return new Reconciling({
    place: { ...NAMES, ...place() }, plane: by, sight, epochs: new EpochStore(store), alarms: () => Alarms.open(options()), tell: async () => undefined,
    strategy: strategy?.Id ?? '', same: () => false,
  });
}

/** The versions whose bytes one look asks AppConfig for. */
async function read(): Promise<string[]> {
  const asked: string[] = [];
  const by = new Proxy(plane, {
    get: (target, name): unknown => {
      const member: unknown = Reflect.get(target, name);
      return typeof member !== 'function' ? member : (...given: unknown[]): unknown => {
        if (name === 'content') asked.push(String(given[1]));
        return Reflect.apply(member, target, given);
      };
    },
  });
  await (await racing(async () => undefined, by)).look(undefined, stage.engine.clock.now());
  return asked;
}

async function heard(): Promise<string[]> {
  const logs = new CloudWatchLogsClient(options());
  const { events = [] } = await logs.send(new FilterLogEventsCommand({ logGroupName: '/aws/lambda/ear', filterPattern: 'heard' }));
  logs.destroy();
  return events.map(({ message = '' }) => /heard (.*)/.exec(message)?.[1] ?? '');
}

async function drifted(): Promise<number> {
  const now = stage.engine.clock.now();
  const { Datapoints = [] } = await stage.cloudwatch.send(new GetMetricStatisticsCommand({
    Namespace: 'Sluice', MetricName: 'Drifted', Dimensions: [{ Name: 'Application', Value: 'orders' }, { Name: 'Environment', Value: 'prod' }],
    StartTime: new Date(now - 3_600_000), EndTime: new Date(now + MINUTE), Period: 3600, Statistics: ['Sum'],
  }));
  return Datapoints.reduce((sum, { Sum = 0 }) => sum + Sum, 0);
}

describe('the reconciler', () => {
  it('says that nothing is there before the first deployment, and takes the seed for what is wanted before the first release', async () => {
    const before = await look();
    await stage.deploy(await stage.createVersion(epochOf(10).bytes));
    const seeded = await look();

    expect(before).toMatchObject({ state: 'missing', wanted: null, healing: null });
    expect(seeded).toMatchObject({ state: 'in-sync', deployment: 1, wanted: { version: '1', digest: epochOf(10).digest, commit: null }, healing: null });
  });

  it('follows a release from its way to its end, by the record that sluice release left', async () => {
    await release(20, { strategy: BAKED });
    const rolling = await look();
    await stage.engine.clock.advance(12 * MINUTE);
    const live = await look();
    const still = await look();

    expect([rolling, live]).toMatchObject([
      { state: 'rolling-out', deployment: 2, wanted: { version: '2', commit: 'c0ffee' } },
      { state: 'in-sync', deployment: 2 },
    ]);
    expect(still.since).toBe(live.since);
    expect(await read()).toEqual(['2']);
    expect(await heard()).toEqual(['null missing', 'missing in-sync', 'in-sync rolling-out', 'rolling-out in-sync']);
  });

  it('believes who tells it of a completion before AppConfig lists it', async () => {
    const number = await release(21, { strategy: BAKED });

    expect(await stage.invoke('reconcile', { detail: { Type: 'OnDeploymentComplete', DeploymentNumber: String(number) } })).toMatchObject({ state: 'in-sync', deployment: number });
    await stage.engine.clock.advance(12 * MINUTE);
    expect(await look()).toMatchObject({ state: 'in-sync' });
  });

  it('leaves an edit alone that the release does not let be healed, counts it and says who may', async () => {
    const before = await drifted();
    const number = await edit(30);

    const found = await look();

    expect(found).toMatchObject({ state: 'edited', deployment: number, healing: 'left alone: the project does not let edited be healed', evidence: [expect.stringContaining('USER'), 'its description says: in the console'] });
    expect(await drifted()).toBe(before + 1);
    expect((await states())[0]).toBe(`${number}: v4 COMPLETE`);
    expect(await read()).toEqual(['3', '4']);
  });

  it('takes the same values in other bytes for what is wanted', async () => {
    await release(31, { heal: ['edited'] });
    await edit(31);

    expect(await look()).toMatchObject({ state: 'in-sync' });
  });

  it('heals an edit with the release that was live before it, once', async () => {
    const number = await edit(32);

    const healed = await look();
    const after = await look();

    expect(healed).toMatchObject({ state: 'edited', deployment: number, healing: `started deployment ${number + 1} of version 5: the project lets edited be healed` });
    expect(after).toMatchObject({ state: 'in-sync', deployment: number + 1 });
    expect((await states())[0]).toBe(`${number + 1}: v5 COMPLETE`);
  });

  it('never heals against a rollout in flight, whoever began it', async () => {
    const number = await stage.deploy(await stage.createVersion(epochOf(33).bytes), 'slowly', 'AppConfig.AllAtOnce');

    const found = await look();

    expect(found).toMatchObject({ state: 'edited', deployment: number, healing: `left alone: deployment ${number} is under way` });
    await stage.engine.clock.advance(12 * MINUTE);
    expect(await look()).toMatchObject({ state: 'edited', healing: expect.stringContaining('started') as string });
    expect(await look()).toMatchObject({ state: 'in-sync' });
  });

  it('finds a release that was created and not started queued, and starts it where the project allows', async () => {
    await release(40, { start: false });
    expect(await look()).toMatchObject({ state: 'queued', wanted: { version: '9' }, healing: 'left alone: the project does not let queued be healed' });

    await release(41, { start: false, heal: ['queued'] });
    const healed = await look();

    expect(healed).toMatchObject({ state: 'queued', explanation: 'version 10 of a release was created and not started', healing: expect.stringContaining('started') as string });
    expect(await look()).toMatchObject({ state: 'in-sync', wanted: { version: '10' } });
  });

  it('says who took a release back, and never deploys it again, not even over an edit', async () => {
    const number = await release(50, { strategy: BAKED, heal: ['edited', 'queued', 'missing'] });
    await stage.appconfig.send(new StopDeploymentCommand({ ApplicationId: stage.ids.ApplicationId, EnvironmentId: stage.ids.EnvironmentId, DeploymentNumber: number }));

    const found = await look();
    await edit(51);
    const edited = await look();

    expect(found).toMatchObject({ state: 'rolled-back', deployment: number, by: { by: 'person', state: 'ROLLED_BACK', alarms: [] }, healing: `left alone: deployment ${number} was taken back, and a person has to look at it first` });
    expect(found.evidence.at(-1)).toBe(`deployment ${number} was taken back by a person`);
    expect(edited).toMatchObject({ state: 'edited', healing: `left alone: deployment ${number} of what git says was taken back, and a person has to look at it first` });
    expect((await states())[0]).toBe(`${number + 1}: v12 COMPLETE`);
  });

  it('starts nothing when somebody took a deployment back while it looked', async () => {
    await release(60, { heal: ['edited'] });
    const number = await edit(59);
    const reconciling = await racing(() => plane.revert(place(), number));

    const { record } = await reconciling.look(undefined, stage.engine.clock.now());

    expect(record.healing).toBe(`left alone: deployment ${number} is REVERTED meanwhile`);
    expect((await states())[0]).toBe(`${number}: v14 REVERTED`);
  });

  it('leaves alone what the gate refuses', async () => {
    await release(52, { heal: ['edited'] });
    await edit(53);
    await stage.store.remove(`schemas/${schemaOf().digest.slice('sha256:'.length)}.json`);
    // A gate that was never asked before has compiled nothing yet.
    await stage.lambda.send(new UpdateFunctionConfigurationCommand({ FunctionName: 'gate', Timeout: 29 }));

    const found = await look();

    expect(found).toMatchObject({ state: 'edited', healing: expect.stringContaining('not healed: SLUICE-PLANE-3') as string });
    await epochs.saveSchema(schemaOf().bytes);
  });

  it('knows nothing of bytes that are lost, and nothing is there of an environment that was deleted', async () => {
    const { ApplicationId, ConfigurationProfileId, EnvironmentId } = stage.ids;
    await edit(54);
    const version = (await plane.versions(place()))[0]!.number;
    await stage.appconfig.send(new DeleteHostedConfigurationVersionCommand({ ApplicationId, ConfigurationProfileId, VersionNumber: version }));
    const lost = await look();
    await stage.appconfig.send(new DeleteEnvironmentCommand({ ApplicationId, EnvironmentId, DeletionProtectionCheck: 'BYPASS' }));
    const gone = await look();

    expect(lost).toMatchObject({ state: 'unknown', explanation: `the bytes of version ${version} cannot be read` });
    expect(gone).toMatchObject({ state: 'missing', by: null });
  });
});

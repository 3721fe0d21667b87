import { CreateDeploymentStrategyCommand, ListDeploymentStrategiesCommand } from '@aws-sdk/client-appconfig';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { AppConfigPlane, type Place } from '../../lib/adapters/plane/index.ts';
import { PLANS, strategyOf } from '../../lib/core/index.ts';
import { bytesOf, epochOf } from '../fixtures/epochs.ts';
import { NAMES, Stage } from '../fixtures/stage.ts';

const MINUTE = 60_000;
const AT_ONCE = strategyOf({ kind: 'all-at-once', bakeMinutes: 0 });
let stage: Stage;
let plane: AppConfigPlane;
let place: Place;

beforeAll(async () => {
  stage = await Stage.open();
  plane = await AppConfigPlane.open({ region: stage.engine.region, endpoint: stage.engine.endpoint, credentials: { accessKeyId: 'AKIATEST', secretAccessKey: 'test' } });
  place = await plane.find(NAMES);
});

afterAll(async () => {
  plane.close();
  await stage.close();
});

describe('AppConfig as the plane of rollouts', () => {
  test('finds ids by names, and says which name it does not know', async () => {
    expect(place).toEqual({ applicationId: stage.ids.ApplicationId, environmentId: stage.ids.EnvironmentId, profileId: stage.ids.ConfigurationProfileId, profile: 'prod' });
    await expect(plane.find({ ...NAMES, application: 'order' })).rejects.toThrow('SLUICE-PLANE-1: AppConfig has no application named order');
    await expect(plane.find({ ...NAMES, environment: 'Prod' })).rejects.toThrow('SLUICE-PLANE-1: AppConfig has no environment named Prod');
    await expect(plane.find({ ...NAMES, profile: 'x' })).rejects.toThrow('SLUICE-PLANE-1: AppConfig has no configuration profile named x');
  });

  test('uses a strategy that fits, predefined ones too, and makes one only when there is none: an account holds 20', async () => {
    const count = async (): Promise<number> => (await stage.appconfig.send(new ListDeploymentStrategiesCommand({ MaxResults: 50 }))).Items?.length ?? 0;
    const before = await count();
    const unusual = strategyOf({ kind: 'linear', stepPercent: 12.5, minutes: 40, bakeMinutes: 7 });

    expect(await plane.strategy(strategyOf(PLANS.canary))).toBe('AppConfig.Canary10Percent20Minutes');
    const made = await plane.strategy(unusual);
    const again = await plane.strategy(unusual);

    expect(again).toBe(made);
    expect(await count()).toBe(before + 1);
  });

  test('tells strategies apart that differ only in how long they bake', async () => {
    const ids = new Map<number, string | undefined>();
    for (let bake = 1; bake <= 5; bake++) {
      const made = await stage.appconfig.send(new CreateDeploymentStrategyCommand({ Name: `other ${bake}`, DeploymentDurationInMinutes: 3, FinalBakeTimeInMinutes: bake, GrowthFactor: 50, ReplicateTo: 'NONE' }));
      ids.set(bake, made.Id);
    }

    expect(await plane.strategy(strategyOf({ kind: 'linear', stepPercent: 50, minutes: 3, bakeMinutes: 3 }))).toBe(ids.get(3));
  });

  test('creates versions under AppConfig’s lock and reads their bytes back', async () => {
    const { bytes } = epochOf(10);
    const first = await plane.createVersion(place, bytes, { description: 'first' });
    const second = await plane.createVersion(place, epochOf(11).bytes, { after: first, label: 'v2' });

    expect(await plane.latestVersion(place)).toBe(second);
    expect(Buffer.from((await plane.content(place, String(first))) ?? [])).toEqual(Buffer.from(bytes));
    expect(await plane.content(place, '999')).toBeUndefined();
    await expect(plane.createVersion(place, bytes, { after: first })).rejects.toThrow(`SLUICE-PLANE-2: the profile prod has moved on: expected version ${first} to be the latest`);
    await expect(plane.createVersion(place, bytes, { label: '123' })).rejects.toThrow('SLUICE-PLANE-3: AppConfig refused CreateHostedConfigurationVersion');
    await expect(plane.createVersion(place, bytesOf('x'.repeat(2_097_153)))).rejects.toThrow('SLUICE-PLANE-3');
  });

  test('starts one deployment at a time, lists them newest first, and reverts the newest once', async () => {
    const version = await plane.createVersion(place, epochOf(12).bytes);
    const first = await plane.start(place, version, await plane.strategy(AT_ONCE));
    await stage.engine.clock.advance(MINUTE);
    const second = await plane.start(place, version, await plane.strategy(strategyOf(PLANS.canary)), 'slowly');

    await expect(plane.start(place, version, await plane.strategy(AT_ONCE))).rejects.toThrow('SLUICE-PLANE-4');
    expect(await plane.deployments(place)).toMatchObject([{ number: second, state: 'DEPLOYING', profile: 'prod', version: String(version) }, { number: first, state: 'COMPLETE', percent: 100 }]);
    await stage.engine.clock.advance(60 * MINUTE);
    const [newest] = await plane.deployments(place, 1);
    expect(newest).toMatchObject({ number: second, state: 'COMPLETE' });
    expect(newest?.completedAt).toBeGreaterThan(newest?.startedAt ?? Infinity);

    expect(await plane.revert(place, second)).toBe(true);
    expect(await plane.revert(place, second)).toBe(false);
    expect((await plane.deployments(place))[0]?.state).toBe('REVERTED');
  });

  test('says what AppConfig says when a version is not there', async () => {
    await expect(plane.start(place, 999, await plane.strategy(AT_ONCE))).rejects.toThrow('SLUICE-PLANE-3: AppConfig refused StartDeployment: Could not find configuration prod with version number 999');
  });
});

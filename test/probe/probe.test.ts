import { readFileSync } from 'node:fs';
import { AppConfigClient, CreateApplicationCommand, ListApplicationsCommand, ListDeploymentStrategiesCommand, ListExtensionAssociationsCommand, ListExtensionsCommand } from '@aws-sdk/client-appconfig';
import { CloudWatchClient, DescribeAlarmsCommand } from '@aws-sdk/client-cloudwatch';
import { CloudWatchLogsClient, DescribeLogGroupsCommand } from '@aws-sdk/client-cloudwatch-logs';
import { EventBridgeClient, ListRulesCommand } from '@aws-sdk/client-eventbridge';
import { IAMClient, ListRolesCommand } from '@aws-sdk/client-iam';
import { LambdaClient, ListFunctionsCommand } from '@aws-sdk/client-lambda';
import { ListStateMachinesCommand, SFNClient } from '@aws-sdk/client-sfn';
import { Ajv2020 } from 'ajv/dist/2020.js';
import formats from 'ajv-formats';
import { settingsFrom, type Engine, type SettingsGiven } from 'sluice-engine';
import { beforeAll, describe, expect, it } from 'vitest';
import { PROBES } from '../../tools/probe/probes/index.ts';
import { factsOf, Rig, type Ran } from './rig.ts';

const SCHEMA = JSON.parse(readFileSync(new URL('../../schemas/probe.schema.json', import.meta.url), 'utf8')) as object;

/** What an engine still has of a probe, by name. */
async function leftIn(engine: Engine): Promise<readonly string[]> {
  const options = { region: engine.region, endpoint: engine.endpoint, credentials: { accessKeyId: 'AKIDTEST', secretAccessKey: 'test' } };
  const appconfig = new AppConfigClient(options);
  const names = [
    ...((await appconfig.send(new ListApplicationsCommand({}))).Items ?? []).map(({ Name }) => Name),
    ...((await appconfig.send(new ListExtensionsCommand({}))).Items ?? []).map(({ Name }) => Name),
    ...((await appconfig.send(new ListExtensionAssociationsCommand({}))).Items ?? []).map(({ Id }) => `sluice-probe association ${Id}`),
    ...((await appconfig.send(new ListDeploymentStrategiesCommand({}))).Items ?? []).map(({ Name }) => Name),
    ...((await new LambdaClient(options).send(new ListFunctionsCommand({}))).Functions ?? []).map(({ FunctionName }) => FunctionName),
    ...((await new CloudWatchClient(options).send(new DescribeAlarmsCommand({}))).MetricAlarms ?? []).map(({ AlarmName }) => AlarmName),
    ...((await new EventBridgeClient(options).send(new ListRulesCommand({}))).Rules ?? []).map(({ Name }) => Name),
    ...((await new CloudWatchLogsClient(options).send(new DescribeLogGroupsCommand({}))).logGroups ?? []).map(({ logGroupName }) => logGroupName),
    ...((await new IAMClient(options).send(new ListRolesCommand({}))).Roles ?? []).map(({ RoleName }) => RoleName),
    ...((await new SFNClient(options).send(new ListStateMachinesCommand({}))).stateMachines ?? []).map(({ name }) => name),
  ];
  return names.filter((name): name is string => name?.includes('sluice-probe') === true);
}

/** How many calls an engine has answered. */
async function requestsOf(engine: Engine): Promise<number> {
  const { requests } = await (await fetch(`${engine.endpoint}/_engine/health`)).json() as { requests: number };
  return requests;
}

describe('the probe', () => {
  describe('of an engine as it is', () => {
    let ran: Ran;
    let left: readonly string[];
    let asked: number;
    let waitedMs: number;

    beforeAll(async () => {
      await using rig = await Rig.open();
      const begun = rig.engine.clock.now();
      ran = await rig.run(['--yes', '--json']);
      waitedMs = rig.engine.clock.now() - begun;
      asked = await requestsOf(rig.engine);
      left = await leftIn(rig.engine);
    }, 60_000);

    it('records every question in half an hour of AWS\'s time and 2,300 calls, as its schema has it, and leaves nothing', () => {
      expect(waitedMs).toBeLessThan(30 * 60_000);
      expect(asked).toBeLessThan(2300);
      expect(ran.code).toBe(0);
      expect(Object.keys(ran.record?.probes ?? {})).toEqual(PROBES.map(({ name }) => name));
      const validate = formats.default(new Ajv2020({ allErrors: true, allowUnionTypes: true })).compile(SCHEMA);
      expect(validate(ran.record), JSON.stringify(validate.errors, undefined, 2)).toBe(true);
      expect(JSON.parse(ran.out)).toEqual(ran.record);
      expect(left).toEqual([]);
    });

    it('finds its defaults, and writes no account, ARN, id or token', () => {
      expect(settingsFrom(ran.record)).toMatchObject({
        appconfig: {
          linearSteps: 'observed', exponentialSteps: 'observed', extensionDeadlineMs: 3000, validatorDeadlineMs: 15_000, tickMs: 60_000, workerLagMs: 5000,
          insufficientDataRollsBack: true, strictTokens: false, validatorSourceArn: true, extensionSourceArn: true,
        },
      });
      expect(JSON.stringify(ran.record)).not.toMatch(/arn:aws|\b\d{12}\b|sluice-probe-|[A-Za-z0-9+/=]{100}|[0-9a-f]{8}-[0-9a-f]{4}-/);
    });

    it('tells what hooks were told', () => {
      const { record } = ran;

      expect(factsOf(record, 'create-hook')).toMatchObject({ payload: { Type: 'PreCreateHostedConfigurationVersion', ContentVersion: '1' }, nextPayload: { PreviousContent: { ContentVersion: '1' } }, refuse: { code: 'BadRequestException', status: 400 } });
      expect(factsOf(record, 'start-hook')).toMatchObject({ payload: { Type: 'PreStartDeployment', DeploymentNumber: 1 }, refusedUseNumbers: false });
      expect(factsOf(record, 'notifications')).toMatchObject({
        order: ['OnDeploymentStart', 'OnDeploymentStep', 'OnDeploymentStep', 'OnDeploymentBaking', 'OnDeploymentComplete', 'OnDeploymentStart', 'OnDeploymentRolledBack'],
        withoutExtension: [],
      });
    });
  });

  it('finds what is different in an engine that is set differently, and an engine with its record is set the same', async () => {
    const settings: SettingsGiven = {
      appconfig: {
        linearSteps: 'guide', exponentialSteps: 'api-reference', extensionDeadlineMs: 2400, tickDeadlineMs: 8000, validatorDeadlineMs: 9000, tickMs: 45_000, workerLagMs: 3000,
        insufficientDataRollsBack: false, strictTokens: true, validatorSourceArn: false, extensionSourceArn: false,
      },
    };
    await using rig = await Rig.open(settings);

    const { code, record } = await rig.run(['--yes', '--only', 'sources,tokens,instant,monitors,linear,exponential,ticks,deadlines']);

    expect(code).toBe(0);
    expect(settingsFrom(JSON.stringify(record)).appconfig).toEqual(settings.appconfig);
  }, 60_000);

  it('finds for how long an alias reads as before', async () => {
    await using rig = await Rig.open({ states: { aliasLagMs: 700 } });

    const { record } = await rig.run(['--yes', '--only', 'alias']);

    expect(factsOf(record, 'alias')).toMatchObject({ firstNewMs: [700, 700, 700, 700] });
    expect(settingsFrom(record).states).toEqual({ aliasLagMs: 700 });
  });
});

describe('the probe sweeps', () => {
  it('when it is interrupted in the midst of a deployment, and still writes what it knows', async () => {
    await using rig = await Rig.open();
    const interruption = new AbortController();

    const { code, record } = await rig.run(['--yes', '--only', 'tokens,linear,ticks'], (line) => {
      if (line.startsWith('linear: about')) setTimeout(() => { interruption.abort(new Error('interrupted')); }, 50);
    }, interruption.signal);

    expect(code).toBe(130);
    expect(Object.keys(record?.probes ?? {})).toEqual(['tokens']);
    expect(await leftIn(rig.engine)).toEqual([]);
  });

  it('when a probe fails, and goes on with the next', async () => {
    await using rig = await Rig.open();
    const appconfig = new AppConfigClient({ region: 'us-east-1', endpoint: rig.engine.endpoint });
    let run = '';

    const { code, record } = await rig.run(['--yes', '--only', 'tokens,quotas'], (line) => {
      if (!line.startsWith('sluice-probe-')) return;
      // Somebody is quicker with the name.
      run = line.slice(0, line.indexOf(':'));
      void appconfig.send(new CreateApplicationCommand({ Name: `${run}-tokens` }));
    });

    expect(code).toBe(1);
    expect(record?.probes).toMatchObject({ tokens: { outcome: 'failed', problem: expect.stringContaining('BadRequestException: Application with name {run}-tokens already exists') as string }, quotas: { outcome: 'recorded' } });
    expect(await leftIn(rig.engine), 'what bears the name and not the tag is not ours').toEqual([`${run}-tokens`]);
  });

  it('what an earlier run left, when asked to with --sweep', async () => {
    await using rig = await Rig.open();
    const appconfig = new AppConfigClient({ region: 'us-east-1', endpoint: rig.engine.endpoint });
    await appconfig.send(new CreateApplicationCommand({ Name: 'sluice-probe-abc123-linear', Tags: { 'sluice-probe': 'sluice-probe-abc123' } }));
    await appconfig.send(new CreateApplicationCommand({ Name: 'orders', Tags: { 'sluice-probe': 'by mistake' } }));

    const { code, err } = await rig.run(['--sweep']);

    expect(code).toBe(0);
    expect(err).toContain('swept: 1 removed');
    expect((await appconfig.send(new ListApplicationsCommand({}))).Items?.map(({ Name }) => Name)).toEqual(['orders']);
  });
});

describe('the command line', () => {
  it('shows the plan and does nothing without --yes', async () => {
    await using rig = await Rig.open();

    const { code, err, record } = await rig.run(['--only', 'linear']);

    expect(code).toBe(2);
    expect(err).toContain('linear   7 min  When do the steps of LINEAR growth come?');
    expect(err).toContain('SLUICE-PROBE-3: nothing was done: the probe creates what the plan says in the account 000000000000, region us-east-1; add --yes');
    expect(record).toBeUndefined();
    expect(await leftIn(rig.engine)).toEqual([]);
  });

  it.each([
    [['--only', 'lineal'], 2, 'SLUICE-PROBE-2: --only names lineal, and there is no such probe; use one or several of create-hook,'],
    [['--onyl', 'linear'], 2, 'SLUICE-PROBE-1: the probe has no option --onyl; see npm run probe:aws -- --help'],
  ])('refuses %j', async (args, expected, message) => {
    await using rig = await Rig.open();

    const { code, err } = await rig.run(args);

    expect({ code, err }).toEqual({ code: expected, err: expect.stringContaining(message) as string });
  });

  it('refuses an endpoint that is no engine', async () => {
    await using rig = await Rig.open();
    const endpoint = rig.engine.endpoint;
    await rig.engine.close();

    const { code, err } = await rig.run(['--yes']);

    expect(code).toBe(1);
    expect(err).toContain(`SLUICE-PROBE-4: ${endpoint} is set as AWS_ENDPOINT_URL and is no sluice-engine: connect ECONNREFUSED`);
  });
});

import type { MetricDataQuery } from '@aws-sdk/client-cloudwatch';
import { bundle, text } from './assets.ts';
import type { Clients } from './clients.ts';

/** Names and ids of what a rehearsal runs on. */
export interface Stage {
  readonly applicationId: string;
  readonly environmentId: string;
  readonly profileId: string;
  readonly bucket: string;
  /** The alias that executions are started on. */
  readonly aliasArn: string;
  /** The composite alarm that is the environment's monitor. */
  readonly alarm: string;
}

/** The names of the rehearsal's application, environment and profile. */
export const NAMES = { application: 'orders', environment: 'production', profile: 'orders-production' } as const;

/** The composite alarm that is the environment's monitor. */
export const ALARM = 'orders-production';

/** The names of Sluice's handlers as functions. */
export const HANDLERS = { gate: 'sluice-gate', validate: 'sluice-validate', pin: 'sluice-pin', settle: 'sluice-settle', 'roll-back': 'sluice-roll-back' } as const;

const ROLE = 'arn:aws:iam::000000000000:role/sluice-rehearsal';
const LAYER = 'arn:aws:lambda:us-east-1:027255383542:layer:AWS-AppConfig-Extension:207';
const BUCKET = 'orders-production-epochs';
const TASKS = ['reserve', 'charge', 'ship'] as const;

/** Sets up everything a rollout needs, guards before the first release, by plain SDK calls. */
export async function setUp(clients: Clients, options: { readonly unpinned: boolean }): Promise<Stage> {
  const { sdk } = clients;
  await clients.s3.send(new sdk.s3.CreateBucketCommand({ Bucket: BUCKET }));
  const handlers = await createHandlers(clients);
  const alarm = await createAlarms(clients);
  const { applicationId, profileId, environmentId } = await createConfiguration(clients, handlers, alarm);
  const { aliasArn, machineArn } = await createWorkflow(clients, handlers, options.unpinned);
  await createRules(clients, handlers, machineArn, alarm);
  return { applicationId, environmentId, profileId, bucket: BUCKET, aliasArn, alarm };
}

/** The ARNs of the handlers' published versions. */
type Handlers = Readonly<Record<keyof typeof HANDLERS, string>>;

async function createHandlers(clients: Clients): Promise<Handlers> {
  const variables = { SLUICE_APPLICATION: NAMES.application, SLUICE_ENVIRONMENT: NAMES.environment, SLUICE_PROFILE: NAMES.profile, SLUICE_STORE: BUCKET };
  const make = (name: keyof Handlers, more: { layers?: string[]; timeout?: number } = {}): Promise<string> =>
    createFunction(clients, { name: HANDLERS[name], bundle: `lambda/${name}`, variables, timeout: more.timeout ?? 10, layers: more.layers ?? [] });
  return {
    gate: await make('gate', { timeout: 3 }),
    validate: await make('validate', { timeout: 15 }),
    pin: await make('pin', { layers: [LAYER] }),
    settle: await make('settle'),
    'roll-back': await make('roll-back', { timeout: 30 }),
  };
}

interface FunctionPlan {
  readonly name: string;
  readonly bundle: string;
  readonly variables: Readonly<Record<string, string>>;
  readonly timeout: number;
  readonly layers: readonly string[];
}

/** Creates a function and publishes it; answers the version's ARN. */
async function createFunction({ lambda, sdk, zip }: Clients, plan: FunctionPlan): Promise<string> {
  const made = await lambda.send(new sdk.lambda.CreateFunctionCommand({
    FunctionName: plan.name,
    Runtime: 'nodejs22.x',
    Handler: 'index.handler',
    Role: ROLE,
    Code: { ZipFile: zip({ 'index.mjs': bundle(plan.bundle) }) },
    Timeout: plan.timeout,
    MemorySize: 512,
    Environment: { Variables: { ...plan.variables } },
    Layers: [...plan.layers],
    Publish: true,
  }));
  return made.FunctionArn!;
}

/** An alarm on the share of executions that fail, and a composite of it as the monitor: it pages nobody. */
async function createAlarms({ cloudwatch, sdk }: Clients): Promise<string> {
  const Dimensions = [{ Name: 'Application', Value: NAMES.application }, { Name: 'Environment', Value: NAMES.environment }];
  const sum = (Id: string, MetricName: string): MetricDataQuery => ({ Id, ReturnData: false, MetricStat: { Metric: { Namespace: 'Sluice', MetricName, Dimensions }, Period: 60, Stat: 'Sum' } });
  await cloudwatch.send(new sdk.cloudwatch.PutMetricAlarmCommand({
    AlarmName: 'orders-production-failures',
    AlarmDescription: 'More than 5 % of executions fail, in 2 of 3 minutes',
    Metrics: [sum('failed', 'ExecutionsFailed'), sum('settled', 'ExecutionsSettled'), { Id: 'share', Expression: '100 * failed / settled', Label: 'failed %', ReturnData: true }],
    ComparisonOperator: 'GreaterThanThreshold',
    Threshold: 5,
    EvaluationPeriods: 3,
    DatapointsToAlarm: 2,
    TreatMissingData: 'notBreaching',
  }));
  await cloudwatch.send(new sdk.cloudwatch.PutCompositeAlarmCommand({ AlarmName: ALARM, AlarmRule: 'ALARM("orders-production-failures")' }));
  return ALARM;
}

async function createConfiguration(clients: Clients, handlers: Handlers, alarm: string): Promise<Pick<Stage, 'applicationId' | 'profileId' | 'environmentId'>> {
  const { appconfig, cloudwatch, sdk } = clients;
  const application = await appconfig.send(new sdk.appconfig.CreateApplicationCommand({ Name: NAMES.application }));
  const ApplicationId = application.Id!;
  const profile = await appconfig.send(new sdk.appconfig.CreateConfigurationProfileCommand({
    ApplicationId, Name: NAMES.profile, LocationUri: 'hosted', Type: 'AWS.Freeform',
    Validators: [{ Type: 'JSON_SCHEMA', Content: text('schemas/epoch.schema.json') }, { Type: 'LAMBDA', Content: handlers.validate }],
  }));
  const extension = await appconfig.send(new sdk.appconfig.CreateExtensionCommand({
    Name: 'sluice-gate',
    Actions: {
      PRE_CREATE_HOSTED_CONFIGURATION_VERSION: [{ Name: 'gate', Uri: handlers.gate, RoleArn: ROLE }],
      PRE_START_DEPLOYMENT: [{ Name: 'gate', Uri: handlers.gate, RoleArn: ROLE }],
    },
  }));
  await appconfig.send(new sdk.appconfig.CreateExtensionAssociationCommand({
    ExtensionIdentifier: extension.Id!, ResourceIdentifier: `arn:aws:appconfig:us-east-1:000000000000:application/${ApplicationId}/configurationprofile/${profile.Id!}`,
  }));
  const [composite] = (await cloudwatch.send(new sdk.cloudwatch.DescribeAlarmsCommand({ AlarmNames: [alarm], AlarmTypes: ['CompositeAlarm'] }))).CompositeAlarms ?? [];
  const environment = await appconfig.send(new sdk.appconfig.CreateEnvironmentCommand({
    ApplicationId, Name: NAMES.environment, Monitors: [{ AlarmArn: composite!.AlarmArn!, AlarmRoleArn: ROLE }],
  }));
  return { applicationId: ApplicationId, profileId: profile.Id!, environmentId: environment.Id! };
}

/** The workflow names published function versions, so that an old version runs the old code. */
async function createWorkflow(clients: Clients, handlers: Handlers, unpinned: boolean): Promise<{ machineArn: string; aliasArn: string }> {
  const { states, sdk } = clients;
  let definition = text('examples/orders/workflow.asl.json').replace('${pin}', handlers.pin);
  for (const task of TASKS) {
    const arn = await createFunction(clients, {
      name: `orders-${task}`,
      bundle: `examples/orders/functions/${task}`,
      variables: { SLUICE_APPLICATION: NAMES.application, SLUICE_ENVIRONMENT: NAMES.environment, SLUICE_PROFILE: NAMES.profile, SLUICE_STORE: BUCKET, ...(unpinned ? { UNPINNED: '1' } : {}) },
      timeout: 10,
      layers: unpinned ? [LAYER] : [],
    });
    definition = definition.replace(`\${${task}}`, arn);
  }
  const machine = await states.send(new sdk.states.CreateStateMachineCommand({ name: 'orders', definition, roleArn: ROLE, type: 'STANDARD', publish: true }));
  const alias = await states.send(new sdk.states.CreateStateMachineAliasCommand({ name: 'live', routingConfiguration: [{ stateMachineVersionArn: machine.stateMachineVersionArn!, weight: 100 }] }));
  return { machineArn: machine.stateMachineArn!, aliasArn: alias.stateMachineAliasArn! };
}

async function createRules({ events, sdk }: Clients, handlers: Handlers, machineArn: string, alarm: string): Promise<void> {
  const rule = async (Name: string, pattern: object, Arn: string): Promise<void> => {
    await events.send(new sdk.events.PutRuleCommand({ Name, EventPattern: JSON.stringify(pattern) }));
    await events.send(new sdk.events.PutTargetsCommand({ Rule: Name, Targets: [{ Id: 'handler', Arn }] }));
  };
  await rule('orders-settle', {
    source: ['aws.states'],
    'detail-type': ['Step Functions Execution Status Change'],
    detail: { stateMachineArn: [machineArn], status: ['SUCCEEDED', 'FAILED', 'TIMED_OUT', 'ABORTED'] },
  }, handlers.settle);
  await rule('orders-roll-back', {
    source: ['aws.cloudwatch'],
    'detail-type': ['CloudWatch Alarm State Change'],
    detail: { alarmName: [alarm], state: { value: ['ALARM'] } },
  }, handlers['roll-back']);
}

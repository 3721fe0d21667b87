import {
  CreateApplicationCommand, CreateConfigurationProfileCommand, CreateDeploymentStrategyCommand, CreateEnvironmentCommand, CreateExtensionAssociationCommand,
  CreateExtensionCommand, CreateHostedConfigurationVersionCommand, StartDeploymentCommand, type ActionPoint, type Monitor, type Validator,
} from '@aws-sdk/client-appconfig';
import { PutMetricAlarmCommand, SetAlarmStateCommand, DescribeAlarmsCommand } from '@aws-sdk/client-cloudwatch';
import type { Growth } from './growth.ts';
import type { Recorder } from './recorder.ts';
import type { Redaction } from './redaction.ts';
import type { Target } from './target.ts';

/** What a stage is opened with; the same for all probes of a run. */
export interface Lot {
  readonly target: Target;
  readonly recorder: Recorder;
  readonly redaction: Redaction;
  readonly roleArn: string;
}

/** Where a deployment begins. */
export interface Place {
  readonly environment: string;
  readonly profile: string;
}

/** The scratch application of one probe. All that is made here bears the stage's name, by which it is swept. */
export class Stage {
  readonly lot: Lot;
  readonly target: Target;
  readonly name: string;
  readonly applicationId: string;
  /** What everything is tagged with. */
  readonly tags: Record<string, string>;
  readonly #strategies: Map<string, Promise<string>> = new Map();
  #alarms = 0;

  private constructor(lot: Lot, name: string, applicationId: string, tags: Record<string, string>) {
    this.lot = lot;
    this.target = lot.target;
    this.name = name;
    this.applicationId = applicationId;
    this.tags = tags;
  }

  static async open(lot: Lot, run: string, probe: string): Promise<Stage> {
    const name = `${run}-${probe}`;
    const tags = { 'sluice-probe': run };
    const { Id = '' } = await lot.target.clients.appconfig.send(new CreateApplicationCommand({ Name: name, Tags: tags }));
    lot.redaction.hide(Id, 'applicationId');
    lot.redaction.hide(name, 'application');
    return new Stage(lot, name, Id, tags);
  }

  async environment(name: string, monitors: readonly string[] = []): Promise<string> {
    const { Id = '' } = await this.target.clients.appconfig.send(new CreateEnvironmentCommand({
      ApplicationId: this.applicationId, Name: name, Tags: this.tags,
      Monitors: monitors.map((AlarmArn): Monitor => ({ AlarmArn, AlarmRoleArn: this.lot.roleArn })),
    }));
    this.lot.redaction.hide(Id, `environment ${name}`);
    return Id;
  }

  async profile(name: string, validators: Validator[] = []): Promise<string> {
    const { Id = '' } = await this.target.clients.appconfig.send(new CreateConfigurationProfileCommand({
      ApplicationId: this.applicationId, Name: name, LocationUri: 'hosted', Type: 'AWS.Freeform', Validators: validators, Tags: this.tags,
    }));
    this.lot.redaction.hide(Id, `profile ${name}`);
    return Id;
  }

  /** Stores `{"act": …}`, which the recorder obeys where it is shown the content; answers the version. */
  async version(profile: string, act = 'agree'): Promise<number> {
    const { VersionNumber = 0 } = await this.target.clients.appconfig.send(new CreateHostedConfigurationVersionCommand({
      ApplicationId: this.applicationId, ConfigurationProfileId: profile, Content: Buffer.from(JSON.stringify({ act })), ContentType: 'application/json',
    }));
    return VersionNumber;
  }

  /** A profile with one version, and an environment. */
  async place(name: string, monitors: readonly string[] = []): Promise<Place> {
    const profile = await this.profile(name);
    await this.version(profile);
    return { environment: await this.environment(name, monitors), profile };
  }

  /** Creates an extension whose every point leads to the recorder, or to another target. */
  async extension(name: string, points: readonly ActionPoint[], uri: string = this.lot.recorder.arn): Promise<string> {
    const { Id = '' } = await this.target.clients.appconfig.send(new CreateExtensionCommand({
      Name: `${this.name}-${name}`, Tags: this.tags, Parameters: { act: { Required: false } },
      Actions: Object.fromEntries(points.map((point) => [point, [{ Name: 'record', Uri: uri, RoleArn: this.lot.roleArn }]])),
    }));
    this.lot.redaction.hide(Id, `extension ${name}`);
    return Id;
  }

  /** Hangs an extension on a profile or an environment; `act` is its parameter. */
  async associate(extension: string, on: { readonly profile: string } | { readonly environment: string }, act?: string): Promise<void> {
    const path = 'profile' in on ? `configurationprofile/${on.profile}` : `environment/${on.environment}`;
    await this.target.clients.appconfig.send(new CreateExtensionAssociationCommand({
      ExtensionIdentifier: extension, Tags: this.tags, ...(act !== undefined && { Parameters: { act } }),
      ResourceIdentifier: `arn:aws:appconfig:${this.target.region}:${this.target.account}:application/${this.applicationId}/${path}`,
    }));
  }

  /** A strategy of this growth; the same one when it was asked for before, since an account may have 20. */
  strategy(growth: Growth): Promise<string> {
    const name = `${growth.type.toLowerCase()}-${growth.factor}-${growth.minutes}-${growth.bakeMinutes}`;
    const known = this.#strategies.get(name) ?? this.#createStrategy(name, growth);
    this.#strategies.set(name, known);
    return known;
  }

  /** Starts a deployment; answers its number. */
  async start(place: Place, growth: Growth, version = 1, more: { readonly LatestDeploymentNumber?: number } = {}): Promise<number> {
    const { DeploymentNumber = 0 } = await this.target.clients.appconfig.send(new StartDeploymentCommand({
      ApplicationId: this.applicationId, EnvironmentId: place.environment, ConfigurationProfileId: place.profile,
      ConfigurationVersion: String(version), DeploymentStrategyId: await this.strategy(growth), ...more,
    }));
    return DeploymentNumber;
  }

  /** An alarm on a metric nobody has, which keeps the state it is given; it begins in INSUFFICIENT_DATA. Answers its ARN. */
  async alarm(state?: 'OK' | 'ALARM'): Promise<{ readonly name: string; readonly arn: string }> {
    const { cloudwatch } = this.target.clients;
    this.#alarms += 1;
    const name = `${this.name}-${this.#alarms}`;
    await cloudwatch.send(new PutMetricAlarmCommand({
      AlarmName: name, Namespace: 'sluice-probe', MetricName: 'Nobody', Statistic: 'Sum', Period: 60, EvaluationPeriods: 1, Threshold: 1,
      ComparisonOperator: 'GreaterThanThreshold', TreatMissingData: 'ignore', Tags: Object.entries(this.tags).map(([Key, Value]) => ({ Key, Value })),
    }));
    if (state !== undefined) await this.setAlarm(name, state);
    const { MetricAlarms: [alarm] = [] } = await cloudwatch.send(new DescribeAlarmsCommand({ AlarmNames: [name] }));
    return { name, arn: alarm?.AlarmArn ?? '' };
  }

  async setAlarm(name: string, state: 'OK' | 'ALARM' | 'INSUFFICIENT_DATA'): Promise<void> {
    await this.target.clients.cloudwatch.send(new SetAlarmStateCommand({ AlarmName: name, StateValue: state, StateReason: 'set by the probe' }));
  }

  async #createStrategy(name: string, growth: Growth): Promise<string> {
    const { Id = '' } = await this.target.clients.appconfig.send(new CreateDeploymentStrategyCommand({
      Name: `${this.name}-${name}`, GrowthType: growth.type, GrowthFactor: growth.factor, DeploymentDurationInMinutes: growth.minutes,
      FinalBakeTimeInMinutes: growth.bakeMinutes, ReplicateTo: 'NONE', Tags: this.tags,
    }));
    this.lot.redaction.hide(Id, 'strategyId');
    return Id;
  }
}

import type { AppConfigClient, DeploymentSummary, GetHostedConfigurationVersionCommandOutput, HostedConfigurationVersionSummary } from '@aws-sdk/client-appconfig';
import { fault, type Fault } from '../../core/fault.ts';
import { PLANNING } from '../../core/faults/planning.ts';
import type { EnvironmentMonitor } from '../../core/monitoring.ts';
import type { PlaceIds, PlaceNames } from '../../core/place.ts';
import type { Strategy } from '../../core/plan.ts';
import type { Version } from '../../core/release.ts';
import type { Deployment, DeploymentState } from '../../core/rollout.ts';
import { peer, type ClientOptions } from '../peer.ts';
import { fitting, nameOf } from './strategies.ts';

type Sdk = typeof import('@aws-sdk/client-appconfig');

/** How AppConfig says that the caller must change something. */
const REFUSALS: readonly string[] = ['BadRequestException', 'ServiceQuotaExceededException', 'PayloadTooLargeException', 'ResourceNotFoundException'];

/** One profile in one environment, by ids, and by the profile's name as deployments carry it. */
export interface Place extends PlaceIds {
  readonly profileId: string;
  readonly profile: string;
}

/** AppConfig's control plane, as a rollout needs it. */
export class AppConfigPlane {
  readonly #sdk: Sdk;
  readonly #client: AppConfigClient;
  #now: number | undefined;

  private constructor(sdk: Sdk, client: AppConfigClient) {
    this.#sdk = sdk;
    this.#client = client;
    client.middlewareStack.add((next) => async (given) => {
      const answer = await next(given);
      const date = (answer.response as { readonly headers?: Readonly<Record<string, string>> }).headers?.['date'];
      if (date !== undefined) this.#now = Date.parse(date);
      return answer;
    }, { step: 'deserialize', priority: 'low', name: 'dateOfAnswer' });
  }

  /** AWS's time, to the second, when it answered last; epoch milliseconds. */
  get now(): number {
    return this.#now ?? Date.now();
  }

  /** @throws Fault `SLUICE-PEER-1` when `@aws-sdk/client-appconfig` is not installed. */
  static async open(options: ClientOptions = {}): Promise<AppConfigPlane> {
    const sdk = await peer('@aws-sdk/client-appconfig', () => import('@aws-sdk/client-appconfig'));
    return new AppConfigPlane(sdk, new sdk.AppConfigClient({ ...options }));
  }

  /** The ids behind names. @throws Fault `SLUICE-PLANE-1` for a name AppConfig does not know. */
  async find(names: PlaceNames): Promise<Place> {
    const client = { client: this.#client };
    const application = await this.#named('application', names.application, this.#sdk.paginateListApplications(client, {}));
    const within = { ApplicationId: application };
    const [environmentId, profileId] = await Promise.all([
      this.#named('environment', names.environment, this.#sdk.paginateListEnvironments(client, within)),
      this.#named('configuration profile', names.profile, this.#sdk.paginateListConfigurationProfiles(client, within)),
    ]);
    return { applicationId: application, environmentId, profileId, profile: names.profile };
  }

  /** The id of a strategy that plays this one, made if there is none. */
  async strategy(strategy: Strategy): Promise<string> {
    const known = await this.#strategy(strategy);
    if (known !== undefined) return known;
    const made = await this.#client.send(new this.#sdk.CreateDeploymentStrategyCommand({
      Name: nameOf(strategy), GrowthType: strategy.growthType, GrowthFactor: strategy.growthFactor, ReplicateTo: 'NONE',
      DeploymentDurationInMinutes: strategy.durationMinutes, FinalBakeTimeInMinutes: strategy.bakeMinutes,
    })).catch(async (error: unknown) => {
      // Whoever else released at this moment may have taken the last one an account has room for.
      const Id = await this.#strategy(strategy);
      return Id === undefined ? this.#refused('CreateDeploymentStrategy', error) : { Id };
    });
    return made.Id as string;
  }

  async #strategy(strategy: Strategy): Promise<string | undefined> {
    for await (const page of this.#sdk.paginateListDeploymentStrategies({ client: this.#client }, {})) {
      const id = fitting(page.Items ?? [], strategy);
      if (id !== undefined) return id;
    }
    return undefined;
  }

  /**
   * Stores the bytes of an epoch as the profile's next version. `after` is the version that must be the latest one until now,
   * which is AppConfig's own lock; 0 when there must be none.
   * @throws Fault `SLUICE-PLANE-2` when it is not, `SLUICE-PLANE-3` when a gate or AppConfig refuses.
   */
  async createVersion(place: Place, bytes: Uint8Array, options: { readonly after?: number; readonly label?: string; readonly description?: string } = {}): Promise<number> {
    const { after, label, description } = options;
    const made = await this.#client.send(new this.#sdk.CreateHostedConfigurationVersionCommand({
      ApplicationId: place.applicationId, ConfigurationProfileId: place.profileId, Content: bytes, ContentType: 'application/json',
      ...(after === undefined || after === 0 ? {} : { LatestVersionNumber: after }),
      ...(label === undefined ? {} : { VersionLabel: label }),
      ...(description === undefined ? {} : { Description: description }),
    })).catch((error: unknown) => {
      if ((error as Error).name === 'ConflictException') throw fault(PLANNING, 'SLUICE-PLANE-2', { profile: place.profile, expected: after ?? 'none' }, error);
      return this.#refused('CreateHostedConfigurationVersion', error);
    });
    return made.VersionNumber as number;
  }

  /** The profile's latest version, or the one with a label; nothing when there is none. */
  async version(place: Pick<Place, 'applicationId' | 'profileId'>, label?: string): Promise<Version | undefined> {
    const page = await this.#client.send(new this.#sdk.ListHostedConfigurationVersionsCommand({
      ApplicationId: place.applicationId, ConfigurationProfileId: place.profileId, ...(label === undefined ? {} : { VersionLabel: label }),
    }));
    return (page.Items ?? []).map(versionOf).sort((one, other) => other.number - one.number)[0];
  }

  /** The versions of a profile, newest first; `most` of them. */
  async versions(place: Pick<Place, 'applicationId' | 'profileId'>, most = 50): Promise<Version[]> {
    const listed: Version[] = [];
    const profile = { ApplicationId: place.applicationId, ConfigurationProfileId: place.profileId };
    for await (const page of this.#sdk.paginateListHostedConfigurationVersions({ client: this.#client, pageSize: Math.min(most, 50) }, profile)) {
      listed.push(...(page.Items ?? []).map(versionOf));
      if (listed.length >= most) break;
    }
    return listed.sort((one, other) => other.number - one.number).slice(0, most);
  }

  /** The number of the profile's latest version, 0 when there is none. */
  async latestVersion(place: Place): Promise<number> {
    const page = await this.#client.send(new this.#sdk.ListHostedConfigurationVersionsCommand({ ApplicationId: place.applicationId, ConfigurationProfileId: place.profileId }));
    return Math.max(0, ...(page.Items ?? []).map((item) => item.VersionNumber ?? 0));
  }

  /** The bytes of a version; nothing when AppConfig does not have it. */
  async content(place: Pick<Place, 'applicationId' | 'profileId'>, version: string): Promise<Uint8Array | undefined> {
    return (await this.#version(place, version))?.Content;
  }

  /** The label of a version; nothing when it has none, or AppConfig does not have it. */
  async label(place: Pick<Place, 'applicationId' | 'profileId'>, version: string): Promise<string | undefined> {
    return (await this.#version(place, version))?.VersionLabel;
  }

  /** Begins a deployment. @throws Fault `SLUICE-PLANE-4` while another one runs, `SLUICE-PLANE-3` when a guard refuses. */
  async start(place: Place, version: number, strategyId: string, description?: string): Promise<number> {
    const started = await this.#client.send(new this.#sdk.StartDeploymentCommand({
      ApplicationId: place.applicationId, EnvironmentId: place.environmentId, ConfigurationProfileId: place.profileId,
      ConfigurationVersion: String(version), DeploymentStrategyId: strategyId, ...(description === undefined ? {} : { Description: description }),
    })).catch((error: unknown) => {
      const { name, message } = error as Error;
      if (name === 'ConflictException') throw fault(PLANNING, 'SLUICE-PLANE-4', { environment: place.environmentId, problem: message }, error);
      return this.#refused('StartDeployment', error);
    });
    return started.DeploymentNumber as number;
  }

  /** The deployments of an environment, newest first; `most` of them. */
  async deployments(place: PlaceIds, most = 50): Promise<Deployment[]> {
    const listed: Deployment[] = [];
    const query = { ApplicationId: place.applicationId, EnvironmentId: place.environmentId };
    for await (const page of this.#sdk.paginateListDeployments({ client: this.#client, pageSize: Math.min(most, 50) }, query)) {
      listed.push(...(page.Items ?? []).map(deploymentOf));
      if (listed.length >= most) break;
    }
    return listed.sort((one, other) => other.number - one.number).slice(0, most);
  }

  /** Takes a completed deployment back. @returns false when somebody has done so already. */
  async revert(place: PlaceIds, deployment: number): Promise<boolean> {
    const which = { ApplicationId: place.applicationId, EnvironmentId: place.environmentId, DeploymentNumber: deployment };
    try {
      await this.#client.send(new this.#sdk.StopDeploymentCommand({ ...which, AllowRevert: true }));
      return true;
    } catch (error) {
      // Asked in the list, which whoever decides has read already: it takes no further right.
      const state = (await this.deployments(place)).find(({ number }) => number === deployment)?.state;
      if (state === 'REVERTED' || state === 'ROLLED_BACK') return false;
      return this.#refused('StopDeployment', error);
    }
  }

  /** The alarms AppConfig watches for an environment. */
  async monitors(place: PlaceIds): Promise<EnvironmentMonitor[]> {
    const got = await this.#client.send(new this.#sdk.GetEnvironmentCommand({ ApplicationId: place.applicationId, EnvironmentId: place.environmentId }));
    return (got.Monitors ?? []).map(({ AlarmArn = '', AlarmRoleArn = '' }) => ({ alarmArn: AlarmArn, roleArn: AlarmRoleArn }));
  }

  /** Replaces the alarms AppConfig watches. @throws Fault `SLUICE-PLANE-3` when AppConfig refuses. */
  async setMonitors(place: PlaceIds, monitors: readonly EnvironmentMonitor[]): Promise<void> {
    await this.#client.send(new this.#sdk.UpdateEnvironmentCommand({
      ApplicationId: place.applicationId, EnvironmentId: place.environmentId,
      Monitors: monitors.map(({ alarmArn, roleArn }) => ({ AlarmArn: alarmArn, ...(roleArn === '' ? {} : { AlarmRoleArn: roleArn }) })),
    })).catch((error: unknown) => this.#refused('UpdateEnvironment', error));
  }

  /** Ends a deployment that is under way; readers get the version before it, if there is one. */
  async stop(place: PlaceIds, deployment: number): Promise<void> {
    await this.#client.send(new this.#sdk.StopDeploymentCommand({ ApplicationId: place.applicationId, EnvironmentId: place.environmentId, DeploymentNumber: deployment }));
  }

  /** Deletes all versions of the profile: AppConfig keeps a profile that has any. */
  async removeVersions(place: Pick<Place, 'applicationId' | 'profileId'>): Promise<void> {
    const profile = { ApplicationId: place.applicationId, ConfigurationProfileId: place.profileId };
    const numbers: number[] = [];
    for await (const page of this.#sdk.paginateListHostedConfigurationVersions({ client: this.#client }, profile)) {
      for (const item of page.Items ?? []) if (item.VersionNumber !== undefined) numbers.push(item.VersionNumber);
    }
    for (const VersionNumber of numbers) await this.#client.send(new this.#sdk.DeleteHostedConfigurationVersionCommand({ ...profile, VersionNumber }));
  }

  /**
   * Deletes the environment, unless it was read within the hour and `protection` is APPLY. One that is gone already is as good.
   * @throws Fault `SLUICE-PLANE-3` when AppConfig refuses.
   */
  async removeEnvironment(place: PlaceIds, protection: 'APPLY' | 'BYPASS'): Promise<void> {
    await this.#client.send(new this.#sdk.DeleteEnvironmentCommand({
      ApplicationId: place.applicationId, EnvironmentId: place.environmentId, DeletionProtectionCheck: protection,
    })).catch((error: unknown) => {
      if ((error as Error).name !== 'ResourceNotFoundException') this.#refused('DeleteEnvironment', error);
    });
  }

  /** Lets go of the client's connections. */
  close(): void {
    this.#client.destroy();
  }

  #version(place: Pick<Place, 'applicationId' | 'profileId'>, version: string): Promise<GetHostedConfigurationVersionCommandOutput | undefined> {
    return this.#client.send(new this.#sdk.GetHostedConfigurationVersionCommand({
      ApplicationId: place.applicationId, ConfigurationProfileId: place.profileId, VersionNumber: Number(version),
    })).catch((error: unknown) => {
      if ((error as Error).name === 'ResourceNotFoundException') return undefined;
      throw error;
    });
  }

  async #named(kind: string, name: string, pages: AsyncIterable<{ Items?: { Id?: string | undefined; Name?: string | undefined }[] | undefined }>): Promise<string> {
    for await (const page of pages) {
      const id = page.Items?.find((item) => item.Name === name)?.Id;
      if (id !== undefined) return id;
    }
    throw fault(PLANNING, 'SLUICE-PLANE-1', { kind, name });
  }

  #refused(operation: string, error: unknown): never {
    const { name, message } = error as Error;
    if (!REFUSALS.includes(name)) throw error;
    const refusal: Fault = fault(PLANNING, 'SLUICE-PLANE-3', { operation, problem: message }, error);
    throw refusal;
  }
}

function versionOf({ VersionNumber = 0, VersionLabel, Description }: HostedConfigurationVersionSummary): Version {
  return { number: VersionNumber, ...(VersionLabel === undefined ? {} : { label: VersionLabel }), ...(Description === undefined ? {} : { description: Description }) };
}

function deploymentOf(item: DeploymentSummary): Deployment {
  return {
    number: item.DeploymentNumber ?? 0,
    state: item.State as DeploymentState,
    profile: item.ConfigurationName ?? '',
    version: item.ConfigurationVersion ?? '',
    startedAt: item.StartedAt?.getTime() ?? 0,
    ...(item.VersionLabel === undefined ? {} : { label: item.VersionLabel }),
    ...(item.CompletedAt === undefined ? {} : { completedAt: item.CompletedAt.getTime() }),
    ...(item.PercentageComplete === undefined ? {} : { percent: item.PercentageComplete }),
  };
}

import type { AppConfigClient, DeploymentEvent, GetConfigurationProfileCommandOutput } from '@aws-sdk/client-appconfig';
import type { ExtensionFacts } from '../../core/checkup/facts.ts';
import type { PlaceIds } from '../../core/place.ts';
import type { Strategy } from '../../core/plan.ts';
import type { Deployment, DeploymentState } from '../../core/rollout.ts';
import { peer, type ClientOptions } from '../peer.ts';
import type { Place } from './appconfig.ts';

type Sdk = typeof import('@aws-sdk/client-appconfig');

/** The tag of a profile that names the bucket of its epoch store; the constructs set it. */
export const STORE_TAG = 'sluice:store';

/** What comes before the name in an alarm's ARN; within an account the name says it all. */
const ALARM_ARN = /arn:aws[\w-]*:cloudwatch:[^:\s]*:\d*:alarm:/g;

/** One line of a deployment's event log; alarms are called by their names. */
export interface DeploymentLine {
  /** As AppConfig names it: `PERCENTAGE_UPDATED`. */
  readonly type: string;
  /** `USER`, `APPCONFIG`, `CLOUDWATCH_ALARM` or `INTERNAL_ERROR`. */
  readonly by: string;
  /** Epoch milliseconds. */
  readonly at: number;
  readonly text: string;
}

/** A deployment with all AppConfig tells of it. */
export interface DeploymentDetail extends Deployment {
  readonly description?: string;
  readonly strategy: Strategy;
  /** Oldest first. */
  readonly log: readonly DeploymentLine[];
}

/** An extension that is associated with something of a place. */
export interface AssociatedExtension extends ExtensionFacts {
  /** What its actions invoke. */
  readonly uris: readonly string[];
}

/** AppConfig as a person looks at it: nothing here changes anything. */
export class AppConfigSight {
  readonly #sdk: Sdk;
  readonly #client: AppConfigClient;

  private constructor(sdk: Sdk, client: AppConfigClient) {
    this.#sdk = sdk;
    this.#client = client;
  }

  /** @throws Fault `SLUICE-PEER-1` when `@aws-sdk/client-appconfig` is not installed. */
  static async open(options: ClientOptions = {}): Promise<AppConfigSight> {
    const sdk = await peer('@aws-sdk/client-appconfig', () => import('@aws-sdk/client-appconfig'));
    return new AppConfigSight(sdk, new sdk.AppConfigClient({ ...options }));
  }

  /** One deployment with its log; nothing when AppConfig does not have it. */
  async deployment(place: PlaceIds, number: number): Promise<DeploymentDetail | undefined> {
    const found = await this.#client.send(new this.#sdk.GetDeploymentCommand({ ApplicationId: place.applicationId, EnvironmentId: place.environmentId, DeploymentNumber: number })).catch(absent);
    if (found === undefined) return undefined;
    const { VersionLabel, CompletedAt, Description, PercentageComplete } = found;
    return {
      number, state: found.State as DeploymentState, profile: found.ConfigurationName ?? '', version: found.ConfigurationVersion ?? '', startedAt: found.StartedAt?.getTime() ?? 0,
      ...(VersionLabel === undefined ? {} : { label: VersionLabel }),
      ...(CompletedAt === undefined ? {} : { completedAt: CompletedAt.getTime() }),
      ...(Description === undefined ? {} : { description: Description }),
      ...(PercentageComplete === undefined ? {} : { percent: PercentageComplete }),
      strategy: {
        growthType: found.GrowthType === 'EXPONENTIAL' ? 'EXPONENTIAL' : 'LINEAR', growthFactor: found.GrowthFactor ?? 100,
        durationMinutes: found.DeploymentDurationInMinutes ?? 0, bakeMinutes: found.FinalBakeTimeInMinutes ?? 0,
      },
      log: (found.EventLog ?? []).map(lineOf).toReversed(),
    };
  }

  /**
   * The bucket of the epoch store, as the profile's tag names it; nothing when no stack of ours made the profile. Where neither a validator nor an
   * alarm tells the account, `caller` is asked for an ARN in it.
   */
  async store(place: Place, caller: () => Promise<string>): Promise<string | undefined> {
    const arn = arnOf(place, await this.#profile(place)) ?? await this.#arnByAlarm(place) ?? arnLike(place, await caller());
    if (arn === undefined) return undefined;
    const { Tags = {} } = await this.#client.send(new this.#sdk.ListTagsForResourceCommand({ ResourceArn: arn }));
    return Tags[STORE_TAG];
  }

  /** The extensions that are asked or told of a place's versions and deployments, by whatever of it they are associated with. */
  async extensions(place: Place): Promise<AssociatedExtension[]> {
    const application = `:application/${place.applicationId}`;
    const ends = [application, `${application}/environment/${place.environmentId}`, `${application}/configurationprofile/${place.profileId}`];
    const found = new Set<string>();
    for await (const page of this.#sdk.paginateListExtensionAssociations({ client: this.#client }, {})) {
      for (const { ExtensionArn, ResourceArn = '' } of page.Items ?? []) if (ExtensionArn !== undefined && ends.some((end) => ResourceArn.endsWith(end))) found.add(ExtensionArn);
    }
    return await Promise.all([...found].map(async (ExtensionIdentifier) => {
      const { Id = '', Actions = {} } = await this.#client.send(new this.#sdk.GetExtensionCommand({ ExtensionIdentifier }));
      return { id: Id, points: Object.keys(Actions), uris: Object.values(Actions).flat().map(({ Uri = '' }) => Uri) };
    }));
  }

  /** The profile's validators: their types, and the functions among them by ARN. */
  async validators(place: Place): Promise<readonly { readonly type: string; readonly functionArn?: string }[]> {
    const { Validators = [] } = await this.#profile(place);
    return Validators.map(({ Type, Content }) => ({ type: String(Type), ...(Type === 'LAMBDA' && Content !== undefined ? { functionArn: Content } : {}) }));
  }

  /** The ARN of the customer key that the profile's versions are encrypted by, and what its epoch store holds; nothing where AWS's own key is. */
  async key(place: Place): Promise<string | undefined> {
    return (await this.#profile(place)).KmsKeyArn;
  }

  /** Lets go of the client's connections. */
  close(): void {
    this.#client.destroy();
  }

  /** The same for a profile that has lost its validator: by an alarm that its environment is watched by. */
  async #arnByAlarm(place: Place): Promise<string | undefined> {
    const { Monitors = [] } = await this.#client.send(new this.#sdk.GetEnvironmentCommand({ ApplicationId: place.applicationId, EnvironmentId: place.environmentId }));
    return arnLike(place, Monitors[0]?.AlarmArn);
  }

  #profile(place: Place): Promise<GetConfigurationProfileCommandOutput> {
    return this.#client.send(new this.#sdk.GetConfigurationProfileCommand({ ApplicationId: place.applicationId, ConfigurationProfileId: place.profileId }));
  }
}

/** A profile's ARN. AppConfig tells no ARN of its own; partition, region and account are those of the profile's Lambda validator. */
function arnOf(place: Place, { Validators = [] }: GetConfigurationProfileCommandOutput): string | undefined {
  return arnLike(place, Validators.find(({ Type }) => Type === 'LAMBDA')?.Content);
}

/** A profile's ARN by that of something else in its account and region. */
function arnLike({ applicationId, profileId }: Place, other: string | undefined): string | undefined {
  const [, partition, , region, account] = other?.split(':') ?? [];
  if (partition === undefined || region === undefined || account === undefined) return undefined;
  return `arn:${partition}:appconfig:${region}:${account}:application/${applicationId}/configurationprofile/${profileId}`;
}

function lineOf({ EventType, TriggeredBy, OccurredAt, Description }: DeploymentEvent): DeploymentLine {
  return { type: String(EventType), by: String(TriggeredBy), at: OccurredAt?.getTime() ?? 0, text: (Description ?? '').replaceAll(ALARM_ARN, '') };
}

function absent(error: unknown): undefined {
  if ((error as Error).name !== 'ResourceNotFoundException') throw error;
}

import { arnOfCaller } from '../adapters/caller/identity.ts';
import { AppConfigPlane, AppConfigSight, type Place } from '../adapters/plane/index.ts';
import type { ClientOptions } from '../adapters/peer.ts';
import { Overrides } from '../adapters/overrides.ts';
import { RolledBackEpochs } from '../adapters/rolledBack.ts';
import { standing, type Standing } from '../adapters/standing.ts';
import { EpochStore, S3Store } from '../adapters/store/index.ts';
import { ShiftStore } from '../adapters/store/shifts.ts';
import { fault } from '../core/fault.ts';
import { RELEASING } from '../core/faults/releasing.ts';
import { inForce, type Override } from '../core/override.ts';
import type { PlaceNames } from '../core/place.ts';

/** One environment in AWS, by the clients a command needs. */
export class Connection {
  readonly names: PlaceNames;
  /** What further clients are made with. */
  readonly options: ClientOptions;
  readonly place: Place;
  readonly plane: AppConfigPlane;
  readonly sight: AppConfigSight;
  readonly #store: S3Store | undefined;
  readonly #storeless: unknown;

  /** @param store the epoch store, or why there is none. */
  private constructor(names: PlaceNames, options: ClientOptions, place: Place, plane: AppConfigPlane, sight: AppConfigSight, store: unknown) {
    this.names = names;
    this.options = options;
    this.place = place;
    this.plane = plane;
    this.sight = sight;
    if (store instanceof S3Store) this.#store = store;
    else this.#storeless = store;
  }

  /** @throws Fault `SLUICE-PLANE-1` for a name AppConfig does not know. */
  static async open(names: PlaceNames, region?: string | null, clients: Promise<Clients> = clientsOf(region)): Promise<Connection> {
    const { options, plane, sight } = await clients;
    const place = await plane.find(names);
    // Much can be told without a store, so that why nobody knows of one is told when it is needed.
    let untold: unknown;
    const bucket = await sight.store(place, () => arnOfCaller(options).catch((cause: unknown) => { untold = cause; return ''; }));
    const store = bucket === undefined ? untold ?? fault(RELEASING, 'SLUICE-RELEASE-6', { place: `${names.application}/${names.environment}`, profile: names.profile }) : await S3Store.open(bucket, options);
    return new Connection(names, options, place, plane, sight, store);
  }

  /** `application/environment`. */
  get text(): string {
    return `${this.names.application}/${this.names.environment}`;
  }

  /** The epoch store. @throws Fault `SLUICE-RELEASE-6` when the environment has none. */
  get epochs(): EpochStore {
    return new EpochStore(this.#needed);
  }

  /** The records of shifts. @throws Fault `SLUICE-RELEASE-6` when the environment has no store. */
  get shifts(): ShiftStore {
    return new ShiftStore(this.#needed);
  }

  /** The bucket of the epoch store. @throws Fault `SLUICE-RELEASE-6` when the environment has none. */
  get bucket(): string {
    return this.#needed.bucket;
  }

  /** The epoch store, for what can be told without it. */
  get epochsIfAny(): EpochStore | undefined {
    return this.#store === undefined ? undefined : new EpochStore(this.#store);
  }

  /** Who overrode the taking back of changes. @throws Fault `SLUICE-RELEASE-6` when the environment has no store. */
  get overrides(): Overrides {
    return new Overrides(this.#needed);
  }

  /** The same, for what can be told without it. */
  get overridesIfAny(): Overrides | undefined {
    return this.#store === undefined ? undefined : new Overrides(this.#store);
  }

  /** The record of the epochs that are taken back, where there is a store. */
  get rolledBackIfAny(): RolledBackEpochs | undefined {
    return this.#store === undefined ? undefined : new RolledBackEpochs(this.#store);
  }

  get #needed(): S3Store {
    if (this.#store === undefined) throw this.#storeless;
    return this.#store;
  }

  /** The override in force, if there is one. */
  async override(): Promise<Override | undefined> {
    return inForce((await this.overridesIfAny?.last(this.place))?.entry, this.plane.now);
  }

  /** How the environment stands now. */
  standing(): Promise<Standing> {
    return standing(this.plane, this.epochsIfAny, this.place);
  }

  close(): void {
    this.plane.close();
    this.sight.close();
    this.#store?.close();
  }
}

/** What environments of one region have in common: a client that is made once also signs in and connects once. */
interface Clients {
  readonly options: ClientOptions;
  readonly plane: AppConfigPlane;
  readonly sight: AppConfigSight;
}

async function clientsOf(region?: string | null): Promise<Clients> {
  // Nothing of this machine's Node.js gets into AWS, so the SDK's advice about its version is none for the reader of a plan.
  process.env['AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED'] ??= 'true';
  const options = typeof region === 'string' ? { region } : {};
  const [plane, sight] = await Promise.all([AppConfigPlane.open(options), AppConfigSight.open(options)]);
  return { options, plane, sight };
}

/** Runs a task with connections to several environments, and lets go of them. */
export async function connected<Result>(places: readonly (PlaceNames & { readonly region?: string | null })[], task: (connections: readonly Connection[]) => Promise<Result>): Promise<Result> {
  const regions = new Map([...new Set(places.map(({ region = null }) => region))].map((region) => [region, clientsOf(region)]));
  const opened = await Promise.allSettled(places.map((names) => Connection.open(names, names.region, regions.get(names.region ?? null))));
  const connections = opened.flatMap((one) => (one.status === 'fulfilled' ? [one.value] : []));
  try {
    const failed = opened.find((one) => one.status === 'rejected');
    if (failed !== undefined) throw failed.reason as Error;
    return await task(connections);
  } finally {
    for (const connection of connections) connection.close();
  }
}

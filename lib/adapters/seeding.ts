import { setTimeout as sleep } from 'node:timers/promises';
import { fault } from '../core/fault.ts';
import { GUARDING } from '../core/faults/guarding.ts';
import { newest } from '../core/rollout.ts';
import { parseSeed, type SeedProperties } from '../core/seed.ts';
import type { Alarms } from './evidence/alarms.ts';
import { untilQuiet } from './evidence/quiet.ts';
import type { AppConfigPlane } from './plane/appconfig.ts';
import { EpochStore } from './store/epochs.ts';
import type { S3Store } from './store/s3.ts';

/** How often a deployment is looked at, milliseconds. */
const LOOK_MS = 5000;

/** How long whoever counts the rollback of a stopped deployment has, milliseconds: the stack takes its permissions away next. */
const TOLD_MS = 3000;

/** The first release of an environment, and the end of its last. */
export class Seeding {
  readonly #plane: AppConfigPlane;
  readonly #alarms: Alarms;
  readonly #store: S3Store;

  constructor(plane: AppConfigPlane, alarms: Alarms, store: S3Store) {
    this.#plane = plane;
    this.#alarms = alarms;
    this.#store = store;
  }

  /** Keeps what the stack says of the environment, where it says something. */
  async keepRecord({ record }: SeedProperties): Promise<void> {
    if (record !== undefined) await new EpochStore(this.#store).saveEnvironment(record);
  }

  /** Releases the seed, once all alarms are OK; nothing when there has been a release. Resolves when everybody reads it. */
  async seed(properties: SeedProperties, documents: S3Store): Promise<void> {
    const { place } = properties;
    if (await this.#plane.latestVersion(place) > 0) return;
    const bytes = await documents.get(properties.key);
    if (bytes === undefined) throw fault(GUARDING, 'SLUICE-SEED-1', { key: properties.key, bucket: documents.bucket });
    const seed = parseSeed(bytes);
    const epochs = new EpochStore(this.#store);
    for (const schema of Object.values(seed.schemas)) await epochs.saveSchema(new TextEncoder().encode(schema));
    await untilQuiet(this.#alarms, properties.alarms);
    const version = await this.#plane.createVersion(place, new TextEncoder().encode(seed.epoch), { description: 'the first configuration' });
    const number = await this.#plane.start(place, version, properties.strategy, 'the first configuration');
    for (;;) {
      const deployment = newest(await this.#plane.deployments(place, 1));
      if (deployment?.state === 'BAKING' || deployment?.state === 'COMPLETE') return;
      if (deployment?.state === 'ROLLED_BACK' || deployment?.state === 'REVERTED') throw fault(GUARDING, 'SLUICE-SEED-2', { number, state: deployment.state });
      await sleep(LOOK_MS);
    }
  }

  /**
   * Makes way for the deletion of the stack. The environment goes first, so that AppConfig's deletion protection refuses before
   * anything that readers depend on is gone.
   */
  async sweep(properties: SeedProperties, documents: S3Store): Promise<void> {
    const { place } = properties;
    // After a deletion that failed halfway the environment may be gone already.
    const deployment = newest(await this.#plane.deployments(place, 1).catch(noneWhenGone));
    const running = deployment?.state === 'VALIDATING' || deployment?.state === 'DEPLOYING' || deployment?.state === 'BAKING';
    if (running) await this.#plane.stop(place, deployment.number);
    await this.#plane.removeEnvironment(place, properties.protection);
    await this.#plane.removeVersions(place);
    if (properties.emptyStore) await this.#store.empty();
    await documents.remove(properties.key);
    if (running) await sleep(TOLD_MS);
  }
}

function noneWhenGone(error: unknown): [] {
  if ((error as Error).name === 'ResourceNotFoundException') return [];
  throw error;
}

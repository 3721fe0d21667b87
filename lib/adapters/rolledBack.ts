import { rolledBackKey } from '../core/layout.ts';
import type { PlaceNames } from '../core/place.ts';
import { formatRolledBack, parseRolledBack, rolledBackBy, sameRolledBack, type RolledBackEpoch, type ToldState } from '../core/rolledBack.ts';
import type { Deployment } from '../core/rollout.ts';
import type { Store } from './store/store.ts';

/** How often a record is written anew when somebody else was faster. */
const ATTEMPTS = 3;

/** The record of an environment's epochs that are taken back, as the store keeps it. */
export class RolledBackEpochs {
  readonly #store: Store;

  constructor(store: Store) {
    this.#store = store;
  }

  /** Brings the record up to what AppConfig lists, and to what was told of one deployment. Writes nothing where nothing changed. `now` is epoch milliseconds. */
  async renew({ application, environment, profile }: PlaceNames, deployments: readonly Deployment[], now: number, told?: ToldState): Promise<readonly RolledBackEpoch[]> {
    const key = rolledBackKey(profile);
    for (let attempt = 1; ; attempt += 1) {
      const revision = await this.#store.revision(key);
      // What cannot be read is made anew.
      const known = revision && parseRolledBack(revision.bytes);
      const epochs = rolledBackBy(known ?? [], deployments, { profile, now, told });
      if (known !== undefined && sameRolledBack(known, epochs)) return known;
      const bytes = formatRolledBack({ sluice: 1, application, environment, profile, epochs });
      const written = await (revision === undefined ? this.#store.create(key, bytes, 'application/json') : this.#store.replace(key, bytes, 'application/json', revision));
      if (written || attempt === ATTEMPTS) return epochs;
    }
  }
}

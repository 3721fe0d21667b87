import type { Digest } from '../core/digest.ts';
import type { Pin } from '../core/pin.ts';
import { rolledBackFault, type RolledBackEpoch } from '../core/rolledBack.ts';
import { askAgent, type Served } from './agent.ts';
import { fetchEpoch } from './bucket.ts';
import { configurationOf, type Configuration } from './configuration.ts';
import { Recall } from './recall.ts';
import { PATIENCE_MS, Settings, type ReaderOptions } from './settings.ts';
import { Shelf } from './shelf.ts';

/** How many epochs stay in memory: those of a rollout, of the one before, and of stragglers. */
const KEPT = 8;

/** After how long without a question a bad source gets the benefit of the doubt: a frozen sandbox wakes up hours later. */
const FORGIVEN_MS = 2000;

/** Reads epochs for one application in one environment. */
export class Reader {
  readonly #settings: Settings;
  readonly #shelf: Shelf;
  readonly #recall: Recall;
  readonly #memory = new Map<Digest, Configuration>();
  readonly #flights = new Map<Digest, Promise<Configuration>>();
  #newest: Configuration | undefined;
  #asked = 0;
  #asking: Promise<Configuration> | undefined;

  constructor(options: ReaderOptions = {}) {
    this.#settings = new Settings(options);
    this.#shelf = new Shelf(this.#settings.directory);
    this.#recall = new Recall(this.#settings);
  }

  /**
   * The epoch a pin is bound to: from memory, from disk, or from the store, and exactly that one.
   * @throws Fault `SLUICE-READ-3` when the store does not have it, `SLUICE-EPOCH-2` when it has other bytes; and for a pin that is to fail when its
   * epoch was rolled back, `SLUICE-PIN-3`, named `Sluice.EpochRolledBack`.
   */
  async at(pin: Pin): Promise<Configuration> {
    const taken = pin.onRolledBack === 'fail' ? await this.rolledBack(pin) : undefined;
    if (taken !== undefined) throw rolledBackFault(pin, taken);
    const held = this.#memory.get(pin.digest);
    if (held !== undefined) return held.as(pin.version, false);
    let flight = this.#flights.get(pin.digest);
    if (flight === undefined) {
      flight = this.#load(pin).finally(() => this.#flights.delete(pin.digest));
      this.#flights.set(pin.digest, flight);
    }
    return (await flight).as(pin.version, false);
  }

  /**
   * The epoch the agent serves now. Once there was one it never throws and hardly ever waits: when the agent fails, the newest
   * good one is answered, marked stale. A cold start falls back to what an earlier process left on disk, then to the seed.
   * @throws Fault `SLUICE-READ-2` when there is nothing at all to answer with.
   */
  async current(): Promise<Configuration> {
    const { maxAgeMs } = this.#settings;
    const held = this.#newest;
    const age = Date.now() - this.#asked;
    if (held !== undefined && age < maxAgeMs) return held;
    this.#asking ??= this.#ask().finally(() => {
      this.#asked = Date.now();
      this.#asking = undefined;
    });
    if (held === undefined) return this.#asking;
    // A source just known to be bad is asked again behind the reader's back: nobody waits for it twice.
    if (held.stale && age < Math.max(2 * maxAgeMs, FORGIVEN_MS)) return held;
    return withPatience(this.#asking, held);
  }

  /** Draws a pin for one unit of work, such as an execution by its ARN: the agent keeps it on one side of a rollout. */
  async entity(id: string): Promise<Pin> {
    const { configuration } = this.#adopt(await askAgent(this.#settings, id));
    const { application, environment, profile } = this.#settings;
    return Object.freeze({ sluice: 1, application, environment, profile, version: configuration.version, digest: configuration.digest, entity: id });
  }

  /**
   * What the store says of a pin's epoch that was rolled back; nothing for one that was not, or of which nothing can be read. It asks S3 once in ten
   * seconds at most, and once more before it says so.
   */
  rolledBack(pin: Pin): Promise<RolledBackEpoch | undefined> {
    return this.#recall.of(pin);
  }

  async #load(pin: Pin): Promise<Configuration> {
    const kept = this.#shelf.read(pin.digest);
    const known = kept === undefined ? undefined : configurationOf(kept, pin.version, pin.digest);
    if (known !== undefined && !(known instanceof Error)) return this.#remember(known);
    const bytes = await fetchEpoch(this.#settings, pin.digest);
    const fetched = configurationOf(bytes, pin.version, pin.digest);
    if (fetched instanceof Error) throw fetched;
    return this.#adopt({ configuration: fetched, bytes }).configuration;
  }

  async #ask(): Promise<Configuration> {
    try {
      const served = this.#adopt(await askAgent(this.#settings));
      this.#newest = served.configuration;
      this.#shelf.remember(this.#place, served.configuration.digest, served.configuration.version);
      return this.#newest;
    } catch (failure) {
      const fallback = this.#newest ?? this.#leftBehind() ?? this.#seeded();
      if (fallback === undefined) throw failure;
      this.#newest = fallback.as(fallback.version, true);
      return this.#newest;
    }
  }

  #leftBehind(): Configuration | undefined {
    const left = this.#shelf.recall(this.#place);
    const bytes = left && this.#shelf.read(left.digest);
    const configuration = bytes && configurationOf(bytes, left.version, left.digest);
    return configuration instanceof Error ? undefined : configuration;
  }

  #seeded(): Configuration | undefined {
    const configuration = this.#settings.seed && configurationOf(this.#settings.seed, '');
    if (configuration instanceof Error) throw configuration;
    return configuration;
  }

  /** Keeps what a source served, unless the same epoch is in hand already. */
  #adopt(served: Served): Served {
    const { digest, version } = served.configuration;
    const held = this.#memory.get(digest);
    if (held !== undefined) return { configuration: held.as(version, false), bytes: served.bytes };
    this.#shelf.write(digest, served.bytes);
    this.#remember(served.configuration);
    return served;
  }

  #remember(configuration: Configuration): Configuration {
    this.#memory.set(configuration.digest, configuration);
    for (const oldest of this.#memory.keys()) {
      if (this.#memory.size <= KEPT) break;
      this.#memory.delete(oldest);
    }
    return configuration;
  }

  get #place(): string {
    const { application, environment, profile } = this.#settings;
    return [application, environment, profile].map((name) => encodeURIComponent(name)).join('~');
  }
}

/** What is asked for, if it comes soon; else what is in hand. What comes later is there for the next reader. */
function withPatience(asking: Promise<Configuration>, held: Configuration): Promise<Configuration> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => resolve(held), PATIENCE_MS);
    asking.then(resolve, reject).finally(() => clearTimeout(timer));
  });
}

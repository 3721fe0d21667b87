import { rolledBackKey } from '../core/layout.ts';
import type { Pin } from '../core/pin.ts';
import { parseRolledBack, type RolledBackEpoch } from '../core/rolledBack.ts';
import { addressOf, signedGet } from './bucket.ts';
import type { Settings } from './settings.ts';

/** How long a record is believed without asking again, milliseconds: a busy process asks S3 six times a minute. */
const BELIEVED_MS = 10_000;

/** A record as it was read. */
interface Held {
  readonly at: number;
  readonly epochs: readonly RolledBackEpoch[];
}

/** Which epochs were rolled back, as the store says. What cannot be read is as it was read last, and at first as if nothing was. */
export class Recall {
  readonly #settings: Settings;
  readonly #held = new Map<string, Held>();
  readonly #flights = new Map<string, Promise<readonly RolledBackEpoch[]>>();

  constructor(settings: Settings) {
    this.#settings = settings;
  }

  /** What is known of a pin's epoch that was rolled back; nothing for one that was not. */
  async of({ profile, version }: Pick<Pin, 'profile' | 'version'>): Promise<RolledBackEpoch | undefined> {
    const known = async (believedMs: number): Promise<RolledBackEpoch | undefined> => (await this.#read(profile, believedMs)).find((epoch) => epoch.version === version);
    // Nobody is turned away by what may be over: an epoch that is deployed again is no longer rolled back.
    return await known(BELIEVED_MS) === undefined ? undefined : await known(0);
  }

  /** The record, asked for once by however many at the same time. */
  async #read(profile: string, believedMs: number): Promise<readonly RolledBackEpoch[]> {
    const held = this.#held.get(profile);
    if (held !== undefined && Date.now() - held.at < believedMs) return held.epochs;
    const flight = this.#flights.get(profile) ?? this.#ask(profile, held?.epochs ?? []).finally(() => this.#flights.delete(profile));
    this.#flights.set(profile, flight);
    return flight;
  }

  async #ask(profile: string, before: readonly RolledBackEpoch[]): Promise<readonly RolledBackEpoch[]> {
    const { store, region, endpoint } = this.#settings;
    const answer = await signedGet(this.#settings, addressOf(store, region, endpoint, rolledBackKey(profile))).catch(() => undefined);
    const epochs = (answer?.status === 200 ? parseRolledBack(answer.body) : undefined) ?? before;
    this.#held.set(profile, { at: Date.now(), epochs });
    return epochs;
  }
}

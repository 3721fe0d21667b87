import { missing } from '../appconfigdata/refusal.ts';
import { sideOf } from '../appconfigdata/side.ts';
import { targetOf, type Target } from '../appconfigdata/target.ts';
import type { Actor, Exposure, House, ServedVersion } from '../ports.ts';
import type { AgentOptions } from './options.ts';

/** A configuration as a path names it: ids or names. */
export interface Identifiers {
  readonly application: string;
  readonly environment: string;
  readonly configuration: string;
}

const DAY = 24 * 60 * 60 * 1000;

/**
 * What an agent keeps of one configuration: the exposure as it last saw it. Polling is lazy, on a read that finds the last poll older than
 * the interval, so that an agent nobody asks costs no virtual time; every reader sees a change at its first read after the interval.
 */
export class ConfigurationCache {
  readonly #house: House;
  readonly #stream: string;
  readonly #identifiers: Identifiers;
  readonly #intervalMs: number;
  readonly #actor: Actor;
  #target: Target | undefined;
  #session = '';
  #polledAt = -Infinity;
  #exposure: Exposure | undefined;
  /** What the agent's own session was last given. */
  #held: ServedVersion | undefined;

  constructor(house: House, stream: string, identifiers: Identifiers, { pollIntervalMs, accessKeyId }: Pick<AgentOptions, 'pollIntervalMs' | 'accessKeyId'>) {
    this.#house = house;
    this.#stream = stream;
    this.#identifiers = identifiers;
    this.#intervalMs = pollIntervalMs;
    this.#actor = { kind: 'key', ...(accessKeyId !== undefined && { accessKeyId }) };
  }

  /**
   * The version for an entity, or for the agent's own session; throws the data plane's WireFault when there is none. The agent decides
   * on entities by itself, as of its last poll, so two agents may differ until both have polled.
   */
  read(entity: string | undefined): ServedVersion {
    const now = this.#house.kernel.now();
    if (now - this.#polledAt >= this.#intervalMs) this.#poll(now);
    const version = entity === undefined ? this.#held : this.#exposure && sideOf(this.#exposure, `entity\u0000${entity}`, this.#house.draws);
    if (!version) throw missing('Configuration', {});
    return version;
  }

  /** Asks as the data plane is asked. Once there was something to serve, a failed poll leaves it in place until the next one. */
  #poll(now: number): void {
    const port = this.#house.ports.configuration;
    try {
      // A token lives 24 hours: an agent that was idle for longer begins a new session.
      if (!this.#target || now - this.#polledAt >= DAY) {
        const target = targetOf(port, this.#identifiers.application, this.#identifiers.environment, this.#identifiers.configuration);
        this.#refuseDenied('StartConfigurationSession', target);
        this.#target = target;
        this.#session = this.#house.draws.uuid(this.#stream);
      }
      this.#refuseDenied('GetLatestConfiguration', this.#target);
    } catch (refusal) {
      if (!this.#exposure) throw refusal;
      this.#polledAt = now;
      return;
    }
    const { applicationId, environmentId, profileId } = this.#target;
    const exposure = port.exposure(applicationId, environmentId, profileId);
    if (exposure && (exposure.canary ?? exposure.control)) {
      port.touch(applicationId, environmentId, profileId);
      this.#exposure = exposure;
      this.#held = sideOf(exposure, this.#session, this.#house.draws) ?? this.#held;
    }
    // Without anything to serve, the next read asks again.
    if (this.#exposure) this.#polledAt = now;
  }

  #refuseDenied(operation: 'StartConfigurationSession' | 'GetLatestConfiguration', { applicationId, environmentId, profileId }: Target): void {
    const refusal = this.#house.ports.access.refusalOf(this.#actor, { service: 'appconfigdata', operation, input: { ApplicationIdentifier: applicationId, EnvironmentIdentifier: environmentId, ConfigurationProfileIdentifier: profileId } });
    if (refusal) throw refusal;
  }
}

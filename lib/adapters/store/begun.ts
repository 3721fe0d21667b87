import { deploymentKey } from '../../core/layout.ts';
import type { PlaceIds } from '../../core/place.ts';
import type { DeploymentRecord } from '../../core/record.ts';
import type { EpochStore } from './epochs.ts';

/**
 * The records of deployments that have begun. The gate writes a record before its deployment begins, and nobody after: so the last one that was read is
 * kept in memory for the life of the process.
 */
export class BegunDeployments {
  readonly #epochs: EpochStore;
  #last: { readonly key: string; readonly record: DeploymentRecord } | undefined;

  constructor(epochs: EpochStore) {
    this.#epochs = epochs;
  }

  /** The record of a deployment that has begun, or nothing. @throws Fault `SLUICE-STORE-3` when it cannot be read. */
  async record(place: PlaceIds, deployment: number): Promise<DeploymentRecord | undefined> {
    const key = deploymentKey(place, deployment);
    if (this.#last?.key === key) return this.#last.record;
    const record = await this.#epochs.deployment(place, deployment);
    if (record !== undefined) this.#last = { key, record };
    return record;
  }
}

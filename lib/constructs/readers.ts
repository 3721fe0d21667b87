import type { IRole } from 'aws-cdk-lib/aws-iam';
import type { Place } from './place.ts';
import { grantRolledBack } from './reading.ts';

/** The roles that read the epochs of a place by pins, and whether they see which of those were rolled back. */
export class Readers {
  readonly #place: Place;
  readonly #roles = new Set<IRole>();
  #seeing = false;

  constructor(place: Place) {
    this.#place = place;
  }

  /** Adds a role; it sees what the others see. */
  add(role: IRole): void {
    this.#roles.add(role);
    if (this.#seeing) grantRolledBack(this.#place, role);
  }

  /** Lets all of them see it, those to come too: a workflow has executions that are to fail. */
  seeRolledBack(): void {
    if (this.#seeing) return;
    this.#seeing = true;
    for (const role of this.#roles) grantRolledBack(this.#place, role);
  }
}

import { fault, type Fault } from '../../core/fault.ts';
import { KEEPING } from '../../core/faults/keeping.ts';
import { fits, type AllowedValue } from '../../core/project.ts';
import { plainSecrets } from '../plainSecret.ts';
import type { Parsed, Placed } from '../text.ts';

/** Finds plain secrets in the documents of a project, but for those that `sluice.yaml` allows. */
export class Vault {
  readonly #allowed: readonly AllowedValue[];
  readonly #used = new Set<AllowedValue>();

  constructor(allowed: readonly AllowedValue[]) {
    this.#allowed = allowed;
  }

  /** The secrets in a document that nobody allowed. Their values are in no message. */
  inspect(application: string, name: string, document: Placed): Fault[] {
    return plainSecrets(document.value, (path) => document.place(path), (path) => {
      const allowed = this.#allowed.find((one) => one.path === path && fits(one.document, `${application}/${name}`));
      if (allowed !== undefined) this.#used.add(allowed);
      return allowed !== undefined;
    });
  }

  /** Allowances that no document needed. */
  unused(manifest: Parsed): Fault[] {
    return this.#allowed.flatMap((one, index) => (this.#used.has(one)
      ? []
      : [fault(KEEPING, 'SLUICE-SECRET-2', { at: manifest.place(['secrets', 'allow', index]), path: one.path, document: one.document })]));
  }
}

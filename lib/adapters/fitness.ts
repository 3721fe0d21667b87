import { fault, type Fault } from '../core/fault.ts';
import { GUARDING } from '../core/faults/guarding.ts';
import { declaredIn, misfit, type Fitting, type RunsWith } from '../core/runsWith.ts';
import { versionNumber } from '../core/shift/record.ts';
import type { Versions } from './router/versions.ts';

/** With which configuration versions of workflows declare to run. A version never changes, so each is asked for once. */
export class Fitness {
  readonly #versions: Pick<Versions, 'definition' | 'routes'>;
  readonly #known = new Map<string, RunsWith | null>();

  constructor(versions: Pick<Versions, 'definition' | 'routes'>) {
    this.#versions = versions;
  }

  /** What a version declares; nothing when it declares nothing. */
  async declared(version: string): Promise<RunsWith | undefined> {
    const known = this.#known.get(version);
    if (known !== undefined) return known ?? undefined;
    const definition = await this.#versions.definition(version);
    const declared = definition === undefined ? undefined : declaredIn(definition);
    this.#known.set(version, declared ?? null);
    return declared;
  }

  /** Why a version does not run with an epoch, in words; nothing when it does. */
  async misfit(version: string, epoch: Fitting): Promise<string | undefined> {
    const declared = await this.declared(version);
    return declared && misfit(declared, epoch);
  }

  /** `SLUICE-GATE-9` for each version that an alias routes to and that does not declare to run with an epoch. An alias that is gone routes to none. */
  async refusals(aliases: readonly string[], epoch: Fitting): Promise<Fault[]> {
    return (await Promise.all(aliases.map((alias) => this.#of(alias, epoch)))).flat();
  }

  async #of(alias: string, epoch: Fitting): Promise<Fault[]> {
    const routes = (await this.#versions.routes(alias) ?? []).filter(({ weight }) => weight > 0);
    const found = await Promise.all(routes.map(async ({ version, weight }) => ({ version, weight, problem: await this.misfit(version, epoch) })));
    return found.flatMap(({ version, weight, problem }) => (problem === undefined ? [] : [fault(GUARDING, 'SLUICE-GATE-9', { version: versionNumber(version), workflow: alias.split(':').at(-2) ?? alias, share: weight, problem })]));
  }
}

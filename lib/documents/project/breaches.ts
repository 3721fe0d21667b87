import type { Epoch } from '../../core/epoch.ts';
import type { Fault, Place } from '../../core/fault.ts';
import type { Refusal } from '../composition.ts';
import type { Invariant } from '../../core/project.ts';
import { breachFault, broken, type Breach } from '../ruling.ts';
import type { Assembly, Target } from './assembly.ts';
import { holdingIn } from './rules.ts';

/** An invariant that a target breaks, before it is told: the same of several environments is told once. */
interface Told {
  readonly at: Place | string;
  readonly invariant: Invariant;
  readonly environment: string;
  readonly breach: Breach;
}

/**
 * A project whose invariants hold, or those that are broken or could not be decided: an invariant that fails or does not end denies.
 * `live` says which epoch a target's environment has now; rules see null when there is none, and when it is left out.
 */
export function upheld(made: Assembly | Refusal, live: (target: Target) => Epoch | undefined = () => undefined): Assembly | Refusal {
  if ('faults' in made) return made;
  const faults = breaches(made.targets, live);
  return faults.length === 0 ? made : { faults, files: made.texts };
}

/** The invariants that some targets break, as `upheld` tells them. */
export function breaches(targets: readonly Target[], live: (target: Target) => Epoch | undefined = () => undefined): Fault[] {
  const alike = new Map<string, Told[]>();
  for (const one of targets.flatMap((target) => brokenBy(target, live(target)))) {
    const key = JSON.stringify([String(one.at), one.breach], (_, value: unknown) => (typeof value === 'bigint' ? Number(value) : value));
    alike.set(key, [...(alike.get(key) ?? []), one]);
  }
  return [...alike.values()].map((all) => {
    const [{ at, invariant, breach }] = all as [Told];
    return breachFault(invariant, breach, all.map(({ environment }) => environment).join(', '), at);
  });
}

function brokenBy(target: Target, live: Epoch | undefined): Told[] {
  const { application, environment, composition } = target;
  const judged = { application: application.name, environment: environment.name, epoch: composition.epoch, live };
  return broken(holdingIn(application, environment), judged).map(({ ruling, breach }) => (
    { at: target.placeOf(['invariants', application.invariants.indexOf(ruling), 'rule']), invariant: ruling, environment: environment.name, breach }));
}

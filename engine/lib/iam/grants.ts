import type { House } from '../ports.ts';
import type { Choice } from './policy/document.ts';
import type { Ground, NamedPolicy } from './policy/evaluate.ts';
import type { Denied } from './denial.ts';

/** One thing a policy allows, and whether anybody was ever allowed something by it. */
export interface Grant {
  /** The role, or the resource whose policy it is. */
  readonly holder: string;
  readonly policy: string;
  /** From 0. */
  readonly statement: number;
  readonly sid?: string;
  readonly action: string;
  readonly resource: string;
  readonly uses: number;
}

/** A denial, and how often it came. */
export interface DenialCount {
  readonly caller: string;
  readonly action: string;
  readonly resource: string;
  readonly reason: string;
  readonly times: number;
  /** ISO 8601. */
  readonly first: string;
}

/** How often a grant was used. */
export interface Use {
  times: number;
}

/** A policy with whose it is. */
export interface HeldPolicy extends NamedPolicy {
  readonly holder: string;
}

/** Different denials kept at most. */
const KEPT = 1000;

/** Counts what grants were used for and what was denied, since the engine's start. */
export class Grants {
  readonly #house: House;
  readonly #uses: Map<string, Use> = new Map();
  readonly #denials: Map<string, { -readonly [Key in keyof DenialCount]: DenialCount[Key] }> = new Map();

  constructor(house: House) {
    this.#house = house;
  }

  /** The count of what a policy's texts were used for, to be raised at each use. */
  use(holder: string, { policy, index, action, resource }: Ground): Use {
    const key = keyOf(holder, policy, index, action, resource);
    let use = this.#uses.get(key);
    if (!use) this.#uses.set(key, use = { times: 0 });
    return use;
  }

  denied({ caller, action, resource, decision }: Denied): void {
    const key = keyOf(caller, action, 0, resource, decision.reason);
    const known = this.#denials.get(key);
    if (known) {
      known.times += 1;
      return;
    }
    if (this.#denials.size >= KEPT) return;
    this.#denials.set(key, { caller, action, resource, reason: decision.reason, times: 1, first: new Date(this.#house.kernel.now()).toISOString() });
    this.#house.history.record('iam:denial', caller, { action, resource, reason: decision.reason });
  }

  /** Every pair of action and resource that the policies allow, with its uses. */
  of(policies: readonly HeldPolicy[]): readonly Grant[] {
    return policies.flatMap(({ holder, name, document }) => document.statements.flatMap(({ effect, sid, actions, resources }, statement) => {
      if (effect === 'Deny') return [];
      return textsOf(actions).flatMap((action) => (resources ? textsOf(resources) : ['*']).map((resource): Grant => ({
        holder, policy: name, statement, ...(sid !== undefined && { sid }), action, resource, uses: this.#uses.get(keyOf(holder, name, statement, action, resource))?.times ?? 0,
      })));
    }));
  }

  denials(): readonly DenialCount[] {
    return [...this.#denials.values()];
  }
}

/** A negated choice is one grant, written as evaluation reports it. */
function textsOf({ texts, negated }: Choice): readonly string[] {
  return negated ? [`not ${texts.join(', ')}`] : texts;
}

function keyOf(...parts: readonly (string | number)[]): string {
  return parts.join('\u0000');
}

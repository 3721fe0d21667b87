import type { Epoch } from '../core/epoch.ts';
import { fault, shown, type Fault, type Place } from '../core/fault.ts';
import { RULING } from '../core/faults/ruling.ts';
import type { Ruling } from '../core/rules.ts';
import { COST_LIMIT, readRule, type Answer, type Rule, type Unreadable } from './cel.ts';

const VARIABLES = { documents: 'map', live: 'dyn', application: 'string', environment: 'string' } as const;

/** What rules are asked about. */
export interface Judged {
  readonly application: string;
  readonly environment: string;
  readonly epoch: Epoch;
  /** Nothing when nothing is live, or when it is not known; rules see null. */
  readonly live: Epoch | undefined;
}

/** What a rule answered other than true. */
export type Breach = Answer | Unreadable;

/** What of some rules does not hold; one that fails or does not end does not. */
export function broken<One extends Ruling>(rulings: readonly One[], { application, environment, epoch, live }: Judged): { readonly ruling: One; readonly breach: Breach }[] {
  if (rulings.length === 0) return [];
  const values = { documents: contents(epoch), live: live === undefined ? null : contents(live), application, environment };
  return rulings.flatMap((ruling) => {
    const rule = ruleOf(ruling.rule);
    const breach = 'problem' in rule ? rule : rule.ask(values);
    return 'kind' in breach && breach.kind === 'answered' && breach.value === true ? [] : [{ ruling, breach }];
  });
}

/** A breach as a person reads it. `environment` may name several. */
export function breachFault({ name, message }: Ruling, breach: Breach, environment: string, at: Place | string): Fault {
  if (!('kind' in breach)) return fault(RULING, 'SLUICE-RULE-2', { at, name, problem: breach.problem });
  switch (breach.kind) {
    case 'endless': return fault(RULING, 'SLUICE-RULE-4', { at, name, environment, most: COST_LIMIT });
    case 'failed': return fault(RULING, 'SLUICE-RULE-3', { at, name, environment, problem: breach.problem });
    case 'answered':
      if (breach.value === false) return fault(RULING, 'SLUICE-RULE-1', { at, name, environment, reason: message });
      return fault(RULING, 'SLUICE-RULE-5', { at, name, environment, got: shown(typeof breach.value === 'bigint' ? Number(breach.value) : breach.value) });
  }
}

const read = new Map<string, ReturnType<typeof readRule>>();

function ruleOf(text: string): Rule | Unreadable {
  const known = read.get(text) ?? readRule(text, VARIABLES);
  read.set(text, known);
  return known;
}

function contents({ documents }: Epoch): Record<string, unknown> {
  return Object.fromEntries(Object.entries(documents).map(([name, { content }]) => [name, content]));
}

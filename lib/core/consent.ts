import { fits } from './project.ts';
import type { Approval } from './provenance.ts';
import { isOneOf, type ApprovalRules } from './rules.ts';

/** A document whose change its owners must approve. */
export interface Demand {
  readonly document: string;
  readonly owners: readonly string[];
  /** How many of them. */
  readonly approvals: number;
}

/** What stands for a change of the approval rules themselves: everybody who must approve anything by the rules in force must approve it. */
const RULES = 'sluice.yaml';

/** Which approvals a change needs: by the last entry that fits each changed document, as in a CODEOWNERS file. */
export function demandsOf({ owners }: ApprovalRules, documents: readonly string[], rulesChange: boolean): Demand[] {
  const demands = [
    ...documents.flatMap((document) => owners.filter((one) => one === owners.findLast((other) => fits(other.documents, document))).map((one) => ({ document, owners: one.owners, approvals: one.approvals }))),
    ...(rulesChange ? owners.map((one) => ({ document: RULES, owners: one.owners, approvals: one.approvals })) : []),
  ];
  return demands.filter(({ approvals }) => approvals > 0);
}

/** The demands that some approvals do not meet, and how many each has. A person counts once, whatever role they approve in. */
export function unmet(demands: readonly Demand[], approvals: readonly Approval[], people: ApprovalRules['people']): readonly (Demand & { readonly got: number })[] {
  return demands.flatMap((demand) => {
    const persons = new Set(approvals.flatMap(({ who }) => (who !== undefined && isOneOf(who, demand.owners, people) ? [who.slice(who.indexOf(':') + 1)] : [])));
    return persons.size < demand.approvals ? [{ ...demand, got: persons.size }] : [];
  });
}

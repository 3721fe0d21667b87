import type { State } from '../branch.ts';
import { RuntimeFault } from '../fault.ts';
import type { Fields, QueryLanguage } from '../query.ts';

/** Choice: goes where the first rule that holds leads, else to Default; Assign of the state itself is Default's. */
export function compileChoice(fields: Fields, language: QueryLanguage): State['run'] {
  const intake = language.intake(fields, undefined);
  const rules = (fields['Choices'] as readonly Fields[]).map((rule) => language.rule(rule, fields));
  const outlet = language.outlet(fields);
  const fallback = fields['Default'] as string | undefined;
  return (visit) => {
    const data = intake(visit.received, visit);
    const rule = rules.find((candidate) => candidate.holds(data, visit));
    if (rule) return { ...rule.produce(visit.received, data, visit), next: rule.next };
    if (fallback === undefined) throw new RuntimeFault('Failed to transition out of the state. The state does not point to a next state.');
    return { ...outlet(visit.received, data, visit), next: fallback };
  };
}

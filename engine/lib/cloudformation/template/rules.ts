import { invalid } from '../refusal.ts';
import { truthOf } from './conditions.ts';
import { evaluated, type Scope } from './evaluation.ts';
import { fieldsOf, intrinsicOf } from './intrinsic.ts';

/** Refuses parameters that break a rule of the template, with the rule's own description. */
export function checkRules(rules: ReadonlyMap<string, unknown>, scope: Scope): void {
  for (const [name, rule] of rules) {
    const fields = fieldsOf(rule) ?? {};
    if (fields['RuleCondition'] !== undefined && !holds(fields['RuleCondition'], scope)) continue;
    const assertions = Array.isArray(fields['Assertions']) ? fields['Assertions'] as unknown[] : [];
    for (const assertion of assertions.map((item) => fieldsOf(item) ?? {})) {
      if (holds(assertion['Assert'], scope)) continue;
      const said = assertion['AssertDescription'];
      throw invalid(`Template error: Rule ${name} failed: ${typeof said === 'string' ? said : JSON.stringify(assertion['Assert'])}`);
    }
  }
}

function holds(value: unknown, scope: Scope): boolean {
  const intrinsic = intrinsicOf(value);
  const parts = Array.isArray(intrinsic?.argument) ? intrinsic.argument as unknown[] : [];
  const lists = (): unknown[][] => parts.map((part) => {
    const made = evaluated(part, scope);
    return (Array.isArray(made) ? made as unknown[] : [made]).map(String);
  });
  switch (intrinsic?.name) {
    case 'Contains': {
      const [all = [], [wanted] = []] = lists();
      return all.includes(wanted);
    }
    case 'EachMemberIn': {
      const [some = [], all = []] = lists();
      return some.every((item) => all.includes(item));
    }
    case 'EachMemberEquals': {
      const [all = [], [wanted] = []] = lists();
      return all.every((item) => item === wanted);
    }
    case 'Not': return !holds(parts[0], scope);
    case 'And': return parts.every((part) => holds(part, scope));
    case 'Or': return parts.some((part) => holds(part, scope));
    default: return truthOf(value, scope, (name) => { throw invalid(`Template error: a rule may not name the condition ${name}`); });
  }
}

import type { House } from '../ports.ts';
import type { Service } from '../wire/index.ts';
import { WireFault } from '../wire/index.ts';
import { requestContext } from './context.ts';
import type { Directory } from './directory.ts';
import { pageOf, type PageInput } from './page.ts';
import type { Context } from './policy/condition.ts';
import { evaluate, type Decision, type NamedPolicy } from './policy/evaluate.ts';
import { accepted, noSuchEntity, unbuilt } from './refusal.ts';
import type { Role } from './role.ts';

interface SimulateInput extends PageInput {
  readonly PolicySourceArn: string;
  readonly PolicyInputList?: readonly string[];
  readonly ActionNames: readonly string[];
  readonly ResourceArns?: readonly string[];
  readonly ContextEntries?: readonly { readonly ContextKeyName?: string; readonly ContextKeyValues?: readonly string[] }[];
}

/** What of the input the engine would have to understand and does not. */
const LEFT_OUT = ['PermissionsBoundaryPolicyInputList', 'ResourcePolicy', 'ResourceOwner', 'CallerArn', 'ResourceHandlingOption'] as const;

/**
 * SimulatePrincipalPolicy: what a role's policies, and others beside them, decide about each action on each resource. Policies of resources
 * have no part in it, as the API reference has it for roles.
 */
export function simulation(house: House, directory: Directory): Service['operations'] {
  return {
    SimulatePrincipalPolicy(input: SimulateInput) {
      for (const name of LEFT_OUT) if (name in input && Object(input)[name] !== undefined) throw unbuilt(`${name} of SimulatePrincipalPolicy`);
      const role = roleIn(directory, input.PolicySourceArn);
      const policies = [...directory.policiesOf(role), ...(input.PolicyInputList ?? []).map((text, at): NamedPolicy => ({ name: `PolicyInputList.${at + 1}`, document: accepted(text, 'identity', 'InvalidInputException').document }))];
      const given: Context = Object.fromEntries((input.ContextEntries ?? []).map(({ ContextKeyName = '', ContextKeyValues = [] }) => [ContextKeyName.toLowerCase(), ContextKeyValues.length === 1 ? ContextKeyValues[0] : ContextKeyValues]));
      for (const action of input.ActionNames) if (!/^[\w-]+:[\w*?]+$/.test(action)) throw new WireFault({ code: 'InvalidInputException', status: 400, message: `Invalid Action Name: ${action}` });
      const results = input.ActionNames.flatMap((action) => (input.ResourceArns ?? ['*']).map((resource) => resultOf(house, role, policies, { action, resource, given })));
      return pageOf('EvaluationResults', results, input);
    },
  };
}

function roleIn(directory: Directory, arn: string): Role {
  const [, , service, , , what = ''] = arn.split(':');
  if (service !== 'iam' || !what.includes('/')) throw new WireFault({ code: 'InvalidInputException', status: 400, message: `Invalid Entity Arn: ${arn} does not clearly define entity type and name.` });
  const found = directory.roleOf(arn);
  if (found === undefined) throw noSuchEntity(`Entity ${arn} cannot be found.`);
  return found;
}

/** One action on one resource. */
interface Simulated {
  readonly action: string;
  readonly resource: string;
  readonly given: Context;
}

function resultOf(house: House, role: Role, policies: readonly NamedPolicy[], { action, resource, given }: Simulated): object {
  const principal = { kind: 'session', arn: role.arn, account: house.account, roleArn: role.arn } as const;
  const context = { ...requestContext(house, { principal, role }, resource), ...given };
  const decision = evaluate({ principal, action, resource, context }, { identity: policies });
  return {
    EvalActionName: action, EvalResourceName: resource, EvalDecision: wordOf(decision),
    MatchedStatements: decision.statement === undefined ? [] : [{ SourcePolicyId: decision.statement.policy, SourcePolicyType: 'IAM Policy' }],
    MissingContextValues: missing(policies, context),
  };
}

function wordOf({ decision, reason }: Decision): 'allowed' | 'explicitDeny' | 'implicitDeny' {
  if (decision === 'allow') return 'allowed';
  return reason === 'explicit-deny' ? 'explicitDeny' : 'implicitDeny';
}

/** The keys that conditions of the policies ask for and the simulation does not know. */
function missing(policies: readonly NamedPolicy[], context: Context): readonly string[] {
  const asked = policies.flatMap(({ document }) => document.statements.flatMap(({ conditions }) => conditions.map(({ key }) => key)));
  return [...new Set(asked)].filter((key) => context[key] === undefined).sort();
}

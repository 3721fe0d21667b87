import { holds, variablesOf, type Context } from './condition.ts';
import type { Choice, PolicyDocument, Principals, Statement } from './document.ts';
import { compilePattern, fits, type Variables } from './wildcard.ts';

/** Who asks. */
export type Principal =
  | { readonly kind: 'session'; readonly arn: string; readonly account: string; readonly roleArn?: string; readonly userId?: string }
  | { readonly kind: 'service'; readonly name: string };

/** What is asked for. */
export interface AccessRequest {
  readonly principal: Principal;
  /** `s3:GetObject`. */
  readonly action: string;
  /** An ARN, or `*` for an action that is about no resource. */
  readonly resource: string;
  readonly context: Context;
}

/** A policy with a name to report it by. */
export interface NamedPolicy {
  readonly name: string;
  readonly document: PolicyDocument;
}

/** All policies a request is judged by. */
export interface PolicySet {
  readonly identity: readonly NamedPolicy[];
  /** The resource's own, such as a bucket's. */
  readonly resource?: NamedPolicy;
  /**
   * Whether an identity policy alone can allow within the account. KMS keys and roles to assume are not so: their policy must name the caller,
   * or the account, which then leaves it to identity policies.
   */
  readonly delegated?: boolean;
}

/** A statement that decided, with those of its texts that fitted. */
export interface Ground {
  readonly policy: string;
  readonly type: 'identity' | 'resource';
  readonly index: number;
  readonly sid?: string;
  readonly action: string;
  readonly resource: string;
}

export type Reason = 'explicit-deny' | 'identity-policy' | 'resource-policy' | 'no-identity-policy' | 'no-resource-policy';

export interface Decision {
  readonly decision: 'allow' | 'deny';
  readonly reason: Reason;
  /** Absent where nothing allowed. */
  readonly statement?: Ground;
}

/**
 * The decision on a request, as "Policy evaluation logic" of the IAM user guide has it within one account: an explicit deny anywhere wins;
 * then a resource's policy that names the caller, or an identity policy, allows; everything else is denied.
 */
export function evaluate(request: AccessRequest, policies: PolicySet): Decision {
  const { identity, resource } = policies;
  const denied = find(request, identity, 'identity', 'Deny') ?? (resource && find(request, [resource], 'resource', 'Deny'));
  if (denied) return { decision: 'deny', reason: 'explicit-deny', statement: denied.ground };
  const named = resource && find(request, [resource], 'resource', 'Allow', 'named');
  if (named) return { decision: 'allow', reason: 'resource-policy', statement: named.ground };
  if (request.principal.kind === 'service') return { decision: 'deny', reason: 'no-resource-policy' };
  const opened = !policies.delegated || (resource && find(request, [resource], 'resource', 'Allow', 'account'));
  if (!opened) return { decision: 'deny', reason: 'no-resource-policy' };
  const allowed = find(request, identity, 'identity', 'Allow');
  return allowed ? { decision: 'allow', reason: 'identity-policy', statement: allowed.ground } : { decision: 'deny', reason: 'no-identity-policy' };
}

/** How a resource's policy means a caller: by itself, or as one of its account. */
type Naming = 'named' | 'account';

function find(request: AccessRequest, policies: readonly NamedPolicy[], type: Ground['type'], effect: Statement['effect'], naming?: Naming): { readonly ground: Ground } | undefined {
  const variables: Variables = (name) => variablesOf(request.context)(name);
  for (const { name, document } of policies) {
    for (const { statement, index, byAction } of statementsOn(document, request.action)) {
      if (statement.effect !== effect) continue;
      const byResource = statement.resources ? chosen(statement.resources, request.resource, variables) : '*';
      if (byResource === undefined) continue;
      if (statement.principals && !concerns(statement.principals, request.principal, effect, naming)) continue;
      if (!statement.conditions.every((condition) => holds(condition, request.context))) continue;
      return { ground: { policy: name, type, index, ...(statement.sid !== undefined && { sid: statement.sid }), action: byAction, resource: byResource } };
    }
  }
  return undefined;
}

/** A statement about an action, with the text that says so. */
interface Concerned {
  readonly statement: Statement;
  readonly index: number;
  readonly byAction: string;
}

/** What was found of each document by action: no action has a policy variable, so this holds for every request. */
const byActions: WeakMap<PolicyDocument, Map<string, readonly Concerned[]>> = new WeakMap();

function statementsOn(document: PolicyDocument, action: string): readonly Concerned[] {
  let known = byActions.get(document);
  if (!known) byActions.set(document, known = new Map<string, readonly Concerned[]>());
  let found = known.get(action);
  if (!found) {
    const name = action.toLowerCase();
    found = document.statements.flatMap((statement, index) => {
      const byAction = chosen(statement.actions, name, () => undefined);
      return byAction === undefined ? [] : [{ statement, index, byAction }];
    });
    known.set(action, found);
  }
  return found;
}

/** The text that fits; for a negated choice, the first of the texts when none does. */
function chosen(choice: Choice, value: string, variables: Variables): string | undefined {
  const found = choice.texts.find((text, index) => {
    const pattern = choice.patterns[index] ?? compilePattern(text, variables);
    return pattern !== undefined && fits(pattern, value);
  });
  if (choice.negated) return found === undefined ? `not ${choice.texts.join(', ')}` : undefined;
  return found;
}

/** A deny of an account means everybody in it; an allow of an account only opens the door to identity policies. */
function concerns(principals: Principals, principal: Principal, effect: Statement['effect'], naming: Naming | undefined): boolean {
  if (principals.everybody) return true;
  if (principal.kind === 'service') return principals.services.includes(principal.name);
  const accounts = [principal.account, `arn:aws:iam::${principal.account}:root`];
  const named = [principal.arn, principal.roleArn, principal.userId?.split(':')[0]];
  const wanted = effect === 'Deny' || naming === 'account' ? [...named, ...accounts] : named;
  return principals.aws.some((text) => wanted.includes(text) || (text === principal.account && wanted.includes(`arn:aws:iam::${text}:root`)));
}

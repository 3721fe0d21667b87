import { Stack } from 'aws-cdk-lib';
import { Policy, PolicyStatement, type IRole } from 'aws-cdk-lib/aws-iam';
import type { Construct } from 'constructs';
import { acknowledge } from './acknowledgement.ts';
import { flatten } from './reference.ts';

/** What one role may do, and, where a resource holds a wildcard, why that is as narrow as it gets. */
export interface Permit {
  readonly actions: readonly string[];
  readonly on: readonly string[];
  readonly when?: Readonly<Record<string, Readonly<Record<string, string>>>>;
  readonly wildcard?: string;
}

/** The IAM statement of a permit. */
export function statementOf(permit: Permit): PolicyStatement {
  return new PolicyStatement({ actions: [...permit.actions], resources: [...permit.on], ...(permit.when ? { conditions: permit.when } : {}) });
}

/**
 * Permits as a policy of its own, attached to a role from outside: a function waits for its role and the role's default policy, so
 * what it may read would otherwise come to depend on what it guards.
 */
export function permit(scope: Construct, id: string, role: IRole, permits: readonly Permit[]): Policy {
  const policy = new Policy(scope, id, { statements: permits.map(statementOf) });
  policy.attachToRole(role);
  reason(policy, permits);
  return policy;
}

/** Says to cdk-nag why each wildcard is there. Logical ids are certain only at synth, so that is when it is said. */
export function reason(construct: Construct, permits: readonly Permit[] | (() => readonly Permit[])): void {
  construct.node.addValidation({
    validate: () => {
      for (const { on, wildcard } of typeof permits === 'function' ? permits() : permits) {
        if (wildcard === undefined) continue;
        for (const one of on) {
          if (one.includes('*')) acknowledge(construct, `AwsSolutions-IAM5[Resource::${flatten(Stack.of(construct).resolve(one))}]`, wildcard);
        }
      }
      return [];
    },
  });
}

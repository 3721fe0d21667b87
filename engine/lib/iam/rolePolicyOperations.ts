import type { Service } from '../wire/index.ts';
import type { Directory } from './directory.ts';
import { pageOf, type PageInput } from './page.ts';
import { accepted, invalid, limitExceeded, noSuchEntity } from './refusal.ts';
import type { Role, StoredPolicy } from './role.ts';

interface Named {
  readonly RoleName: string;
  readonly PolicyName: string;
}

interface Attachment {
  readonly RoleName: string;
  readonly PolicyArn: string;
}

/** Managed policies on one role at most (the default quota). */
const ATTACHED = 10;
/** Characters of all policies in a role, white space aside. */
const INLINE = 10_240;

/** The policies in a role, and those attached to it. */
export function rolePolicyOperations(directory: Directory): Service['operations'] {
  return { ...inlineOperations(directory), ...attachmentOperations(directory) };
}

function inlineOperations(directory: Directory): Service['operations'] {
  const find = (role: Role, name: string): StoredPolicy => {
    const found = role.inline.get(name);
    if (!found) throw noSuchEntity(`The role policy with name ${name} cannot be found.`);
    return found;
  };
  return {
    PutRolePolicy(input: Named & { readonly PolicyDocument: string }) {
      const role = directory.role(input.RoleName);
      if (!/^[\w+=,.@-]{1,128}$/.test(input.PolicyName)) throw invalid(input.PolicyName, 'policyName', 'Member must satisfy regular expression pattern: [\\w+=,.@-]+');
      const policy = accepted(input.PolicyDocument, 'identity');
      const others = [...role.inline].filter(([name]) => name !== input.PolicyName).map(([, { text }]) => text);
      const size = [...others, policy.text].reduce((sum, text) => sum + text.replace(/\s/g, '').length, 0);
      if (size > INLINE) throw limitExceeded(`Maximum policy size of ${INLINE} bytes exceeded for role ${role.name}`);
      role.inline.set(input.PolicyName, policy);
      directory.changed('role', role.name, 'policy put', { policy: input.PolicyName });
    },
    GetRolePolicy({ RoleName, PolicyName }: Named) {
      return { RoleName, PolicyName, PolicyDocument: encodeURIComponent(find(directory.role(RoleName), PolicyName).text) };
    },
    DeleteRolePolicy({ RoleName, PolicyName }: Named) {
      const role = directory.role(RoleName);
      find(role, PolicyName);
      role.inline.delete(PolicyName);
      directory.changed('role', role.name, 'policy deleted', { policy: PolicyName });
    },
    ListRolePolicies: (input: PageInput & { readonly RoleName: string }) => pageOf('PolicyNames', [...directory.role(input.RoleName).inline.keys()].sort(), input),
  };
}

function attachmentOperations(directory: Directory): Service['operations'] {
  return {
    AttachRolePolicy({ RoleName, PolicyArn }: Attachment) {
      const role = directory.role(RoleName);
      if (!directory.policies.has(PolicyArn)) throw noSuchEntity(`Policy ${PolicyArn} does not exist or is not attachable.`);
      if (!role.attached.has(PolicyArn) && role.attached.size >= ATTACHED) throw limitExceeded(`Cannot exceed quota for PoliciesPerRole: ${ATTACHED}`);
      role.attached.add(PolicyArn);
      directory.changed('role', role.name, 'policy attached', { policy: PolicyArn });
    },
    DetachRolePolicy({ RoleName, PolicyArn }: Attachment) {
      const role = directory.role(RoleName);
      if (!role.attached.delete(PolicyArn)) throw noSuchEntity(`Policy ${PolicyArn} was not found.`);
      directory.changed('role', role.name, 'policy detached', { policy: PolicyArn });
    },
    ListAttachedRolePolicies(input: PageInput & { readonly RoleName: string; readonly PathPrefix?: string }) {
      const attached = [...directory.role(input.RoleName).attached].map((arn) => directory.policy(arn)).filter(({ path }) => path.startsWith(input.PathPrefix ?? '/'));
      return pageOf('AttachedPolicies', attached.map(({ name, arn }) => ({ PolicyName: name, PolicyArn: arn })), input);
    },
  };
}

import type { House } from '../ports.ts';
import { awsPolicies } from './awsPolicies.ts';
import type { NamedPolicy } from './policy/evaluate.ts';
import { noSuchEntity } from './refusal.ts';
import type { ManagedPolicy, Role } from './role.ts';

/** The account's roles and managed policies, with AWS's own. */
export class Directory {
  readonly roles: Map<string, Role> = new Map();
  readonly policies: Map<string, ManagedPolicy>;
  readonly #house: House;
  /** Changes whenever any policy may have changed: what was decided before is decided anew. */
  revision = 0;

  constructor(house: House) {
    this.#house = house;
    this.policies = awsPolicies(house.kernel.start);
  }

  /** A role by name, or IAM's refusal. */
  role(name: string): Role {
    const role = this.roles.get(name);
    if (!role) throw noSuchEntity(`The role with name ${name} cannot be found.`);
    return role;
  }

  /** The account's role of an ARN; undefined when IAM has none. */
  roleOf(arn: string): Role | undefined {
    const role = this.roles.get(arn.slice(arn.lastIndexOf('/') + 1));
    return role?.arn === arn ? role : undefined;
  }

  /** A managed policy by ARN, or IAM's refusal. */
  policy(arn: string): ManagedPolicy {
    const policy = this.policies.get(arn);
    if (!policy) throw noSuchEntity(`Policy ${arn} was not found.`);
    return policy;
  }

  /** The policies of a role: those in it, then those attached. */
  policiesOf(role: Role): readonly NamedPolicy[] {
    const inline = [...role.inline].map(([name, { document }]) => ({ name, document }));
    const attached = [...role.attached].flatMap((arn) => {
      const policy = this.policies.get(arn);
      const version = policy?.versions.get(policy.defaultVersion);
      return version ? [{ name: arn, document: version.document }] : [];
    });
    return [...inline, ...attached];
  }

  /** Notes a change in the history and makes earlier decisions void. */
  changed(kind: 'role' | 'policy', name: string, did: string, more: Readonly<Record<string, unknown>> = {}): void {
    this.revision += 1;
    this.#house.history.record(`iam:${kind}`, name, { did, ...more });
  }

  /** An identifier such as `AROA` with 17 characters. */
  id(prefix: string): string {
    return prefix + this.#house.draws.id('iam:id', 17).toUpperCase();
  }

  /** The ARN of something of the account's. */
  arn(kind: 'role' | 'policy', path: string, name: string): string {
    return `arn:aws:iam::${this.#house.account}:${kind}${path}${name}`;
  }
}

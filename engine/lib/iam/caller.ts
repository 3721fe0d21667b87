import type { Actor, House } from '../ports.ts';
import type { CredentialStore } from '../sts/credentials.ts';
import { Allowed } from './allowed.ts';
import type { Directory } from './directory.ts';
import { policyOf } from './policy/document.ts';
import type { NamedPolicy, Principal } from './policy/evaluate.ts';
import type { Role } from './role.ts';

/** Somebody who asks, with the policies he brings. */
export interface Caller {
  readonly principal: Principal;
  /** As a refusal names him. */
  readonly name: string;
  readonly identity: readonly NamedPolicy[];
  /** The account's administrator, or a role IAM does not know and that keeps all rights: only a resource's deny can stop him. */
  readonly free: boolean;
  readonly role?: Role;
  /** What he was allowed whatever his request says about itself, or for one source. */
  readonly allowed: Allowed;
}

const ALL: readonly NamedPolicy[] = [{ name: 'administrator', document: policyOf({ Version: '2012-10-17', Statement: { Effect: 'Allow', Action: '*', Resource: '*' } }, 'identity') }];

/** Tells who an actor is; what it found about a role is kept until IAM changes. */
export class Callers {
  readonly #house: House;
  readonly #directory: Directory;
  readonly #credentials: CredentialStore;
  readonly #known: Map<string, Caller> = new Map();
  /** By role and session. */
  readonly #sessions: Map<string, Map<string, Caller>> = new Map();
  readonly #services: Map<string, Caller> = new Map();
  #revision = -1;

  constructor(house: House, directory: Directory, credentials: CredentialStore) {
    this.#house = house;
    this.#directory = directory;
    this.#credentials = credentials;
  }

  of(actor: Actor): Caller {
    switch (actor.kind) {
      case 'service': return this.#service(actor.service);
      case 'role': return this.#assumed(actor.roleArn, actor.session ?? actor.service, () => sessionArn(actor.roleArn, actor.session ?? actor.service.split('.')[0] ?? actor.service));
      case 'key': {
        const { arn, roleArn, userId } = this.#credentials.principalOf(actor.accessKeyId);
        if (roleArn !== undefined) return this.#session(roleArn, arn, userId);
        return { principal: { kind: 'session', arn, account: this.#house.account, userId }, name: arn, identity: ALL, free: true, allowed: new Allowed() };
      }
    }
  }

  #service(name: string): Caller {
    let caller = this.#services.get(name);
    if (!caller) this.#services.set(name, caller = { principal: { kind: 'service', name }, name, identity: [], free: false, allowed: new Allowed() });
    return caller;
  }

  /** Services assume the same roles again and again: found without writing the session's ARN. */
  #assumed(roleArn: string, session: string, arn: () => string): Caller {
    this.#forgetOld();
    let sessions = this.#sessions.get(roleArn);
    if (!sessions) this.#sessions.set(roleArn, sessions = new Map<string, Caller>());
    let caller = sessions.get(session);
    if (!caller) sessions.set(session, caller = this.#session(roleArn, arn()));
    return caller;
  }

  #forgetOld(): void {
    if (this.#revision === this.#directory.revision) return;
    this.#known.clear();
    this.#sessions.clear();
    this.#revision = this.#directory.revision;
  }

  #session(roleArn: string, arn: string, userId?: string): Caller {
    this.#forgetOld();
    const known = this.#known.get(arn);
    if (known?.principal.kind === 'session' && known.principal.roleArn === roleArn) return known;
    const role = this.#directory.roleOf(roleArn);
    const free = !role && this.#house.settings.iam.enforce !== 'strict';
    const account = roleArn.split(':')[4] ?? this.#house.account;
    const caller: Caller = {
      principal: { kind: 'session', arn, account, roleArn, ...(userId !== undefined && { userId }) },
      name: arn,
      identity: role ? this.#directory.policiesOf(role) : free ? ALL : [],
      free,
      ...(role && { role }),
      allowed: new Allowed(),
    };
    this.#known.set(arn, caller);
    return caller;
  }
}

/** The ARN of a role's session. */
export function sessionArn(roleArn: string, session: string): string {
  const [, partition = 'aws', , , account = ''] = roleArn.split(':');
  return `arn:${partition}:sts::${account}:assumed-role/${roleArn.slice(roleArn.lastIndexOf('/') + 1)}/${session}`;
}

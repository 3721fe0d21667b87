import type { AccessPort, Actor, House } from '../ports.ts';
import type { CredentialStore } from '../sts/credentials.ts';
import type { Call } from '../wire/index.ts';
import { WireFault } from '../wire/index.ts';
import { requirementsOf, type ActionTable, type Asked, type Requirement } from './actions/table.ts';
import { Callers, type Caller } from './caller.ts';
import { requestContext } from './context.ts';
import { denialFault, denialText, expiredFault, type Denied } from './denial.ts';
import { Grants, type DenialCount, type Grant } from './grants.ts';
import { evaluate, type AccessRequest } from './policy/evaluate.ts';
import type { Context } from './policy/condition.ts';
import { allResourcePolicies, resourcePolicyOf, type ResourceRooms } from './resourcePolicies.ts';

/** What access is decided from. */
export interface AccessParts {
  readonly credentials: CredentialStore;
  readonly rooms: ResourceRooms;
  /** By the model's name of the service. */
  readonly tables: Readonly<Record<string, ActionTable>>;
}

/** Decides on every call and on whatever services do for somebody. */
export class Access implements AccessPort {
  readonly #house: House;
  readonly #parts: AccessParts;
  readonly #callers: Callers;
  readonly #grants: Grants;

  constructor(house: House, parts: AccessParts) {
    this.#house = house;
    this.#parts = parts;
    this.#callers = new Callers(house, parts.rooms.directory, parts.credentials);
    this.#grants = new Grants(house);
  }

  /** Throws the service's fault for a call its caller may not make. */
  admit(call: Call): void {
    if (this.#off) return;
    const { expires = Infinity } = this.#parts.credentials.principalOf(call.accessKeyId);
    if (expires <= this.#house.kernel.now()) throw expiredFault(call.service);
    const refusal = this.refusalOf({ kind: 'key', ...(call.accessKeyId !== undefined && { accessKeyId: call.accessKeyId }) }, call);
    if (refusal) throw refusal;
  }

  /** What a caller is told instead of a refusal. */
  conceal(call: Call, refusal: unknown): unknown {
    return refusal instanceof WireFault ? this.concealed({ kind: 'key', ...(call.accessKeyId !== undefined && { accessKeyId: call.accessKeyId }) }, call, refusal) : refusal;
  }

  /** S3 hides from those who may not list a bucket that a key is absent. */
  concealed(actor: Actor, call: Asked, refusal: WireFault): WireFault {
    if (this.#off || call.service !== 's3' || !['NoSuchKey', 'NotFound'].includes(refusal.code)) return refusal;
    if (call.operation !== 'GetObject' && call.operation !== 'HeadObject') return refusal;
    const denied = this.#judge(this.#callers.of(actor), { action: 's3:ListBucket', resource: `arn:aws:s3:::${String(call.input['Bucket'])}` }, () => ({}));
    return denied ? denialFault('s3', denied) : refusal;
  }

  refusalOf(actor: Actor, asked: Asked): WireFault | undefined {
    const table = this.#parts.tables[asked.service];
    if (this.#off || !table) return undefined;
    const caller = this.#callers.of(actor);
    const given = (): Context => ({ ...sourceOf(actor, this.#house.account), ...tagsAsked(asked) });
    const distrusted = this.#trust(actor);
    if (distrusted) return denialFault(asked.service, distrusted);
    for (const requirement of requirementsOf(table, asked)) {
      const denied = this.#judge(caller, requirement, given);
      if (denied) return denialFault(asked.service, denied);
    }
    return undefined;
  }

  denial(actor: Actor, action: string, resource: string, context?: Context): string | undefined {
    if (this.#off) return undefined;
    const given = (): Context => ({ ...sourceOf(actor, this.#house.account), ...context });
    const denied = this.#trust(actor) ?? this.#judge(this.#callers.of(actor), { action, resource }, given, context === undefined ? sourceKeyOf(actor) : undefined);
    return denied && denialText(denied);
  }

  guarded(roleArn: string): boolean {
    const { enforce } = this.#house.settings.iam;
    return enforce === 'strict' || (enforce === 'roles' && this.#parts.rooms.directory.roleOf(roleArn) !== undefined);
  }

  /** What all policies grant with how often it was used, and what was denied. */
  report(): { readonly grants: readonly Grant[]; readonly denials: readonly DenialCount[] } {
    const { rooms } = this.#parts;
    const identity = [...rooms.directory.roles.values()].flatMap((role) => rooms.directory.policiesOf(role).map((policy) => ({ ...policy, holder: role.arn })));
    return { grants: this.#grants.of([...identity, ...allResourcePolicies(rooms)]), denials: this.#grants.denials() };
  }

  get #off(): boolean {
    return this.#house.settings.iam.enforce === 'off';
  }

  /** A service works with a role only if the role's trust policy names it. */
  #trust(actor: Actor): Denied | undefined {
    if (actor.kind !== 'role' || !this.guarded(actor.roleArn)) return undefined;
    const service = this.#callers.of({ kind: 'service', service: actor.service });
    return this.#judge(service, { action: 'sts:AssumeRole', resource: actor.roleArn }, () => sourceOf(actor, this.#house.account), sourceKeyOf(actor));
  }

  /**
   * `given` is what the request says about itself beyond who and where; asked for only where a policy's condition or variable asks.
   * Where it says no more than on whose behalf it is, `source` names that.
   */
  #judge(caller: Caller, { action, resource, context: own }: Requirement, given: () => Context, source?: string): Denied | undefined {
    const policy = resourcePolicyOf(this.#parts.rooms, action, resource);
    if (caller.free && !policy) return undefined;
    const known = caller.allowed.get(action, resource) ?? (source === undefined ? undefined : caller.allowed.get(action, sourced(resource, source)));
    if (known && known.document === policy?.document) {
      if (known.use) known.use.times += 1;
      return undefined;
    }
    const request = new Judged(this.#house, caller, action, resource, () => ({ ...given(), ...own }));
    const decision = evaluate(request, { identity: caller.identity, ...(policy && { resource: policy, delegated: policy.delegated }) });
    if (decision.decision === 'allow') {
      const { statement } = decision;
      const holder = statement?.type === 'resource' ? policy?.holder : caller.role?.arn;
      const use = statement && holder !== undefined ? this.#grants.use(holder, statement) : undefined;
      if (use) use.times += 1;
      if (!request.asked) caller.allowed.set(action, resource, { document: policy?.document, use });
      else if (source !== undefined && !request.askedForTime) caller.allowed.set(action, sourced(resource, source), { document: policy?.document, use });
      return undefined;
    }
    const denied: Denied = { caller: caller.name, action, resource, decision };
    this.#grants.denied(denied);
    return denied;
  }
}

/** A request that gathers what it says about itself when a policy asks. */
class Judged implements AccessRequest {
  readonly principal: AccessRequest['principal'];
  readonly action: string;
  readonly resource: string;
  readonly #house: House;
  readonly #caller: Caller;
  readonly #given: () => Context;
  #context: Context | undefined;
  #askedForTime = false;

  constructor(house: House, caller: Caller, action: string, resource: string, given: () => Context) {
    this.#house = house;
    this.#caller = caller;
    this.principal = caller.principal;
    this.action = action;
    this.resource = resource;
    this.#given = given;
  }

  get context(): Context {
    return this.#context ??= this.#gathered();
  }

  /** Whether a policy asked: then the decision holds for requests only that say the same. */
  get asked(): boolean {
    return this.#context !== undefined;
  }

  /** Whether a policy asked what time it is: then it holds for this request only. */
  get askedForTime(): boolean {
    return this.#askedForTime;
  }

  #gathered(): Context {
    const context = { ...requestContext(this.#house, this.#caller, this.resource), ...this.#given() };
    for (const key of TIMES) {
      const value = context[key];
      Object.defineProperty(context, key, { get: () => {
        this.#askedForTime = true;
        return value;
      } });
    }
    return context;
  }
}

const TIMES = ['aws:currenttime', 'aws:epochtime'] as const;

/** Two texts as one that no two others make: a resource has no line breaks. */
function sourced(resource: string, source: string): string {
  return `${resource}\n${source}`;
}

/** CloudWatch tells of its source's owner, by which a topic's default policy lets it publish; EventBridge does not. */
const OWNED = 'cloudwatch.amazonaws.com';

/** All that `sourceOf` depends on. */
function sourceKeyOf(actor: Actor): string {
  return actor.kind === 'key' ? '' : `${actor.service} ${actor.sourceArn ?? ''}`;
}

/** On whose behalf a service acts. */
function sourceOf(actor: Actor, account: string): Context {
  if (actor.kind === 'key' || actor.sourceArn === undefined) return actor.kind === 'key' ? {} : { 'aws:sourceaccount': account };
  const named = actor.sourceArn.split(':')[4];
  const owner = named === undefined || named === '' ? account : named;
  return { 'aws:sourcearn': actor.sourceArn, 'aws:sourceaccount': owner, ...(actor.service === OWNED && { 'aws:sourceowner': owner }) };
}

/** The tags a call gives, as aws:RequestTag and aws:TagKeys show them. */
function tagsAsked({ input }: Asked): Context {
  const given: unknown = input['Tags'] ?? input['tags'];
  if (typeof given !== 'object' || given === null) return {};
  const pairs: readonly (readonly [string, string])[] = Array.isArray(given)
    ? given.map((tag: Readonly<Record<string, unknown>>) => [String(tag['Key'] ?? tag['key']), String(tag['Value'] ?? tag['value'] ?? '')])
    : Object.entries(given).map(([key, value]) => [key, String(value)]);
  return { ...Object.fromEntries(pairs.map(([key, value]) => [`aws:requesttag/${key.toLowerCase()}`, value])), 'aws:tagkeys': pairs.map(([key]) => key) };
}

import { isGone, unlessGone, type Api } from '../api.ts';
import { ResourceFailure, type ExistingCall, type Made, type Properties, type Provider } from '../provider.ts';
import { same } from '../template/conditions.ts';
import { fieldsOf } from '../template/intrinsic.ts';
import { only, textOr, without } from './stored.ts';
import { retag } from './tags.ts';

const IAM = 'iam';

const role: Provider = {
  type: 'AWS::IAM::Role',
  properties: {
    RoleName: 'replace', Path: 'replace', AssumeRolePolicyDocument: 'update', Policies: 'update', ManagedPolicyArns: 'update', Description: 'update', MaxSessionDuration: 'update',
    PermissionsBoundary: 'update', Tags: 'update',
  },
  required: ['AssumeRolePolicyDocument'],
  async create(call) {
    const RoleName = textOr(call.properties['RoleName'], call.name());
    const made = roleMade(await call.api(IAM, 'CreateRole', { ...without(call.properties, 'Policies', 'ManagedPolicyArns'), RoleName }), RoleName);
    await furnished(made, furnishRole(call.api, RoleName, {}, call.properties));
    return made;
  },
  async update(call) {
    const { api, id, before, properties } = call;
    if (!same(before['PermissionsBoundary'], properties['PermissionsBoundary'])) throw new ResourceFailure('sluice-engine does not implement permissions boundaries of IAM; leave PermissionsBoundary out');
    await api(IAM, 'UpdateAssumeRolePolicy', { RoleName: id, PolicyDocument: properties['AssumeRolePolicyDocument'] });
    await api(IAM, 'UpdateRole', { RoleName: id, Description: '', ...only(properties, 'Description', 'MaxSessionDuration') });
    await furnishRole(api, id, before, properties);
    await retag(call, { service: IAM, target: { RoleName: id }, tag: 'TagRole', untag: 'UntagRole' });
    return roleMade(await api(IAM, 'GetRole', { RoleName: id }), id);
  },
  async delete({ api, id, properties }) {
    await unlessGone(furnishRole(api, id, properties, {}));
    await unlessGone(api(IAM, 'DeleteRole', { RoleName: id }));
  },
};

function roleMade({ Role }: Record<string, unknown>, id: string): Made {
  const { Arn, RoleId } = fieldsOf(Role) ?? {};
  return { id, attributes: { Arn, RoleId } };
}

/** Runs what follows a creation; when it fails, what was created has to be removed. */
async function furnished(made: Made, work: Promise<void>): Promise<void> {
  try {
    await work;
  } catch (error) {
    throw error instanceof ResourceFailure ? new ResourceFailure(error.message, made) : error;
  }
}

/** Brings the policies in and on a role from what they were to what they are to be. */
async function furnishRole(api: Api, RoleName: string, before: Properties, now: Properties): Promise<void> {
  const [old, policies] = [inlineOf(before), inlineOf(now)];
  for (const PolicyName of old.keys()) if (!policies.has(PolicyName)) await isGone(api(IAM, 'DeleteRolePolicy', { RoleName, PolicyName }));
  for (const [PolicyName, PolicyDocument] of policies) if (!same(old.get(PolicyName), PolicyDocument)) await api(IAM, 'PutRolePolicy', { RoleName, PolicyName, PolicyDocument });
  const [were, are] = [textsOf(before['ManagedPolicyArns']), textsOf(now['ManagedPolicyArns'])];
  for (const PolicyArn of were) if (!are.includes(PolicyArn)) await isGone(api(IAM, 'DetachRolePolicy', { RoleName, PolicyArn }));
  for (const PolicyArn of are) if (!were.includes(PolicyArn)) await api(IAM, 'AttachRolePolicy', { RoleName, PolicyArn });
}

function inlineOf({ Policies }: Properties): Map<string, unknown> {
  const list = Array.isArray(Policies) ? (Policies as unknown[]).map((policy) => fieldsOf(policy) ?? {}) : [];
  return new Map(list.map((policy) => [String(policy['PolicyName']), policy['PolicyDocument']]));
}

function textsOf(value: unknown): string[] {
  return Array.isArray(value) ? value.map(String) : [];
}

/** The roles that a policy is for; the engine's IAM has neither users nor groups. */
function holdersOf(properties: Properties): string[] {
  const foreign = ['Users', 'Groups'].find((name) => textsOf(properties[name]).length > 0);
  if (foreign !== undefined) throw new ResourceFailure(`sluice-engine does not implement ${foreign} of IAM policies; attach the policy to roles`);
  return textsOf(properties['Roles']);
}

const policy: Provider = {
  type: 'AWS::IAM::Policy',
  properties: { PolicyName: 'replace', PolicyDocument: 'update', Roles: 'update', Users: 'update', Groups: 'update' },
  required: ['PolicyName', 'PolicyDocument'],
  async create(call) {
    const made = { id: call.name(), attributes: {} };
    if (holdersOf(call.properties).length === 0) throw new ResourceFailure('At least one of [Groups,Roles,Users] must be non-empty.');
    await furnished(made, putEverywhere(call.api, call.properties));
    return made;
  },
  async update({ api, id, before, properties }) {
    const kept = holdersOf(properties);
    await takeAway(api, before, holdersOf(before).filter((name) => !kept.includes(name)));
    await putEverywhere(api, properties);
    return { id };
  },
  delete: ({ api, properties }) => takeAway(api, properties, holdersOf(properties)),
};

async function putEverywhere(api: Api, properties: Properties): Promise<void> {
  for (const RoleName of holdersOf(properties)) await api(IAM, 'PutRolePolicy', { RoleName, ...only(properties, 'PolicyName', 'PolicyDocument') });
}

async function takeAway(api: Api, properties: Properties, roles: readonly string[]): Promise<void> {
  for (const RoleName of roles) await unlessGone(api(IAM, 'DeleteRolePolicy', { RoleName, ...only(properties, 'PolicyName') }));
}

const managedPolicy: Provider = {
  type: 'AWS::IAM::ManagedPolicy',
  properties: { ManagedPolicyName: 'replace', Path: 'replace', Description: 'replace', PolicyDocument: 'update', Roles: 'update', Users: 'update', Groups: 'update' },
  required: ['PolicyDocument'],
  async create(call) {
    const PolicyName = textOr(call.properties['ManagedPolicyName'], call.name(128));
    const { Policy } = await call.api(IAM, 'CreatePolicy', { PolicyName, ...only(call.properties, 'Path', 'Description', 'PolicyDocument') });
    const { Arn, PolicyId } = fieldsOf(Policy) ?? {};
    const made = { id: String(Arn), attributes: { PolicyArn: Arn, PolicyId } };
    await furnished(made, attach(call.api, made.id, [], holdersOf(call.properties)));
    return made;
  },
  async update(call) {
    const { api, id, before, properties } = call;
    if (!same(before['PolicyDocument'], properties['PolicyDocument'])) {
      await prune(call, 4);
      await api(IAM, 'CreatePolicyVersion', { PolicyArn: id, ...only(properties, 'PolicyDocument'), SetAsDefault: true });
    }
    await attach(api, id, holdersOf(before), holdersOf(properties));
    const { Policy } = await api(IAM, 'GetPolicy', { PolicyArn: id });
    return { id, attributes: { PolicyArn: id, PolicyId: fieldsOf(Policy)?.['PolicyId'] } };
  },
  async delete(call) {
    await unlessGone(attach(call.api, call.id, holdersOf(call.properties), []));
    await unlessGone(prune(call, 1));
    await unlessGone(call.api(IAM, 'DeletePolicy', { PolicyArn: call.id }));
  },
};

async function attach(api: Api, PolicyArn: string, before: readonly string[], now: readonly string[]): Promise<void> {
  for (const RoleName of before) if (!now.includes(RoleName)) await isGone(api(IAM, 'DetachRolePolicy', { RoleName, PolicyArn }));
  for (const RoleName of now) if (!before.includes(RoleName)) await api(IAM, 'AttachRolePolicy', { RoleName, PolicyArn });
}

/** Deletes the oldest versions that are not the default until so many are left. */
async function prune({ api, id }: ExistingCall, most: number): Promise<void> {
  const { Versions } = await api(IAM, 'ListPolicyVersions', { PolicyArn: id });
  const spare = (Versions as { VersionId: string; IsDefaultVersion: boolean }[]).filter(({ IsDefaultVersion }) => !IsDefaultVersion);
  for (const { VersionId } of spare.slice(most - 1)) await api(IAM, 'DeletePolicyVersion', { PolicyArn: id, VersionId });
}

/** IAM's types. */
export const iamProviders: readonly Provider[] = [role, policy, managedPolicy];

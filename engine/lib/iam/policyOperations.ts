import type { House } from '../ports.ts';
import type { Service } from '../wire/index.ts';
import type { Directory } from './directory.ts';
import { pageOf, type PageInput } from './page.ts';
import { accepted, alreadyExists, deleteConflict, invalid, limitExceeded, noSuchEntity, unbuilt } from './refusal.ts';
import type { ManagedPolicy, PolicyVersion } from './role.ts';
import { putTags, tagList, tagMap, type Tag } from './tags.ts';

interface OnPolicy {
  readonly PolicyArn: string;
}

interface OnVersion extends OnPolicy {
  readonly VersionId: string;
}

interface CreatePolicyInput {
  readonly PolicyName: string;
  readonly PolicyDocument: string;
  readonly Path?: string;
  readonly Description?: string;
  readonly Tags?: readonly Tag[];
}

const VERSIONS = 5;

/** CreatePolicy and its siblings. */
export function policyOperations(house: House, directory: Directory): Service['operations'] {
  return {
    CreatePolicy: (input: CreatePolicyInput) => ({ Policy: shown(directory, createPolicy(house, directory, input)) }),
    GetPolicy({ PolicyArn }: OnPolicy) {
      const policy = directory.policy(PolicyArn);
      return { Policy: { ...shown(directory, policy), ...(policy.description !== undefined && { Description: policy.description }), Tags: tagList(policy.tags) } };
    },
    ListPolicies(input: PageInput & { readonly Scope?: 'All' | 'AWS' | 'Local'; readonly OnlyAttached?: boolean; readonly PathPrefix?: string; readonly PolicyUsageFilter?: string }) {
      if (input.PolicyUsageFilter === 'PermissionsBoundary') throw unbuilt('permissions boundaries of IAM');
      const policies = [...directory.policies.values()].filter((policy) => policy.path.startsWith(input.PathPrefix ?? '/')
        && (input.Scope === undefined || input.Scope === 'All' || (input.Scope === 'AWS') === isAws(policy))
        && (input.OnlyAttached !== true || holdersOf(directory, policy).length > 0));
      return pageOf('Policies', policies.map((policy) => shown(directory, policy)), input);
    },
    DeletePolicy({ PolicyArn }: OnPolicy) {
      const policy = own(directory, PolicyArn);
      if (holdersOf(directory, policy).length > 0) throw deleteConflict('Cannot delete a policy attached to entities.');
      if (policy.versions.size > 1) throw deleteConflict('This policy has more than one version. Before you delete a policy, you must delete the policy\'s versions. The default version is deleted with the policy.');
      directory.policies.delete(PolicyArn);
      directory.changed('policy', policy.name, 'deleted');
    },
    ListEntitiesForPolicy(input: PageInput & OnPolicy) {
      const roles = holdersOf(directory, directory.policy(input.PolicyArn)).map(({ name, id }) => ({ RoleName: name, RoleId: id }));
      return { ...pageOf('PolicyRoles', roles, input), PolicyGroups: [], PolicyUsers: [] };
    },
    TagPolicy(input: OnPolicy & { readonly Tags: readonly Tag[] }) { putTags(own(directory, input.PolicyArn).tags, input.Tags); },
    UntagPolicy(input: OnPolicy & { readonly TagKeys: readonly string[] }) {
      const { tags } = own(directory, input.PolicyArn);
      for (const key of input.TagKeys) tags.delete(key);
    },
    ListPolicyTags: (input: PageInput & OnPolicy) => pageOf('Tags', tagList(directory.policy(input.PolicyArn).tags), input),
    ...versionOperations(house, directory),
  };
}

function versionOperations(house: House, directory: Directory): Service['operations'] {
  return {
    CreatePolicyVersion(input: OnPolicy & { readonly PolicyDocument: string; readonly SetAsDefault?: boolean }) {
      const policy = own(directory, input.PolicyArn);
      const stored = accepted(input.PolicyDocument, 'identity');
      if (policy.versions.size >= VERSIONS) throw limitExceeded(`A managed policy can have up to ${VERSIONS} versions. Before you create a new version, you must delete an existing version.`);
      policy.latest += 1;
      policy.updated = house.kernel.now();
      const version: PolicyVersion = { ...stored, id: `v${policy.latest}`, created: policy.updated };
      policy.versions.set(version.id, version);
      if (input.SetAsDefault === true) policy.defaultVersion = version.id;
      directory.changed('policy', policy.name, 'version created', { version: version.id });
      return { PolicyVersion: { ...versionShown(policy, version), Document: undefined } };
    },
    GetPolicyVersion(input: OnVersion) {
      const policy = directory.policy(input.PolicyArn);
      return { PolicyVersion: versionShown(policy, versionOf(policy, input)) };
    },
    ListPolicyVersions(input: PageInput & OnPolicy) {
      const policy = directory.policy(input.PolicyArn);
      return pageOf('Versions', [...policy.versions.values()].toReversed().map((version) => ({ ...versionShown(policy, version), Document: undefined })), input);
    },
    SetDefaultPolicyVersion(input: OnVersion) {
      const policy = own(directory, input.PolicyArn);
      policy.defaultVersion = versionOf(policy, input).id;
      directory.changed('policy', policy.name, 'default set', { version: policy.defaultVersion });
    },
    DeletePolicyVersion(input: OnVersion) {
      const policy = own(directory, input.PolicyArn);
      const { id } = versionOf(policy, input);
      if (id === policy.defaultVersion) throw deleteConflict('Cannot delete the default version of a policy.');
      policy.versions.delete(id);
      directory.changed('policy', policy.name, 'version deleted', { version: id });
    },
  };
}

function createPolicy(house: House, directory: Directory, input: CreatePolicyInput): ManagedPolicy {
  const { PolicyName: name, Path: path = '/' } = input;
  if (!/^[\w+=,.@-]{1,128}$/.test(name)) throw invalid(name, 'policyName', 'Member must satisfy regular expression pattern: [\\w+=,.@-]+');
  const stored = accepted(input.PolicyDocument, 'identity');
  const arn = directory.arn('policy', path, name);
  // Names are unique in the account, whatever the path.
  if ([...directory.policies.values()].some((policy) => policy.name === name && !isAws(policy))) throw alreadyExists(`A policy called ${name} already exists. Duplicate names are not allowed.`);
  const created = house.kernel.now();
  const policy: ManagedPolicy = {
    name,
    id: directory.id('ANPA'),
    arn,
    path,
    created,
    updated: created,
    ...(input.Description !== undefined && { description: input.Description }),
    versions: new Map([['v1', { ...stored, id: 'v1', created }]]),
    defaultVersion: 'v1',
    latest: 1,
    tags: tagMap(input.Tags),
  };
  directory.policies.set(arn, policy);
  directory.changed('policy', name, 'created');
  return policy;
}

/** A policy of the account's; AWS's cannot be changed. */
function own(directory: Directory, arn: string): ManagedPolicy {
  const policy = directory.policy(arn);
  if (isAws(policy)) throw invalid(arn, 'policyArn', 'Member must be the ARN of a policy of this account: AWS\'s managed policies cannot be changed');
  return policy;
}

function isAws(policy: Pick<ManagedPolicy, 'arn'>): boolean {
  return policy.arn.startsWith('arn:aws:iam::aws:');
}

function holdersOf(directory: Directory, policy: ManagedPolicy): readonly { readonly name: string; readonly id: string }[] {
  return [...directory.roles.values()].filter(({ attached }) => attached.has(policy.arn));
}

function versionOf(policy: ManagedPolicy, { PolicyArn, VersionId }: OnVersion): PolicyVersion {
  const version = policy.versions.get(VersionId);
  if (!version) throw noSuchEntity(`Policy ${PolicyArn} version ${VersionId} does not exist or is not attachable.`);
  return version;
}

function shown(directory: Directory, policy: ManagedPolicy): Record<string, unknown> {
  return {
    PolicyName: policy.name,
    PolicyId: policy.id,
    Arn: policy.arn,
    Path: policy.path,
    DefaultVersionId: policy.defaultVersion,
    AttachmentCount: holdersOf(directory, policy).length,
    PermissionsBoundaryUsageCount: 0,
    IsAttachable: true,
    CreateDate: policy.created,
    UpdateDate: policy.updated,
  };
}

function versionShown(policy: ManagedPolicy, version: PolicyVersion): Record<string, unknown> {
  return { Document: encodeURIComponent(version.text), VersionId: version.id, IsDefaultVersion: version.id === policy.defaultVersion, CreateDate: version.created };
}

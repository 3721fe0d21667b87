import type { House } from '../ports.ts';
import type { Service } from '../wire/index.ts';
import type { Directory } from './directory.ts';
import { pageOf, type PageInput } from './page.ts';
import { accepted, alreadyExists, deleteConflict, invalid, unbuilt } from './refusal.ts';
import type { Role } from './role.ts';
import { putTags, tagList, tagMap, type Tag } from './tags.ts';

interface RoleInput {
  readonly RoleName: string;
  readonly Description?: string;
  readonly MaxSessionDuration?: number;
}

interface CreateRoleInput extends RoleInput {
  readonly AssumeRolePolicyDocument: string;
  readonly Path?: string;
  readonly PermissionsBoundary?: string;
  readonly Tags?: readonly Tag[];
}

const HOUR = 3600;

/** CreateRole and its siblings. */
export function roleOperations(house: House, directory: Directory): Service['operations'] {
  return {
    CreateRole: (input: CreateRoleInput) => ({ Role: shown(createRole(house, directory, input), false) }),
    GetRole: ({ RoleName }: RoleInput) => ({ Role: shown(directory.role(RoleName)) }),
    ListRoles: (input: PageInput & { readonly PathPrefix?: string }) => {
      const roles = [...directory.roles.values()].filter(({ path }) => path.startsWith(input.PathPrefix ?? '/')).sort((a, b) => (a.name < b.name ? -1 : 1));
      return pageOf('Roles', roles.map((role) => ({ ...shown(role), Tags: undefined })), input);
    },
    UpdateRole(input: RoleInput) {
      const role = directory.role(input.RoleName);
      const maxSession = sessionOf(input.MaxSessionDuration);
      describe(role, input.Description);
      role.maxSession = maxSession;
      directory.changed('role', role.name, 'updated');
    },
    UpdateRoleDescription(input: RoleInput) {
      const role = directory.role(input.RoleName);
      describe(role, input.Description);
      return { Role: shown(role, false) };
    },
    UpdateAssumeRolePolicy(input: { readonly RoleName: string; readonly PolicyDocument: string }) {
      const role = directory.role(input.RoleName);
      role.trust = accepted(input.PolicyDocument, 'trust');
      directory.changed('role', role.name, 'trust updated');
    },
    DeleteRole({ RoleName }: RoleInput) {
      const role = directory.role(RoleName);
      if (role.attached.size > 0) throw deleteConflict('Cannot delete entity, must detach all policies first.');
      if (role.inline.size > 0) throw deleteConflict('Cannot delete entity, must delete policies first.');
      directory.roles.delete(role.name);
      directory.changed('role', role.name, 'deleted');
    },
    TagRole(input: { readonly RoleName: string; readonly Tags: readonly Tag[] }) {
      putTags(directory.role(input.RoleName).tags, input.Tags);
      directory.changed('role', input.RoleName, 'tagged');
    },
    UntagRole(input: { readonly RoleName: string; readonly TagKeys: readonly string[] }) {
      const { tags } = directory.role(input.RoleName);
      for (const key of input.TagKeys) tags.delete(key);
      directory.changed('role', input.RoleName, 'untagged');
    },
    ListRoleTags: (input: PageInput & { readonly RoleName: string }) => pageOf('Tags', tagList(directory.role(input.RoleName).tags), input),
  };
}

function createRole(house: House, directory: Directory, input: CreateRoleInput): Role {
  const { RoleName: name, Path: path = '/' } = input;
  if (!/^[\w+=,.@-]{1,64}$/.test(name)) throw invalid(name, 'roleName', name.length > 64 ? 'Member must have length less than or equal to 64' : 'Member must satisfy regular expression pattern: [\\w+=,.@-]+');
  if (!/^\/([!-~]*\/)?$/.test(path)) throw invalid(path, 'path', 'Member must satisfy regular expression pattern: (\\u002F)|(\\u002F[\\u0021-\\u007F]+\\u002F)');
  if (input.PermissionsBoundary !== undefined) throw unbuilt('permissions boundaries of IAM');
  const maxSession = sessionOf(input.MaxSessionDuration);
  const trust = accepted(input.AssumeRolePolicyDocument, 'trust');
  if (directory.roles.has(name)) throw alreadyExists(`Role with name ${name} already exists.`);
  const role: Role = {
    name,
    id: directory.id('AROA'),
    arn: directory.arn('role', path, name),
    path,
    created: house.kernel.now(),
    trust,
    maxSession,
    inline: new Map(),
    attached: new Set(),
    tags: tagMap(input.Tags),
  };
  describe(role, input.Description);
  directory.roles.set(name, role);
  directory.changed('role', name, 'created');
  return role;
}

/** An empty description is none. */
function describe(role: Role, description: string | undefined): void {
  if (description === undefined || description === '') delete role.description;
  else role.description = description;
}

function sessionOf(seconds: number = HOUR): number {
  if (seconds < HOUR) throw invalid(String(seconds), 'maxSessionDuration', `Member must have value greater than or equal to ${HOUR}`);
  if (seconds > 12 * HOUR) throw invalid(String(seconds), 'maxSessionDuration', `Member must have value less than or equal to ${12 * HOUR}`);
  return seconds;
}

/** A role as IAM shows it; CreateRole and ListRoles leave parts out. */
function shown(role: Role, full = true): Record<string, unknown> {
  return {
    Path: role.path,
    RoleName: role.name,
    RoleId: role.id,
    Arn: role.arn,
    CreateDate: role.created,
    AssumeRolePolicyDocument: encodeURIComponent(role.trust.text),
    ...(role.description !== undefined && { Description: role.description }),
    MaxSessionDuration: role.maxSession,
    ...(role.tags.size > 0 && { Tags: tagList(role.tags) }),
    ...(full && { RoleLastUsed: {} }),
  };
}

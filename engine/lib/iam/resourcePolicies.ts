import type { Functions, LambdaFunction, PermissionStatement } from '../lambda/functions.ts';
import type { Keys } from '../kms/keys.ts';
import type { Objects } from '../s3/objects.ts';
import type { Topics } from '../sns/topics.ts';
import type { Directory } from './directory.ts';
import type { HeldPolicy } from './grants.ts';
import { policyOf, type PolicyDocument, type Statement } from './policy/document.ts';

/** A resource's policy, and whether it alone opens the door to identity policies. */
export interface ResourcePolicy extends HeldPolicy {
  readonly delegated: boolean;
}

/** Where the resources are that have policies of their own. */
export interface ResourceRooms {
  readonly functions: Functions;
  readonly objects: Objects;
  readonly keys: Keys;
  readonly topics: Topics;
  readonly directory: Directory;
}

const read: WeakMap<PermissionStatement, Statement> = new WeakMap();
/** The policy last made of a function's permissions; the same one as long as they are the same. */
const made: WeakMap<LambdaFunction, ResourcePolicy> = new WeakMap();

/** The policy of the resource that an action is about; undefined when there is none. */
export function resourcePolicyOf(rooms: ResourceRooms, action: string, resource: string): ResourcePolicy | undefined {
  if (action === 'sts:AssumeRole') {
    const role = rooms.directory.roleOf(resource);
    return role && { holder: role.arn, name: 'trust policy', document: role.trust.document, delegated: true };
  }
  const vendor = action.slice(0, action.indexOf(':'));
  if (vendor === 'lambda') return functionPolicy(rooms.functions, /^arn:[^:]+:lambda:[^:]+:\d+:function:([^:]+)/.exec(resource)?.[1]);
  if (vendor === 's3') return bucketPolicy(rooms.objects, /^arn:[^:]+:s3:::([^/]+)/.exec(resource)?.[1]);
  if (vendor === 'kms') return keyPolicy(rooms.keys, resource);
  if (vendor === 'sns') return topicPolicy(rooms.topics, resource);
  return undefined;
}

function functionPolicy(functions: Functions, name: string | undefined): ResourcePolicy | undefined {
  const found = name === undefined ? undefined : functions.get(name);
  if (!found || found.permissions.length === 0) return undefined;
  const statements = found.permissions.map(statementOf);
  const known = made.get(found);
  if (known?.document.statements.length === statements.length && known.document.statements.every((statement, index) => statement === statements[index])) return known;
  const policy: ResourcePolicy = { holder: found.arn, name: 'resource policy', document: { statements }, delegated: false };
  made.set(found, policy);
  return policy;
}

function statementOf(permission: PermissionStatement): Statement {
  const known = read.get(permission);
  if (known) return known;
  const [statement] = policyOf({ Version: '2012-10-17', Statement: permission.statement }, 'resource').statements;
  if (!statement) throw new Error(`the permission ${permission.sid} has no statement`);
  read.set(permission, statement);
  return statement;
}

function bucketPolicy(objects: Objects, name: string | undefined): ResourcePolicy | undefined {
  const policy = name === undefined ? undefined : objects.buckets.get(name)?.policy;
  return policy && { holder: `arn:aws:s3:::${name}`, name: 'bucket policy', document: policy.document, delegated: false };
}

function keyPolicy(keys: Keys, arn: string): ResourcePolicy | undefined {
  const key = keys.byArn(arn);
  return key && { holder: key.arn, name: 'key policy', document: key.policy.document, delegated: true };
}

function topicPolicy(topics: Topics, arn: string): ResourcePolicy | undefined {
  const topic = topics.all.get(arn);
  return topic && { holder: topic.arn, name: 'topic policy', document: topic.policy.document, delegated: false };
}

/** Every resource's policy there is, for the report on grants. A role's trust is no grant of rights. */
export function allResourcePolicies({ functions, objects, keys, topics }: ResourceRooms): readonly HeldPolicy[] {
  const documents: (HeldPolicy | undefined)[] = [
    ...[...functions.keys()].map((name) => functionPolicy(functions, name)),
    ...[...objects.buckets.keys()].map((name) => bucketPolicy(objects, name)),
    ...[...keys.all.values()].map(({ arn }) => keyPolicy(keys, arn)),
    ...topics.governed.map(({ arn }) => topicPolicy(topics, arn)),
  ];
  return documents.filter((policy): policy is HeldPolicy & { document: PolicyDocument } => policy !== undefined);
}

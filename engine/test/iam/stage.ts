import { CreateRoleCommand, IAMClient, PutRolePolicyCommand } from '@aws-sdk/client-iam';
import { AssumeRoleCommand, STSClient } from '@aws-sdk/client-sts';
import type { ClientConfiguration, Rig } from '../rig.ts';

export const ACCOUNT = '000000000000';

/** A policy statement as JSON has it. */
export interface StatementText {
  readonly Sid?: string;
  readonly Effect?: 'Allow' | 'Deny';
  readonly Action?: string | readonly string[];
  readonly NotAction?: string | readonly string[];
  readonly Resource?: string | readonly string[];
  readonly NotResource?: string | readonly string[];
  readonly Principal?: unknown;
  readonly Condition?: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
}

/** A document's text; statements allow unless they say otherwise. */
export function policy(...statements: readonly StatementText[]): string {
  return JSON.stringify({ Version: '2012-10-17', Statement: statements.map((statement) => ({ Effect: 'Allow', ...statement })) });
}

/** A trust policy for a service, or for the account. */
export function trust(service?: string): string {
  return policy({ Principal: service === undefined ? { AWS: `arn:aws:iam::${ACCOUNT}:root` } : { Service: service }, Action: 'sts:AssumeRole' });
}

/** Creates a role with one policy in it and answers its ARN. */
export async function createRole(rig: Rig, name: string, given: readonly StatementText[], service?: string): Promise<string> {
  const iam = rig.client(IAMClient);
  const { Role } = await iam.send(new CreateRoleCommand({ RoleName: name, AssumeRolePolicyDocument: trust(service) }));
  if (given.length > 0) await allow(rig, name, ...given);
  return Role?.Arn ?? '';
}

/** Puts the one policy of a role anew. */
export async function allow(rig: Rig, name: string, ...given: readonly StatementText[]): Promise<void> {
  await rig.client(IAMClient).send(new PutRolePolicyCommand({ RoleName: name, PolicyName: 'own', PolicyDocument: policy(...given) }));
}

/** Makes clients that call with a role's credentials. */
export async function as(rig: Rig, roleArn: string, session = 'test'): Promise<<T>(constructor: new (configuration: ClientConfiguration) => T) => T> {
  const { Credentials } = await rig.client(STSClient).send(new AssumeRoleCommand({ RoleArn: roleArn, RoleSessionName: session }));
  const credentials = { accessKeyId: Credentials?.AccessKeyId ?? '', secretAccessKey: Credentials?.SecretAccessKey ?? '', sessionToken: Credentials?.SessionToken ?? '' };
  return (constructor) => new constructor({ region: rig.engine.region, endpoint: rig.engine.endpoint, credentials, maxAttempts: 1, ...(constructor.name === 'S3Client' && { forcePathStyle: true }) });
}

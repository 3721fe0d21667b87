import type { House } from '../ports.ts';
import type { Directory } from '../iam/directory.ts';
import type { Call, Service } from '../wire/index.ts';
import { WireFault } from '../wire/index.ts';
import type { CredentialStore } from './credentials.ts';

interface AssumeRoleInput {
  readonly RoleArn: string;
  readonly RoleSessionName: string;
  readonly DurationSeconds?: number;
  readonly Policy?: string;
  readonly PolicyArns?: readonly unknown[];
}

const HOUR = 3600;

/** STS: a role IAM knows is assumed as its trust policy says, any other by anybody; credentials are remembered, so that they tell who they are. */
export function sts(house: House, credentials: CredentialStore, directory: Directory): Service {
  return {
    name: 'sts',
    operations: {
      GetCallerIdentity(_: unknown, { accessKeyId }: Call) {
        const { arn, userId, account, expires = Infinity } = credentials.principalOf(accessKeyId);
        if (expires <= house.kernel.now()) throw new WireFault({ code: 'ExpiredToken', status: 403, message: 'The security token included in the request is expired' });
        return { Arn: arn, UserId: userId, Account: account };
      },
      AssumeRole: (input: AssumeRoleInput) => assumeRole(house, { credentials, directory }, input),
      GetSessionToken({ DurationSeconds: seconds = 12 * HOUR }: { readonly DurationSeconds?: number }, { accessKeyId }: Call) {
        checkDuration(seconds, 900, 36 * HOUR);
        return { Credentials: credentials.issue(credentials.principalOf(accessKeyId), seconds) };
      },
    },
  };
}

function assumeRole(house: House, { credentials, directory }: { readonly credentials: CredentialStore; readonly directory: Directory }, input: AssumeRoleInput): Record<string, unknown> {
  const { RoleArn, RoleSessionName: session, DurationSeconds: seconds = HOUR } = input;
  const found = /^arn:(aws[a-z-]*):iam::(\d{12}):role\/(?:.*\/)?([^/]+)$/.exec(RoleArn);
  if (!found) throw invalid(RoleArn.length < 20 ? `1 validation error detected: Value '${RoleArn}' at 'roleArn' failed to satisfy constraint: Member must have length greater than or equal to 20` : `${RoleArn} is invalid`);
  if (!/^[\w+=,.@-]{2,64}$/.test(session)) throw invalid(`1 validation error detected: Value '${session}' at 'roleSessionName' failed to satisfy constraint: Member must satisfy regular expression pattern: [\\w+=,.@-]*`);
  checkDuration(seconds, 900, 12 * HOUR);
  if (input.Policy !== undefined || input.PolicyArns !== undefined) throw new WireFault({ code: 'NotImplemented', status: 501, message: 'sluice-engine does not implement session policies (Policy, PolicyArns) of AssumeRole; see engine/operations.md' });
  const known = directory.roleOf(RoleArn);
  if (known && seconds > known.maxSession) throw invalid('The requested DurationSeconds exceeds the MaxSessionDuration set for this role.');
  const [, partition = 'aws', account = '', role = ''] = found;
  const userId = `${known?.id ?? `AROA${roleId(house, RoleArn)}`}:${session}`;
  const arn = `arn:${partition}:sts::${account}:assumed-role/${role}/${session}`;
  return { Credentials: credentials.issue({ arn, userId, account, roleArn: RoleArn }, seconds), AssumedRoleUser: { AssumedRoleId: userId, Arn: arn }, PackedPolicySize: 0 };
}

/** A role's id is the same however often it is assumed. */
function roleId(house: House, arn: string): string {
  return Math.floor(house.draws.bucket(`sts:role:${arn}`) * 36 ** 10).toString(36).padStart(17, '0').toUpperCase();
}

function checkDuration(seconds: number, least: number, most: number): void {
  if (seconds < least) throw invalid(`1 validation error detected: Value '${seconds}' at 'durationSeconds' failed to satisfy constraint: Member must have value greater than or equal to ${least}`);
  if (seconds > most) throw invalid(`1 validation error detected: Value '${seconds}' at 'durationSeconds' failed to satisfy constraint: Member must have value less than or equal to ${most}`);
}

function invalid(message: string): WireFault {
  return new WireFault({ code: 'ValidationError', status: 400, message });
}

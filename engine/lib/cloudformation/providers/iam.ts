import { ResourceFailure, type Provider, type ProviderCall, type Made } from '../provider.ts';
import { stored, textOr } from './stored.ts';

const ROLE = { RoleName: 'replace', Path: 'replace', AssumeRolePolicyDocument: 'update', Policies: 'update', ManagedPolicyArns: 'update', Description: 'update', MaxSessionDuration: 'update', Tags: 'update' } as const;
const POLICY = { PolicyName: 'replace', PolicyDocument: 'update', Roles: 'update', Users: 'update', Groups: 'update' } as const;
const MANAGED = { ManagedPolicyName: 'replace', Path: 'replace', Description: 'replace', PolicyDocument: 'update', Roles: 'update', Users: 'update', Groups: 'update' } as const;

/** IAM's types, stored with their stacks. */
export const iamProviders: readonly Provider[] = [
  stored('AWS::IAM::Role', ROLE, (call, id = textOr(call.properties['RoleName'], call.name())) => ({ id, attributes: { Arn: arn(call, 'role', id), RoleId: `AROA${idOf(call, id)}` } })),
  stored('AWS::IAM::Policy', POLICY, (call, id = call.name()) => {
    if ([call.properties['Roles'], call.properties['Users'], call.properties['Groups']].every((list) => !Array.isArray(list) || list.length === 0)) throw new ResourceFailure('At least one of [Groups,Roles,Users] must be non-empty.');
    return { id, attributes: { Id: id } };
  }),
  stored('AWS::IAM::ManagedPolicy', MANAGED, (call, id = arn(call, 'policy', textOr(call.properties['ManagedPolicyName'], call.name(128)))): Made => ({ id, attributes: { PolicyArn: id, PolicyId: `ANPA${idOf(call, id)}` } })),
];

function arn({ house, properties }: ProviderCall, kind: string, name: string): string {
  return `arn:aws:iam::${house.account}:${kind}${textOr(properties['Path'], '/')}${name}`;
}

function idOf({ house }: ProviderCall, key: string): string {
  return Math.floor(house.draws.bucket(`iam:id:${key}`) * 36 ** 10).toString(36).padStart(17, '0').toUpperCase();
}

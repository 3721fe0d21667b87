import type { House } from '../../ports.ts';
import type { Directory } from '../directory.ts';
import { textOf, type ActionTable, type Asked } from './table.ts';

const PARAMETER = '{Parameters}';

/** Systems Manager's parameters. */
export function ssmActions(house: House): ActionTable {
  return {
    prefix: 'ssm',
    base: `arn:aws:ssm:${house.region}:${house.account}:`,
    values: ({ input }) => ({ Parameters: parametersOf(input).map((name) => parameterArn(house, name)) }),
    rules: {
      GetParameter: PARAMETER, GetParameters: PARAMETER, GetParametersByPath: PARAMETER, GetParameterHistory: PARAMETER, DescribeParameters: '*',
      PutParameter: PARAMETER, DeleteParameter: PARAMETER, DeleteParameters: PARAMETER, LabelParameterVersion: PARAMETER, UnlabelParameterVersion: PARAMETER,
      AddTagsToResource: PARAMETER, RemoveTagsFromResource: PARAMETER, ListTagsForResource: PARAMETER,
    },
  };
}

function parametersOf(input: Asked['input']): readonly string[] {
  const given = input['Names'] ?? input['Name'] ?? input['Path'] ?? input['ResourceId'];
  return (Array.isArray(given) ? given : [given]).filter((name): name is string => typeof name === 'string');
}

/** A parameter's ARN: without its selector; AWS's public ones belong to no account. */
function parameterArn({ region, account }: House, name: string): string {
  if (name.startsWith('arn:')) return name;
  const path = name.replace(/(?<=.):[^/]*$/, '').replace(/^\/|\/$/g, '');
  return `arn:aws:ssm:${region}:${path.startsWith('aws/service/') ? '' : account}:parameter/${path}`;
}

/** STS: who one is may always be asked. */
export function stsActions(house: House): ActionTable {
  return {
    prefix: 'sts',
    base: `arn:aws:iam::${house.account}:`,
    context: ({ input }) => ({ 'sts:externalid': textOf(input, 'ExternalId'), 'sts:rolesessionname': textOf(input, 'RoleSessionName') }),
    rules: { AssumeRole: '{RoleArn}', GetCallerIdentity: [], GetSessionToken: [] },
  };
}

const ROLE = '{Role}';
const POLICY = '{PolicyArn}';

/** IAM itself. */
export function iamActions(house: House, directory: Directory): ActionTable {
  return {
    prefix: 'iam',
    base: `arn:aws:iam::${house.account}:`,
    values: ({ input }) => {
      const name = textOf(input, 'RoleName');
      const path = textOf(input, 'Path') ?? '/';
      return { Source: textOf(input, 'PolicySourceArn'), Role: name === undefined ? undefined : directory.roles.get(name)?.arn ?? `role${path}${name}`, NewPolicy: `policy${path}${textOf(input, 'PolicyName') ?? '*'}` };
    },
    context: ({ input }) => (typeof input['PolicyArn'] === 'string' ? { 'iam:policyarn': input['PolicyArn'] } : {}),
    rules: {
      CreateRole: ROLE, GetRole: ROLE, DeleteRole: ROLE, UpdateRole: ROLE, UpdateRoleDescription: ROLE, UpdateAssumeRolePolicy: ROLE, ListRoles: 'role/', TagRole: ROLE, UntagRole: ROLE, ListRoleTags: ROLE,
      PutRolePolicy: ROLE, GetRolePolicy: ROLE, DeleteRolePolicy: ROLE, ListRolePolicies: ROLE, AttachRolePolicy: ROLE, DetachRolePolicy: ROLE, ListAttachedRolePolicies: ROLE,
      CreatePolicy: '{NewPolicy}', GetPolicy: POLICY, ListPolicies: 'policy/', DeletePolicy: POLICY, ListEntitiesForPolicy: POLICY, TagPolicy: POLICY, UntagPolicy: POLICY, ListPolicyTags: POLICY,
      CreatePolicyVersion: POLICY, GetPolicyVersion: POLICY, ListPolicyVersions: POLICY, SetDefaultPolicyVersion: POLICY, DeletePolicyVersion: POLICY,
      SimulatePrincipalPolicy: '{Source}',
    },
  };
}

const STACK = '{Stack}';

/** CloudFormation: a stack by name is asked for with any id. */
export function cloudFormationActions(house: House): ActionTable {
  return {
    prefix: 'cloudformation',
    base: `arn:aws:cloudformation:${house.region}:${house.account}:`,
    values: ({ input }) => {
      const name = textOf(input, 'StackName');
      return { Stack: name === undefined || name.startsWith('arn:') ? name ?? 'stack/*' : `stack/${name}/*` };
    },
    passes: { service: 'cloudformation.amazonaws.com', operations: ['CreateStack', 'UpdateStack', 'DeleteStack', 'CreateChangeSet', 'ContinueUpdateRollback'] },
    rules: {
      CreateStack: STACK, UpdateStack: STACK, DeleteStack: STACK, DescribeStacks: STACK, DescribeStackEvents: STACK, DescribeStackResource: STACK, DescribeStackResources: STACK, ListStackResources: STACK,
      GetTemplate: STACK, GetTemplateSummary: STACK, CreateChangeSet: STACK, DescribeChangeSet: STACK, ExecuteChangeSet: STACK, DeleteChangeSet: STACK, ListChangeSets: STACK,
      UpdateTerminationProtection: STACK, ListStacks: '*', ListExports: '*', ListImports: '*', ValidateTemplate: '*', ContinueUpdateRollback: STACK, RollbackStack: STACK, GetStackPolicy: STACK,
    },
  };
}

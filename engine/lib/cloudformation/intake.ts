import { createHash } from 'node:crypto';
import { WireFault } from '../wire/index.ts';
import type { Workshop } from './operation.ts';
import { invalid, unbuilt } from './refusal.ts';
import type { Stack, StackRequest, StackTag } from './stack.ts';
import { templateOf, type Template } from './template/document.ts';
import { parameterValues, type GivenParameter } from './template/parameters.ts';
import { planOf, type Plan } from './template/plan.ts';

/** Where a request's template is. */
export interface TemplateInput {
  readonly TemplateBody?: string;
  readonly TemplateURL?: string;
  readonly UsePreviousTemplate?: boolean;
}

/** What requests for a stack or a change set have alike. */
export interface StackInput extends TemplateInput {
  readonly StackName: string;
  readonly Parameters?: readonly GivenParameter[];
  readonly Capabilities?: readonly string[];
  readonly Tags?: readonly StackTag[];
  readonly NotificationARNs?: readonly string[];
  readonly RoleARN?: string;
  readonly ClientRequestToken?: string;
  readonly RollbackConfiguration?: { readonly RollbackTriggers?: readonly unknown[]; readonly MonitoringTimeInMinutes?: number };
  readonly StackPolicyBody?: string;
  readonly StackPolicyURL?: string;
}

const BODY_AT_MOST = 51_200;
const URL_BYTES_AT_MOST = 1_048_576;
const NAMED_IAM: Readonly<Record<string, string>> = { 'AWS::IAM::Role': 'RoleName', 'AWS::IAM::User': 'UserName', 'AWS::IAM::Group': 'GroupName', 'AWS::IAM::ManagedPolicy': 'ManagedPolicyName', 'AWS::IAM::InstanceProfile': 'InstanceProfileName' };

/** A request's template text: its body, an object in the engine's S3, or what the stack was made from. */
export function templateText(shop: Workshop, input: TemplateInput, stack?: Stack): string {
  const { TemplateBody: body, TemplateURL: url, UsePreviousTemplate: previous } = input;
  const given = [body !== undefined, url !== undefined, previous === true].filter(Boolean).length;
  if (given !== 1) throw invalid(given === 0 ? 'Either Template URL or Template Body must be specified.' : 'Only one of Template URL, Template Body and UsePreviousTemplate may be specified.');
  if (previous === true) {
    if (!stack) throw invalid('Stack does not exist, so there is no previous template to use.');
    return stack.request.template;
  }
  if (body !== undefined) {
    const size = Buffer.byteLength(body);
    if (size < 1 || size > BODY_AT_MOST) throw invalid(`1 validation error detected: Value at 'templateBody' failed to satisfy constraint: Member must have length ${size < 1 ? 'greater than or equal to 1' : `less than or equal to ${BODY_AT_MOST}`}`);
    return body;
  }
  return fromStore(shop, url ?? '');
}

/** Reads `https://s3…/bucket/key`, `https://bucket.s3…/key` or the engine's own `http://127.0.0.1:port/bucket/key`. */
function fromStore(shop: Workshop, url: string): string {
  const parts = URL.canParse(url) ? new URL(url) : undefined;
  if (!parts) throw invalid('TemplateURL must be a supported URL.');
  const path = decodeURIComponent(parts.pathname).slice(1);
  const [, host] = /^(.+?)\.s3[.-]/.exec(parts.hostname) ?? /^(.+?)\.(?:s3\.)?localhost$/.exec(parts.hostname) ?? [];
  const [bucket, key] = host === undefined || host === 's3' ? [path.split('/', 1)[0] ?? '', path.slice(path.indexOf('/') + 1)] : [host, path];
  const bytes = shop.house.ports.objects.get(bucket, key);
  if (!bytes) throw invalid(`S3 error: The specified key does not exist. For more information check http://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html (bucket ${bucket}, key ${key})`);
  if (bytes.length > URL_BYTES_AT_MOST) throw invalid('Template may not exceed 1000000 bytes in size.');
  return Buffer.from(bytes).toString('utf8');
}

/** What a request makes of a stack, checked: template, parameters, capabilities, plan. `stack` is the one that exists, `id` its ARN now or soon. */
export function takeIn(shop: Workshop, input: StackInput, stack: Stack | undefined, id: string): { readonly request: StackRequest; readonly plan: Plan } {
  refuseUnbuilt(input);
  const text = templateText(shop, input, stack);
  const template = templateOf(text);
  checkTypes(shop, template);
  const parameters = parameterValues(template.parameters, input.Parameters ?? [], {
    previous: stack?.request.parameters ?? new Map(),
    stored: (name) => shop.house.ports.parameters.get(name),
  });
  checkCapabilities(template, input.Capabilities ?? []);
  const notificationArns = input.NotificationARNs ?? stack?.request.notificationArns ?? [];
  const request: StackRequest = {
    template: text, parameters, notificationArns,
    tags: input.Tags ?? stack?.request.tags ?? [],
    capabilities: input.Capabilities ?? [],
    ...(input.RoleARN ?? stack?.request.roleArn ? { roleArn: (input.RoleARN ?? stack?.request.roleArn) as string } : {}),
    ...(template.description !== undefined && { description: template.description }),
  };
  return { request, plan: planFor(shop, request, input.StackName, id, template) };
}

/** The plan of a request that was taken in before. */
export function planFor(shop: Workshop, { template: text, parameters, notificationArns }: StackRequest, name: string, id: string, template: Template = templateOf(text)): Plan {
  const { account, region } = shop.house;
  const stackName = name.startsWith('arn:') ? name.split('/')[1] ?? name : name;
  return planOf(template, parameters, { account, region, stackName, stackId: id, notificationArns });
}

function refuseUnbuilt(input: StackInput): void {
  const { RollbackConfiguration: rollback } = input;
  if ((rollback?.RollbackTriggers?.length ?? 0) > 0 || (rollback?.MonitoringTimeInMinutes ?? 0) > 0) throw unbuilt('RollbackConfiguration', 'watch the alarms with an AppConfig monitor, or leave it out');
  if (input.StackPolicyBody !== undefined || input.StackPolicyURL !== undefined) throw unbuilt('stack policies', 'leave the policy out');
}

function checkTypes(shop: Workshop, template: Template): void {
  const types = [...new Set([...template.resources.values()].map(({ type }) => type))];
  const unknown = types.filter((type) => !shop.provider(type));
  if (unknown.length > 0) throw invalid(`Template format error: Unrecognized resource types: [${unknown.join(', ')}]: sluice-engine does not implement them; see engine/operations.md`);
}

function checkCapabilities(template: Template, capabilities: readonly string[]): void {
  const needed = capabilityNeeded(template);
  const enough = needed === undefined || capabilities.includes('CAPABILITY_NAMED_IAM') || (needed === 'CAPABILITY_IAM' && capabilities.includes('CAPABILITY_IAM'));
  if (!enough) throw new WireFault({ code: 'InsufficientCapabilitiesException', message: `Requires capabilities : [${needed}]` });
}

/** What a template's resources ask the caller to acknowledge. */
export function capabilityNeeded({ resources }: Template): 'CAPABILITY_IAM' | 'CAPABILITY_NAMED_IAM' | undefined {
  const identities = [...resources.values()].filter(({ type }) => type.startsWith('AWS::IAM::'));
  if (identities.length === 0) return undefined;
  return identities.some(({ type, properties }) => properties[NAMED_IAM[type] ?? ''] !== undefined) ? 'CAPABILITY_NAMED_IAM' : 'CAPABILITY_IAM';
}

/** A digest of what a request asks for, to tell a repetition from another request with the same token. */
export function digestOf(input: object): string {
  return createHash('sha256').update(JSON.stringify(input)).digest('hex');
}

/** Refuses a token that was used for something else; true when it was used for the same. */
export function repeated(stack: Stack, input: { readonly ClientRequestToken?: string }): boolean {
  const { ClientRequestToken: token } = input;
  const known = token === undefined ? undefined : stack.tokens.get(token);
  if (token === undefined || known === undefined) return false;
  if (known === digestOf(input)) return true;
  throw new WireFault({ code: 'TokenAlreadyExistsException', message: `The client request token ${token} has already been used for this stack. Retry the request with a different client request token` });
}

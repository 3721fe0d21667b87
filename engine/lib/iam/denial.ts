import { WireFault } from '../wire/index.ts';
import type { Decision } from './policy/evaluate.ts';

/** A request that was denied. */
export interface Denied {
  /** The caller as a refusal names him. */
  readonly caller: string;
  readonly action: string;
  readonly resource: string;
  readonly decision: Decision;
}

/** Services whose refusals name no resource for an action that has none. */
const SILENT: ReadonlySet<string> = new Set(['s3', 'cloudwatch']);

/** The refusal in AWS's words ("Troubleshoot access denied error messages" in the IAM user guide). */
export function denialText({ caller, action, resource, decision }: Denied): string {
  const vendor = action.split(':')[0] ?? '';
  const shown = vendor === 'sns' ? action.replace('sns:', 'SNS:') : action;
  const on = resource === '*' && SILENT.has(vendor) ? '' : ` on resource: ${resourceText(vendor, resource)}`;
  const head = `User: ${caller} is not authorized to perform: ${shown}${on}`;
  // STS says nothing about why.
  if (action === 'sts:AssumeRole') return head;
  if (decision.reason === 'explicit-deny') return `${head} with an explicit deny in ${decision.statement?.type === 'resource' ? 'a resource-based' : 'an identity-based'} policy`;
  return `${head} because no ${decision.reason === 'no-resource-policy' ? 'resource-based' : 'identity-based'} policy allows the ${shown} action`;
}

/** S3 puts ARNs in quotes, IAM writes `role NAME`. */
function resourceText(vendor: string, resource: string): string {
  if (vendor === 's3') return `"${resource}"`;
  const role = vendor === 'iam' ? /^arn:[^:]+:iam::\d+:role\/(?:.*\/)?([^/]+)$/.exec(resource)?.[1] : undefined;
  if (role !== undefined) return `role ${role}`;
  if (vendor === 'iam' && resource.includes(':policy/')) return `policy ${resource}`;
  return resource;
}

/** Protocols by XML say AccessDenied, those by JSON AccessDeniedException. */
const XML: ReadonlySet<string> = new Set(['s3', 'sts', 'iam', 'cloudformation', 'cloudwatch', 'sns']);
/** REST and queries answer 403, the JSON protocols 400. */
const REST: ReadonlySet<string> = new Set([...XML, 'appconfig', 'appconfigdata', 'lambda']);

/** The fault of a denied call, as the service's protocol has it. */
export function denialFault(service: string, denied: Denied): WireFault {
  return new WireFault({
    code: service === 'sns' ? 'AuthorizationErrorException' : XML.has(service) ? 'AccessDenied' : 'AccessDeniedException',
    status: REST.has(service) ? 403 : 400,
    message: denialText(denied),
  });
}

/** The fault of credentials that are no longer good. */
export function expiredFault(service: string): WireFault {
  const message = service === 's3' ? 'The provided token has expired.' : 'The security token included in the request is expired';
  return new WireFault({ code: XML.has(service) ? 'ExpiredToken' : 'ExpiredTokenException', status: service === 's3' ? 400 : REST.has(service) ? 403 : 400, message });
}

import { WireFault } from '../wire/fault.ts';
import type { LogGroup } from './logGroup.ts';
import type { LogGroups } from './logs.ts';

/** A group by name or ARN; throws CloudWatch Logs' refusal of one that is missing. */
export function groupOf(groups: LogGroups, nameOrArn: string | undefined): LogGroup {
  if (nameOrArn === undefined) throw invalidParameter('Either logGroupName or logGroupIdentifier must be given.');
  const group = groups.get(nameOrArn.replace(/^arn:[^:]+:logs:[^:]*:[^:]*:log-group:/, '').replace(/:\*$/, ''));
  if (!group) throw new WireFault({ code: 'ResourceNotFoundException', message: 'The specified log group does not exist.' });
  return group;
}

/** The refusal of a stream that is missing. */
export function noSuchStream(): WireFault {
  return new WireFault({ code: 'ResourceNotFoundException', message: 'The specified log stream does not exist.' });
}

/** The refusal of input that cannot be. */
export function invalidParameter(message: string): WireFault {
  return new WireFault({ code: 'InvalidParameterException', message });
}

/** The number a token of a kind holds; throws for one that no page gave. */
export function tokenOf(token: string, kind: string): number {
  const [, given, number] = /^([a-z])\/(\d{1,15})$/.exec(token) ?? [];
  if (given !== kind || number === undefined) throw invalidParameter('The specified nextToken is invalid.');
  return Number(number);
}

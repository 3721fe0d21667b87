import { WireFault } from '../wire/index.ts';

/** BadRequestException, 400. */
export function badRequest(message: string, members?: Readonly<Record<string, unknown>>): WireFault {
  return new WireFault({ code: 'BadRequestException', status: 400, message, ...(members && { members }) });
}

/** ResourceNotFoundException, 404. */
export function notFound(message: string, members?: Readonly<Record<string, unknown>>): WireFault {
  return new WireFault({ code: 'ResourceNotFoundException', status: 404, message, ...(members && { members }) });
}

/** ConflictException, 409. */
export function conflict(message: string): WireFault {
  return new WireFault({ code: 'ConflictException', status: 409, message });
}

/** ServiceQuotaExceededException, 402. AWS's wording was never recorded; this one is the engine's. */
export function quotaExceeded(what: string, quota: number): WireFault {
  return new WireFault({ code: 'ServiceQuotaExceededException', status: 402, message: `The maximum number of ${what} is ${quota}; delete one before creating another.` });
}

/** The 501 for something AWS has and the engine has not. */
export function notProvided(what: string): WireFault {
  return new WireFault({ code: 'NotImplemented', status: 501, message: `sluice-engine does not implement ${what}; see engine/operations.md` });
}

/** One broken constraint in the words of AWS's model validation. */
export function violated(value: string, member: string, constraint: string): string {
  return `Value ${value} at '${member}' failed to satisfy constraint: ${constraint}`;
}

/** BadRequestException for one or several broken constraints. */
export function violation(...violations: readonly string[]): WireFault {
  return badRequest(`${violations.length} validation error${violations.length === 1 ? '' : 's'} detected: ${violations.join('; ')}`);
}

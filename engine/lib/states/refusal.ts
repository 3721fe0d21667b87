import { WireFault } from '../wire/index.ts';

/** A refusal of Step Functions: on the wire all of them are 400, whatever the model says. */
export function refusal(code: string, message: string, members?: Readonly<Record<string, unknown>>): WireFault {
  return new WireFault({ code, status: 400, message, ...(members && { members }) });
}

/** ValidationException; `reason` is the member some of them carry. */
export function invalid(message: string, reason?: string): WireFault {
  return refusal('ValidationException', message, reason === undefined ? undefined : { reason });
}

/** The refusal of a value that breaks the API's model, in AWS's words; `what` is undefined for values AWS does not repeat. */
export function violation(value: string | undefined, member: string, constraint: string): WireFault {
  return invalid(`1 validation error detected: Value ${value === undefined ? '' : `'${value}' `}at '${member}' failed to satisfy constraint: ${constraint}`);
}

/** The refusal of a machine's ARN that leads nowhere. */
export function noMachine(arn: string): WireFault {
  return refusal('StateMachineDoesNotExist', `State Machine Does Not Exist: '${arn}'`);
}

/** The refusal of a version's ARN that leads nowhere. */
export function noVersion(arn: string): WireFault {
  return refusal('StateMachineDoesNotExist', `State Machine Version Does Not Exist: '${arn}'`);
}

/** The refusal of a start on an alias that is not there; its wording was not recorded, this one is made like the version's. */
export function noAlias(arn: string): WireFault {
  return refusal('StateMachineDoesNotExist', `State Machine Alias Does Not Exist: '${arn}'`);
}

/** The refusal of an alias, a route or a tagged thing that is not there. */
export function noResource(arn: string): WireFault {
  return refusal('ResourceNotFound', `Resource not found: '${arn}'`, { resourceName: arn });
}

/** The refusal of an execution's ARN that leads nowhere. */
export function noExecution(arn: string): WireFault {
  return refusal('ExecutionDoesNotExist', `Execution Does Not Exist: '${arn}'`);
}

/** AWS's quota is reached; its wording was never recorded, this one is the engine's. */
export function quotaExceeded(what: string, quota: number): WireFault {
  return refusal('ServiceQuotaExceededException', `The maximum number of ${what} is ${quota}; delete one before creating another.`);
}

/** The 501 for something AWS has and the engine has not. */
export function unbuilt(what: string): WireFault {
  return new WireFault({ code: 'NotImplemented', status: 501, message: `sluice-engine does not implement ${what} of Step Functions; see engine/operations.md` });
}

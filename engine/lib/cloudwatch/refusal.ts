import { WireFault } from '../wire/fault.ts';

/** CloudWatch's refusals, by the codes it gives them. */
export const validationError = (message: string): WireFault => new WireFault({ code: 'ValidationError', status: 400, message });
export const invalidParameterValue = (message: string): WireFault => new WireFault({ code: 'InvalidParameterValue', message });
export const invalidParameterCombination = (message: string): WireFault => new WireFault({ code: 'InvalidParameterCombination', message });
export const missingParameter = (message: string): WireFault => new WireFault({ code: 'MissingParameter', message });
export const invalidFormat = (message: string): WireFault => new WireFault({ code: 'InvalidFormat', message });
export const invalidNextToken = (message: string): WireFault => new WireFault({ code: 'InvalidNextToken', message });
export const resourceNotFound = (message: string): WireFault => new WireFault({ code: 'ResourceNotFound', message });

/** The 501 for a part of an operation that CloudWatch has and the engine has not, by its name. */
export function unimplemented(what: string): WireFault {
  return new WireFault({ code: 'NotImplemented', status: 501, message: `sluice-engine does not implement ${what}; see engine/operations.md` });
}

/** The refusal of a member whose value is not in its enumeration, with AWS's opening words. */
export function notInEnumeration(value: string, member: string, values: readonly string[]): WireFault {
  return validationError(`1 validation error detected: Value '${value}' at '${member}' failed to satisfy constraint: Member must satisfy enum value set: [${values.join(', ')}]`);
}

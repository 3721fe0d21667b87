import { WireFault } from '../wire/fault.ts';

/** CloudFormation's refusal of a template, a parameter or a request: ValidationError, 400. */
export function invalid(message: string): WireFault {
  return new WireFault({ code: 'ValidationError', status: 400, message });
}

/** A ValidationError for what AWS has and the engine has not, with the remedy. */
export function unbuilt(what: string, remedy: string): WireFault {
  return invalid(`sluice-engine does not implement ${what}; ${remedy}`);
}

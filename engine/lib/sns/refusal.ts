import { WireFault } from '../wire/index.ts';

/** SNS's refusal of a parameter. */
export function invalid(message: string): WireFault {
  return new WireFault({ code: 'InvalidParameterException', status: 400, message: `Invalid parameter: ${message}` });
}

/** The refusal of what is not there; tags have words of their own. */
export function notFound(what: string): WireFault {
  return new WireFault({ code: 'NotFoundException', status: 404, message: `${what} does not exist` });
}

/** The 501 for something AWS has and the engine has not. */
export function unbuilt(what: string): WireFault {
  return new WireFault({ code: 'NotImplemented', status: 501, message: `sluice-engine does not implement ${what} of SNS; see engine/operations.md` });
}

import { WireFault } from '../wire/index.ts';

/** A ValidationException of EventBridge. */
export function invalid(message: string): WireFault {
  return new WireFault({ code: 'ValidationException', message });
}

/** The refusal of a rule's name that is not there. */
export function noRule(name: string): WireFault {
  return new WireFault({ code: 'ResourceNotFoundException', message: `Rule ${name} does not exist on EventBus default.` });
}

/** The refusal of a bus other than the default one. */
export function noBus(name: string): WireFault {
  return new WireFault({ code: 'ResourceNotFoundException', message: `Event bus ${name} does not exist.` });
}

/** The refusal of one more than AWS's quota. */
export function tooMany(): WireFault {
  return new WireFault({ code: 'LimitExceededException', message: 'The requested resource exceeds the maximum number allowed.' });
}

/** The 501 for something AWS has and the engine has not. */
export function unbuilt(what: string): WireFault {
  return new WireFault({ code: 'NotImplemented', status: 501, message: `sluice-engine does not implement ${what} of EventBridge; see engine/operations.md` });
}

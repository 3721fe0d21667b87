import { WireFault } from '../wire/index.ts';

/** A refusal of SSM: on the wire all of them are 400, whatever the model says. */
export function refusal(code: string, message: string = ''): WireFault {
  return new WireFault({ code, status: 400, message });
}

/** A ValidationException of SSM. */
export function invalid(message: string): WireFault {
  return refusal('ValidationException', message);
}

/** The 501 for something AWS has and the engine has not. */
export function unbuilt(what: string): WireFault {
  return new WireFault({ code: 'NotImplemented', status: 501, message: `sluice-engine does not implement ${what} of SSM; see engine/operations.md` });
}

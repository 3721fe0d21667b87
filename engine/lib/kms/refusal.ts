import { WireFault } from '../wire/index.ts';

/** A refusal of KMS; all have status 400. */
export function refusal(code: string, message: string): WireFault {
  return new WireFault({ code, status: 400, message });
}

/** NotFoundException for a key or an alias. */
export function notFound(what: string): WireFault {
  return refusal('NotFoundException', what);
}

/** The 501 for something AWS has and the engine has not. */
export function unbuilt(what: string): WireFault {
  return new WireFault({ code: 'NotImplemented', status: 501, message: `sluice-engine does not implement ${what} of KMS; see engine/operations.md` });
}

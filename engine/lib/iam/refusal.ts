import { WireFault } from '../wire/index.ts';
import { readPolicy, type PolicyKind } from './policy/document.ts';
import { MalformedPolicy } from './policy/malformed.ts';
import type { StoredPolicy } from './role.ts';

/** NoSuchEntity, 404. */
export function noSuchEntity(message: string): WireFault {
  return new WireFault({ code: 'NoSuchEntityException', status: 404, message });
}

/** EntityAlreadyExists, 409. */
export function alreadyExists(message: string): WireFault {
  return new WireFault({ code: 'EntityAlreadyExistsException', status: 409, message });
}

/** DeleteConflict, 409. */
export function deleteConflict(message: string): WireFault {
  return new WireFault({ code: 'DeleteConflictException', status: 409, message });
}

/** LimitExceeded, 409. */
export function limitExceeded(message: string): WireFault {
  return new WireFault({ code: 'LimitExceededException', status: 409, message });
}

/** ValidationError, 400, for one broken constraint. */
export function invalid(value: string, member: string, constraint: string): WireFault {
  return new WireFault({ code: 'ValidationError', status: 400, message: `1 validation error detected: Value '${value}' at '${member}' failed to satisfy constraint: ${constraint}` });
}

/** The 501 for something AWS has and the engine has not. */
export function unbuilt(what: string): WireFault {
  return new WireFault({ code: 'NotImplemented', status: 501, message: `sluice-engine does not implement ${what}; see engine/operations.md` });
}

/** A policy to be stored; refuses with a service's code for malformed ones, and with 501 what the engine does not evaluate. */
export function accepted(text: string, kind: PolicyKind, code: string = 'MalformedPolicyDocumentException'): StoredPolicy {
  try {
    return { text, document: readPolicy(text, kind) };
  } catch (error) {
    if (!(error instanceof MalformedPolicy)) throw error;
    throw error.why === 'unsupported' ? new WireFault({ code: 'NotImplemented', status: 501, message: error.message }) : new WireFault({ code, status: 400, message: error.message });
  }
}

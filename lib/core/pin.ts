import { isDigest, type Digest } from './digest.ts';
import { isObject } from './epoch.ts';
import { fault, shown, type Fault } from './fault.ts';
import { READING } from './faults/reading.ts';

/**
 * The epoch one execution is bound to, from its first state to its last. Its JSON is the contract of
 * schemas/pin.schema.json: workflows carry it at `$.pin`, and readers in any language follow it.
 */
export interface Pin {
  readonly sluice: 1;
  /** Names, as AppConfig knows them. */
  readonly application: string;
  readonly environment: string;
  readonly profile: string;
  /** AppConfig's version number of the profile, as text. */
  readonly version: string;
  /** The digest of exactly the bytes that were served. */
  readonly digest: Digest;
  /** What was drawn for: the execution's ARN. A child that carries its parent's pin has another ARN than this. */
  readonly entity: string;
  /**
   * What becomes of the execution when its epoch is rolled back: `fail` at the next task that reads it, or `move` at the next safe point.
   * @default it finishes
   */
  readonly onRolledBack?: OnRolledBack;
  /** The epochs it was pinned to before, oldest first: each was rolled back, and the execution moved at a safe point. */
  readonly moved?: readonly MovedFrom[];
}

/** What becomes of an execution whose epoch is rolled back, other than that it finishes. */
export type OnRolledBack = 'fail' | 'move';

/** An epoch an execution moved away from. */
export type MovedFrom = Pick<Pin, 'version' | 'digest'>;

const TEXTS = ['application', 'environment', 'profile', 'version', 'entity'] as const;

/** Reads a pin, tolerating members that later versions may add. */
export function parsePin(value: unknown): Pin | Fault {
  const wrong = (problem: string): Fault => fault(READING, 'SLUICE-PIN-2', { problem });
  if (!isObject(value)) return wrong(`it is ${shown(value)}, not an object`);
  if (value['sluice'] !== 1) return wrong(`"sluice" must be 1, got ${shown(value['sluice'])}`);
  if (!isDigest(value['digest'])) return wrong(`"digest" must be sha256:<hex>, got ${shown(value['digest'])}`);
  for (const name of TEXTS) {
    if (typeof value[name] !== 'string' || value[name] === '') return wrong(`"${name}" must be text, got ${shown(value[name])}`);
  }
  const { application, environment, profile, version, digest, entity, onRolledBack, moved } = value as unknown as Pin;
  return Object.freeze({
    sluice: 1, application, environment, profile, version, digest, entity,
    ...(isPolicy(onRolledBack) ? { onRolledBack } : {}), ...(Array.isArray(moved) ? { moved } : {}),
  });
}

/** Whether a value is a policy a pin may carry. */
export function isPolicy(value: unknown): value is OnRolledBack {
  return value === 'fail' || value === 'move';
}

/**
 * The pin inside an event: the event itself, its member `pin`, or the member `pin` of a Lambda `Payload`.
 * @returns the pin, or nothing when there is none.
 */
export function findPin(event: unknown): Pin | undefined {
  if (!isObject(event)) return undefined;
  for (const candidate of [event, event['pin'], event['Payload'], isObject(event['Payload']) ? event['Payload']['pin'] : undefined]) {
    if (!isObject(candidate) || candidate['sluice'] !== 1) continue;
    const pin = parsePin(candidate);
    if (!(pin instanceof Error)) return pin;
  }
  return undefined;
}

/**
 * The pin an event carries.
 * @throws Fault `SLUICE-PIN-1` when the event carries none: reading the newest epoch instead would mix epochs silently.
 */
export function pinOf(event: unknown): Pin {
  const pin = findPin(event);
  if (pin === undefined) throw fault(READING, 'SLUICE-PIN-1', { got: shown(event) });
  return pin;
}

import { isObject } from './epoch.ts';
import { fault, shown, type Fault } from './fault.ts';
import { GUARDING } from './faults/guarding.ts';
import { findPin, isPolicy, type OnRolledBack, type Pin } from './pin.ts';

/** What a state asks of the pin handler. */
export interface PinRequest {
  /** The execution's ARN. */
  readonly execution: string;
  /** When it began, epoch milliseconds. */
  readonly started?: number;
  readonly onRolledBack?: OnRolledBack;
  /** The pin it holds: the state is a safe point. */
  readonly held?: Pin;
}

/** Reads the event of the pin's state, or of a safe point. @throws Fault `SLUICE-HOOK-1` when it is none. */
export function pinRequestOf(event: unknown): PinRequest {
  const { execution, started, onRolledBack, pin } = isObject(event) ? event : {} as Readonly<Record<string, unknown>>;
  const wrong = (problem: string): Fault => fault(GUARDING, 'SLUICE-HOOK-1', { handler: 'pin', problem });
  if (typeof execution !== 'string' || execution === '') throw wrong(`execution must be the execution's ARN, got ${shown(execution)}`);
  if (onRolledBack !== undefined && !isPolicy(onRolledBack)) throw wrong(`onRolledBack must be fail or move, got ${shown(onRolledBack)}`);
  const held = findPin(pin);
  if (pin !== undefined && held === undefined) throw wrong(`pin must be the execution's pin, got ${shown(pin)}`);
  if (held !== undefined && held.entity !== execution) throw wrong(`the pin is of ${held.entity}, which alone may move; a child reads what its parent reads`);
  const at = Date.parse(String(started));
  const policy = onRolledBack ?? held?.onRolledBack;
  return { execution, ...(Number.isNaN(at) ? {} : { started: at }), ...(policy === undefined ? {} : { onRolledBack: policy }), ...(held === undefined ? {} : { held }) };
}

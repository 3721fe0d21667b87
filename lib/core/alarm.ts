import { isObject } from './epoch.ts';
import { fault, shown, type Fault } from './fault.ts';
import { GUARDING } from './faults/guarding.ts';
import type { AlarmState } from './rollout.ts';

/** One change of an alarm, as EventBridge or the alarm's own Lambda action tells it. Times are epoch milliseconds. */
export interface AlarmChange {
  readonly name: string;
  readonly state: AlarmState;
  readonly at: number;
  /** The state before, and since when; nothing where the event left it out. */
  readonly before?: { readonly state: AlarmState; readonly since: number };
}

/** Reads `CloudWatch Alarm State Change` events and the payload of an alarm's Lambda action. */
export function parseAlarm(event: unknown): AlarmChange | Fault {
  const wrong = (problem: string): Fault => fault(GUARDING, 'SLUICE-HOOK-1', { handler: 'roll-back', problem });
  if (!isObject(event)) return wrong(`it is ${shown(event)}, not an object`);
  const data = isObject(event['detail']) ? event['detail'] : event['alarmData'];
  if (!isObject(data)) return wrong('it has neither detail nor alarmData');
  const state = stateOf(data['state']);
  if (typeof data['alarmName'] !== 'string') return wrong(`alarmName must be text, got ${shown(data['alarmName'])}`);
  if (state === undefined) return wrong(`state must have a value and a timestamp, got ${shown(data['state'])}`);
  const before = stateOf(data['previousState']);
  return { name: data['alarmName'], state: state.state, at: state.since, ...(before === undefined ? {} : { before }) };
}

/**
 * The state an alarm had at a moment, from one change alone: certain if the state before it had begun by then.
 * @returns nothing when older history is needed.
 */
export function stateAt(change: AlarmChange, at: number): AlarmState | undefined {
  if (change.at <= at) return change.state;
  return change.before !== undefined && change.before.since <= at ? change.before.state : undefined;
}

function stateOf(value: unknown): { readonly state: AlarmState; readonly since: number } | undefined {
  if (!isObject(value)) return undefined;
  const state = value['value'];
  if (state !== 'OK' && state !== 'ALARM' && state !== 'INSUFFICIENT_DATA') return undefined;
  // CloudWatch writes +0000, which Date.parse takes in V8 but ECMAScript does not promise.
  const since = Date.parse(String(value['timestamp']).replace(/([+-]\d\d)(\d\d)$/, '$1:$2'));
  return Number.isNaN(since) ? undefined : { state, since };
}

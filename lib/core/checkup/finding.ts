import type { Fault } from '../fault.ts';
import { fault } from '../fault.ts';
import { EXAMINING } from '../faults/examining.ts';
import type { Hidden, Seen } from './facts.ts';

/** How bad it is: nothing is wrong, it may be meant, or it must be mended. */
export type Level = 'ok' | 'warn' | 'fail';

/** One thing that was looked at. */
export interface CheckFinding {
  readonly level: Level;
  /** What was looked at, in a word or two. */
  readonly check: string;
  /** What was found; of a fault without code and remedy. */
  readonly text: string;
  readonly code?: string;
  readonly remedy?: string;
}

/** Nothing is wrong. */
export function well(check: string, text: string): CheckFinding {
  return { level: 'ok', check, text };
}

/** Something is wrong, as a fault says. */
export function ill(level: 'warn' | 'fail', check: string, { code, message, remedy }: Fault): CheckFinding {
  return { level, check, code, remedy, text: message.slice(code.length + 2, -(remedy.length + 2)) };
}

/** What cannot be seen is no proof of anything: a warning. */
export function unseen(check: string, what: string, { text }: Hidden): CheckFinding {
  return ill('warn', check, fault(EXAMINING, 'SLUICE-DOCTOR-9', { what, problem: text }));
}

/** What can be said of something that was seen, or that it was not. */
export function ofSeen<Value>(given: Seen<Value>, check: string, what: string, say: (value: Value) => readonly CheckFinding[]): readonly CheckFinding[] {
  return 'seen' in given ? say(given.seen) : [unseen(check, what, given.hidden)];
}

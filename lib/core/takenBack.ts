import type { Deployment } from './rollout.ts';

/** One line of a deployment's event log, as AppConfig writes it. */
export interface LogLine {
  /** As AppConfig names it: `ROLLBACK_STARTED`. */
  readonly type: string;
  /** `USER`, `APPCONFIG`, `CLOUDWATCH_ALARM` or `INTERNAL_ERROR`. */
  readonly by: string;
  /** Epoch milliseconds. */
  readonly at: number;
  readonly text: string;
}

/** What is known of the deployment that was taken back last. */
export interface Testimony {
  readonly deployment: number;
  /** Oldest first. */
  readonly log: readonly LogLine[];
  /** The alarms of the environment that rang when it was taken back, by name; missing where they could not be asked. */
  readonly ringing?: readonly string[];
  /** The judge's last verdict on it, when that was to roll back. */
  readonly verdict?: { readonly judgedAt: string; readonly reason: string };
}

/** Who took a deployment back: a person; an alarm, by AppConfig's monitor or by Sluice's roll-back after completion; the judge or another extension; or AppConfig, when something failed. */
export type Taker = 'person' | 'monitor' | 'roll-back' | 'judge' | 'extension' | 'failure' | 'unknown';

/** A deployment that was taken back: by whom, why, and on which evidence. */
export interface TakenBack {
  readonly deployment: number;
  readonly state: Deployment['state'];
  readonly by: Taker;
  /** AppConfig's words, or the judge's. */
  readonly why: string;
  /** Epoch milliseconds; missing when no log tells. */
  readonly at?: number;
  /** Names of the alarms that rang. */
  readonly alarms: readonly string[];
}

const ENDS: readonly string[] = ['ROLLBACK_STARTED', 'ROLLBACK_COMPLETED', 'REVERT_COMPLETED'];

/**
 * Who took a deployment back, by its log. The first line that tells of it names the cause. AppConfig calls a revert by Sluice's roll-back handler a
 * user's, as it calls one by hand: a verdict to take back, or an alarm that rang then, tells them apart as far as anything does.
 */
export function takenBack({ number, state }: Pick<Deployment, 'number' | 'state'>, evidence?: Testimony): TakenBack {
  const known = evidence?.deployment === number ? evidence : undefined;
  const line = known?.log.find(({ type }) => ENDS.includes(type));
  const alarms = known?.ringing ?? [];
  if (line === undefined) return { deployment: number, state, by: 'unknown', why: 'AppConfig keeps no log of it', alarms };
  const by = takerOf(line, known);
  const why = by === 'judge' || by === 'roll-back' ? known?.verdict?.reason ?? line.text : line.text;
  return { deployment: number, state, by, why, at: line.at, alarms: by === 'monitor' ? named(line, alarms) : alarms };
}

function takerOf({ type, by }: LogLine, known: Testimony | undefined): Taker {
  switch (by) {
    case 'CLOUDWATCH_ALARM': return 'monitor';
    case 'APPCONFIG': return known?.verdict === undefined ? 'extension' : 'judge';
    case 'INTERNAL_ERROR': return 'failure';
    case 'USER': return type === 'REVERT_COMPLETED' ? reverter(known) : 'person';
    default: return 'unknown';
  }
}

function reverter(known: Testimony | undefined): Taker {
  const { ringing, verdict } = known ?? {};
  // A verdict after completion to take back was carried out by the handler that made it.
  if (verdict !== undefined) return 'roll-back';
  if (ringing === undefined) return 'unknown';
  return ringing.length > 0 ? 'roll-back' : 'person';
}

/** AppConfig's line names the alarm, by its ARN or by the name alone. */
function named({ text }: LogLine, alarms: readonly string[]): readonly string[] {
  const name = /alarm:? ?(?:arn:\S+:alarm:)?([^\s,]+?)[.,;]?(?=\s|$)/.exec(text)?.[1];
  return name === undefined ? alarms : [name];
}

const TAKERS: Readonly<Record<Taker, string>> = {
  person: 'a person', monitor: 'its monitor', 'roll-back': 'the roll-back handler, or a person', judge: 'the judge', extension: 'an extension', failure: 'AppConfig, since something failed', unknown: 'somebody',
};

/** Who took a deployment back, in words. */
export function byWhom({ deployment, by, why, alarms }: TakenBack): string {
  const rang = alarms.length === 0 ? '' : ` (${alarms.join(', ')} rang)`;
  return `deployment ${deployment} was taken back by ${TAKERS[by]}${rang}${by === 'judge' ? `: ${why}` : ''}`;
}

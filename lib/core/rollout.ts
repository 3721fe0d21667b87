/** The states of a deployment, as AppConfig writes them. */
export type DeploymentState = 'VALIDATING' | 'DEPLOYING' | 'BAKING' | 'COMPLETE' | 'ROLLING_BACK' | 'ROLLED_BACK' | 'REVERTED';

/** One deployment of an environment, with the members decisions need. Times are epoch milliseconds. */
export interface Deployment {
  readonly number: number;
  readonly state: DeploymentState;
  /** The name of the profile it deployed; experiments and live switches deploy others. */
  readonly profile: string;
  readonly version: string;
  /** The label of the version, where it has one. */
  readonly label?: string;
  readonly startedAt: number;
  readonly completedAt?: number;
  readonly percent?: number;
}

/** The states of an alarm, as CloudWatch writes them. */
export type AlarmState = 'OK' | 'ALARM' | 'INSUFFICIENT_DATA';

/** An alarm as it is now, and as it was when something began. */
export interface AlarmEvidence {
  readonly name: string;
  readonly state: AlarmState;
  /** False is how people say: not now. AppConfig's own monitors obey it, and so do we. */
  readonly actionsEnabled: boolean;
  /** When it went to ALARM this time, epoch milliseconds. */
  readonly rangAt: number;
  /** Its state when the newest deployment began; `unknown` when no history reaches back that far. */
  readonly whenBegan: AlarmState | 'unknown';
}

/** What to do about a complete deployment, and why. */
export type RollbackVerdict =
  /** `blames`, where a workflow has shifted too: which of both the evidence blames. */
  | { readonly kind: 'revert'; readonly deployment: number; readonly reason: string; readonly blames?: 'shift' | 'configuration' | 'undecided' }
  | { readonly kind: 'leave'; readonly deployment?: number; readonly because: Leave; readonly reason: string; readonly blames?: 'shift' };

/** Why a deployment is left alone. */
export type Leave =
  | 'nothing-deployed' | 'in-flight' | 'already-taken-back' | 'not-ours' | 'too-late'
  | 'as-before' | 'overridden' | 'shifting' | 'shift-to-blame' | 'alarm-is-over' | 'alarm-is-overridden' | 'alarm-came-first' | 'alarm-was-not-quiet';

/** How long after completion AppConfig still reverts a deployment: 72 hours. */
export const REVERT_WITHIN_MS: number = 72 * 3_600_000;

/** The newest deployment, whatever its state. */
export function newest(deployments: readonly Deployment[]): Deployment | undefined {
  return deployments.reduce<Deployment | undefined>((best, next) => (best === undefined || next.number > best.number ? next : best), undefined);
}

/**
 * The deployment whose version readers of a profile get when nothing is in flight: the newest COMPLETE one.
 * Without a profile's name, of any: an environment holds one profile.
 */
export function live(deployments: readonly Deployment[], profile?: string): Deployment | undefined {
  return newest(deployments.filter((one) => one.state === 'COMPLETE' && (profile === undefined || one.profile === profile)));
}

/**
 * Whether an alarm after completion takes the newest deployment back.
 *
 * Only the newest deployment can be to blame, and only if the alarm was quiet when it began: a deployment that began while the
 * alarm was ringing is the fix, not the fault. Once taken back, the one before it is not taken back too. A shift that may be why it rings goes back first.
 */
export function decideRollback(input: {
  readonly deployments: readonly Deployment[];
  readonly profile: string;
  readonly alarm: AlarmEvidence;
  /** The shift of a workflow whose new version may be why the alarm rings, for a person. */
  readonly shift?: string;
  /** Epoch milliseconds. */
  readonly now: number;
}): RollbackVerdict {
  const { alarm, now, profile, shift } = input;
  const last = newest(input.deployments);
  if (last === undefined) return { kind: 'leave', because: 'nothing-deployed', reason: 'nothing was ever deployed here' };
  const leave = (because: Leave, reason: string): RollbackVerdict => ({ kind: 'leave', deployment: last.number, because, reason });

  const state = unfit(last, profile, now);
  if (state !== undefined) return leave(...state);
  if (alarm.state !== 'ALARM') return leave('alarm-is-over', `${alarm.name} is ${alarm.state} by now`);
  if (!alarm.actionsEnabled) return leave('alarm-is-overridden', `the actions of ${alarm.name} are disabled, which is the override`);
  if (alarm.rangAt < last.startedAt) return leave('alarm-came-first', `${alarm.name} rang before deployment ${last.number} began, so that may be the fix`);
  if (alarm.whenBegan !== 'OK') return leave('alarm-was-not-quiet', `${alarm.name} was ${alarm.whenBegan} when deployment ${last.number} began`);
  if (shift !== undefined) return leave('shifting', blamedOn(shift));
  const minutes = Math.round((now - (last.completedAt ?? last.startedAt)) / 60_000);
  return { kind: 'revert', deployment: last.number, reason: `${alarm.name} was OK when deployment ${last.number} began and is ALARM ${minutes} minutes after it was complete` };
}

/** Why a deployment is left alone for a shift, for a person. */
export function blamedOn(shift: string): string {
  return `the new version may be to blame: ${shift}`;
}

/** Why the newest deployment cannot be taken back after completion, whatever is known of it; nothing when it can. */
export function unfit(last: Deployment, profile: string, now: number): [Leave, string] | undefined {
  switch (last.state) {
    case 'VALIDATING':
    case 'DEPLOYING':
    case 'BAKING':
    case 'ROLLING_BACK':
      return ['in-flight', `deployment ${last.number} is ${last.state}: its monitors decide`];
    case 'ROLLED_BACK':
    case 'REVERTED':
      return ['already-taken-back', `deployment ${last.number} is ${last.state} already`];
    case 'COMPLETE':
      if (last.profile !== profile) return ['not-ours', `deployment ${last.number} is of profile ${last.profile}, not of ${profile}`];
      if (now - (last.completedAt ?? last.startedAt) > REVERT_WITHIN_MS) return ['too-late', `deployment ${last.number} completed more than 72 hours ago`];
      return undefined;
  }
}

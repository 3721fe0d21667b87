import type { Digest } from './digest.ts';
import { isObject } from './epoch.ts';
import { fault, Fault, shown } from './fault.ts';
import { GUARDING } from './faults/guarding.ts';
import type { Hook } from './hook.ts';
import type { DeploymentRecord, EpochReference } from './record.ts';
import { newest, type Deployment } from './rollout.ts';

/** What the gate answers AppConfig: nothing lets the content pass unchanged. */
export type GateAnswer = null | {
  readonly Error: 'BadRequestError';
  readonly Message: string;
  readonly Details: readonly { readonly Type: string; readonly Name: string; readonly Reason: string }[];
};

/** How many details one refusal carries; the message counts them all. */
const DETAILS = 20;

/** The refusal AppConfig shows its caller: everything in the message, since the details are not always shown. */
export function refuse(faults: readonly Fault[]): Exclude<GateAnswer, null> {
  return {
    Error: 'BadRequestError',
    Message: summary(faults).message,
    Details: faults.slice(0, DETAILS).map((one) => ({ Type: 'Invalid', Name: one.code, Reason: one.message })),
  };
}

/** All faults as one: itself when it is alone. */
export function summary(faults: readonly Fault[]): Fault {
  const [first] = faults;
  if (faults.length === 1 && first !== undefined) return first;
  return fault(GUARDING, 'SLUICE-GATE-5', { count: faults.length, problems: faults.slice(0, 10).map((one) => one.message).join(' | ') });
}

/**
 * What a gate's answer refuses with, word for word; nothing when it lets the content pass.
 * An answer that no gate gives refuses too, `SLUICE-GATE-4`.
 */
export function refusalIn(answer: unknown): Error | undefined {
  if (answer === null) return undefined;
  const message = isObject(answer) && answer['Error'] === 'BadRequestError' ? answer['Message'] : undefined;
  if (typeof message !== 'string') return fault(GUARDING, 'SLUICE-GATE-4', { problem: `it answered ${shown(answer)}` });
  return Object.assign(new Error(message), { name: 'SluiceFault' });
}

/** Whether a gate refused only because its time was over. */
export function wasLate(answer: unknown): boolean {
  const details = isObject(answer) && Array.isArray(answer['Details']) ? answer['Details'] as unknown[] : [];
  return details.some((detail) => isObject(detail) && detail['Name'] === 'SLUICE-GATE-3');
}

/** Whatever went wrong inside a gate, as a fault: a gate that fails denies. */
export function failure(error: unknown): Fault {
  return error instanceof Fault ? error : fault(GUARDING, 'SLUICE-GATE-4', { problem: error instanceof Error ? error.message : String(error) }, error);
}

/** The record of a deployment that the gate lets begin. `deployments` are those of the environment until now. */
export function recordOf(input: {
  readonly hook: Extract<Hook, { point: 'pre-start' }>;
  readonly digest: Digest;
  /** The digest of the rules the epoch names. @default - it names none */
  readonly rules?: Digest | undefined;
  readonly control: EpochReference | null;
  readonly deployments: readonly Deployment[];
  /** Epoch milliseconds. */
  readonly now: number;
}): DeploymentRecord {
  const { hook, digest, rules, control, deployments, now } = input;
  return {
    sluice: 1,
    application: hook.application.name, applicationId: hook.application.id,
    environment: hook.environment.name, environmentId: hook.environment.id,
    profile: hook.profile.name, profileId: hook.profile.id,
    // Numbers count up by one in an environment, whoever deploys; so the next one is known even when the event does not tell it.
    deployment: hook.deployment ?? (newest(deployments)?.number ?? 0) + 1,
    canary: { version: hook.version, digest, ...(rules === undefined ? {} : { rules }) },
    control,
    startedAt: new Date(now).toISOString(),
    description: hook.description,
  };
}

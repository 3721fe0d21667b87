import type { Digest } from './digest.ts';
import { IN_FLIGHT, TAKEN_BACK } from './release.ts';
import { live, newest, type Deployment } from './rollout.ts';

/** How what git says and what readers get stand to each other. */
export type DriftState =
  /** Readers get what git says. */
  | 'in-sync'
  /** What git says is on its way. */
  | 'rolling-out'
  /** Git says something newer, which is not released yet, or waits behind another deployment. */
  | 'queued'
  /** What git says was deployed and taken back; git has not been told yet. */
  | 'rolled-back'
  /** Readers get, or are about to get, what no release from git made. */
  | 'edited'
  /** There is nothing to compare. */
  | 'missing'
  /** What is live cannot be read. */
  | 'unknown';

/** Where a version comes from, as far as drift asks. */
export interface DriftOrigin {
  readonly digest: Digest | null;
  /** Whether a release from git created it. */
  readonly released: boolean;
}

/** What drift is decided by. */
export interface DriftEvidence {
  /** The digest of what git says. */
  readonly wanted: Digest;
  readonly profile: string;
  readonly deployments: readonly Deployment[];
  /** By version: where the live one and the newest one come from, and others as far as they are known. */
  readonly origins: ReadonlyMap<string, DriftOrigin>;
}

/** The difference between git and what is live, explained. */
export interface Drift {
  readonly state: DriftState;
  readonly explanation: string;
  /** The deployment it is about. */
  readonly deployment?: number;
  /** The newest deployment of what git says, when that was taken back. */
  readonly takenBack?: number;
}

/** What may be healed: states a project allows, by name. */
export type Healable = Extract<DriftState, 'queued' | 'edited' | 'missing'>;

/** Explains how git and an environment differ. */
export function driftOf(evidence: DriftEvidence): Drift {
  const found = explained(evidence);
  const same = newest(evidence.deployments.filter(({ profile, version }) => profile === evidence.profile && evidence.origins.get(version)?.digest === evidence.wanted));
  return found.state === 'in-sync' || same === undefined || !TAKEN_BACK.has(same.state) ? found : { ...found, takenBack: same.number };
}

function explained({ wanted, profile, deployments, origins }: DriftEvidence): Drift {
  const ours = deployments.filter((one) => one.profile === profile);
  const [last, current] = [newest(ours), live(ours, profile)];
  if (last === undefined) return { state: 'missing', explanation: 'nothing was ever deployed' };
  const of = (deployment: Deployment): DriftOrigin => origins.get(deployment.version) ?? { digest: null, released: false };
  const about = { deployment: last.number };
  if (TAKEN_BACK.has(last.state) && of(last).digest === wanted) {
    return { state: 'rolled-back', explanation: `git says what deployment ${last.number} brought, and that ${last.state === 'ROLLING_BACK' ? 'is being' : 'was'} ${last.state === 'REVERTED' ? 'reverted' : 'rolled back'}`, ...about };
  }
  if (IN_FLIGHT.has(last.state)) return { ...inFlight(last, of(last), wanted), ...about };
  if (current === undefined) return { state: 'missing', explanation: `nothing is live: deployment ${last.number} is ${last.state}`, ...about };
  const under = newest(ours.filter((one) => one.state === 'COMPLETE' && of(one).digest === wanted && one.number < current.number && Number(one.version) > Number(current.version)));
  if (under !== undefined && of(current).digest !== wanted) {
    // A release makes a new version each time: an older one over a newer one was put there by hand.
    return { state: 'edited', explanation: `deployment ${current.number} put the older version ${current.version} over what git says, version ${under.version}`, deployment: current.number };
  }
  return { ...settled(current, of(current), wanted), deployment: current.number };
}

function inFlight(last: Deployment, { digest, released }: DriftOrigin, wanted: Digest): Drift {
  const at = `deployment ${last.number} is ${last.state}`;
  if (digest === wanted) return { state: 'rolling-out', explanation: `${at} with what git says` };
  if (!released) return { state: 'edited', explanation: `${at} with a version that no release from git made` };
  return { state: 'queued', explanation: `${at} with another release; what git says waits` };
}

function settled(current: Deployment, { digest, released }: DriftOrigin, wanted: Digest): Drift {
  if (digest === null) return { state: 'unknown', explanation: `the bytes of version ${current.version} cannot be read` };
  if (digest === wanted) return { state: 'in-sync', explanation: `version ${current.version} is what git says` };
  if (released) return { state: 'queued', explanation: 'git says something else than the last release; release it' };
  // The stack seeds the first deployment itself, from the documents it was deployed with.
  if (current.number === 1) return { state: 'queued', explanation: 'the stack seeded the first configuration, and nothing was released since' };
  return { state: 'edited', explanation: `deployment ${current.number} brought a version that no release from git made` };
}

/** Whether drift may be healed by a release: never against a rollout or a rollback, else as the project allows. */
export function mayHeal({ drift, deployments, allowed }: { readonly drift: Drift; readonly deployments: readonly Deployment[]; readonly allowed: readonly Healable[] }): { readonly heal: boolean; readonly reason: string } {
  const last = newest(deployments);
  if (drift.state === 'in-sync') return { heal: false, reason: 'there is nothing to heal' };
  if (last !== undefined && IN_FLIGHT.has(last.state)) return { heal: false, reason: `deployment ${last.number} is under way` };
  if (last?.state === 'ROLLED_BACK' || last?.state === 'REVERTED') return { heal: false, reason: `deployment ${last.number} was taken back, and a person has to look at it first` };
  if (drift.takenBack !== undefined) return { heal: false, reason: `deployment ${drift.takenBack} of what git says was taken back, and a person has to look at it first` };
  if ((allowed as readonly DriftState[]).includes(drift.state)) return { heal: true, reason: `the project lets ${drift.state} be healed` };
  return { heal: false, reason: `the project does not let ${drift.state} be healed` };
}

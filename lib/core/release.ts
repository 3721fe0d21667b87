import { createHash } from 'node:crypto';
import type { Digest } from './digest.ts';
import type { PlaceNames } from './place.ts';
import type { Strategy } from './plan.ts';
import { live, newest, type Deployment, type DeploymentState } from './rollout.ts';

/** What readers of an environment got when a release was planned. */
export interface Base {
  /** The number of the newest complete deployment of the profile; 0 when there was none. */
  readonly deployment: number;
  /** Its version and digest; null when there was none. */
  readonly version: string | null;
  readonly digest: Digest | null;
  /** The profile's latest version, deployed or not: AppConfig's lock. 0 when there was none. */
  readonly latest: number;
}

/** One epoch for one environment, decided when it was planned. */
export interface Release extends PlaceNames {
  readonly base: Base;
  /** The digest of the bytes to release. */
  readonly digest: Digest;
  readonly strategy: Strategy;
  /** The commit the bytes come from; null where there is no git. */
  readonly commit: string | null;
}

/** A hosted configuration version of a profile. */
export interface Version {
  readonly number: number;
  readonly label?: string;
  readonly description?: string;
}

/** What AppConfig says of an environment: all a release decides by. */
export interface Observation {
  /** The profile's latest version; nothing when it has none. */
  readonly latest: Version | undefined;
  /** The version that carries this release's label, if there is one. */
  readonly own: Version | undefined;
  readonly deployments: readonly Deployment[];
}

/** Whom a release lost to: a deployment of a version, or a version that is not deployed. */
export interface Winner {
  readonly version: string;
  readonly label?: string;
  readonly deployment?: number;
  readonly state?: DeploymentState;
}

/** What a release does next. `stale` and `taken-back` are ends it did not want. */
export type ReleaseStep =
  | { readonly kind: 'create'; readonly after: number }
  | { readonly kind: 'start'; readonly version: number }
  | { readonly kind: 'follow'; readonly deployment: Deployment }
  | { readonly kind: 'done'; readonly deployment: Deployment }
  | { readonly kind: 'taken-back'; readonly deployment: Deployment }
  /** Somebody else's deployment is in flight. */
  | { readonly kind: 'wait'; readonly winner: Winner }
  /** Somebody else's became live unseen, just before ours began: ours has to go. */
  | { readonly kind: 'withdraw'; readonly deployment: Deployment; readonly winner: Winner }
  | { readonly kind: 'stale'; readonly winner: Winner };

/** States in which a deployment is under way. */
export const IN_FLIGHT: ReadonlySet<DeploymentState> = new Set<DeploymentState>(['VALIDATING', 'DEPLOYING', 'BAKING', 'ROLLING_BACK']);

/** States of a deployment that is taken back, or being so. */
export const TAKEN_BACK: ReadonlySet<DeploymentState> = new Set<DeploymentState>(['ROLLING_BACK', 'ROLLED_BACK', 'REVERTED']);

/**
 * The label of the version a release creates. It hangs on what is released, where, over what and how, and not on what AppConfig holds
 * beside it: so whoever takes a broken-off release up again finds what is there already.
 */
export function labelOf({ application, environment, profile, base, digest, strategy, commit }: Release): string {
  const { growthType, growthFactor, durationMinutes, bakeMinutes } = strategy;
  const identity = JSON.stringify([application, environment, profile, base.deployment, digest, growthType, growthFactor, durationMinutes, bakeMinutes, commit]);
  return `sluice-${createHash('sha256').update(identity).digest('hex').slice(0, 16)}`;
}

/** Whether a version was created by a release of this command line. */
export function isReleased(label: string | undefined): label is string {
  return label !== undefined && /^sluice-[0-9a-f]{16}$/.test(label);
}

/**
 * The next step of a release, from nothing but what AppConfig says now. Deciding anew after each call makes a release one that can be
 * broken off anywhere: whoever begins again, in another process, takes the same next step.
 *
 * AppConfig has two locks: a version is created only after the latest one that was seen, and one deployment runs at a time. Between
 * looking and starting, a whole other deployment may pass; that is found afterwards, and ours is withdrawn.
 *
 * @param again Starts another deployment of the same version when the last one was taken back.
 */
export function nextStep(release: Release, { latest, own, deployments }: Observation, again = false): ReleaseStep {
  const { base, profile } = release;
  const since = deployments.filter((one) => one.number > base.deployment && one.profile === profile);
  const ours = own === undefined ? undefined : newest(since.filter(({ version }) => version === String(own.number)));
  const last = newest(deployments);
  if (ours !== undefined && (IN_FLIGHT.has(ours.state) || ours.state === 'COMPLETE')) return begun(ours, since);
  const current = live(deployments, profile);
  if ((current?.number ?? 0) !== base.deployment) return { kind: 'stale', winner: winnerOf(current ?? last) };
  if (last !== undefined && last !== ours && IN_FLIGHT.has(last.state)) return { kind: 'wait', winner: winnerOf(last) };
  if (ours !== undefined && !again) return { kind: 'taken-back', deployment: ours };
  if (own !== undefined) return { kind: 'start', version: own.number };
  if ((latest?.number ?? 0) !== base.latest) return { kind: 'stale', winner: { version: String(latest?.number ?? 0), ...(latest?.label === undefined ? {} : { label: latest.label }) } };
  return { kind: 'create', after: base.latest };
}

function begun(ours: Deployment, since: readonly Deployment[]): ReleaseStep {
  const passed = newest(since.filter(({ number, version, state }) => number < ours.number && version !== ours.version && state === 'COMPLETE'));
  const later = newest(since.filter(({ number, version, state }) => number > ours.number && version !== ours.version && state === 'COMPLETE'));
  if (passed !== undefined && later === undefined && ours.state !== 'ROLLING_BACK') return { kind: 'withdraw', deployment: ours, winner: winnerOf(passed) };
  return ours.state === 'COMPLETE' ? { kind: 'done', deployment: ours } : { kind: 'follow', deployment: ours };
}

function winnerOf(deployment: Deployment | undefined): Winner {
  if (deployment === undefined) return { version: 'none' };
  const { version, label, number, state } = deployment;
  return { version, deployment: number, state, ...(label === undefined ? {} : { label }) };
}

/** Environments in the order they are released: each wave begins when every environment of the one before is complete. */
export function inWaves<Target extends { readonly wave: number }>(targets: readonly Target[]): Target[][] {
  const waves = new Map<number, Target[]>();
  for (const target of targets) waves.set(target.wave, [...(waves.get(target.wave) ?? []), target]);
  return [...waves].sort(([one], [other]) => one - other).map(([, wave]) => wave);
}

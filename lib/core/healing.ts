import { mayHeal, type Drift } from './drift.ts';
import type { Digest } from './digest.ts';
import type { Provenance } from './provenance.ts';
import { nextStep, type Version } from './release.ts';
import type { Deployment } from './rollout.ts';

/** What an environment is to have, as far as AWS knows: the newest version a release made; before the first release, what the stack seeded. */
export interface Wish {
  /** AppConfig's version number, as text. */
  readonly version: string;
  readonly digest: Digest;
  /** The record of the release; nothing for the seed. */
  readonly release?: Provenance;
}

/** What the reconciler does about drift, and why. */
export type Healing =
  | { readonly kind: 'start'; readonly version: number; readonly reason: string }
  | { readonly kind: 'leave'; readonly reason: string };

/**
 * Whether the wish is deployed again. Never against a rollout in flight nor over anything that was taken back (`mayHeal`); over an edit only a version
 * that was live, and else only a release that was created, never started, and is not stale.
 */
export function healingOf({ drift, wish, deployments, latest }: {
  readonly drift: Drift;
  readonly wish: Wish | undefined;
  readonly deployments: readonly Deployment[];
  /** The profile's latest version. */
  readonly latest: Version | undefined;
}): Healing {
  const leave = (reason: string): Healing => ({ kind: 'leave', reason });
  if (wish?.release === undefined) return leave('nothing was released from git yet');
  const { release, version } = wish;
  const { heal, reason } = mayHeal({ drift, deployments, allowed: release.heal ?? [] });
  if (!heal) return leave(reason);
  const start: Healing = { kind: 'start', version: Number(version), reason };
  if (drift.state === 'edited') {
    const wasLive = deployments.some((one) => one.profile === release.profile && one.version === version && one.state === 'COMPLETE');
    return wasLive ? start : leave(`version ${version} of the newest release was never live`);
  }
  const step = nextStep(release, { latest, own: { number: Number(version) }, deployments });
  return step.kind === 'start' ? start : leave(`the release of version ${version} is ${step.kind}; release again`);
}

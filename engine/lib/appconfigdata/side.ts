import type { Draws } from '../kernel/draws.ts';
import type { Exposure, ServedVersion } from '../ports.ts';

/**
 * The version a reader (a session or an entity) gets: its bucket is drawn from the deployment's key and its own name, so
 * it is sticky while the deployment lasts, independent of every other deployment, and only ever moves from control to
 * canary as the percentage grows. Undefined when there is nothing on the reader's side.
 */
export function sideOf(exposure: Exposure, reader: string, draws: Draws): ServedVersion | undefined {
  if (exposure.percentage >= 100) return exposure.canary;
  return draws.bucket(`${exposure.key}\u0000${reader}`) * 100 < exposure.percentage ? exposure.canary : exposure.control;
}

/** Tells what a reader was given apart from everything else it may be given: a redeployment of the same version counts as new. */
export function servedMark(version: ServedVersion): string {
  return `${version.deploymentNumber}:${version.versionNumber}`;
}

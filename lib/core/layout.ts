import { hexOf, type Digest } from './digest.ts';
import type { PlaceIds } from './place.ts';
import type { Candidate } from './shadow/verdict.ts';
import type { Sighting } from './sighting.ts';

/** Where the store keeps the bytes of an epoch; written once. docs/store.md is the contract. */
export function epochKey(digest: Digest): string {
  return `epochs/${hexOf(digest)}`;
}

/** Where the store keeps the canonical bytes of a schema; written once. */
export function schemaKey(digest: Digest): string {
  return `schemas/${hexOf(digest)}.json`;
}

/** Where the store keeps the record of one deployment. */
export function deploymentKey(place: PlaceIds, deployment: number): string {
  return `deployments/${place.applicationId}/${place.environmentId}/${deployment}.json`;
}

/** Where the store keeps which epochs of a profile are rolled back: by its name, since readers know no ids. */
export function rolledBackKey(profile: string): string {
  return `rolled-back/${profile}.json`;
}

/** Where the store keeps who released a version, why, and on whose approval: by the version's label. */
export function releaseKey(place: PlaceIds, label: string): string {
  return `releases/${place.applicationId}/${place.environmentId}/${label}.json`;
}

/** Below which the store keeps all verdicts. */
export const VERDICTS = 'verdicts/';

/** Where the store keeps the verdicts on one deployment; their names are in the order of time. */
export function verdictPrefix(place: PlaceIds, deployment: number): string {
  return `${VERDICTS}${place.applicationId}/${place.environmentId}/${deployment}/`;
}

/**
 * Where the store keeps one verdict, by when it was judged, RFC 3339 in UTC; the name also says the exposure in percent, where AppConfig
 * told it, and whether the judge saw nothing. Later ticks read the names only.
 */
export function verdictKey(place: PlaceIds, deployment: number, judgedAt: string, blind: boolean, percent: number | null = null): string {
  return `${verdictPrefix(place, deployment)}${judgedAt}${percent === null ? '' : `_${percent}`}${blind ? '.blind' : ''}.json`;
}

/** Where the store keeps the parts that verdicts on one deployment name: beside the verdicts, and not among them. */
export function windowsPrefix(place: PlaceIds, deployment: number): string {
  return `${VERDICTS}${place.applicationId}/${place.environmentId}/${deployment}.windows/`;
}

/** Where the store keeps one of them, under its digest. */
export function windowsKey(place: PlaceIds, deployment: number, digest: Digest): string {
  return `${windowsPrefix(place, deployment)}${hexOf(digest)}.json`;
}

/** Where the store keeps one verdict after completion, by when it was judged, RFC 3339 in UTC. */
export function afterKey(place: PlaceIds, deployment: number, judgedAt: string): string {
  return `${verdictPrefix(place, deployment)}${judgedAt}${AFTER}`;
}

/** When the last verdict after completion was kept, by the names of verdicts, epoch milliseconds; nothing when none was. */
export function lastAfter(keys: readonly string[]): number | undefined {
  const key = keys.findLast((one) => one.endsWith(AFTER));
  return key === undefined ? undefined : Date.parse(key.slice(key.lastIndexOf('/') + 1, -AFTER.length));
}

const AFTER = '.after.json';

/** Where the store keeps who overrode the taking back of changes, and who ended that. */
export function overridePrefix(place: PlaceIds): string {
  return `overrides/${place.applicationId}/${place.environmentId}/`;
}

/** Where the store keeps one such entry, by its number; written once. */
export function overrideKey(place: PlaceIds, number: number): string {
  return `${overridePrefix(place)}${String(number).padStart(6, '0')}.json`;
}

/** What the name of a verdict tells of its tick; nothing when it tells no exposure. */
export function sightingIn(key: string): Sighting | undefined {
  const [, judgedAt = '', percent] = /\/([^/_]+)_([\d.]+?)(?:\.blind)?\.json$/.exec(key) ?? [];
  const at = Date.parse(judgedAt);
  return percent === undefined || Number.isNaN(at) ? undefined : { at, percent: Number(percent) };
}

/** Where the store keeps what the stack says of an environment. */
export function environmentKey(place: PlaceIds): string {
  return `environments/${place.applicationId}/${place.environmentId}.json`;
}

/** Where the store keeps how an environment stood to its newest release when that changed last. */
export function driftKey(place: PlaceIds): string {
  return `drift/${place.applicationId}/${place.environmentId}.json`;
}

/**
 * Below which the store keeps what shadows of a candidate found: of an epoch by its digits, of a workflow's version by the machine's name and
 * the number. The names of the objects are in the order of time.
 */
export function shadowPrefix(place: PlaceIds, candidate: Candidate): string {
  const subject = candidate.kind === 'epoch' ? hexOf(candidate.digest) : candidate.arn.split(':').slice(6).join('/');
  return `shadows/${place.applicationId}/${place.environmentId}/${candidate.kind}/${subject}/`;
}

/** Below which the store keeps who approved a release, by the label of its version: one object for each person, named after their `aws:userid`. */
export function approvalsPrefix(place: PlaceIds, label: string): string {
  return `approvals/${place.applicationId}/${place.environmentId}/${label}/`;
}

/** Where the store keeps somebody's approval: only they may write it there. */
export function approvalKey(place: PlaceIds, label: string, userId: string): string {
  return `${approvalsPrefix(place, label)}${userId}.json`;
}

/** Whose approval a key is; nothing for a key that is none. */
export function approverIn(key: string): string | undefined {
  return /^approvals\/[^/]+\/[^/]+\/[^/]+\/([^/]+)\.json$/.exec(key)?.[1];
}

import type { House } from '../ports.ts';
import { PRINCIPAL } from './answer.ts';
import { arnOf, profilePath } from './arn.ts';
import { locationOf, refuseForeign, type Location } from './location.ts';
import { badRequest, notFound } from './refusal.ts';
import type { Profile } from './state.ts';

/** What a profile's version holds, wherever it is stored. */
export interface Configuration {
  /** The version as text: a hosted version's number, or as it was asked for. */
  readonly version: string;
  readonly label?: string;
  readonly content: Uint8Array;
  readonly contentType: string;
}

/**
 * The configuration of a version: of a hosted profile by number or label, else what the parameter or object holds now (the
 * engine's stores keep no versions AppConfig could ask for). Throws ResourceNotFoundException.
 */
export function configurationOf(house: House, profile: Profile, version: string): Configuration {
  const location = locationOf(profile.locationUri);
  refuseForeign(location);
  if (location.kind !== 'hosted') refuseDenied(house, profile, location);
  if (location.kind === 'parameter') {
    const value = house.ports.parameters.get(location.name);
    if (value === undefined) throw notFound(`Could not find configuration ${profile.name} with version number ${version}`);
    return { version, content: Buffer.from(value), contentType: 'text/plain' };
  }
  if (location.kind === 'object') {
    const content = house.ports.objects.get(location.bucket, location.key);
    if (content === undefined) throw notFound(`Could not find configuration ${profile.name} with version number ${version}`);
    return { version, content, contentType: 'application/octet-stream' };
  }
  return hosted(profile, version);
}

/** AppConfig reads a store with the profile's role. How AWS words that it may not was never recorded. */
function refuseDenied(house: House, profile: Profile, location: Location): void {
  if (profile.retrievalRoleArn === undefined || (location.kind !== 'parameter' && location.kind !== 'object')) return;
  const [action, resource] = location.kind === 'object'
    ? ['s3:GetObject', `arn:aws:s3:::${location.bucket}/${location.key}`]
    : ['ssm:GetParameter', `arn:aws:ssm:${house.region}:${house.account}:parameter/${location.name.replace(/^\//, '')}`];
  const denied = house.ports.access.denial({ kind: 'role', roleArn: profile.retrievalRoleArn, service: PRINCIPAL, sourceArn: arnOf(house, profilePath(profile)) }, action, resource);
  if (denied !== undefined) throw badRequest(denied);
}

/** A label holds at least one character that is no digit, so the two can be told apart. */
function hosted(profile: Profile, version: string): Configuration {
  const numbered = /^\d+$/.test(version);
  const found = numbered ? profile.versions.get(Number(version)) : [...profile.versions.values()].find(({ label }) => label === version);
  if (!found) throw notFound(`Could not find configuration ${profile.name} with version ${numbered ? 'number' : 'label'} ${version}`);
  return { version: String(found.number), ...(found.label !== undefined && { label: found.label }), content: found.content, contentType: found.contentType };
}

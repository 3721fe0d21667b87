import type { House } from '../ports.ts';
import type { Application, Deployment, Environment, HostedVersion, Profile } from './state.ts';

type Place = Pick<House, 'account' | 'region'>;

/** The ARN of anything of AppConfig's by its path: `application/abc1234/environment/…`. */
export function arnOf(place: Place, path: string): string {
  return `arn:aws:appconfig:${place.region}:${place.account}:${path}`;
}

/** The path of an application. */
export function applicationPath(application: Pick<Application, 'id'>): string {
  return `application/${application.id}`;
}

/** The path of an environment. */
export function environmentPath(environment: Pick<Environment, 'id' | 'applicationId'>): string {
  return `application/${environment.applicationId}/environment/${environment.id}`;
}

/** The path of a configuration profile. */
export function profilePath(profile: Pick<Profile, 'id' | 'applicationId'>): string {
  return `application/${profile.applicationId}/configurationprofile/${profile.id}`;
}

/** The path of a hosted configuration version. */
export function versionPath(profile: Pick<Profile, 'id' | 'applicationId'>, version: Pick<HostedVersion, 'number'>): string {
  return `${profilePath(profile)}/hostedconfigurationversion/${version.number}`;
}

/** The path of a deployment. */
export function deploymentPath(deployment: Pick<Deployment, 'applicationId' | 'environmentId' | 'number'>): string {
  return `application/${deployment.applicationId}/environment/${deployment.environmentId}/deployment/${deployment.number}`;
}

/** The path within an ARN of AppConfig's, in whichever region or account; undefined for any other text. */
export function pathOf(arn: string): string | undefined {
  return /^arn:aws[a-z-]*:appconfig:[a-z0-9-]*:\d*:(.+)$/.exec(arn)?.[1];
}

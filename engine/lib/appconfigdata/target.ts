import type { ConfigurationPort } from '../ports.ts';
import { missing } from './refusal.ts';

/** A profile in an environment, by ids: what a session reads. */
export interface Target {
  readonly applicationId: string;
  readonly environmentId: string;
  readonly profileId: string;
}

/** The form of the ids AppConfig gives; the model also allows shorter ones, which none was ever seen to have. */
const ID = /^[a-z0-9]{7}$/;

/**
 * The target that identifiers (ids or names) stand for. Refuses what is missing in AWS's order: application, profile, environment,
 * then a first deployment; three ids are not told apart, any missing one is a missing deployment.
 */
export function targetOf(port: ConfigurationPort, application: string, environment: string, profile: string): Target {
  const { applicationId, environmentId, profileId } = port.resolve(application, environment, profile);
  const noDeployment = missing('Deployment', { ConfigurationProfileIdentifier: profile, EnvironmentIdentifier: environment });
  const onlyIds = ID.test(application) && ID.test(environment) && ID.test(profile);
  if (applicationId === undefined) throw onlyIds ? noDeployment : missing('Application', { ApplicationIdentifier: application });
  if (profileId === undefined) throw onlyIds ? noDeployment : missing('ConfigurationProfile', { ConfigurationProfileIdentifier: profile });
  if (environmentId === undefined) throw onlyIds ? noDeployment : missing('Environment', { EnvironmentIdentifier: environment });
  if (!port.exposure(applicationId, environmentId, profileId)) throw noDeployment;
  return { applicationId, environmentId, profileId };
}

import type { House } from '../ports.ts';
import type { Service } from '../wire/index.ts';
import { arnOf, environmentPath } from './arn.ts';
import { refuseAssociated } from './associations.ts';
import { described } from './description.ts';
import { findApplication, findEnvironment, refuseWhileDeploying } from './lookup.ts';
import { pageOf, type Page, type PageInput } from './page.ts';
import { protect, type ProtectionCheck } from './protection.ts';
import { badRequest, quotaExceeded, violated } from './refusal.ts';
import type { AppConfigState, Application, Environment, Monitor } from './state.ts';
import { dropTags, putTags } from './tags.ts';

/** Environments in an application at most. */
const QUOTA = 20;

interface MonitorShape {
  readonly AlarmArn: string;
  readonly AlarmRoleArn?: string;
}

interface EnvironmentInput {
  readonly ApplicationId: string;
  readonly EnvironmentId: string;
  readonly Name?: string;
  readonly Description?: string;
  readonly Monitors?: readonly MonitorShape[];
  readonly Tags?: Readonly<Record<string, string>>;
  readonly DeletionProtectionCheck?: ProtectionCheck;
}

interface EnvironmentOutput {
  readonly ApplicationId: string;
  readonly Id: string;
  readonly Name: string;
  readonly Description?: string;
  readonly State: string;
  readonly Monitors?: readonly MonitorShape[];
}

/** CreateEnvironment and its siblings. */
export function environments(house: House, state: AppConfigState): Service['operations'] {
  return {
    CreateEnvironment(input: EnvironmentInput & { Name: string }): EnvironmentOutput {
      const application = findApplication(house, state, input.ApplicationId);
      refuseTaken(house, application, input.Name);
      if (application.environments.size >= QUOTA) throw quotaExceeded('environments in an application', QUOTA);
      const environment: Environment = {
        id: house.draws.id('appconfig:environment'),
        applicationId: application.id,
        name: input.Name,
        state: 'ReadyForDeployment',
        monitors: monitorsOf(input.Monitors ?? []),
        deployments: new Map(),
        createdAt: house.kernel.now(),
      };
      if (input.Description !== undefined) environment.description = input.Description;
      application.environments.set(environment.id, environment);
      putTags(state, arnOf(house, environmentPath(environment)), input.Tags);
      record(house, environment, 'created');
      return shown(environment, input.Description);
    },

    GetEnvironment(input: EnvironmentInput): EnvironmentOutput {
      return shown(findEnvironment(house, findApplication(house, state, input.ApplicationId), input.EnvironmentId));
    },

    ListEnvironments(input: EnvironmentInput & PageInput): Page<EnvironmentOutput> {
      const application = findApplication(house, state, input.ApplicationId);
      return pageOf(`environments of ${application.id}`, [...application.environments.values()].map((environment) => shown(environment)), input);
    },

    UpdateEnvironment(input: EnvironmentInput): EnvironmentOutput {
      const application = findApplication(house, state, input.ApplicationId);
      const environment = findEnvironment(house, application, input.EnvironmentId);
      if (input.Name !== undefined) refuseTaken(house, application, input.Name, environment);
      const monitors = input.Monitors && monitorsOf(input.Monitors);
      if (input.Name !== undefined) environment.name = input.Name;
      if (input.Description !== undefined) environment.description = input.Description;
      if (monitors) environment.monitors = monitors;
      record(house, environment, 'updated');
      return shown(environment, input.Description);
    },

    DeleteEnvironment(input: EnvironmentInput): void {
      const application = findApplication(house, state, input.ApplicationId);
      const environment = findEnvironment(house, application, input.EnvironmentId);
      const path = environmentPath(environment);
      refuseAssociated(house, state, 'environment', path);
      refuseWhileDeploying([environment], `environment ${environment.id}`);
      protect(house, state, input.DeletionProtectionCheck, `Environment ${environment.name}`, environment);
      application.environments.delete(environment.id);
      dropTags(state, arnOf(house, path));
      record(house, environment, 'deleted');
    },
  };
}

function refuseTaken(house: House, application: Application, name: string, except?: Environment): void {
  const other = [...application.environments.values()].find((environment) => environment.name === name && environment !== except);
  if (other) throw badRequest(`Environment with name ${name} already exists with id ${other.id} in application ${application.id} and account ${house.account}`);
}

/** A monitor's role is optional in the published model and required by the service. */
function monitorsOf(given: readonly MonitorShape[]): readonly Monitor[] {
  return given.map(({ AlarmArn, AlarmRoleArn }) => {
    if (AlarmRoleArn === undefined) throw badRequest(`1 validation error detected: ${violated('null', 'alarmRoleArn', 'Member must not be null.')}`);
    return { alarmArn: AlarmArn, alarmRoleArn: AlarmRoleArn };
  });
}

function record(house: House, environment: Environment, did: string): void {
  house.history.record('appconfig:environment', environmentPath(environment), { did, name: environment.name, monitors: environment.monitors.map(({ alarmArn }) => alarmArn) });
}

function shown(environment: Environment, given?: string): EnvironmentOutput {
  return {
    ApplicationId: environment.applicationId,
    Id: environment.id,
    Name: environment.name,
    ...described(environment.description, given),
    State: environment.state,
    ...(environment.monitors.length > 0 && { Monitors: environment.monitors.map(({ alarmArn, alarmRoleArn }) => ({ AlarmArn: alarmArn, AlarmRoleArn: alarmRoleArn })) }),
  };
}

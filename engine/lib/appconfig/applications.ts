import type { House } from '../ports.ts';
import type { Service } from '../wire/index.ts';
import { applicationPath, arnOf } from './arn.ts';
import { refuseAssociated } from './associations.ts';
import { described } from './description.ts';
import { findApplication } from './lookup.ts';
import { pageOf, type Page, type PageInput } from './page.ts';
import { badRequest, quotaExceeded } from './refusal.ts';
import type { AppConfigState, Application } from './state.ts';
import { dropTags, putTags } from './tags.ts';

/** Applications in an account at most. */
const QUOTA = 100;

interface ApplicationInput {
  readonly ApplicationId: string;
  readonly Name?: string;
  readonly Description?: string;
  readonly Tags?: Readonly<Record<string, string>>;
}

interface ApplicationOutput {
  readonly Id: string;
  readonly Name: string;
  readonly Description?: string;
}

/** CreateApplication and its siblings. */
export function applications(house: House, state: AppConfigState): Service['operations'] {
  const refuseTaken = (name: string, except?: Application): void => {
    const other = [...state.applications.values()].find((application) => application.name === name && application !== except);
    if (other) throw badRequest(`Application with name ${name} already exists with id ${other.id} in account ${house.account}`);
  };
  return {
    CreateApplication(input: ApplicationInput & { Name: string }): ApplicationOutput {
      refuseTaken(input.Name);
      if (state.applications.size >= QUOTA) throw quotaExceeded('applications in an account', QUOTA);
      const application: Application = { id: house.draws.id('appconfig:application'), name: input.Name, environments: new Map(), profiles: new Map() };
      if (input.Description !== undefined) application.description = input.Description;
      state.applications.set(application.id, application);
      putTags(state, arnOf(house, applicationPath(application)), input.Tags);
      house.history.record('appconfig:application', applicationPath(application), { did: 'created', name: application.name });
      return shown(application, input.Description);
    },

    GetApplication(input: ApplicationInput): ApplicationOutput {
      return shown(findApplication(house, state, input.ApplicationId));
    },

    ListApplications(input: PageInput): Page<ApplicationOutput> {
      return pageOf('applications', [...state.applications.values()].map((application) => shown(application)), input);
    },

    UpdateApplication(input: ApplicationInput): ApplicationOutput {
      const application = findApplication(house, state, input.ApplicationId);
      if (input.Name !== undefined) {
        refuseTaken(input.Name, application);
        application.name = input.Name;
      }
      if (input.Description !== undefined) application.description = input.Description;
      house.history.record('appconfig:application', applicationPath(application), { did: 'updated', name: application.name });
      return shown(application, input.Description);
    },

    DeleteApplication(input: ApplicationInput): void {
      const application = findApplication(house, state, input.ApplicationId);
      const path = applicationPath(application);
      refuseAssociated(house, state, 'application', path);
      const left = application.environments.size > 0 ? 'environments' : application.profiles.size > 0 ? 'configuration profiles' : undefined;
      if (left !== undefined) throw badRequest(`Cannot delete application ${application.id}, because there are still ${left} existing under it.`);
      state.applications.delete(application.id);
      dropTags(state, arnOf(house, path));
      house.history.record('appconfig:application', path, { did: 'deleted' });
    },
  };
}

function shown(application: Application, given?: string): ApplicationOutput {
  return { Id: application.id, Name: application.name, ...described(application.description, given) };
}

import type { House } from '../ports.ts';
import type { Call, Service } from '../wire/index.ts';
import { applications } from './applications.ts';
import { associations } from './associations.ts';
import { constrain } from './constraints.ts';
import { deployments } from './deployments.ts';
import { environments } from './environments.ts';
import { extensions } from './extensions.ts';
import { profiles } from './profiles.ts';
import { reading } from './reading.ts';
import { accountSettings } from './settings.ts';
import type { AppConfigState } from './state.ts';
import { strategies } from './strategies.ts';
import { tags } from './tags.ts';
import { validation } from './validation.ts';
import { versions } from './versions.ts';

export { newAppConfigState } from './state.ts';

/** AppConfig's control plane. Every input is held against the constraints of AWS's model before its operation sees it. */
export function appConfig(house: House, state: AppConfigState): Service {
  const rooms = [applications, environments, deployments, profiles, versions, strategies, extensions, associations, validation, tags, accountSettings, reading];
  const operations = Object.assign({}, ...rooms.map((room) => room(house, state))) as Service['operations'];
  return { name: 'appconfig', operations: Object.fromEntries(Object.entries(operations).map(([name, operation]) => [name, constrained(name, operation)])) };
}

function constrained(name: string, operation: Service['operations'][string]): Service['operations'][string] {
  return (input: never, call: Call) => {
    constrain(name, input);
    return operation(input, call);
  };
}

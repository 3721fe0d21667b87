import type { House } from '../ports.ts';
import type { Service } from '../wire/index.ts';
import { aliasOperations } from './aliasOperations.ts';
import { executionOperations } from './executionOperations.ts';
import { Executions } from './executions.ts';
import type { Services } from './integration/call.ts';
import { Integrations } from './integration/integrations.ts';
import { machineOperations } from './machineOperations.ts';
import { Machines } from './machines.ts';
import { tagOperations } from './tags.ts';
import { versionOperations } from './versionOperations.ts';

/** Step Functions: standard state machines; fills in the port `states` of its house. */
export function states(house: House, services: Services): Service {
  const machines = new Machines(house);
  const integrations = new Integrations(house, services);
  const executions = new Executions(house, machines, integrations);
  house.ports.states = { start: (request) => ({ executionArn: executions.start(request).arn }) };
  return {
    name: 'sfn',
    operations: {
      ...machineOperations(house, machines, (arn) => integrations.offers(arn)),
      ...versionOperations(house, machines),
      ...aliasOperations(house, machines),
      ...executionOperations(house, machines, executions),
      ...tagOperations(machines),
    },
  };
}

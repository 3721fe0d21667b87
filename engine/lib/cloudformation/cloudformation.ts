import type { House } from '../ports.ts';
import type { Service } from '../wire/index.ts';
import { ownApi } from './api.ts';
import { changeSetOperations } from './changeSetOperations.ts';
import type { Workshop } from './operation.ts';
import { providers } from './providers/index.ts';
import type { CustomResources } from './providers/customResource.ts';
import { resourceOperations } from './resourceOperations.ts';
import { stackOperations } from './stackOperations.ts';
import { Stacks } from './stacks.ts';
import { templateOperations } from './templateOperations.ts';

/** CloudFormation: stacks and change sets over the engine's own services, which it calls through `services`. */
export function cloudFormation(house: House, services: () => ReadonlyMap<string, Service>, customResources: CustomResources): Service {
  const shop: Workshop = { house, stacks: new Stacks(house), api: (roleArn) => ownApi(house, services, roleArn), provider: providers(customResources) };
  return {
    name: 'cloudformation',
    operations: {
      ...stackOperations(shop),
      ...changeSetOperations(shop),
      ...resourceOperations(shop),
      ...templateOperations(shop),
    },
  };
}

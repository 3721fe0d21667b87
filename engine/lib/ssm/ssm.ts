import type { House } from '../ports.ts';
import type { Service } from '../wire/index.ts';
import type { CredentialStore } from '../sts/credentials.ts';
import { labelOperations } from './labelOperations.ts';
import type { Parameters } from './parameters.ts';
import { readOperations } from './readOperations.ts';
import { tagOperations } from './tagOperations.ts';
import { writeOperations } from './writeOperations.ts';

/** The parameter store of Systems Manager. */
export function ssm(house: House, parameters: Parameters, credentials: CredentialStore): Service {
  return {
    name: 'ssm',
    operations: { ...writeOperations(house, parameters, credentials), ...readOperations(parameters), ...labelOperations(parameters), ...tagOperations(parameters) },
  };
}

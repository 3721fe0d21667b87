import type { House } from '../ports.ts';
import type { Service } from '../wire/index.ts';
import type { Directory } from './directory.ts';
import { policyOperations } from './policyOperations.ts';
import { roleOperations } from './roleOperations.ts';
import { rolePolicyOperations } from './rolePolicyOperations.ts';
import { simulation } from './simulation.ts';

/** IAM: roles, managed policies, and what they would decide. */
export function iam(house: House, directory: Directory): Service {
  return {
    name: 'iam',
    operations: { ...roleOperations(house, directory), ...rolePolicyOperations(directory), ...policyOperations(house, directory), ...simulation(house, directory) },
  };
}

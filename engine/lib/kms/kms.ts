import type { House } from '../ports.ts';
import type { Service } from '../wire/index.ts';
import { aliasOperations } from './aliasOperations.ts';
import { cryptoOperations } from './cryptoOperations.ts';
import { keyOperations } from './keyOperations.ts';
import type { Keys } from './keys.ts';

/** KMS: symmetric keys with their policies, aliases, and real encryption. */
export function kms(house: House, keys: Keys): Service {
  return {
    name: 'kms',
    operations: { ...keyOperations(house, keys), ...aliasOperations(house, keys), ...cryptoOperations(house, keys) },
  };
}

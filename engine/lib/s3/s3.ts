import type { House } from '../ports.ts';
import type { Service } from '../wire/index.ts';
import { bucketOperations } from './bucketOperations.ts';
import { copyOperations } from './copyOperations.ts';
import { listOperations } from './listOperations.ts';
import { objectOperations } from './objectOperations.ts';
import type { Objects } from './objects.ts';
import { policyOperations } from './policyOperations.ts';
import { taggingOperations } from './tagging.ts';
import { uploadOperations } from './uploads.ts';

/** S3: buckets and objects without versions, conditional writes, lists, uploads in parts, tags. */
export function s3(house: House, objects: Objects): Service {
  return {
    name: 's3',
    operations: {
      ...bucketOperations(house, objects),
      ...objectOperations(objects),
      ...copyOperations(objects),
      ...listOperations(house, objects),
      ...uploadOperations(house, objects),
      ...taggingOperations(objects),
      ...policyOperations(objects),
    },
  };
}

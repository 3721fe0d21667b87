/**
 * The custom resource of an environment: keeps the environment's record and, on create, releases the first configuration; sweeps on delete.
 *
 * Environment: SLUICE_STORE, the bucket of the epoch store.
 */
import { serveStack } from '../lib/adapters/customResource.ts';
import { Alarms } from '../lib/adapters/evidence/alarms.ts';
import { together } from '../lib/adapters/peer.ts';
import { AppConfigPlane } from '../lib/adapters/plane/appconfig.ts';
import { Seeding } from '../lib/adapters/seeding.ts';
import { S3Store } from '../lib/adapters/store/s3.ts';
import { variable } from '../lib/adapters/variable.ts';
import { parseSeedProperties } from '../lib/core/seed.ts';

const seeding = new Seeding(...await together(AppConfigPlane.open(), Alarms.open(), S3Store.open(variable('SLUICE_STORE'))));

/** Answers one request of CloudFormation. */
export function handler(event: unknown): Promise<void> {
  return serveStack('seed', event, async ({ kind, properties }) => {
    const parsed = parseSeedProperties(properties);
    if (kind !== 'delete') await seeding.keepRecord(parsed);
    if (kind === 'update') return;
    const documents = await S3Store.open(parsed.bucket);
    await (kind === 'create' ? seeding.seed(parsed, documents) : seeding.sweep(parsed, documents));
  });
}

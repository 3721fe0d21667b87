/**
 * The custom resource of an environment: releases the first configuration on create, does nothing on update, sweeps on delete. It answers
 * CloudFormation whatever happens, since a stack without an answer waits for an hour.
 *
 * Environment: SLUICE_STORE, the bucket of the epoch store.
 */
import { Alarms } from '../lib/adapters/evidence/alarms.ts';
import { AppConfigPlane } from '../lib/adapters/plane/appconfig.ts';
import { Seeding } from '../lib/adapters/seeding.ts';
import { putAnswer } from '../lib/adapters/stackAnswer.ts';
import { S3Store } from '../lib/adapters/store/s3.ts';
import { variable } from '../lib/adapters/variable.ts';
import { Fault } from '../lib/core/fault.ts';
import { parseSeedProperties } from '../lib/core/seed.ts';
import { parseStackRequest, stackAnswer, type StackRequest } from '../lib/core/stackRequest.ts';

const seeding = new Seeding(await AppConfigPlane.open(), await Alarms.open(), await S3Store.open(variable('SLUICE_STORE')));

/** Answers one request of CloudFormation. */
export async function handler(event: unknown): Promise<void> {
  const request = parseStackRequest(event);
  if (request instanceof Fault) throw request;
  const failure = await serve(request).then(() => undefined, (error: unknown) => (error instanceof Error ? error : new Error(String(error))));
  process.stdout.write(`${JSON.stringify({ handler: 'seed', request: request.kind, resource: request.logicalResourceId, failure: failure?.message })}\n`);
  await putAnswer(request.responseUrl, stackAnswer(request, failure));
}

async function serve({ kind, properties }: StackRequest): Promise<void> {
  if (kind === 'update') return;
  const parsed = parseSeedProperties(properties);
  const documents = await S3Store.open(parsed.bucket);
  await (kind === 'create' ? seeding.seed(parsed, documents) : seeding.sweep(parsed, documents));
}

/**
 * The LAMBDA validator of the epoch's profile: ValidateConfiguration and StartDeployment call it. An error is its way to refuse.
 *
 * Environment: SLUICE_STORE, the bucket of the epoch store.
 */
import { EpochStore } from '../lib/adapters/store/epochs.ts';
import { S3Store } from '../lib/adapters/store/s3.ts';
import { variable } from '../lib/adapters/variable.ts';
import { summary } from '../lib/core/admission.ts';
import { isObject } from '../lib/core/epoch.ts';
import { fault, shown } from '../lib/core/fault.ts';
import { GUARDING } from '../lib/core/faults/guarding.ts';
import { inspect } from '../lib/documents/inspection.ts';

const epochs = new EpochStore(await S3Store.open(variable('SLUICE_STORE')));

/** Validates one version of the profile. @throws Fault that names the documents and paths that are wrong. */
export async function handler(event: unknown): Promise<void> {
  const content = isObject(event) ? event['content'] : undefined;
  if (typeof content !== 'string') throw fault(GUARDING, 'SLUICE-HOOK-1', { handler: 'validate', problem: `content must be base64 text, got ${shown(content)}` });
  const inspection = await inspect(Buffer.from(content, 'base64'), (digest) => epochs.schema(digest));
  const faults = inspection.kind === 'bad' ? inspection.faults : [];
  process.stdout.write(`${JSON.stringify({ handler: 'validate', verdict: faults.length === 0 ? 'pass' : 'refuse', faults: faults.map((one) => one.message) })}\n`);
  if (faults.length > 0) throw summary(faults);
}

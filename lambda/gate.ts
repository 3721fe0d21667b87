/**
 * The gate: an AppConfig extension on PRE_CREATE_HOSTED_CONFIGURATION_VERSION and PRE_START_DEPLOYMENT of the epoch's profile.
 * It changes no content; it lets an epoch pass or refuses it, and what it cannot decide in time it refuses.
 *
 * Environment: SLUICE_STORE, the bucket of the epoch store; SLUICE_WORKFLOWS, whose versions declare what they run with, and SLUICE_SHADOW, what must be
 * shown of an epoch first, both optional.
 */
import { Conditions } from '../lib/adapters/conditions.ts';
import { GATE_MS, remaining, within } from '../lib/adapters/deadline.ts';
import { Oversight } from '../lib/adapters/oversight.ts';
import { together } from '../lib/adapters/peer.ts';
import { AppConfigPlane } from '../lib/adapters/plane/appconfig.ts';
import { EpochStore } from '../lib/adapters/store/epochs.ts';
import { S3Store } from '../lib/adapters/store/s3.ts';
import { variable } from '../lib/adapters/variable.ts';
import { failure, refuse, type GateAnswer } from '../lib/core/admission.ts';
import { Fault } from '../lib/core/fault.ts';
import { parseHook, type Hook } from '../lib/core/hook.ts';
import { inspect, inspectOver } from '../lib/documents/inspection.ts';
import { changesOf } from '../lib/documents/planFile.ts';

const [store, plane] = await together(S3Store.open(variable('SLUICE_STORE')), AppConfigPlane.open());
const epochs = new EpochStore(store);
const oversight = new Oversight(store, plane, { over: inspectOver, forbids: await Conditions.ofGate(store), changed: (before, after) => changesOf(before, after).map(({ name }) => name) });

/** Answers one hook of AppConfig: nothing to let the content pass unchanged, or a refusal. */
export async function handler(event: unknown): Promise<GateAnswer> {
  const limit = remaining(GATE_MS);
  const faults = await within(limit, decide(parseHook(event), AbortSignal.timeout(limit))).catch((error: unknown) => [failure(error)]);
  const verdict = faults.length === 0 ? 'pass' : 'refuse';
  process.stdout.write(`${JSON.stringify({ handler: 'gate', verdict, faults: faults.map((one) => one.message) })}\n`);
  return faults.length === 0 ? null : refuse(faults);
}

async function decide(hook: Hook | Fault, late: AbortSignal): Promise<readonly Fault[]> {
  if (hook instanceof Fault) return [hook];
  const inspection = await inspect(hook.content, (digest) => epochs.schema(digest));
  if (inspection.kind === 'bad') return inspection.faults;
  return hook.point === 'pre-start' ? oversight.enter(hook, inspection, Date.now(), late) : [];
}

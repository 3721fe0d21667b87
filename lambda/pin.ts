/**
 * The first state of a pinned workflow: draws the execution's epoch and answers the pin, to be kept at `$.pin`.
 * Its input: `"Parameters": { "execution.$": "$$.Execution.Id", "started.$": "$$.Execution.StartTime" }, "ResultPath": "$.pin"`; with
 * `"onRolledBack": "fail"` or `"move"` the pin says what becomes of the execution when its epoch is rolled back.
 *
 * And a safe point, with `"pin.$": "$.pin"` beside `execution.$`: answers that pin as long as its epoch was not rolled back, else one drawn anew.
 *
 * Environment: SLUICE_APPLICATION, SLUICE_ENVIRONMENT, SLUICE_PROFILE, names in AppConfig; the AppConfig agent's layer beside it. SLUICE_STORE, the
 * bucket of the epoch store, for `onRolledBack` and safe points.
 */
import { metricLine } from '../lib/core/metric.ts';
import type { Pin } from '../lib/core/pin.ts';
import { pinRequestOf } from '../lib/core/pinRequest.ts';
import { pinned } from '../lib/runtime/pinning.ts';
import { Reader } from '../lib/runtime/reader.ts';

const reader = new Reader();

/** The pin of one execution. @throws Fault `SLUICE-READ-2` when there is no configuration to pin, `SLUICE-PIN-4` when it is one that was rolled back. */
export async function handler(event: unknown): Promise<Pin> {
  const request = pinRequestOf(event);
  const { execution, held, started = Date.now() } = request;
  const pin = await pinned(reader, request);
  if (pin === held) return pin;
  const { application, environment, version } = pin;
  const line = held === undefined ? { epoch: pin.digest, at: started, counts: { ExecutionsStarted: 1 } } : { epoch: held.digest, at: Date.now(), counts: { ExecutionsMoved: 1 } };
  const also = { handler: 'pin', execution, version, ...(held === undefined ? {} : { movedFrom: held.version }) };
  process.stdout.write(`${metricLine({ application, environment, ...line, also })}\n`);
  return pin;
}

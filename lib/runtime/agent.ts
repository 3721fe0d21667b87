import { EPOCH_LIMIT } from '../core/epoch.ts';
import { fault, type Fault } from '../core/fault.ts';
import { READING } from '../core/faults/reading.ts';
import { configurationOf, type Configuration } from './configuration.ts';
import { get } from './exchange.ts';
import type { Settings } from './settings.ts';

/** What the agent served: the configuration, and the bytes it was made from. */
export interface Served {
  readonly configuration: Configuration;
  readonly bytes: Uint8Array;
}

/**
 * Asks the AppConfig agent for the epoch of a place; for one entity, if given, which it then keeps on one side of a rollout.
 * @throws Fault `SLUICE-READ-2` when the agent is dead, hangs, or answers anything but an epoch; an empty answer too.
 */
export async function askAgent(settings: Settings, entity?: string): Promise<Served> {
  const { application, environment, profile, agentPort } = settings;
  const parts = ['applications', application, 'environments', environment, 'configurations', profile];
  const url = new URL(`http://localhost:${agentPort}/${parts.map((part) => encodeURIComponent(part)).join('/')}`);
  const failed = (problem: Error): Fault => fault(READING, 'SLUICE-READ-2', { source: `the AppConfig agent at ${url.host}`, problem: problem.message }, problem);
  const answer = await get(url, entity === undefined ? {} : { 'Entity-Id': entity }, settings.timeoutMs, EPOCH_LIMIT).catch((error: unknown) => {
    throw failed(error as Error);
  });
  if (answer.status !== 200) throw failed(new Error(`it answered ${answer.status} ${answer.body.toString('utf8', 0, 200)}`.trimEnd()));
  const version = answer.headers['configuration-version'];
  const configuration = configurationOf(answer.body, typeof version === 'string' ? version : '');
  if (configuration instanceof Error) throw failed(configuration);
  return { configuration, bytes: answer.body };
}

import { GetCallerIdentityCommand } from '@aws-sdk/client-sts';
import { fault } from '../../lib/core/fault.ts';
import { clientsOf, type Clients, type Connection } from './clients.ts';
import { engineTime, virtualClock, wallClock, type Clock } from './clock.ts';
import { PROBING } from './faults.ts';

/** What is probed: AWS, or an engine that stands in for it. */
export interface Target {
  readonly kind: 'aws' | 'engine';
  /** An engine's address; undefined for AWS. */
  readonly endpoint: string | undefined;
  readonly clients: Clients;
  readonly clock: Clock;
  readonly region: string;
  readonly account: string;
}

/**
 * Finds the target: the engine at `endpoint` when there is one, else AWS.
 * @throws Fault `SLUICE-PROBE-4` for an endpoint that is no engine, `-5` when AWS does not know the caller.
 */
export async function targetOf(connection: Connection, signal: AbortSignal): Promise<Target> {
  const { endpoint } = connection;
  let clock = wallClock(signal);
  if (endpoint !== undefined) {
    const time = await engineTime(endpoint).catch((error: unknown) => { throw fault(PROBING, 'SLUICE-PROBE-4', { endpoint, problem: causeOf(error) }); });
    if (time === undefined) throw fault(PROBING, 'SLUICE-PROBE-4', { endpoint, problem: 'it has no /_engine/clock' });
    if (time.mode === 'virtual') clock = virtualClock(endpoint, signal);
  }
  const clients = clientsOf(connection);
  try {
    const region = await clients.appconfig.config.region();
    const { Account: account = '' } = await clients.sts.send(new GetCallerIdentityCommand({}));
    return { kind: endpoint === undefined ? 'aws' : 'engine', endpoint, clients, clock, region, account };
  } catch (error) {
    clients.destroy();
    throw fault(PROBING, 'SLUICE-PROBE-5', { problem: causeOf(error) }, error);
  }
}

function causeOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return error.cause instanceof Error ? error.cause.message : error.message;
}

import { lookForDrift } from '../../adapters/drifting.ts';
import { Alarms } from '../../adapters/evidence/alarms.ts';
import { mayHeal, type Drift } from '../../core/drift.ts';
import { Fault } from '../../core/fault.ts';
import { changesOf, type Target } from '../../documents/index.ts';
import type { ExitCode } from '../command.ts';
import { Connection } from '../connection.ts';
import type { Event } from '../event.ts';
import { failure } from '../failure.ts';
import { loaded, placeOf } from '../loading.ts';
import { Given } from '../option.ts';
import { epochOf } from '../planning.ts';
import type { DriftEntry } from '../report.ts';
import { nameOf } from '../spots.ts';
import { release } from './release.ts';

/** Explains the drift of each environment, and heals what may be healed. */
export async function drift(given: Given, tell: (event: Event) => void): Promise<ExitCode> {
  const project = await loaded(given, tell);
  if (project === undefined) return 1;
  const found = await Promise.all(project.targets.map(entryOf));
  const environments: DriftEntry[] = [];
  for (const { entry, healing } of found) environments.push(given.flag('heal') ? await healed(entry, healing, given, tell) : entry);
  tell({ kind: 'report', report: { kind: 'drift', environments } });
  return environments.every(({ state }) => state === 'in-sync') ? 0 : 2;
}

interface Found {
  readonly entry: DriftEntry;
  readonly healing: ReturnType<typeof mayHeal>;
}

async function entryOf(target: Target): Promise<Found> {
  const place = nameOf(placeOf(target));
  let connection: Connection | undefined;
  try {
    connection = await Connection.open(placeOf(target), target.environment.region ?? null);
    return await lookedAt(connection, target);
  } catch (error) {
    const { message } = failure(error);
    const missing = error instanceof Fault && error.code === 'SLUICE-PLANE-1';
    return { entry: { place, state: missing ? 'missing' : 'unknown', explanation: message, evidence: [], changes: [], next: `sluice status --env ${place}` }, healing: { heal: false, reason: 'it cannot be reached' } };
  } finally {
    connection?.close();
  }
}

async function lookedAt(connection: Connection, { composition, environment }: Target): Promise<Found> {
  const { deployments, bytes, live } = await connection.standing();
  const read = live === undefined || bytes === undefined ? {} : { read: { version: live.version, bytes } };
  const { place, plane, sight, epochsIfAny: epochs, options } = connection;
  const same = (there: Uint8Array): boolean => {
    const epoch = epochOf(there);
    return epoch !== undefined && changesOf(epoch, composition.epoch).length === 0;
  };
  const { drift: found, evidence, taken } = await lookForDrift({ place, plane, sight, epochs, alarms: () => Alarms.open(options) }, { digest: composition.digest, same, ...read }, deployments);
  const entry: DriftEntry = {
    place: connection.text, ...found, evidence, ...(taken === undefined ? {} : { by: taken }),
    changes: found.state === 'in-sync' ? [] : changesOf(epochOf(bytes), composition.epoch),
    ...next(found, connection.names.environment),
  };
  return { entry, healing: mayHeal({ drift: found, deployments, allowed: environment.heal }) };
}

function next({ state, deployment }: Drift, environment: string): { readonly next?: string } {
  switch (state) {
    case 'in-sync': return {};
    case 'rolling-out': return { next: `sluice status --env ${environment} --watch` };
    case 'queued': return { next: `sluice plan --env ${environment}` };
    case 'rolled-back': return { next: `sluice revert ${deployment ?? ''} --env ${environment}` };
    case 'edited': return { next: `sluice adopt ${environment}` };
    case 'missing': return { next: `sluice release --env ${environment}` };
    case 'unknown': return { next: `sluice show ${deployment ?? ''} --env ${environment}` };
  }
}

async function healed(entry: DriftEntry, { heal, reason }: Found['healing'], given: Given, tell: (event: Event) => void): Promise<DriftEntry> {
  if (!heal) return { ...entry, healing: `left alone: ${reason}` };
  const directory = given.text('project');
  const values = new Map<string, string | boolean>([['env', entry.place], ['interval', given.required('interval')], ...(directory === undefined ? [] : [['project', directory] as const])]);
  let outcome = 'nothing to release';
  const code = await release(new Given([], values), (event) => {
    if (event.kind !== 'report' || event.report.kind !== 'released') return tell(event);
    const [result] = event.report.results;
    if (result !== undefined) outcome = result.problem ?? `${result.state}, deployment ${result.deployment ?? ''}`;
  }).catch((error: unknown) => {
    // What keeps it from healing, such as a work tree with changes, is part of the report; a defect is none.
    const { message, trace } = failure(error);
    if (trace !== undefined) throw error;
    outcome = message;
    return 1;
  });
  return code === 0 ? { ...entry, state: 'in-sync', changes: [], healing: `healed: ${outcome}` } : { ...entry, healing: `not healed: ${outcome}` };
}

import { Fitness } from '../adapters/fitness.ts';
import { Versions } from '../adapters/router/versions.ts';
import { digestOf } from '../core/digest.ts';
import type { Fault } from '../core/fault.ts';
import type { Connection } from './connection.ts';
import { epochOf } from './planning.ts';

/** What the gate says of an epoch by what versions that have executions declare; or why that cannot be told from here. */
export interface Undeclared {
  readonly faults: readonly Fault[];
  readonly unknown?: string;
}

/** Asks the versions of an environment's workflows whether they run with an epoch. `version` is null for one that is still to be created. */
export async function undeclared({ epochsIfAny, place, options }: Connection, bytes: Uint8Array | undefined, version: string | null): Promise<Undeclared> {
  const epoch = epochOf(bytes);
  const aliases = (await epochsIfAny?.environment(place))?.workflows ?? [];
  if (aliases.length === 0 || bytes === undefined || epoch === undefined) return { faults: [] };
  const versions = await Versions.open(options);
  try {
    return { faults: await new Fitness(versions).refusals(aliases, { version, digest: digestOf(bytes), documents: epoch.documents }) };
  } catch (error) {
    return { faults: [], unknown: (error as Error).message };
  } finally {
    versions.close();
  }
}

/** The same for people, a sentence each. */
export function undeclaredLines({ faults, unknown }: Undeclared): string[] {
  return unknown === undefined ? faults.map(({ message }) => message) : [`whether its workflows declare to run with it cannot be told: ${unknown}`];
}

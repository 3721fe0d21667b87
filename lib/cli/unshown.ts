import type { Digest } from '../core/digest.ts';
import { fault } from '../core/fault.ts';
import { SHADOWING } from '../core/faults/shadowing.ts';
import { unshown } from '../core/shadow/unshown.ts';
import type { Connection } from './connection.ts';

/**
 * What the gate will say of an epoch of the project by what must be shown of it first, in a sentence; nothing where that is enough, or nothing is asked for: of
 * the first release, of bytes that are live, and as far as is known where the stack is older than its record.
 */
export async function unshownLine({ epochsIfAny, place, plane, text }: Connection, digest: Digest, live: Digest | null): Promise<string | undefined> {
  const demand = live === null || live === digest ? undefined : (await epochsIfAny?.environment(place))?.shadow;
  if (demand === undefined || epochsIfAny === undefined) return undefined;
  const problem = unshown(demand, await epochsIfAny.shadows(place, { kind: 'epoch', version: '', digest }), plane.now);
  if (problem === undefined) return undefined;
  return fault(SHADOWING, 'SLUICE-SHADOW-6', { subject: `this version of ${text}`, problem, command: `sluice shadow $ALIAS --epoch . --env ${text}` }).message;
}

import type { DeploymentRecord } from '../core/record.ts';
import { digestOf, isDigest } from '../core/digest.ts';
import { parseEpoch, type Epoch } from '../core/epoch.ts';
import { Fault, fault } from '../core/fault.ts';
import { RELEASING } from '../core/faults/releasing.ts';
import type { Connection } from './connection.ts';

/** An epoch that somebody named. */
export interface NamedEpoch {
  readonly name: string;
  readonly epoch: Epoch;
  readonly bytes: Uint8Array;
  /** AppConfig's number of it, when it was named by that. */
  readonly version?: string;
}

/** The bytes behind a deployment: from AppConfig, or from the store when the version was deleted. */
export async function bytesOf(connection: Connection, number: number): Promise<Uint8Array | undefined> {
  const { plane, place, sight } = connection;
  const [deployment, record] = await Promise.all([sight.deployment(place, number), connection.epochsIfAny?.deployment(place, number)]);
  if (deployment === undefined) return undefined;
  return await plane.content(place, deployment.version) ?? (record === undefined ? undefined : await connection.epochsIfAny?.epoch(record.canary.digest));
}

/** The two epochs of a deployment's record, as they are in the store; what is not there is missing. */
export async function cohortsOf(connection: Connection, { canary, control }: DeploymentRecord): Promise<{ readonly before?: Epoch; readonly after?: Epoch }> {
  const read = async (digest: DeploymentRecord['canary']['digest']): Promise<Epoch | undefined> => {
    const bytes = await connection.epochsIfAny?.epoch(digest);
    const epoch = bytes && parseEpoch(bytes);
    return epoch instanceof Fault ? undefined : epoch;
  };
  const [after, before] = await Promise.all([read(canary.digest), control === null ? undefined : read(control.digest)]);
  return { ...(before === undefined ? {} : { before }), ...(after === undefined ? {} : { after }) };
}

/** The epoch that a word names in AWS: a deployment, a version, a digest or its first digits, or `live`. Nothing for any other word. */
export async function named(connection: Connection, word: string): Promise<NamedEpoch | undefined> {
  const { place, plane, sight, text } = connection;
  const absent = (): never => { throw fault(RELEASING, 'SLUICE-LOOK-1', { epoch: word, place: text }); };
  const read = (name: string, bytes: Uint8Array | undefined, version?: string): NamedEpoch => {
    if (bytes === undefined) return absent();
    const epoch = parseEpoch(bytes);
    if (epoch instanceof Fault) throw epoch;
    return { name, epoch, bytes, ...(version === undefined ? {} : { version }) };
  };
  if (word === 'live') {
    const { base, bytes } = await connection.standing();
    return read(`live (version ${base.version ?? 'none'})`, bytes, base.version ?? undefined);
  }
  if (/^\d+$/.test(word)) return read(`deployment ${word}`, await bytesOf(connection, Number(word)), (await sight.deployment(place, Number(word)))?.version);
  if (/^v\d+$/.test(word)) return read(`version ${word.slice(1)}`, await plane.content(place, word.slice(1)), word.slice(1));
  if (!/^sha256:[0-9a-f]{4,64}$/.test(word)) return undefined;
  if (isDigest(word)) return read(word.slice(0, 19), await connection.epochs.epoch(word));
  const [first, another] = await connection.epochs.epochsBeginning(word.slice('sha256:'.length));
  if (first === undefined || another !== undefined) return absent();
  const bytes = await connection.epochs.epoch(first);
  return read(bytes === undefined ? word : digestOf(bytes).slice(0, 19), bytes);
}

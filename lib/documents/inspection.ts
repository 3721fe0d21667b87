import { digestOf, type Digest } from '../core/digest.ts';
import { parseEpoch, type Epoch } from '../core/epoch.ts';
import { fault, Fault } from '../core/fault.ts';
import { AUTHORING } from '../core/faults/authoring.ts';
import { GUARDING } from '../core/faults/guarding.ts';
import { DEPTH_LIMIT } from './canonical.ts';
import { faultOf } from './finding.ts';
import { compileSchema, type Schema } from './schema.ts';

/** Where an inspection gets the bytes of a schema. */
export type SchemaSource = (digest: Digest) => Promise<Uint8Array | undefined>;

/** What an inspection found: an epoch that may be served, or everything that is wrong. */
export type Inspection = { readonly kind: 'good'; readonly epoch: Epoch; readonly digest: Digest } | { readonly kind: 'bad'; readonly faults: readonly Fault[] };

const compiled = new Map<Digest, Schema>();

/** Inspects the bytes of an epoch as AppConfig would serve them: the envelope, then each document by the schema it names. */
export async function inspect(bytes: Uint8Array, source: SchemaSource): Promise<Inspection> {
  const epoch = parseEpoch(bytes);
  if (epoch instanceof Fault) return { kind: 'bad', faults: [epoch] };
  const found = await Promise.all(Object.entries(epoch.documents).map(async ([name, document]) => {
    const refused = forbidden(name, document.content);
    if (refused !== undefined) return [refused];
    const schema = await schemaOf(name, document.schema, source);
    return schema instanceof Fault ? [schema] : schema.check(document.content).map((violation) => faultOf(violation, name));
  }));
  const faults = found.flat();
  return faults.length > 0 ? { kind: 'bad', faults } : { kind: 'good', epoch, digest: digestOf(bytes) };
}

async function schemaOf(document: string, digest: Digest, source: SchemaSource): Promise<Schema | Fault> {
  const known = compiled.get(digest);
  if (known !== undefined) return known;
  const bytes = await source(digest);
  if (bytes === undefined) return fault(GUARDING, 'SLUICE-GATE-2', { document, digest });
  const schema = compileSchema(JSON.parse(new TextDecoder().decode(bytes)), { name: `the schema of ${document}` });
  if (!(schema instanceof Fault)) compiled.set(digest, schema);
  return schema;
}

/** What no document may hold, whatever its schema: `__proto__` as a key, which JSON.parse lets through, and values without end. */
function forbidden(name: string, root: object): Fault | undefined {
  const pending: [object, number][] = [[root, 0]];
  for (let next = pending.pop(); next !== undefined; next = pending.pop()) {
    const [value, depth] = next;
    if (Object.hasOwn(value, '__proto__')) return fault(AUTHORING, 'SLUICE-DOC-9', { at: name, key: '__proto__' });
    if (depth > DEPTH_LIMIT) return fault(AUTHORING, 'SLUICE-DOC-3', { at: name, problem: `values are nested deeper than ${DEPTH_LIMIT} levels` });
    for (const member of Object.values(value) as unknown[]) {
      if (typeof member === 'object' && member !== null) pending.push([member, depth + 1]);
    }
  }
  return undefined;
}

import { digestOf, type Digest } from '../core/digest.ts';
import { parseEpoch, type Epoch } from '../core/epoch.ts';
import { fault, Fault } from '../core/fault.ts';
import { AUTHORING } from '../core/faults/authoring.ts';
import { GUARDING } from '../core/faults/guarding.ts';
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
    const forbidden = forbiddenKey(document.content);
    if (forbidden !== undefined) return [fault(AUTHORING, 'SLUICE-DOC-9', { at: name, key: forbidden })];
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

/** `__proto__` as a key is no data in JavaScript, and JSON.parse lets it through. */
function forbiddenKey(root: object): string | undefined {
  const pending: object[] = [root];
  for (let next = pending.pop(); next !== undefined; next = pending.pop()) {
    if (Object.hasOwn(next, '__proto__')) return '__proto__';
    for (const value of Object.values(next) as unknown[]) {
      if (typeof value === 'object' && value !== null) pending.push(value);
    }
  }
  return undefined;
}

import { digestOf, type Digest } from '../core/digest.ts';
import { DOCUMENT_NAME, EPOCH_LIMIT, isObject, type Epoch, type EpochDocument } from '../core/epoch.ts';
import { fault, Fault } from '../core/fault.ts';
import { AUTHORING } from '../core/faults/authoring.ts';
import { canonical } from './canonical.ts';
import { compileSchema, type Schema } from './schema.ts';
import { at, type SourceFile } from './source.ts';
import { parseText, type Parsed } from './text.ts';
import { faultOf } from './finding.ts';

/** An epoch made of files, with everything a release needs. */
export interface Composition {
  readonly epoch: Epoch;
  /** The canonical bytes (RFC 8785): the same documents give the same bytes everywhere. */
  readonly bytes: Uint8Array;
  readonly digest: Digest;
  /** The schemas by digest, as the epoch store keeps them; stored before the epoch is released. */
  readonly schemas: ReadonlyMap<Digest, Uint8Array>;
}

/** Everything that is wrong, each with its place; `parsed` is for showing it. */
export interface Refusal {
  readonly faults: readonly Fault[];
  readonly files: ReadonlyMap<string, string>;
}

/**
 * Composes the files of one directory into one epoch: `<document>.yaml` (or `.yml`, `.json`) beside `<document>.schema.json`.
 * All faults are collected, so that one run shows them all.
 */
export function compose(files: readonly SourceFile[], directory = '.'): Composition | Refusal {
  const sorted = sort(files, directory);
  const faults: Fault[] = [...sorted.faults];
  const texts = new Map<string, string>();
  const documents: Record<string, EpochDocument> = {};
  const schemas = new Map<Digest, Uint8Array>();
  for (const [name, pair] of sorted.pairs) {
    const [document, schema] = [parseText(pair.document), parsedSchema(pair.schema, texts)];
    if (document instanceof Fault) faults.push(document);
    else texts.set(document.path, document.text);
    if (schema instanceof Fault) faults.push(schema);
    if (document instanceof Fault || schema instanceof Fault) continue;
    const found = findings(document, schema);
    faults.push(...found);
    if (found.length > 0) continue;
    documents[name] = { schema: schema.digest, content: document.value as Record<string, unknown> };
    schemas.set(schema.digest, schema.bytes);
  }
  if (faults.length > 0) return { faults, files: texts };
  const epoch: Epoch = { sluice: 1, documents };
  const bytes = new TextEncoder().encode(canonical(epoch));
  if (bytes.length > EPOCH_LIMIT) return { faults: [tooLarge(documents, bytes.length)], files: texts };
  return { epoch, bytes, digest: digestOf(bytes), schemas };
}

function parsedSchema(file: SourceFile, texts: Map<string, string>): Schema | Fault {
  const parsed = parseText(file);
  if (parsed instanceof Fault) return parsed;
  texts.set(parsed.path, parsed.text);
  return compileSchema(parsed.value, { name: file.path, at: (path) => at(file.path, parsed.position(path)) });
}

function findings(document: Parsed, schema: Schema): Fault[] {
  if (!isObject(document.value)) {
    return [faultOf({ path: [], expected: 'must be an object', value: document.value }, at(document.path, document.position([])))];
  }
  return schema.check(document.value)
    .map((violation) => ({ violation, position: document.position(violation.path, violation.key ? 'key' : undefined) }))
    .sort((one, other) => (one.position?.line ?? 0) - (other.position?.line ?? 0))
    .map(({ violation, position }) => faultOf(violation, at(document.path, position)));
}

function tooLarge(documents: Readonly<Record<string, EpochDocument>>, size: number): Fault {
  const largest = Object.entries(documents)
    .map(([name, document]) => ({ name, size: Buffer.byteLength(canonical(document)) }))
    .sort((one, other) => other.size - one.size)
    .slice(0, 3)
    .map((one) => `${one.name} (${one.size})`)
    .join(', ');
  return fault(AUTHORING, 'SLUICE-DOC-11', { size, most: EPOCH_LIMIT, largest });
}

interface Sorted {
  readonly pairs: readonly [string, { readonly document: SourceFile; readonly schema: SourceFile }][];
  readonly faults: readonly Fault[];
}

/** Pairs documents with their schemas, by name, in an order that no file system decides. */
function sort(files: readonly SourceFile[], directory: string): Sorted {
  const faults: Fault[] = [];
  const documents = new Map<string, SourceFile[]>();
  const schemas = new Map<string, SourceFile>();
  for (const file of [...files].sort((one, other) => (one.path < other.path ? -1 : 1))) {
    const { path } = file;
    if (path.startsWith('.') || path.endsWith('.md')) continue;
    const schemaOf = /^(.*)\.schema\.json$/.exec(path)?.[1];
    const name = schemaOf ?? /^(.*)\.(?:yaml|yml|json)$/.exec(path)?.[1];
    if (name === undefined) faults.push(fault(AUTHORING, 'SLUICE-DIR-3', { path }));
    else if (!DOCUMENT_NAME.test(name)) faults.push(fault(AUTHORING, 'SLUICE-DIR-7', { name }));
    else if (schemaOf === undefined) documents.set(name, [...(documents.get(name) ?? []), file]);
    else schemas.set(name, file);
  }
  const pairs: Sorted['pairs'][number][] = [];
  for (const [name, [document, ...others]] of documents) {
    const schema = schemas.get(name);
    if (document === undefined) continue;
    if (others.length > 0) faults.push(fault(AUTHORING, 'SLUICE-DIR-6', { document: name, paths: [document, ...others].map((file) => file.path).join(', ') }));
    else if (schema === undefined) faults.push(fault(AUTHORING, 'SLUICE-DIR-4', { document: name }));
    else pairs.push([name, { document, schema }]);
  }
  for (const [document, { path }] of schemas) {
    if (!documents.has(document)) faults.push(fault(AUTHORING, 'SLUICE-DIR-5', { path, document }));
  }
  if (pairs.length === 0 && faults.length === 0) faults.push(fault(AUTHORING, 'SLUICE-DIR-2', { path: directory }));
  return { pairs, faults };
}

import { digestOf, type Digest } from '../core/digest.ts';
import { EPOCH_LIMIT, isObject, type Epoch, type EpochDocument } from '../core/epoch.ts';
import { fault, Fault, type Place } from '../core/fault.ts';
import { AUTHORING } from '../core/faults/authoring.ts';
import type { Rules } from '../core/rules.ts';
import { canonical, canonicalOnce } from './canonical.ts';
import { compileSchema, type Schema } from './schema.ts';
import { faultOf } from './finding.ts';
import { once, onceOfBoth } from './once.ts';
import { plainSecrets } from './plainSecret.ts';
import { sorted } from './sorting.ts';
import type { SourceFile } from './source.ts';
import { parseText, type Parsed, type Placed } from './text.ts';

/** An epoch made of files, with everything a release needs. */
export interface Composition {
  readonly epoch: Epoch;
  /** The canonical bytes (RFC 8785): the same documents give the same bytes everywhere. */
  readonly bytes: Uint8Array;
  readonly digest: Digest;
  /** The schemas, and the rules where the epoch names any, by digest, as the epoch store keeps them; stored before the epoch is released. */
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
  const { pairs, faults: unpaired } = paired(files, directory);
  const faults: Fault[] = [...unpaired];
  const texts = new Map<string, string>();
  const documents: Record<string, EpochDocument> = {};
  const schemas = new Map<Digest, Uint8Array>();
  for (const [name, pair] of pairs) {
    const [document, schema] = [parseText(pair.document), parsedSchema(pair.schema, texts)];
    if (document instanceof Fault) faults.push(document);
    else texts.set(document.path, document.text);
    if (schema instanceof Fault) faults.push(schema);
    if (document instanceof Fault || schema instanceof Fault) continue;
    // Secrets first and alone: what a schema says of a value shows it.
    const secrets = plainSecrets(document.value, (path) => document.place(path));
    const found = secrets.length > 0 ? secrets : findings(document, schema);
    faults.push(...found);
    if (found.length > 0) continue;
    documents[name] = { schema: schema.digest, content: document.value as Record<string, unknown> };
    schemas.set(schema.digest, schema.bytes);
  }
  if (faults.length > 0) return { faults, files: texts };
  const composed = composition(documents, schemas);
  return composed instanceof Fault ? { faults: [composed], files: texts } : composed;
}

/** The epoch of documents that are valid, by the rules of their environment where it has any, or the fault that it is too large (`SLUICE-DOC-11`). */
export function composition(documents: Readonly<Record<string, EpochDocument>>, schemas: ReadonlyMap<Digest, Uint8Array>, rules?: Rules): Composition | Fault {
  const encoder = new TextEncoder();
  const ruling = rules === undefined ? undefined : encoder.encode(canonical(rules));
  const named = ruling === undefined ? {} : { rules: digestOf(ruling) };
  const bytes = encoder.encode(envelope(documents, named.rules));
  if (bytes.length > EPOCH_LIMIT) return tooLarge(documents, bytes.length);
  const kept = ruling === undefined ? schemas : new Map([...schemas, [digestOf(ruling), ruling] as const]);
  return { epoch: { sluice: 1, ...named, documents }, bytes, digest: digestOf(bytes), schemas: kept };
}

/** The canonical text of an epoch: `canonical(epoch)`, put together of its documents' texts. */
function envelope(documents: Readonly<Record<string, EpochDocument>>, rules: Digest | undefined): string {
  const members = Object.keys(documents).sort().map((name) => {
    const { content, schema } = documents[name] as EpochDocument;
    return `${JSON.stringify(name)}:{"content":${canonicalOnce(content)},"schema":${JSON.stringify(schema)}}`;
  });
  return `{"documents":{${members.join(',')}},${rules === undefined ? '' : `"rules":${JSON.stringify(rules)},`}"sluice":1}`;
}

/** Reads and compiles a schema; its text is kept in `texts`, to show its faults. */
export function parsedSchema(file: SourceFile, texts: Map<string, string>): Schema | Fault {
  const parsed = parseText(file);
  if (parsed instanceof Fault) return parsed;
  texts.set(parsed.path, parsed.text);
  return compiled(parsed);
}

const compiled = once((parsed: Parsed): Schema | Fault => compileSchema(parsed.value, { name: parsed.path, at: (path) => parsed.place(path) }));

/** What is wrong with a document by its schema, in the order of its lines. */
export const findings: (document: Placed, schema: Schema) => readonly Fault[] = onceOfBoth(judged);

function judged(document: Placed, schema: Schema): Fault[] {
  if (!isObject(document.value)) return [faultOf({ path: [], expected: 'must be an object', value: document.value }, document.place([]))];
  return schema.check(document.value)
    .map((violation) => ({ violation, place: document.place(violation.path, violation.key ? 'key' : undefined) }))
    .sort((one, other) => lineOf(one.place) - lineOf(other.place))
    .map(({ violation, place }) => faultOf(violation, place));
}

function lineOf(place: Place | string): number {
  return typeof place === 'string' ? 0 : place.line;
}

function tooLarge(documents: Readonly<Record<string, EpochDocument>>, size: number): Fault {
  const largest = Object.entries(documents)
    .map(([name, document]) => ({ name, size: Buffer.byteLength(canonicalOnce(document.content)) }))
    .sort((one, other) => other.size - one.size)
    .slice(0, 3)
    .map((one) => `${one.name} (${one.size})`)
    .join(', ');
  return fault(AUTHORING, 'SLUICE-DOC-11', { size, most: EPOCH_LIMIT, largest });
}

/** Pairs documents with their schemas, by name, in an order that no file system decides. */
function paired(files: readonly SourceFile[], directory: string): { readonly pairs: readonly [string, { readonly document: SourceFile; readonly schema: SourceFile }][]; readonly faults: readonly Fault[] } {
  const { documents, schemas, twice, faults } = sorted(files);
  const pairs: [string, { readonly document: SourceFile; readonly schema: SourceFile }][] = [];
  for (const [name, document] of documents) {
    const schema = schemas.get(name);
    if (twice.has(name)) continue;
    if (schema === undefined) faults.push(fault(AUTHORING, 'SLUICE-DIR-4', { document: name }));
    else pairs.push([name, { document, schema }]);
  }
  for (const [document, { path }] of schemas) {
    if (!documents.has(document)) faults.push(fault(AUTHORING, 'SLUICE-DIR-5', { path, document }));
  }
  if (pairs.length === 0 && faults.length === 0) faults.push(fault(AUTHORING, 'SLUICE-DIR-2', { path: directory }));
  return { pairs, faults };
}

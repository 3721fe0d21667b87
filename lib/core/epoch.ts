import type { Digest } from './digest.ts';
import { isDigest } from './digest.ts';
import { fault, shown, type Fault } from './fault.ts';
import { READING } from './faults/reading.ts';

/** The most bytes AppConfig keeps in one hosted configuration version, and so the most of an epoch: 2 MiB. */
export const EPOCH_LIMIT = 2_097_152;

/** What a document of an epoch may be called. */
export const DOCUMENT_NAME: RegExp = /^[A-Za-z][A-Za-z0-9_-]{0,63}$/;

/** One document inside an epoch: its content, and the digest of the schema it was valid against. */
export interface EpochDocument {
  readonly schema: Digest;
  readonly content: Readonly<Record<string, unknown>>;
}

/** The envelope AppConfig rolls out; schemas/epoch.schema.json is its contract. */
export interface Epoch {
  readonly sluice: 1;
  /** The digest of the rules that its documents keep beyond their schemas. @default - none but those for all */
  readonly rules?: Digest;
  readonly documents: Readonly<Record<string, EpochDocument>>;
}

/**
 * Reads an epoch from exactly the bytes that are served. Checks the envelope, not the documents' own schemas.
 * @returns the epoch, or the fault `SLUICE-EPOCH-1` that says what is wrong with the envelope.
 */
export function parseEpoch(bytes: Uint8Array): Epoch | Fault {
  const wrong = (problem: string): Fault => fault(READING, 'SLUICE-EPOCH-1', { problem });
  if (bytes.length === 0) return wrong('it is empty');
  if (bytes.length > EPOCH_LIMIT) return wrong(`it is ${bytes.length} bytes, at most ${EPOCH_LIMIT} are allowed`);
  let value: unknown;
  try {
    value = JSON.parse(new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes));
  } catch (cause) {
    return fault(READING, 'SLUICE-EPOCH-1', { problem: `it is not JSON (${(cause as Error).message})` }, cause);
  }
  const problem = problemOf(value);
  return problem === undefined ? (value as Epoch) : wrong(problem);
}

/** What is wrong with an envelope, in words; nothing when it is right. */
function problemOf(value: unknown): string | undefined {
  if (!isObject(value)) return `it is ${shown(value)}, not an object`;
  if (value['sluice'] !== 1) return `"sluice" must be 1, got ${shown(value['sluice'])}`;
  const extra = Object.keys(value).find((key) => key !== 'sluice' && key !== 'rules' && key !== 'documents');
  if (extra !== undefined) return `it has a member ${shown(extra)} beside "sluice", "rules" and "documents"`;
  if (value['rules'] !== undefined && !isDigest(value['rules'])) return `"rules" must be a digest sha256:<hex>, got ${shown(value['rules'])}`;
  const documents = value['documents'];
  if (!isObject(documents)) return `"documents" must be an object, got ${shown(documents)}`;
  const names = Object.keys(documents);
  if (names.length === 0) return '"documents" is empty';
  for (const name of names) {
    const found = problemOfDocument(name, documents[name]);
    if (found !== undefined) return found;
  }
  return undefined;
}

function problemOfDocument(name: string, value: unknown): string | undefined {
  if (!DOCUMENT_NAME.test(name)) return `${shown(name)} cannot name a document`;
  if (!isObject(value)) return `the document ${name} must be an object, got ${shown(value)}`;
  if (!isDigest(value['schema'])) return `documents.${name}.schema must be a digest sha256:<hex>, got ${shown(value['schema'])}`;
  if (!isObject(value['content'])) return `documents.${name}.content must be an object, got ${shown(value['content'])}`;
  const extra = Object.keys(value).find((key) => key !== 'schema' && key !== 'content');
  return extra === undefined ? undefined : `the document ${name} has a member ${shown(extra)} beside "schema" and "content"`;
}

/** Whether a value of JSON is an object. */
export function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

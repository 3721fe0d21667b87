import { digestOf, type Digest } from '../core/digest.ts';
import { parseEpoch } from '../core/epoch.ts';
import { fault, Fault } from '../core/fault.ts';
import { READING } from '../core/faults/reading.ts';

/** A document as it is read: frozen, all the way down. */
export type Document = Readonly<Record<string, unknown>>;

/** One epoch as functions read it: frozen, so that no reader can change what the next one sees. */
export class Configuration {
  readonly digest: Digest;
  /** AppConfig's version number, as text; empty when only the bytes are known. */
  readonly version: string;
  /** True when its source failed and this is the newest good one. */
  readonly stale: boolean;
  readonly documents: Readonly<Record<string, Document>>;

  constructor(digest: Digest, version: string, stale: boolean, documents: Readonly<Record<string, Document>>) {
    this.digest = digest;
    this.version = version;
    this.stale = stale;
    this.documents = documents;
    Object.freeze(this);
  }

  /**
   * One document, in the shape its schema promises.
   * @throws Fault `SLUICE-EPOCH-3` when the epoch has no such document.
   */
  document<Shape = Document>(name: string): Readonly<Shape> {
    const found = this.documents[name];
    if (found === undefined) throw fault(READING, 'SLUICE-EPOCH-3', { name, names: Object.keys(this.documents).join(', ') });
    return found as Readonly<Shape>;
  }

  /** The same documents, known by another version number or marked stale. */
  as(version: string, stale: boolean): Configuration {
    return version === this.version && stale === this.stale ? this : new Configuration(this.digest, version, stale, this.documents);
  }
}

/**
 * Makes a configuration from exactly the bytes that were served.
 * @returns a fault when they are no epoch, or have another digest than the expected one.
 */
export function configurationOf(bytes: Uint8Array, version: string, expected?: Digest): Configuration | Fault {
  const digest = digestOf(bytes);
  if (expected !== undefined && digest !== expected) return fault(READING, 'SLUICE-EPOCH-2', { got: digest, expected });
  const epoch = parseEpoch(bytes);
  if (epoch instanceof Fault) return epoch;
  const documents: Record<string, Document> = {};
  for (const [name, document] of Object.entries(epoch.documents)) documents[name] = document.content;
  // Only now, since V8 reads an object that was made without a prototype five times more slowly.
  Object.setPrototypeOf(documents, null);
  freeze(documents);
  return new Configuration(digest, version, false, documents);
}

/** Freezes a value of JSON and everything in it; without recursion, since nesting is the author's choice. */
function freeze(root: object): void {
  const pending: object[] = [root];
  for (let next = pending.pop(); next !== undefined; next = pending.pop()) {
    Object.freeze(next);
    for (const value of Object.values(next) as unknown[]) {
      if (typeof value === 'object' && value !== null) pending.push(value);
    }
  }
}

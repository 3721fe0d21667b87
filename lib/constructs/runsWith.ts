import { readFileSync } from 'node:fs';
import { isDigest, type Digest } from '../core/digest.ts';
import { DOCUMENT_NAME } from '../core/epoch.ts';
import { fault, Fault, shown } from '../core/fault.ts';
import { BUILDING } from '../core/faults/building.ts';
import type { RunsWith as Declared } from '../core/runsWith.ts';
import { parsedSchema } from '../documents/composition.ts';

/** With which configuration a version of a workflow can run. It is a part of the version, as immutable as its definition. */
export class RunsWith {
  /**
   * Documents by these schemas: of each document the paths of schema files, or their digests (`sha256:<hex>`). Documents that are not named may be by any.
   * @throws Fault `SLUICE-CDK-20` for what is neither, and what a schema itself is refused with.
   */
  static schemas(byDocument: Readonly<Record<string, readonly string[]>>): RunsWith {
    return new RunsWith({ schemas: Object.fromEntries(Object.entries(byDocument).map(([name, schemas]) => {
      if (!DOCUMENT_NAME.test(name) || schemas.length === 0) throw wrong({ [name]: schemas }, 'names no document with a schema');
      return [name, schemas.map(digestOfSchema)];
    })) });
  }

  /** These epochs, by their digests (`sha256:<hex>`). @throws Fault `SLUICE-CDK-20` for what is none. */
  static epochs(...digests: string[]): RunsWith {
    if (digests.length === 0) throw wrong(digests, 'names no epoch');
    return new RunsWith({ epochs: digests.map((one) => (isDigest(one) ? one : refused(one, 'is no digest'))) });
  }

  /** Epochs from a version of the profile on: its number as AppConfig counts. @throws Fault `SLUICE-CDK-20` for what is none. */
  static since(version: number): RunsWith {
    if (!Number.isSafeInteger(version) || version < 1) throw wrong(version, 'is no number of a version');
    return new RunsWith({ since: version });
  }

  /** Any. It differs from saying nothing where an earlier version of the workflow declares more: that one stays guarded as long as it has executions. */
  static anything(): RunsWith {
    return new RunsWith({});
  }

  /** The declaration as definitions carry it. */
  readonly declared: Declared;

  private constructor(declared: Declared) {
    this.declared = declared;
  }
}

function digestOfSchema(named: string): Digest {
  if (isDigest(named)) return named;
  const schema = parsedSchema({ path: named, bytes: bytesOf(named) }, new Map());
  if (schema instanceof Fault) throw schema;
  return schema.digest;
}

function bytesOf(path: string): Uint8Array {
  try {
    return readFileSync(path);
  } catch (cause) {
    throw fault(BUILDING, 'SLUICE-CDK-20', { got: shown(path), problem: 'is neither a digest nor a file' }, cause);
  }
}

function wrong(got: unknown, problem: string): Fault {
  return fault(BUILDING, 'SLUICE-CDK-20', { got: shown(got), problem });
}

function refused(got: unknown, problem: string): never {
  throw wrong(got, problem);
}

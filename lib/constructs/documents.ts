import { readdirSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { fault, Fault } from '../core/fault.ts';
import { AUTHORING } from '../core/faults/authoring.ts';
import { BUILDING } from '../core/faults/building.ts';
import { compose, type Composition, type Refusal } from '../documents/composition.ts';
import type { SourceFile } from '../documents/source.ts';
import { projectAround } from './projectAround.ts';

/** How many problems one refusal tells; the count is of all. */
const TOLD = 10;

/**
 * The epoch that a directory's documents make, checked as a release checks them.
 * @throws Fault, the document's own when there is one problem, `SLUICE-CDK-4` with all of them when there are more.
 */
export function documentsOf(directory: string): Composition {
  return whole(compose(filesOf(directory), directory), directory);
}

/** What was made of a directory. @throws Fault, the one thing that is wrong with it, or `SLUICE-CDK-4` with all that is. */
export function whole<Made extends object>(composed: Made | Refusal, directory: string): Made {
  if (!('faults' in composed)) return composed;
  const [first] = composed.faults;
  if (composed.faults.length === 1 && first !== undefined) throw first;
  throw fault(BUILDING, 'SLUICE-CDK-4', {
    count: composed.faults.length, directory, problems: composed.faults.slice(0, TOLD).map((one) => one.message).join(' | '),
  });
}

function filesOf(directory: string): SourceFile[] {
  try {
    return readdirSync(directory, { withFileTypes: true }).filter((entry) => !entry.name.startsWith('.')).map((entry) => {
      if (entry.isDirectory()) throw noDocument(directory, entry.name);
      return fileIn(directory, entry.name);
    });
  } catch (cause) {
    if (cause instanceof Fault) throw cause;
    throw fault(AUTHORING, 'SLUICE-DIR-1', { path: directory }, cause);
  }
}

/** Files as they were read last, by their paths: environments of one directory, and apps of one process, read and compile the same bytes once. */
const known = new Map<string, SourceFile>();

function fileIn(directory: string, path: string): SourceFile {
  const at = resolve(directory, path);
  const [before, bytes] = [known.get(at), readFileSync(at)];
  if (before !== undefined && bytes.equals(before.bytes)) return before;
  const file = { path, bytes };
  known.set(at, file);
  return file;
}

/** A folder among documents: mostly the overlays of a project, whose documents alone were named. */
function noDocument(directory: string, folder: string): Fault {
  const project = projectAround(resolve(directory));
  return project === undefined ? fault(AUTHORING, 'SLUICE-DIR-3', { path: `${folder}/` }) : fault(BUILDING, 'SLUICE-CDK-16', { directory, folder, project });
}

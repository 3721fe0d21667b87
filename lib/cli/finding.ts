import { join, relative } from 'node:path';
import type { DirectoryFile } from '../adapters/source/directory.ts';
import { EPOCH_LIMIT } from '../core/epoch.ts';
import type { Fault, Place } from '../core/fault.ts';
import type { Refusal } from '../documents/composition.ts';
import { sourceLines } from '../documents/excerpt.ts';
import type { Finding } from './event.ts';
import { WIDTH } from './views/layout.ts';

/** The faults of a refusal as they are told: places begin where the user is, so that editors and terminals make them links. */
export function findingsOf({ faults, files: parsed }: Refusal, files: readonly DirectoryFile[], directory: string): Finding[] {
  const texts = new Map([...textsOf(files), ...parsed]);
  const paths = files.map(({ path }) => path);
  return faults.map((one) => (one.place === undefined ? wholeFile(one, paths, directory) : findingOf(one, one.place, texts, directory)));
}

/** A fault without a place in a file; one about a file as a whole begins with its path. */
function wholeFile({ code, message, remedy }: Fault, paths: readonly string[], directory: string): Finding {
  const told = message.slice(code.length + 2, -(remedy.length + 2));
  const path = paths.find((one) => told.startsWith(`${one}: `));
  if (path === undefined) return { code, message, remedy, problem: told, source: [] };
  const [file, problem] = [placed(directory, path), told.slice(path.length + 2)];
  return { code, message: `${code}: ${file}: ${problem}; ${remedy}`, remedy, problem, file, source: [] };
}

function findingOf(fault: Fault, place: Place, texts: ReadonlyMap<string, string>, directory: string): Finding {
  const { code, message, remedy } = fault;
  const told = message.slice(code.length + 2, -(remedy.length + 2));
  const from = placed(directory, place.path);
  const before = `${place.toString()}: `;
  const problem = told.startsWith(before) ? told.slice(before.length) : told;
  return {
    code, remedy, problem,
    message: message.replace(`${code}: ${before}`, () => `${code}: ${from}:${place.line}:${place.column}: `),
    place: { path: from, line: place.line, column: place.column },
    source: sourceLines(fault, texts, WIDTH),
  };
}

function placed(directory: string, path: string): string {
  return join(relative('.', directory) === '' ? '' : directory, path);
}

/** The texts of files that could not be read as documents, to show where. */
function textsOf(files: readonly DirectoryFile[]): [string, string][] {
  return files.filter(({ bytes, size }) => size === undefined && bytes.length <= EPOCH_LIMIT).map(({ path, bytes }) => [path, new TextDecoder().decode(bytes)]);
}

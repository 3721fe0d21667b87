import { EPOCH_LIMIT } from '../core/epoch.ts';
import { fault, Fault, shown, type Place } from '../core/fault.ts';
import { AUTHORING } from '../core/faults/authoring.ts';
import {
  isAlias, isMap, isNode, isPair, isScalar, isSeq, LineCounter, visit,
  type Document as YamlDocument, type Node, type Pair, type Scalar, type YAMLParseError,
} from './vendored/yaml.ts';
import { canonical, DEPTH_LIMIT, valueOf } from './canonical.ts';
import { once } from './once.ts';
import { at, type Path, type Position, type SourceFile } from './source.ts';
import { readPlain } from './plain.ts';
import { composeYaml } from './yaml.ts';

/** How many levels of an epoch are around the content of a document. */
const ENVELOPE = 3;

/** A value, and where each part of it stands. */
export interface Placed {
  readonly value: unknown;
  /** Where the value at a path stands, or its nearest parent that is written down. `of` the key asks for its name instead. */
  place(path: Path, of?: 'key'): Place | string;
}

/** A file that was read. */
export interface Parsed extends Placed {
  readonly path: string;
  readonly text: string;
  /** Where the value at a path stands, as `place` does; nothing when no position is known. */
  position(path: Path, of?: 'key'): Position | undefined;
}

/**
 * Reads YAML 1.2 (core schema) or JSON, by the file's name. Both become what JSON has.
 * Merge keys, tags and duplicate keys are refused, since readers disagree about what they mean.
 */
export const parseText: (file: SourceFile) => Parsed | Fault = once(read);

function read(file: SourceFile): Parsed | Fault {
  const { path, bytes } = file;
  const size = file.size ?? bytes.length;
  if (size > EPOCH_LIMIT) return fault(AUTHORING, 'SLUICE-DOC-1', { at: path, size, most: EPOCH_LIMIT });
  const text = decoded(bytes);
  if (text === undefined) return fault(AUTHORING, 'SLUICE-DOC-2', { at: path });
  const conflict = conflictLine(text);
  if (conflict !== undefined) return fault(AUTHORING, 'SLUICE-DOC-12', { at: at(path, { line: conflict, column: 1, length: 7 }) });
  return parsedPlainly(path, text) ?? parsedWhole(path, text);
}

/** Most files need no whole reader of YAML until somebody asks where something stands. */
function parsedPlainly(path: string, text: string): Parsed | undefined {
  const plain = readPlain(path, text);
  if (plain === undefined) return undefined;
  let value: unknown;
  try {
    value = valueOf(canonical(plain.value, ENVELOPE));
  } catch (cause) {
    // Too deep, or half a surrogate pair: the whole reader says where.
    if (cause instanceof TypeError) return undefined;
    throw cause;
  }
  let whole: Parsed | Fault | undefined;
  const position = (keys: Path, of?: 'key'): Position | undefined => {
    whole ??= parsedWhole(path, text);
    return whole instanceof Fault ? undefined : whole.position(keys, of);
  };
  return { path, text, value, position, place: (keys, of) => at(path, position(keys, of)) };
}

function parsedWhole(path: string, text: string): Parsed | Fault {
  const broken = path.endsWith('.json') ? jsonProblem(path, text) : undefined;
  if (broken !== undefined) return broken;

  const lines = new LineCounter();
  const where = (offset: number, end = offset + 1): Position => placed(lines, offset, end);
  // JSON has no raw tabs inside its strings, so a tab is a space there and every column stays where it is.
  const source = path.endsWith('.json') ? text.replaceAll('\t', ' ') : text;
  const document = composeYaml(source, lines);
  if (document === 'too-deep') return fault(AUTHORING, 'SLUICE-DOC-3', { at: path, problem: `values are nested deeper than ${DEPTH_LIMIT} levels` });
  const problem = syntaxProblem(path, source, document, where) ?? contentProblem(path, document, where);
  if (problem !== undefined) return problem;
  return finished(path, text, document, where);
}

function finished(path: string, text: string, document: YamlDocument.Parsed, where: (offset: number, end?: number) => Position): Parsed | Fault {
  let value: unknown;
  try {
    // By way of the canonical text, so that a schema sees exactly what will be served: -0 is 0 there.
    value = valueOf(canonical(document.toJS({ maxAliasCount: 100 }), ENVELOPE));
  } catch (cause) {
    // The library throws ReferenceError when aliases expand too far; an alias inside its own anchor nests without end.
    if (cause instanceof ReferenceError || cause instanceof RangeError) return multiplied(path, document, where, cause);
    return fault(AUTHORING, 'SLUICE-DOC-8', { at: path, got: 'something in it', problem: (cause as Error).message }, cause);
  }
  const position = (keys: Path, of?: 'key'): Position | undefined => {
    const found = nearest(document, keys, of);
    return found?.range ? where(found.range[0], found.range[1]) : undefined;
  };
  return { path, text, value, position, place: (keys, of) => at(path, position(keys, of)) };
}

const UTF_8 = new TextDecoder('utf-8', { fatal: true });

/** Aliases that expand too far, at the first of them. */
function multiplied(path: string, document: YamlDocument.Parsed, where: (offset: number, end?: number) => Position, cause: Error): Fault {
  let first: Position | undefined;
  let count = 0;
  visit(document, {
    Alias(_, { range }) {
      count += 1;
      if (range) first ??= where(range[0], range[1]);
    },
  });
  return fault(AUTHORING, 'SLUICE-DOC-6', { at: at(path, first), count }, cause);
}

function decoded(bytes: Uint8Array): string | undefined {
  try {
    const text = UTF_8.decode(bytes);
    return text.includes('\0') ? undefined : text;
  } catch {
    return undefined;
  }
}

/** The line of the first marker that git leaves where two changes met; nothing when there are not all three. */
function conflictLine(text: string): number | undefined {
  const marker = /^<{7}(?: .*)?$/m.exec(text);
  const rest = marker === null ? '' : text.slice(marker.index);
  return marker !== null && /^={7}$/m.test(rest.replaceAll('\r', '')) && /^>{7}(?: .*)?$/m.test(rest) ? text.slice(0, marker.index).split('\n').length : undefined;
}

function jsonProblem(path: string, text: string): Fault | undefined {
  try {
    JSON.parse(text);
    return undefined;
  } catch (cause) {
    const { message } = cause as Error;
    const offset = Number(/at position (\d+)/.exec(message)?.[1] ?? text.length);
    const before = text.slice(0, offset).split('\n');
    const position = { line: before.length, column: (before.at(-1)?.length ?? 0) + 1, length: 1 };
    return fault(AUTHORING, 'SLUICE-DOC-3', { at: at(path, position), problem: message.replace(/ \(line \d+ column \d+\)$/, '') }, cause);
  }
}

function syntaxProblem(path: string, source: string, document: YamlDocument.Parsed, where: (offset: number, end?: number) => Position): Fault | undefined {
  const first: YAMLParseError | undefined = document.errors[0];
  if (first !== undefined) {
    const here = at(path, where(first.pos[0]));
    if (first.code === 'TAB_AS_INDENT') return fault(AUTHORING, 'SLUICE-DOC-4', { at: here }, first);
    if (first.code !== 'DUPLICATE_KEY') return fault(AUTHORING, 'SLUICE-DOC-3', { at: here, problem: first.message }, first);
    const key = /^["']?([^"':\s]+)/.exec(source.slice(first.pos[0]))?.[1] ?? '';
    return fault(AUTHORING, 'SLUICE-DOC-5', { at: at(path, where(first.pos[0], first.pos[0] + key.length)), key }, first);
  }
  const warning = document.warnings[0];
  if (warning === undefined) return undefined;
  return fault(AUTHORING, 'SLUICE-DOC-3', { at: at(path, where(warning.pos[0])), problem: warning.message }, warning);
}

/** What is well-formed YAML but no value of ours. */
function contentProblem(path: string, document: YamlDocument.Parsed, where: (offset: number, end?: number) => Position): Fault | undefined {
  let problem: Fault | undefined;
  const here = (node: Node): Place | string => at(path, node.range ? where(node.range[0], node.range[1]) : undefined);
  visit(document, {
    Pair(_, pair: Pair) {
      const key = pair.key as Scalar<string>;
      if (key.value === '<<' && key.type === 'PLAIN') problem = fault(AUTHORING, 'SLUICE-DOC-7', { at: here(key) });
      else if (key.value === '__proto__') problem = fault(AUTHORING, 'SLUICE-DOC-9', { at: here(key), key: key.value });
      return problem === undefined ? undefined : visit.BREAK;
    },
    Alias(_, alias, above) {
      const meant = alias.resolve(document);
      if (meant !== undefined && !above.includes(meant)) return undefined;
      if (meant !== undefined) {
        problem = fault(AUTHORING, 'SLUICE-DOC-13', { at: here(alias), alias: `*${alias.source}` });
        return visit.BREAK;
      }
      problem = fault(AUTHORING, 'SLUICE-DOC-3', { at: here(alias), problem: `no anchor before the alias *${alias.source}` });
      return visit.BREAK;
    },
    Scalar(_, scalar) {
      const told = unusable(scalar.value);
      if (told === undefined) return undefined;
      problem = fault(AUTHORING, 'SLUICE-DOC-8', { at: here(scalar), got: scalar.source ?? shown(scalar.value), problem: told });
      return visit.BREAK;
    },
  });
  return problem;
}

function unusable(value: unknown): string | undefined {
  if (typeof value === 'number' && !Number.isFinite(value)) return 'JSON has no such number';
  if (typeof value === 'number' && Number.isInteger(value) && !Number.isSafeInteger(value)) return 'it is beyond 2^53 and would lose digits';
  if (typeof value === 'object' && value !== null) return 'it is binary or of another type';
  return undefined;
}

function placed(lines: LineCounter, offset: number, end: number): Position {
  const { line, col } = lines.linePos(offset);
  const nextLine = lines.lineStarts[line] ?? Infinity;
  return { line: Math.max(line, 1), column: Math.max(col, 1), length: Math.max(1, Math.min(end, nextLine - 1) - offset) };
}

function nearest(document: YamlDocument.Parsed, path: Path, of: 'key' | undefined): Node | undefined {
  let node: Node | undefined = document.contents ?? undefined;
  for (const [index, key] of path.entries()) {
    if (isAlias(node)) node = node.resolve(document);
    const child: unknown = isMap(node) ? node.items.find((pair) => isScalar(pair.key) && String(pair.key.value) === String(key)) : isSeq(node) ? node.items[Number(key)] : undefined;
    if (isPair(child)) {
      const keyNode = child.key as Node;
      if (of === 'key' && index === path.length - 1) return keyNode;
      node = isNode(child.value) && child.value.range && child.value.range[1] > child.value.range[0] ? child.value : keyNode;
    } else if (isNode(child)) {
      node = child;
    } else {
      return node;
    }
  }
  return node;
}

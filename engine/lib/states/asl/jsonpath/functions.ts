import { createHash } from 'node:crypto';
import { isObject, sameJson } from '../datum.ts';

/** Why an intrinsic function refused its arguments. */
export class FunctionFault extends Error {}

/** What functions may draw. */
export interface Randomness {
  random(): number;
  uuid(): string;
}

type IntrinsicFunction = (values: readonly unknown[], randomness: Randomness) => unknown;

const TEXT_LIMIT = 10_000;
const RANGE_LIMIT = 1000;
const DIGESTS: ReadonlyMap<string, string> = new Map([['MD5', 'md5'], ['SHA-1', 'sha1'], ['SHA-256', 'sha256'], ['SHA-384', 'sha384'], ['SHA-512', 'sha512']]);

const FUNCTIONS: Readonly<Record<string, IntrinsicFunction>> = {
  'States.Array': (values) => [...values],
  'States.ArrayContains': (values) => array(values, 0).some((item) => sameJson(item, value(values, 1))),
  'States.ArrayGetItem': (values) => arrayItem(array(values, 0), integer(values, 1)),
  'States.ArrayLength': (values) => array(values, 0).length,
  'States.ArrayPartition': (values) => partition(array(values, 0), integer(values, 1)),
  'States.ArrayRange': (values) => range(integer(values, 0), integer(values, 1), integer(values, 2)),
  'States.ArrayUnique': (values) => array(values, 0).filter((item, at, all) => all.findIndex((other) => sameJson(other, item)) === at),
  'States.Base64Decode': (values) => Buffer.from(limited(values, 0), 'base64').toString('utf8'),
  'States.Base64Encode': (values) => Buffer.from(limited(values, 0), 'utf8').toString('base64'),
  'States.Format': (values) => format(text(values, 0), values.slice(1)),
  'States.Hash': (values) => hash(value(values, 0), text(values, 1)),
  'States.JsonMerge': (values) => merge(values),
  'States.JsonToString': (values) => JSON.stringify(value(values, 0)),
  'States.MathAdd': (values) => rounded(values, 0) + rounded(values, 1),
  'States.MathRandom': (values, randomness) => between(values, randomness),
  'States.StringSplit': (values) => split(text(values, 0), text(values, 1)),
  'States.StringToJson': (values) => parse(text(values, 0)),
  'States.UUID': (_values, randomness) => randomness.uuid(),
};

/** The function of a name such as `States.Format`. */
export function findFunction(name: string): IntrinsicFunction | undefined {
  return Object.hasOwn(FUNCTIONS, name) ? FUNCTIONS[name] : undefined;
}

function value(values: readonly unknown[], at: number): unknown {
  if (at >= values.length) throw new FunctionFault(`Not enough arguments: ${at + 1} expected, got ${values.length}`);
  return values[at];
}

function array(values: readonly unknown[], at: number): readonly unknown[] {
  const candidate = value(values, at);
  if (!Array.isArray(candidate)) throw new FunctionFault(`Argument ${at + 1} must be an array, got ${JSON.stringify(candidate)}`);
  return candidate;
}

function text(values: readonly unknown[], at: number): string {
  const candidate = value(values, at);
  if (typeof candidate !== 'string') throw new FunctionFault(`Argument ${at + 1} must be a string, got ${JSON.stringify(candidate)}`);
  return candidate;
}

function limited(values: readonly unknown[], at: number): string {
  const candidate = text(values, at);
  if (candidate.length > TEXT_LIMIT) throw new FunctionFault(`Argument ${at + 1} must be at most ${TEXT_LIMIT} characters, got ${candidate.length}`);
  return candidate;
}

/** Java's Math.round: half towards positive infinity, and never -0. */
function rounded(values: readonly unknown[], at: number): number {
  const candidate = value(values, at);
  if (typeof candidate !== 'number') throw new FunctionFault(`Argument ${at + 1} must be a number, got ${JSON.stringify(candidate)}`);
  return Math.floor(candidate + 0.5) + 0;
}

function integer(values: readonly unknown[], at: number): number {
  return rounded(values, at);
}

function arrayItem(items: readonly unknown[], index: number): unknown {
  if (index < 0 || index >= items.length) throw new FunctionFault(`Index ${index} is out of bounds for an array of ${items.length}`);
  return items[index];
}

function partition(items: readonly unknown[], size: number): unknown[] {
  if (size < 1) throw new FunctionFault(`The chunk size must be at least 1, got ${size}`);
  return Array.from({ length: Math.ceil(items.length / size) }, (_, at) => items.slice(at * size, (at + 1) * size));
}

function range(from: number, to: number, step: number): number[] {
  if (step === 0) throw new FunctionFault('The increment of a range must not be 0');
  const length = Math.max(0, Math.floor((to - from) / step) + 1);
  if (length > RANGE_LIMIT) throw new FunctionFault(`A range has at most ${RANGE_LIMIT} elements, got ${length}`);
  return Array.from({ length }, (_, at) => from + at * step);
}

function hash(data: unknown, algorithm: string): string {
  const digest = DIGESTS.get(algorithm);
  if (!digest) throw new FunctionFault(`The algorithm must be one of ${[...DIGESTS.keys()].join(', ')}, got ${algorithm}`);
  const content = typeof data === 'string' ? data : JSON.stringify(data);
  if (content.length > TEXT_LIMIT) throw new FunctionFault(`Argument 1 must be at most ${TEXT_LIMIT} characters, got ${content.length}`);
  return createHash(digest).update(content).digest('hex');
}

/** Shallow only: AWS refuses `true` as third argument. */
function merge(values: readonly unknown[]): unknown {
  const [left, right] = [value(values, 0), value(values, 1)];
  if (!isObject(left) || !isObject(right)) throw new FunctionFault('The first two arguments must be JSON objects');
  if (value(values, 2) !== false) throw new FunctionFault('The third argument must be false: deep merging is not supported');
  return { ...left, ...right };
}

/** From start (inclusive) to end (exclusive); with a seed the same number again, drawn by a hash of the seed. */
function between(values: readonly unknown[], randomness: Randomness): number {
  const [from, to] = [rounded(values, 0), rounded(values, 1)];
  if (from >= to) throw new FunctionFault(`The start must be below the end, got ${from} and ${to}`);
  const drawn = values.length > 2
    ? createHash('sha256').update(String(rounded(values, 2))).digest().readUIntBE(0, 6) / 2 ** 48
    : randomness.random();
  return from + Math.floor(drawn * (to - from));
}

/** The separator is a set of characters, and empty pieces are dropped, as Java's StringTokenizer does. */
function split(content: string, separators: string): string[] {
  const pieces: string[] = [];
  let piece = '';
  for (const character of content) {
    if (!separators.includes(character)) piece += character;
    else if (piece !== '') {
      pieces.push(piece);
      piece = '';
    }
  }
  if (piece !== '') pieces.push(piece);
  return pieces;
}

function parse(content: string): unknown {
  if (content.trim() === '') return null;
  try {
    return JSON.parse(content);
  } catch (cause) {
    throw new FunctionFault(`Invalid JSON: ${content.slice(0, 80)}`, { cause });
  }
}

function format(template: string, values: readonly unknown[]): string {
  let used = 0;
  const formatted = template.replaceAll(/\\([{}\\'])|\\(.)|\{\}/g, (match, kept: string | undefined, other: string | undefined) => {
    if (kept !== undefined) return kept;
    if (other !== undefined) return match;
    if (used >= values.length) throw new FunctionFault(`The template has more {} than the ${values.length} arguments`);
    const next = values[used];
    used += 1;
    return printed(next, true);
  });
  if (used !== values.length) throw new FunctionFault(`The template has ${used} {} for ${values.length} arguments`);
  return formatted;
}

/** As Java prints maps and lists: `{Arg1=1, Arg2=[]}`. */
function printed(data: unknown, outermost: boolean): string {
  if (Array.isArray(data)) return `[${data.map((item) => printed(item, false)).join(', ')}]`;
  if (isObject(data)) return `{${Object.entries(data).map(([key, item]) => `${key}=${printed(item, false)}`).join(', ')}}`;
  if (typeof data === 'string') return data;
  return outermost || data !== null ? JSON.stringify(data) : 'null';
}

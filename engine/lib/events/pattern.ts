import { tooComplex } from './complexity.ts';
import type { Expression } from './expression.ts';
import { PlacelessFault, readExpression, readLiteral } from './expression.ts';
import type { Fields, Leaf } from './fields.ts';
import { fieldsOf } from './fields.ts';
import { JsonFault, JsonReader } from './reader.ts';

/** A pattern that was admitted. */
export interface Pattern {
  /** Whether an event fits, given as JSON text or already flattened. */
  matches(event: string | Fields): boolean;
}

/** Why a pattern was not admitted: AWS's words behind `Event pattern is not valid. Reason: `. */
export interface PatternRefusal {
  readonly refused: string;
}

/** What must hold of one branch of `$or`: for each path, one of its expressions. */
type Branch = ReadonlyMap<string, readonly Expression[]>;

const COMPLEX = 'Rule is too complex - try using fewer wildcard characters or fewer repeating character sequences after a wildcard character';

/**
 * Compiles an event pattern. The language, its refusals and their places are those of AWS's event-ruler (JsonRuleCompiler),
 * agreeing with what EventBridge was recorded to answer.
 */
export function compilePattern(text: string): Pattern | PatternRefusal {
  try {
    const branches = readPattern(new JsonReader(text));
    if (overloaded(branches)) return { refused: COMPLEX };
    return {
      matches(event) {
        const fields = typeof event === 'string' ? fieldsOf(event) : event;
        return branches.some((branch) => holds(branch, fields));
      },
    };
  } catch (error) {
    if (error instanceof JsonFault || error instanceof PlacelessFault) return { refused: error.message };
    throw error;
  }
}

function readPattern(reader: JsonReader): Branch[] {
  if (reader.next() !== 'object') reader.fail('Filter is not an object');
  const branches = readObject(reader, [], [new Map()], false);
  // Anything behind the object is ignored, as it is by AWS's parser.
  return branches;
}

/** Reads an object's fields into every branch; a path written twice keeps what was written last. */
function readObject(reader: JsonReader, path: readonly string[], before: Branch[], inOr: boolean): Branch[] {
  let branches = before;
  let empty = true;
  while (reader.next() !== 'end-object') {
    empty = false;
    const name = reader.text();
    if (name === '$or') {
      branches = readOr(reader, path, branches);
      continue;
    }
    if (inOr && RESERVED.has(name)) reader.fail(`${name} is Ruler reserved fieldName which cannot be used inside $or.`);
    const token = reader.next();
    if (token === 'object') branches = readObject(reader, [...path, name], branches, inOr);
    else if (token === 'array') branches = readField(reader, [...path, name].join('.'), branches);
    else reader.fail(`"${name}" must be an object or an array`);
  }
  if (empty) reader.fail('Empty objects are not allowed');
  return branches;
}

function readOr(reader: JsonReader, path: readonly string[], before: Branch[]): Branch[] {
  if (reader.next() !== 'array') reader.fail('It must be an Array followed with $or.');
  const branches: Branch[] = [];
  let count = 0;
  for (let token = reader.next(); token !== 'end-array'; token = reader.next()) {
    count += 1;
    if (token !== 'object') reader.fail('Only JSON object is allowed in array of $or relationship.');
    branches.push(...readObject(reader, path, before, true));
  }
  if (count < 2) reader.fail('There must have at least 2 Objects in $or relationship.');
  return branches;
}

function readField(reader: JsonReader, path: string, branches: Branch[]): Branch[] {
  const expressions: Expression[] = [];
  for (let token = reader.next(); token !== 'end-array'; token = reader.next()) {
    expressions.push(token === 'object' ? readExpression(reader) : readLiteral(reader, token));
  }
  if (expressions.length === 0) reader.fail('Empty arrays are not allowed');
  return branches.map((branch) => new Map([...branch, [path, expressions]]));
}

/** Whether wildcards of one field, over all branches, are more than AWS takes. */
function overloaded(branches: readonly Branch[]): boolean {
  const byPath = new Map<string, Map<string, NonNullable<Expression['wildcards']>>>();
  for (const branch of branches) {
    for (const [path, expressions] of branch) {
      for (const { wildcards } of expressions) {
        if (!wildcards) continue;
        const sets = byPath.get(path) ?? new Map<string, NonNullable<Expression['wildcards']>>();
        sets.set(JSON.stringify(wildcards), wildcards);
        byPath.set(path, sets);
      }
    }
  }
  return [...byPath.values()].some((sets) => tooComplex([...sets.values()]));
}

/** Array elements that leaves lie in: an array's number and an index in it. */
type Elements = readonly (readonly [number, number])[];

/** What one path of a branch leaves to choose: elements to lie in, or to be missing from whatever was chosen before it. */
interface Choice {
  readonly options: readonly Elements[];
  /** Of a path that may be missing: where it is not. */
  readonly present?: readonly Elements[];
}

/**
 * Whether every path of a branch fits, and the leaves that do agree: those below one array must lie in the same element of it.
 * Paths are taken in the order of their names, as event-ruler does; it decides what `{"exists": false}` looks at.
 */
function holds(branch: Branch, fields: Fields): boolean {
  const found: Found[] = [];
  for (const [path, expressions] of branch) {
    const leaves = fields.get(path) ?? [];
    const fitting = leaves.filter((leaf) => expressions.some(({ fits }) => fits(leaf.value)));
    const absent = expressions.some((expression) => expression.absent);
    if (fitting.length === 0 && !absent) return false;
    found.push({ path, leaves, fitting, absent });
  }
  found.sort((a, b) => (a.path < b.path ? -1 : 1));
  const shared = sharedArrays(found);
  const choices: Choice[] = [];
  for (const { leaves, fitting, absent } of found) {
    const options = elements(fitting, shared);
    if (options.some((option) => option.length === 0) || (absent && leaves.length === 0)) continue;
    choices.push({ options, ...(absent && { present: elements(leaves, shared) }) });
  }
  return agree(choices);
}

/** What an event has at one path of a branch. */
interface Found {
  readonly path: string;
  readonly leaves: readonly Leaf[];
  readonly fitting: readonly Leaf[];
  /** It may also be missing. */
  readonly absent: boolean;
}

/** Arrays that leaves of more than one path lie in; the others bind nothing. */
function sharedArrays(found: readonly Found[]): ReadonlySet<number> {
  const uses = new Map<number, number>();
  for (const { leaves } of found) {
    const arrays = new Set(leaves.flatMap((leaf) => [...leaf.indexes.keys()]));
    for (const array of arrays) uses.set(array, (uses.get(array) ?? 0) + 1);
  }
  return new Set([...uses].filter(([, count]) => count > 1).map(([array]) => array));
}

function elements(leaves: readonly Leaf[], shared: ReadonlySet<number>): Elements[] {
  const all = leaves.map((leaf) => [...leaf.indexes].filter(([array]) => shared.has(array)));
  return [...new Map(all.map((option) => [JSON.stringify(option), option])).values()];
}

function agree(choices: readonly Choice[]): boolean {
  const failed = new Set<string>();
  const search = (at: number, bound: ReadonlyMap<number, number>): boolean => {
    const choice = choices[at];
    if (!choice) return true;
    const key = `${at}${JSON.stringify([...bound])}`;
    if (failed.has(key)) return false;
    const fits = (option: Elements): boolean => option.every(([array, index]) => (bound.get(array) ?? index) === index);
    if (choice.options.some((option) => fits(option) && search(at + 1, new Map([...bound, ...option])))) return true;
    if (choice.present && !choice.present.some(fits) && search(at + 1, bound)) return true;
    failed.add(key);
    return false;
  };
  return search(0, new Map());
}

/** Names `$or` may not hold, kept by event-ruler for expressions of today and tomorrow. */
const RESERVED: ReadonlySet<string> = new Set([
  'exactly', 'equals-ignore-case', 'prefix', 'suffix', 'anything-but', 'exists', 'wildcard', 'numeric', 'cidr',
  '=', '<', '<=', '>', '>=',
  'regex', 'not-wildcard', 'not-equals-ignore-case',
  'date-after', 'date-on-or-after', 'date-before', 'date-on-or-before', 'in-date-range',
  'ip-address-in-range', 'ip-address-not-in-range',
]);

import { isObject } from '../core/epoch.ts';
import { shown } from '../core/fault.ts';
import { closest } from './likeness.ts';
import type { Path } from './source.ts';

/** An error as Ajv tells it with `verbose`. */
export interface SchemaError {
  readonly keyword: string;
  readonly instancePath: string;
  readonly schemaPath: string;
  readonly params: object;
  readonly propertyName?: string;
  readonly message?: string;
  readonly schema?: unknown;
  readonly parentSchema?: unknown;
  readonly data?: unknown;
}

/** One thing that is wrong with a value. */
export interface Violation {
  readonly path: Path;
  /** What was expected there, as the end of a sentence: `must be at most 60`. */
  readonly expected: string;
  readonly value: unknown;
  /** What to do, where more can be said than to correct it. */
  readonly remedy?: string;
  /** The member that is not there, when that is all that is wrong. */
  readonly missing?: string;
  /** True when the key is to blame and not its value. */
  readonly key?: true;
}

/** Checks a value by one branch of an `anyOf` or `oneOf` alone; nothing when the branch cannot stand alone. */
export type BranchCheck = (branch: unknown, value: unknown) => readonly SchemaError[] | undefined;

/** Ajv's errors as violations, each place once, with the branch that was probably meant instead of all of an `anyOf` or `oneOf`. */
export function violations(errors: readonly SchemaError[], check: BranchCheck): Violation[] {
  const found = new Map<string, Violation>();
  for (const error of told(errors)) {
    for (const violation of isUnion(error) ? chosen(error, check) : [violationOf(error)]) {
      const place = `${JSON.stringify(violation.path)} ${violation.expected}`;
      if (!found.has(place)) found.set(place, violation);
    }
  }
  return withoutMisspelt([...found.values()]);
}

/** A misspelt member is also a missing one; told once, where it is written. */
function withoutMisspelt(found: readonly Violation[]): Violation[] {
  const meant = new Set(found.filter(({ key }) => key).map(({ path, remedy = '' }) => memberKey(path.slice(0, -1), /^did you mean (.*)\?$/.exec(remedy)?.[1])));
  return found.filter(({ path, missing }) => missing === undefined || !meant.has(memberKey(path, missing)));
}

function memberKey(path: Path, member: string | undefined): string {
  return JSON.stringify([path, member]);
}

function isUnion(error: SchemaError): boolean {
  return error.keyword === 'oneOf' || error.keyword === 'anyOf';
}

/** Leaves out what only repeats another error: those of branches, and of the keywords that wrap others. */
function told(errors: readonly SchemaError[]): SchemaError[] {
  const kept = errors.filter((error, index) => !errors.some((union, later) => later > index && isUnion(union) && within(error, union)));
  const plain = kept.filter((error) => error.keyword !== 'if' && error.keyword !== 'propertyNames');
  return plain.length > 0 ? plain : kept;
}

/**
 * Whether an error that came before a union's came from one of its branches. Through a $ref Ajv's schema paths begin anew, so an
 * error inside the same value that is no sibling of the union is taken for one: the next run shows it if it was not.
 */
function within(error: SchemaError, union: SchemaError): boolean {
  if (!`${error.instancePath}/`.startsWith(`${union.instancePath}/`)) return false;
  const parent = union.schemaPath.slice(0, union.schemaPath.lastIndexOf('/'));
  if (error.schemaPath.startsWith(`${union.schemaPath}/`) || !error.schemaPath.startsWith(`${parent}/`)) return true;
  return parent === '#' && /^#\/(definitions|\$defs)\//.test(error.schemaPath);
}

/** The errors of the branch that was probably meant: the one whose constants fit, then the one with the fewest errors. */
function chosen(union: SchemaError, check: BranchCheck): Violation[] {
  const path = pathOf(union.instancePath);
  const branches = Array.isArray(union.schema) ? (union.schema as unknown[]) : [];
  const several: Violation = { path, expected: `must match ${union.keyword === 'oneOf' ? 'exactly one' : 'one'} of ${branches.length} alternatives`, value: union.data };
  if (Array.isArray((union.params as { passingSchemas?: unknown }).passingSchemas)) return [{ ...several, expected: `${several.expected}, and matches more` }];
  const tried = branches.map((branch) => check(branch, union.data) ?? []).map((errors) => ({ errors, misfit: errors.filter(discriminates).length }));
  if (tried.some(({ errors }) => errors.length === 0)) return [several];
  tried.sort((one, other) => one.misfit - other.misfit || one.errors.length - other.errors.length);
  const [best, next] = tried;
  if (best === undefined || (next !== undefined && best.misfit === next.misfit && best.errors.length === next.errors.length)) return [several];
  return violations(best.errors, check).map((violation) => ({ ...violation, path: [...path, ...violation.path] }));
}

/** Whether an error says "this is not that kind of thing": a wrong type, or a wrong constant one level down. */
function discriminates(error: SchemaError): boolean {
  const depth = error.instancePath.split('/').length - 1;
  return (error.keyword === 'type' && depth === 0) || ((error.keyword === 'const' || error.keyword === 'enum') && depth <= 1);
}

function violationOf(error: SchemaError): Violation {
  const { propertyName, ...rest } = error;
  if (propertyName !== undefined) return { ...violationOf(rest), path: [...pathOf(error.instancePath), propertyName], value: propertyName, key: true };
  const path = pathOf(error.instancePath);
  const params = error.params as Record<string, unknown>;
  const value = error.data;
  switch (error.keyword) {
    case 'type':
      return { path, value, expected: `must be ${[params['type']].flat().map(String).join(' or ')}`, ...booleanHint(params['type'], value) };
    case 'required':
      return { path, value, expected: `must have the member ${shown(params['missingProperty'])}`, missing: String(params['missingProperty']) };
    case 'additionalProperties':
    case 'unevaluatedProperties':
      return unknownMember(error, path, String(params['additionalProperty'] ?? params['unevaluatedProperty']));
    case 'enum': {
      const allowed = params['allowedValues'] as unknown[];
      const near = closest(String(value), allowed.filter((one) => typeof one === 'string'));
      return { path, value, expected: `must be one of ${allowed.map((one) => shown(one)).join(', ')}`, ...(near === undefined ? {} : { remedy: `did you mean ${shown(near)}?` }) };
    }
    case 'const':
      return { path, value, expected: `must be ${shown(params['allowedValue'])}` };
    case 'maximum':
    case 'minimum':
    case 'exclusiveMaximum':
    case 'exclusiveMinimum':
      return { path, value, expected: `must be ${BOUNDS[error.keyword]} ${String(params['limit'])}` };
    default:
      return { path, value, expected: error.message ?? `must satisfy ${error.keyword}` };
  }
}

const BOUNDS = { maximum: 'at most', minimum: 'at least', exclusiveMaximum: 'below', exclusiveMinimum: 'above' } as const;

function unknownMember(error: SchemaError, path: Path, name: string): Violation {
  const known = isObject(error.parentSchema) && isObject(error.parentSchema['properties']) ? Object.keys(error.parentSchema['properties']) : [];
  const near = closest(name, known);
  const value = isObject(error.data) ? error.data[name] : undefined;
  const remedy = near === undefined ? (known.length === 0 ? 'remove it' : `use one of ${known.join(', ')}`) : `did you mean ${near}?`;
  return { path: [...path, name], value, expected: 'is not a member the schema knows', remedy, key: true };
}

/** YAML 1.1 had many words for true; in YAML 1.2 they are text. */
function booleanHint(type: unknown, value: unknown): { remedy?: string } {
  const wanted = [type].flat().includes('boolean');
  return wanted && typeof value === 'string' && /^(yes|no|on|off|y|n)$/i.test(value) ? { remedy: 'write true or false' } : {};
}

/** A JSON pointer as a path. Indexes stay numbers only where they look like them; positions accept either. */
function pathOf(pointer: string): Path {
  if (pointer === '') return [];
  return pointer.slice(1).split('/').map((part) => {
    const key = part.replaceAll('~1', '/').replaceAll('~0', '~');
    return /^(0|[1-9]\d*)$/.test(key) ? Number(key) : key;
  });
}

import { badRequest } from '../refusal.ts';
import { below, isObject } from './json.ts';
import { complaintsOf, memberSchemas, itemSchemas, type Schema } from './keywords.ts';
import { childrenOf } from './syntax.ts';

/** One place where a document does not fit its schema. */
export interface Violation {
  readonly message: string;
  /** Where in the document, as a JSON pointer; empty for the whole. */
  readonly pointer: string;
}

/** Steps of one validation at most: a schema that asks for more is refused rather than left to run. */
const STEPS = 4_000_000;

/** Levels of schemas within schemas at most, for the same reason. */
const DEPTH = 400;

/** Every violation of a draft-04 schema whose syntax is right; throws BadRequestException for a schema without an end. */
export function violationsOf(root: Schema, value: unknown): readonly Violation[] {
  return new Validation(root).check(root, value, '');
}

/** What a reference leads to, and where it is being followed: each place lies at or below the one before. */
interface Reference {
  readonly schema: Schema;
  readonly active: string[];
  /** What it came to where it was last followed to the end. */
  last?: Followed;
}

/** What following a reference at one place came to: what was found, in how many steps, how many levels further down. */
interface Followed {
  readonly pointer: string;
  readonly found: readonly Violation[];
  readonly steps: number;
  readonly levels: number;
}

const NONE: readonly Violation[] = [];

/** One run over one document. */
class Validation {
  readonly #root: Schema;
  readonly #references: Map<string, Reference> = new Map();
  #steps = 0;
  #depth = 0;
  /** The deepest level reached since somebody last asked. */
  #deepest = 0;

  constructor(root: Schema) {
    this.#root = root;
  }

  /** The violations of a value against a schema. */
  check(schema: Schema, value: unknown, pointer: string): readonly Violation[] {
    this.#count(1);
    if (this.#depth > this.#deepest) this.#deepest = this.#depth;
    if (this.#depth > DEPTH) throw badRequest(`The JSON Schema of the validator nests deeper than ${DEPTH} levels for this content.`);
    const ref = schema['$ref'];
    this.#depth += 1;
    // Beside a reference everything else is ignored.
    const found = typeof ref === 'string' ? this.#follow(ref, value, pointer) : this.#own(schema, value, pointer);
    this.#depth -= 1;
    return found;
  }

  #own(schema: Schema, value: unknown, pointer: string): readonly Violation[] {
    const complaints = complaintsOf(schema, value, (inner) => this.check(inner, value, pointer).length === 0);
    const below = this.#children(schema, value, pointer);
    return complaints.length === 0 ? below : [...complaints.map((message) => ({ message, pointer })), ...below];
  }

  #count(steps: number): void {
    this.#steps += steps;
    if (this.#steps > STEPS) throw badRequest(`The JSON Schema of the validator takes more than ${STEPS} steps to check this content.`);
  }

  /**
   * Only references can lead back to where one is: to the same schema for the same value. Where a reference is followed again at the place it was last followed,
   * nothing new can come of it; its steps count all the same.
   */
  #follow(ref: string, value: unknown, pointer: string): readonly Violation[] {
    const reference = this.#resolve(ref);
    const { schema, active, last } = reference;
    if (active.at(-1) === pointer) throw badRequest(`The JSON Schema of the validator refers to itself without an end at "${pointer}".`);
    if (last?.pointer === pointer && this.#depth + last.levels <= DEPTH) {
      this.#count(last.steps);
      this.#deepest = Math.max(this.#deepest, this.#depth + last.levels);
      return last.found;
    }
    const steps = this.#steps;
    const deepest = this.#deepest;
    this.#deepest = this.#depth;
    active.push(pointer);
    const found = this.check(schema, value, pointer);
    active.pop();
    reference.last = { pointer, found, steps: this.#steps - steps, levels: this.#deepest - this.#depth };
    this.#deepest = Math.max(deepest, this.#deepest);
    return found;
  }

  /** Members and items, each by the schemas that speak of it. */
  #children(schema: Schema, value: unknown, pointer: string): readonly Violation[] {
    if (Array.isArray(value)) return value.flatMap((item, index) => itemSchemas(schema, index).flatMap((own) => this.check(own, item, below(pointer, index))));
    if (!isObject(value)) return NONE;
    return Object.keys(value).flatMap((name) => memberSchemas(schema, name).flatMap((own) => this.check(own, value[name], below(pointer, name))));
  }

  #resolve(ref: string): Reference {
    const known = this.#references.get(ref);
    if (known) return known;
    const schema = ref.startsWith('#/') || ref === '#' ? at(this.#root, ref.slice(1)) : identified(this.#root, ref);
    if (!isObject(schema)) throw badRequest(`JSON Reference "${ref}" cannot be resolved`);
    const made: Reference = { schema, active: [] };
    this.#references.set(ref, made);
    return made;
  }
}

/** What a JSON pointer, percent-encoded as in a reference, leads to. */
function at(root: Schema, pointer: string): unknown {
  let here: unknown = root;
  for (const step of pointer.split('/').slice(1)) {
    const key = unescaped(step);
    if (Array.isArray(here)) here = /^\d+$/.test(key) ? here[Number(key)] : undefined;
    else here = isObject(here) && Object.hasOwn(here, key) ? here[key] : undefined;
  }
  return here;
}

function unescaped(step: string): string {
  try {
    return decodeURIComponent(step).replaceAll('~1', '/').replaceAll('~0', '~');
  } catch {
    return step;
  }
}

/** The schema that an `id` such as `#name` names. */
function identified(schema: Schema, id: string): Schema | undefined {
  if (schema['id'] === id) return schema;
  for (const [, child] of childrenOf(schema, '')) {
    const found = isObject(child) ? identified(child, id) : undefined;
    if (found) return found;
  }
  return undefined;
}

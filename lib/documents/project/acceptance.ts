import { isObject } from '../../core/epoch.ts';

type Node = Readonly<Record<string, unknown>>;
type Keyword = (wanted: never, value: unknown, schema: Node, root: Node) => boolean;

/**
 * Whether a JSON value fits a schema, for what PROJECT_SCHEMA is written with: keywords of draft-07 with local references. It answers in
 * a millisecond, and every command reads `sluice.yaml`; to compile that schema takes a hundred. @throws TypeError for another keyword.
 */
export function accepts(schema: Node, value: unknown, root: Node = schema): boolean {
  return Object.entries(schema).every(([name, wanted]) => {
    const keyword = KEYWORDS[name];
    if (keyword === undefined) throw new TypeError(`the keyword ${name} is not known here`);
    return keyword(wanted as never, value, schema, root);
  });
}

const always = (): boolean => true;

const KEYWORDS: Readonly<Record<string, Keyword>> = {
  $schema: always, title: always, description: always, default: always, definitions: always,
  $ref: (to: string, value, _, root) => accepts((root['definitions'] as Record<string, Node>)[to.replace('#/definitions/', '')] as Node, value, root),
  oneOf: (branches: readonly Node[], value, _, root) => branches.filter((branch) => accepts(branch, value, root)).length === 1,
  const: (wanted: unknown, value) => value === wanted,
  enum: (wanted: readonly unknown[], value) => wanted.includes(value),
  type: (wanted: string, value) => (wanted === 'integer' ? Number.isInteger(value) : wanted === 'array' ? Array.isArray(value) : wanted === 'object' ? isObject(value) : typeof value === wanted),
  minimum: (least: number, value) => typeof value !== 'number' || value >= least,
  exclusiveMinimum: (below: number, value) => typeof value !== 'number' || value > below,
  maximum: (most: number, value) => typeof value !== 'number' || value <= most,
  // In characters, of which some have two units of UTF-16.
  minLength: (least: number, value) => typeof value !== 'string' || Array.from(value).length >= least,
  maxLength: (most: number, value) => typeof value !== 'string' || Array.from(value).length <= most,
  pattern: (source: string, value) => typeof value !== 'string' || new RegExp(source, 'u').test(value),
  minItems: (least: number, value) => !Array.isArray(value) || value.length >= least,
  uniqueItems: (_: true, value) => !Array.isArray(value) || new Set(value.map((item) => JSON.stringify(item))).size === value.length,
  items: (each: Node, value, _, root) => !Array.isArray(value) || value.every((item) => accepts(each, item, root)),
  minProperties: (least: number, value) => !isObject(value) || Object.keys(value).length >= least,
  required: (names: readonly string[], value) => !isObject(value) || names.every((name) => Object.hasOwn(value, name)),
  propertyNames: (each: Node, value, _, root) => !isObject(value) || Object.keys(value).every((name) => accepts(each, name, root)),
  properties: (members: Readonly<Record<string, Node>>, value, _, root) => (
    !isObject(value) || Object.entries(members).every(([name, member]) => !Object.hasOwn(value, name) || accepts(member, value[name], root))),
  additionalProperties: (others: false | Node, value, { properties = {} }, root) => (
    !isObject(value) || Object.keys(value).every((name) => Object.hasOwn(properties as Node, name) || (others !== false && accepts(others, value[name], root)))),
};

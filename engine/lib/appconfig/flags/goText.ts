import { isObject } from '../schema/json.ts';
import { attributesOf, variantsOf, type Json } from './document.ts';

/** Attribute definitions as AppConfig's own structures print them in the Value of a violation. */
export function definitionsText(attributes: Json): Json {
  return sortedMap(attributes, definitionText);
}

/** One attribute's definition as AppConfig's own structures print it. */
export function definitionText(attribute: unknown): Json {
  const { constraints, description } = isObject(attribute) ? attribute : {};
  return { Constraints: constraintsText(isObject(constraints) ? constraints : {}), Description: description ?? '' };
}

/** The variants of a value, each with the definitions of its attributes. */
export function variantsText(entry: Json, attributes: Json): readonly Json[] {
  return variantsOf(entry).map(({ name, enabled, rule, attributeValues }) => ({
    Enabled: enabled,
    Name: name ?? '',
    AttributeValues: attributeValues ?? null,
    Rule: rule ?? '',
    Attributes: definitionsText(attributes),
  }));
}

/** A whole value under its key. */
export function valueText(name: string, entry: Json, attributes: Json): Json {
  const value = {
    CreatedAt: entry['_createdAt'],
    UpdatedAt: entry['_updatedAt'],
    Enabled: entry['enabled'],
    AttributeValues: attributesOf(entry),
    Attributes: definitionsText(attributes),
    Variants: variantsText(entry, attributes),
  };
  return { Key: name, Value: value };
}

/** Go's `%v` of a map of definitions, as the constraint `Satisfies` names it; what a definition points to is shown as nil. */
export function satisfiesText(attributes: Json): string {
  const shown = Object.keys(attributes).sort().map((name) => {
    const { Constraints: constraints, Description: description } = definitionText(attributes[name]);
    return `${name}:{{${String((constraints as Json)['Type'])} <nil> {<nil> <nil>} {<nil> <nil>} {<nil>}} ${String(description)}}`;
  });
  return `Satisfies(map[${shown.join(' ')}])`;
}

function constraintsText({ type, required, minimum, maximum, enum: allowed, elements, pattern }: Json): Json {
  return {
    Type: type ?? '',
    ...(required === true && { Required: true }),
    ...(minimum !== undefined && { Minimum: minimum }),
    Maximum: maximum ?? null,
    ...(allowed !== undefined && { Enum: allowed }),
    ...(isObject(elements) && { Elements: constraintsText(elements) }),
    ...(pattern !== undefined && { Pattern: pattern }),
  };
}

function sortedMap(map: Json, each: (entry: unknown) => unknown): Json {
  return Object.fromEntries(Object.keys(map).sort().map((name) => [name, each(map[name])]));
}

/** An intrinsic function as it stands in a template: `{"Fn::Join": […]}` or `{"Ref": "X"}`. */
export interface Intrinsic {
  /** `Ref`, `Condition`, or the part after `Fn::`. */
  readonly name: string;
  readonly argument: unknown;
}

/** The members of an object; undefined for everything else, lists included. */
export function fieldsOf(value: unknown): Readonly<Record<string, unknown>> | undefined {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? value as Record<string, unknown> : undefined;
}

/** The function an object stands for: one member, named Ref or Fn::Something; undefined for plain data. */
export function intrinsicOf(value: unknown): Intrinsic | undefined {
  const fields = fieldsOf(value);
  if (!fields) return undefined;
  const [entry, ...rest] = Object.entries(fields);
  if (!entry || rest.length > 0) return undefined;
  const [key, argument] = entry;
  if (key === 'Ref') return { name: 'Ref', argument };
  return key.startsWith('Fn::') ? { name: key.slice(4), argument } : undefined;
}

/** The parameter that makes a property as if it had not been written. */
export const NO_VALUE = 'AWS::NoValue';

/** Whether a value is `{"Ref": "AWS::NoValue"}`. */
export function isNoValue(value: unknown): boolean {
  const found = intrinsicOf(value);
  return found?.name === 'Ref' && found.argument === NO_VALUE;
}

/** A GetAtt's resource and attribute, from its list or its dotted text. */
export function attributeReference(argument: unknown): { readonly id: string; readonly attribute: unknown } | undefined {
  if (typeof argument === 'string') {
    const dot = argument.indexOf('.');
    return dot < 1 ? undefined : { id: argument.slice(0, dot), attribute: argument.slice(dot + 1) };
  }
  if (Array.isArray(argument) && argument.length === 2 && typeof argument[0] === 'string') return { id: argument[0], attribute: argument[1] as unknown };
  return undefined;
}

/** One piece of a Fn::Sub text: text as it is, or the name between `${` and `}`. */
export type SubPiece = { readonly text: string } | { readonly name: string };

/** Takes a Fn::Sub text apart; `${!Name}` is the text `${Name}`. */
export function subPieces(text: string): SubPiece[] {
  const pieces: SubPiece[] = [];
  let at = 0;
  for (const found of text.matchAll(/\$\{([^}]*)\}/g)) {
    if (found.index > at) pieces.push({ text: text.slice(at, found.index) });
    const name = (found[1] ?? '').trim();
    pieces.push(name.startsWith('!') ? { text: `\${${name.slice(1)}}` } : { name });
    at = found.index + found[0].length;
  }
  if (at < text.length) pieces.push({ text: text.slice(at) });
  return pieces;
}

/** A Fn::Sub's text and its own variables. */
export function subParts(argument: unknown): { readonly text: string; readonly variables: Readonly<Record<string, unknown>> } | undefined {
  if (typeof argument === 'string') return { text: argument, variables: {} };
  if (!Array.isArray(argument) || argument.length !== 2 || typeof argument[0] !== 'string') return undefined;
  const variables = fieldsOf(argument[1]);
  return variables && { text: argument[0], variables };
}

import { attributeReference, fieldsOf, intrinsicOf, subParts, subPieces } from './intrinsic.ts';

/** A mention of a parameter or resource somewhere in a value. */
export interface Reference {
  readonly id: string;
  /** The function that refers: `Ref`, `Fn::GetAtt` or `Fn::Sub`. */
  readonly by: 'Ref' | 'Fn::GetAtt' | 'Fn::Sub';
  /** Whether it names an attribute, which only resources have. */
  readonly attribute: boolean;
}

/** Everything a value refers to, in the order of appearance. */
export function referencesIn(value: unknown): Reference[] {
  const found: Reference[] = [];
  collect(value, found);
  return found;
}

function collect(value: unknown, found: Reference[]): void {
  if (Array.isArray(value)) {
    for (const item of value) collect(item, found);
    return;
  }
  const intrinsic = intrinsicOf(value);
  if (intrinsic?.name === 'Ref') {
    if (typeof intrinsic.argument === 'string') found.push({ id: intrinsic.argument, by: 'Ref', attribute: false });
  } else if (intrinsic?.name === 'GetAtt') {
    const target = attributeReference(intrinsic.argument);
    if (target) found.push({ id: target.id, by: 'Fn::GetAtt', attribute: true });
    collect(target?.attribute, found);
  } else if (intrinsic?.name === 'Sub') {
    collectSub(intrinsic.argument, found);
  } else {
    for (const item of Object.values(fieldsOf(value) ?? {})) collect(item, found);
  }
}

function collectSub(argument: unknown, found: Reference[]): void {
  const parts = subParts(argument);
  if (!parts) return;
  for (const piece of subPieces(parts.text)) {
    if (!('name' in piece) || Object.hasOwn(parts.variables, piece.name)) continue;
    const dot = piece.name.indexOf('.');
    found.push({ id: dot < 0 ? piece.name : piece.name.slice(0, dot), by: 'Fn::Sub', attribute: dot >= 0 });
  }
  collect(parts.variables, found);
}

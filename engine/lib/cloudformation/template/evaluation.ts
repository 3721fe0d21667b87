import { invalid, unbuilt } from '../refusal.ts';
import { bounded, cidr, join, scalarText, select, split, zonesOf } from './functions.ts';
import { attributeReference, fieldsOf, intrinsicOf, subParts, subPieces, type Intrinsic } from './intrinsic.ts';

/** What names in a template mean at the moment of evaluation. */
export interface Scope {
  readonly region: string;
  readonly mappings: ReadonlyMap<string, unknown>;
  /** A parameter's, pseudo parameter's or resource's value; throws when there is none. */
  readonly ref: (name: string) => unknown;
  readonly attribute: (id: string, name: string) => unknown;
  /** An export of another stack; throws when there is none. */
  readonly imported: (name: string) => string;
}

/** The value with every intrinsic function carried out; Fn::If must have been settled before. */
export function evaluated(value: unknown, scope: Scope): unknown {
  if (Array.isArray(value)) return value.map((item) => evaluated(item, scope));
  const intrinsic = intrinsicOf(value);
  if (intrinsic) return apply(intrinsic, scope);
  const fields = fieldsOf(value);
  return fields ? Object.fromEntries(Object.entries(fields).map(([name, item]) => [name, evaluated(item, scope)])) : value;
}

function apply({ name, argument }: Intrinsic, scope: Scope): unknown {
  const list = (): unknown[] => {
    const parts = evaluated(argument, scope);
    return Array.isArray(parts) ? parts : [parts];
  };
  switch (name) {
    case 'Ref': return scope.ref(nameOf(argument));
    case 'GetAtt': return attribute(argument, scope);
    case 'Sub': return substitute(argument, scope);
    case 'Join': return join(...(list() as [unknown, unknown]));
    case 'Select': return select(...(list() as [unknown, unknown]));
    case 'Split': return split(...(list() as [unknown, unknown]));
    case 'Base64': return Buffer.from(textOf(evaluated(argument, scope), 'Fn::Base64')).toString('base64');
    case 'Cidr': return cidr(...(list() as [unknown, unknown, unknown]));
    case 'GetAZs': return zonesOf(textOf(evaluated(argument, scope), 'Fn::GetAZs') || scope.region);
    case 'ImportValue': return scope.imported(textOf(evaluated(argument, scope), 'Fn::ImportValue'));
    case 'FindInMap': return findInMap(list(), scope);
    case 'Transform': case 'ForEach': case 'Length': case 'ToJsonString': case 'GetStackOutput':
      throw unbuilt(`Fn::${name}`, 'write out what it would make');
    default: throw invalid(`Template error: Fn::${name} is not a function that may stand here`);
  }
}

function nameOf(argument: unknown): string {
  if (typeof argument !== 'string') throw invalid('Template format error: Every Ref object must have a single String value.');
  return argument;
}

function textOf(value: unknown, by: string): string {
  const text = scalarText(value);
  if (text === undefined) throw invalid(`Template error: every ${by} object must have a String-typed value.`);
  return text;
}

function attribute(argument: unknown, scope: Scope): unknown {
  const target = attributeReference(argument);
  if (!target) throw invalid('Template error: every Fn::GetAtt object requires two non-empty parameters, the resource name and the resource attribute');
  return scope.attribute(target.id, textOf(evaluated(target.attribute, scope), 'Fn::GetAtt'));
}

function substitute(argument: unknown, scope: Scope): string {
  const parts = subParts(argument);
  if (!parts) throw invalid('Template error: One or more Fn::Sub intrinsic functions don\'t specify expected arguments. Specify a string as first argument, and an optional second argument to specify a mapping of values to replace in the string');
  return bounded(subPieces(parts.text).map((piece) => {
    if ('text' in piece) return piece.text;
    const dot = piece.name.indexOf('.');
    const value = Object.hasOwn(parts.variables, piece.name) ? evaluated(parts.variables[piece.name], scope)
      : dot < 0 ? scope.ref(piece.name) : scope.attribute(piece.name.slice(0, dot), piece.name.slice(dot + 1));
    return textOf(value, 'Fn::Sub');
  }).join(''));
}

function findInMap(parts: readonly unknown[], scope: Scope): unknown {
  const [map, top, second] = parts.map((part) => scalarText(part) ?? '');
  if (parts.length < 3) throw invalid('Template error: every Fn::FindInMap object requires three parameters, the map name, map key and the attribute for return value');
  const mapping = scope.mappings.get(map ?? '');
  if (mapping === undefined) throw invalid(`Template error: Mapping named '${map ?? ''}' is not present in the 'Mappings' section of template.`);
  const row = own(mapping, top ?? '');
  const value = own(row, second ?? '');
  const fallback = fieldsOf(parts[3])?.['DefaultValue'];
  if (value === undefined && fallback === undefined) throw invalid(`Template error: Unable to get mapping for ${map ?? ''}::${top ?? ''}::${second ?? ''}`);
  return value ?? fallback;
}

function own(value: unknown, name: string): unknown {
  const fields = fieldsOf(value);
  return fields && Object.hasOwn(fields, name) ? fields[name] : undefined;
}

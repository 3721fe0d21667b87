import type { Parameter, ParameterVersion } from './parameters.ts';
import { refusal } from './refusal.ts';

/** A filter as DescribeParameters and GetParametersByPath take it. */
export interface ParameterFilter {
  readonly Key: string;
  /** @default 'Equals' */
  readonly Option?: string;
  readonly Values?: readonly string[];
}

type Fits = (parameter: Parameter, version: ParameterVersion) => boolean;

const KEYS = ['DataType', 'KeyId', 'Label', 'Name', 'Path', 'Tier', 'Type', 'tag:'];

/** Compiles a filter, or refuses it as SSM does. */
export function filterOf({ Key, Option, Values = [] }: ParameterFilter): Fits {
  const equals = (text: string | undefined): boolean => text !== undefined && Values.includes(text);
  if (Key.startsWith('tag:')) return ({ tags }) => (Values.length === 0 ? tags.has(Key.slice(4)) : equals(tags.get(Key.slice(4))));
  switch (Key) {
    case 'Name': return nameFilter(Option ?? 'Equals', Values);
    case 'Path': return pathFilter(Option ?? 'OneLevel', Values);
    case 'Type': return (_, { type }) => equals(type);
    case 'Tier': return (_, { tier }) => equals(tier);
    case 'DataType': return (_, { dataType }) => equals(dataType);
    case 'KeyId': return (_, { keyId }) => equals(keyId);
    case 'Label':
      if (Values.length > 1) throw refusal('InvalidFilterValue', 'The following filter Label can have only one value');
      return (_, { labels }) => labels.has(Values[0] ?? '');
    default:
      throw refusal('InvalidFilterKey', `The following filter key is not valid: ${Key}. Valid filter keys include: [${KEYS.join(', ')}]`);
  }
}

function nameFilter(option: string, values: readonly string[]): Fits {
  const plain = (text: string): string => text.replace(/^\//, '');
  switch (option) {
    case 'Equals': return ({ name }) => values.some((value) => plain(value) === plain(name));
    case 'BeginsWith': return ({ name }) => values.some((value) => plain(name).startsWith(plain(value)));
    case 'Contains': return ({ name }) => values.some((value) => name.includes(value));
    default: throw badOption('Name', option, 'BeginsWith, Contains, Equals');
  }
}

function pathFilter(option: string, values: readonly string[]): Fits {
  if (option !== 'OneLevel' && option !== 'Recursive') throw badOption('Path', option, 'OneLevel, Recursive');
  const roots = values.map((value) => (value.endsWith('/') ? value : `${value}/`));
  return ({ name }) => roots.some((root) => name.startsWith(root) && (option === 'Recursive' || !name.slice(root.length).includes('/')));
}

function badOption(key: string, option: string, valid: string): Error {
  return refusal('InvalidFilterOption', `The following filter option is not valid: ${option}. Valid options for ${key} include: [${valid}]`);
}

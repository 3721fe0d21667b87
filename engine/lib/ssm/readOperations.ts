import { createHash } from 'node:crypto';
import type { Service } from '../wire/index.ts';
import type { ParameterFilter } from './filter.ts';
import { filterOf } from './filter.ts';
import type { Found, Parameter, ParameterVersion, Parameters } from './parameters.ts';
import { invalid } from './refusal.ts';

interface Decryptable {
  readonly WithDecryption?: boolean;
}

interface Paged {
  readonly MaxResults?: number;
  readonly NextToken?: string;
}

interface ByPathInput extends Decryptable, Paged {
  readonly Path: string;
  readonly Recursive?: boolean;
  readonly ParameterFilters?: readonly ParameterFilter[];
}

interface DescribeInput extends Paged {
  readonly Filters?: readonly { readonly Key: string; readonly Values: readonly string[] }[];
  readonly ParameterFilters?: readonly ParameterFilter[];
}

const NAMES_AT_MOST = 10;

/** The operations that read parameters. */
export function readOperations(parameters: Parameters): Service['operations'] {
  return {
    GetParameter: ({ Name, WithDecryption = false }: Decryptable & { readonly Name: string }) => ({ Parameter: shown(parameters, parameters.find(Name), WithDecryption) }),
    GetParameters: (input: Decryptable & { readonly Names: readonly string[] }) => getMany(parameters, input),
    GetParametersByPath: (input: ByPathInput) => byPath(parameters, input),
    GetParameterHistory({ Name, WithDecryption = false, ...paged }: Decryptable & Paged & { readonly Name: string }) {
      const { parameter } = parameters.find(Name);
      const { items, next } = page(parameter.versions, paged, 50);
      return { Parameters: items.map((version) => ({ ...described(parameter, version), Value: valueOf(parameter, version, WithDecryption), Labels: [...version.labels] })), ...next };
    },
    DescribeParameters({ ParameterFilters = [], Filters = [], ...paged }: DescribeInput) {
      const filters = [...ParameterFilters, ...Filters.map(({ Key, Values }) => ({ Key, Values, Option: Key === 'Name' ? 'BeginsWith' : 'Equals' }))].map(filterOf);
      const fitting = sorted(parameters).filter((parameter) => filters.every((fits) => fits(parameter, newest(parameter))));
      const { items, next } = page(fitting, paged, 50);
      return { Parameters: items.map((parameter) => ({ ARN: parameters.arn(parameter.name), ...described(parameter, newest(parameter)) })), ...next };
    },
  };
}

function getMany(parameters: Parameters, { Names, WithDecryption = false }: Decryptable & { readonly Names: readonly string[] }): Record<string, unknown> {
  if (Names.length > NAMES_AT_MOST) throw invalid(`1 validation error detected: Value '[${Names.join(', ')}]' at 'names' failed to satisfy constraint: Member must have length less than or equal to ${NAMES_AT_MOST}`);
  const unique = [...new Set(Names)];
  const known = unique.filter((name) => {
    const { path, selector } = parameters.split(name);
    return parameters.version(path, selector) !== undefined;
  });
  return {
    Parameters: known.map((name) => shown(parameters, parameters.find(name), WithDecryption)),
    InvalidParameters: unique.filter((name) => !known.includes(name)).sort(),
  };
}

function byPath(parameters: Parameters, input: ByPathInput): Record<string, unknown> {
  const { Path, Recursive = false, WithDecryption = false, ParameterFilters = [], ...paged } = input;
  if (!/^\/([a-zA-Z0-9_.-]+\/?)*$/.test(Path)) throw invalid('The parameter doesn\'t meet the parameter name requirements. The parameter name must begin with a forward slash "/". It can\'t be prefixed with "aws" or "ssm" (case-insensitive). It must use only letters, numbers, or the following symbols: . (period), - (hyphen), _ (underscore). Special characters are not allowed. All sub-paths, if specified, must use the forward slash symbol "/". Valid example: /get/parameters2-/by1./path0_.');
  const root = Path.endsWith('/') ? Path : `${Path}/`;
  const label = ParameterFilters.find(({ Key }) => Key === 'Label');
  const filters = ParameterFilters.map(filterOf);
  const found = sorted(parameters)
    .filter(({ name }) => name.startsWith(root) && (Recursive || !name.slice(root.length).includes('/')))
    .flatMap((parameter) => {
      // A label may sit on an older version, which is then the one that is read.
      const version = label ? parameter.versions.find(({ labels }) => labels.has(label.Values?.[0] ?? '')) : newest(parameter);
      return version && filters.every((fits) => fits(parameter, version)) ? [{ parameter, version }] : [];
    });
  const { items, next } = page(found, paged, NAMES_AT_MOST);
  return { Parameters: items.map((item) => shown(parameters, item, WithDecryption)), ...next };
}

function sorted(parameters: Parameters): Parameter[] {
  return [...parameters.all.values()].sort((one, other) => (one.name < other.name ? -1 : 1));
}

function newest({ name, versions }: Parameter): ParameterVersion {
  const version = versions.at(-1);
  if (!version) throw new Error(`the parameter ${name} has no version`);
  return version;
}

function shown(parameters: Parameters, { parameter, version, selector }: Found, decrypt: boolean): Record<string, unknown> {
  return {
    Name: parameter.name,
    Type: version.type,
    Value: valueOf(parameter, version, decrypt),
    Version: version.version,
    Selector: selector,
    LastModifiedDate: version.modified,
    ARN: parameters.arn(parameter.name),
    DataType: version.dataType,
  };
}

/** A secret that nobody asked to decrypt reads as something else, the same at each reading. */
function valueOf({ name }: Parameter, { type, value, version }: ParameterVersion, decrypt: boolean): string {
  if (type !== 'SecureString' || decrypt) return value;
  return `AQICAH${createHash('sha512').update(`${name}\u0000${version}\u0000${value}`).digest('base64')}`;
}

function described({ name }: Parameter, version: ParameterVersion): Record<string, unknown> {
  return {
    Name: name,
    Type: version.type,
    KeyId: version.keyId,
    LastModifiedDate: version.modified,
    LastModifiedUser: version.user,
    Description: version.description,
    AllowedPattern: version.allowedPattern,
    Version: version.version,
    Tier: version.tier,
    Policies: [],
    DataType: version.dataType,
  };
}

function page<T>(all: readonly T[], { MaxResults, NextToken }: Paged, most: number): { items: readonly T[]; next: { NextToken?: string } } {
  const size = MaxResults ?? most;
  if (size < 1 || size > most) throw invalid(`1 validation error detected: Value '${size}' at 'maxResults' failed to satisfy constraint: Member must have value ${size < 1 ? 'greater than or equal to 1' : `less than or equal to ${most}`}`);
  const start = NextToken === undefined ? 0 : Number(Buffer.from(NextToken, 'base64url').toString());
  if (!Number.isInteger(start) || start < 0) throw invalid('The specified token is not valid.');
  return { items: all.slice(start, start + size), next: start + size < all.length ? { NextToken: Buffer.from(String(start + size)).toString('base64url') } : {} };
}

import type { House, ParametersPort } from '../ports.ts';
import { invalid, refusal } from './refusal.ts';

/** One version of a parameter. */
export interface ParameterVersion {
  readonly version: number;
  readonly type: string;
  readonly value: string;
  /** Epoch milliseconds. */
  readonly modified: number;
  /** The ARN of who wrote it. */
  readonly user: string;
  readonly tier: string;
  readonly dataType: string;
  readonly description?: string;
  readonly allowedPattern?: string;
  readonly keyId?: string;
  readonly labels: Set<string>;
}

/** A parameter: its versions, oldest first, and its tags. */
export interface Parameter {
  readonly name: string;
  readonly versions: ParameterVersion[];
  readonly tags: Map<string, string>;
}

/** A version found under a name, with the selector it was asked for by. */
export interface Found {
  readonly parameter: Parameter;
  readonly version: ParameterVersion;
  /** `:2` or `:label`. */
  readonly selector?: string;
}

const EXTENSION = /^\/aws\/service\/aws-appconfig\/lambda-extension\/(x86|arm64)\/latest$/;

/** All parameters, and the public ones of AWS that the engine knows. */
export class Parameters implements ParametersPort {
  readonly all: Map<string, Parameter> = new Map();
  readonly #house: House;

  constructor(house: House) {
    this.#house = house;
  }

  get(name: string): string | undefined {
    const { path, selector } = this.split(name);
    return this.version(path, selector)?.value;
  }

  arn(name: string): string {
    return `arn:aws:ssm:${this.#house.region}:${this.#house.account}:parameter${name.startsWith('/') ? name : `/${name}`}`;
  }

  /** A parameter by name; public ones come into being when they are asked for. */
  parameter(name: string): Parameter | undefined {
    return this.all.get(name) ?? this.#published(name);
  }

  /** The version a selector names: a number, a label, or without one the newest. */
  version(name: string, selector?: string): ParameterVersion | undefined {
    const versions = this.parameter(name)?.versions;
    if (selector === undefined) return versions?.at(-1);
    return versions?.find((version) => (/^\d+$/.test(selector) ? version.version === Number(selector) : version.labels.has(selector)));
  }

  /** Finds what `name`, `name:3`, `name:label` or an ARN means, or refuses as SSM does. */
  find(text: string): Found {
    const { path, selector } = this.split(text);
    const parameter = this.parameter(path);
    if (!parameter) throw refusal('ParameterNotFound');
    const version = this.version(path, selector);
    if (!version) throw refusal('ParameterVersionNotFound', `Systems Manager could not find version ${selector} of ${path}. Verify the version and try again.`);
    return { parameter, version, ...(selector !== undefined && { selector: `:${selector}` }) };
  }

  /** Takes a name apart from its selector; an ARN's name is looked for with and without its first slash. */
  split(text: string): { readonly path: string; readonly selector?: string } {
    const arn = /^arn:[^:]+:ssm:[^:]*:[^:]*:parameter(\/.*)$/.exec(text)?.[1];
    const [path = '', selector, ...more] = (arn ?? text).split(':');
    if (selector === '' || more.length > 0) throw invalidName();
    const known = arn !== undefined && !this.parameter(path) ? path.slice(1) : path;
    return { path: known, ...(selector !== undefined && { selector }) };
  }

  /** The engine's functions have the AppConfig agent built in, one that heeds Entity-Id: its layer is newer than any that does not. */
  #published(name: string): Parameter | undefined {
    const architecture = EXTENSION.exec(name)?.[1];
    if (architecture === undefined) return undefined;
    const layer = architecture === 'x86' ? 'AWS-AppConfig-Extension' : 'AWS-AppConfig-Extension-Arm64';
    const { region, kernel } = this.#house;
    const version: ParameterVersion = {
      version: 1, type: 'String', value: `arn:aws:lambda:${region}:027255383542:layer:${layer}:1000`, modified: kernel.start, user: 'AWS', tier: 'Standard', dataType: 'text', labels: new Set(),
    };
    return { name, versions: [version], tags: new Map() };
  }
}

function invalidName(): Error {
  return invalid('Invalid parameter name. Please use correct syntax for referencing a version/label  <name>:<version/label>');
}

import { invalid, unbuilt } from '../refusal.ts';

/** A parameter as a request gives it. */
export interface GivenParameter {
  readonly ParameterKey?: string;
  readonly ParameterValue?: string;
  readonly UsePreviousValue?: boolean;
}

/** A parameter's value in one stack. */
export interface ParameterValue {
  readonly key: string;
  /** As given: for the SSM types, the parameter's name. */
  readonly text: string;
  /** What SSM answered, for the SSM types. */
  readonly resolved?: string;
  /** What Ref gives: text, or a list of texts. */
  readonly value: string | readonly string[];
  readonly noEcho: boolean;
}

/** Where values may come from besides the request. */
export interface ParameterSources {
  /** Values of the stack before, for UsePreviousValue. */
  readonly previous: ReadonlyMap<string, ParameterValue>;
  /** An SSM parameter's value; undefined when there is none. */
  readonly stored: (name: string) => string | undefined;
}

type Declared = Readonly<Record<string, unknown>>;

const STORED = /^AWS::SSM::Parameter::Value<(String|List<String>|CommaDelimitedList)>$/;
const PLAIN = new Set(['String', 'Number', 'List<Number>', 'CommaDelimitedList', 'AWS::SSM::Parameter::Name']);

/** The values of a template's parameters: given, previous or default ones, checked against their declarations. */
export function parameterValues(declared: ReadonlyMap<string, Declared>, given: readonly GivenParameter[], sources: ParameterSources): Map<string, ParameterValue> {
  const asked = new Map(given.map((parameter) => [parameter.ParameterKey ?? '', parameter]));
  const foreign = [...asked.keys()].filter((key) => !declared.has(key));
  if (foreign.length > 0) throw invalid(`Parameters: [${foreign.join(', ')}] do not exist in the template`);
  const texts = new Map([...declared].map(([key, declaration]) => [key, textOf(declaration, asked.get(key), sources.previous.get(key))]));
  const missing = [...texts].filter(([, text]) => text === undefined).map(([key]) => key);
  if (missing.length > 0) throw invalid(`Parameters: [${missing.join(', ')}] must have values`);
  const absent: string[] = [];
  const values = new Map([...declared].map(([key, declaration]) => [key, valueOf(key, declaration, texts.get(key) ?? '', sources, absent)]));
  if (absent.length > 0) throw invalid(`Unable to fetch parameters [${absent.join(',')}] from parameter store for this account.`);
  return values;
}

function textOf(declaration: Declared, asked: GivenParameter | undefined, previous: ParameterValue | undefined): string | undefined {
  if (asked?.UsePreviousValue === true && previous) return previous.text;
  if (asked?.ParameterValue !== undefined) return asked.ParameterValue;
  const fallback = declaration['Default'];
  if (fallback === undefined || fallback === null) return undefined;
  return Array.isArray(fallback) ? fallback.join(',') : String(fallback);
}

function valueOf(key: string, declaration: Declared, text: string, { stored }: ParameterSources, absent: string[]): ParameterValue {
  const type = typeof declaration['Type'] === 'string' ? declaration['Type'] : '';
  const noEcho = String(declaration['NoEcho']).toLowerCase() === 'true';
  const inStore = STORED.exec(type);
  if (!inStore && !PLAIN.has(type)) {
    if (/^(List<)?AWS::/.test(type)) throw unbuilt(`the parameter type ${type} (of ${key})`, 'declare the parameter as String');
    throw invalid(`Template format error: Unrecognized parameter type: ${type || 'null'}`);
  }
  check(key, declaration, type, text);
  if (!inStore) return { key, text, value: /^(List<|CommaDelimitedList)/.test(type) ? listOf(text) : text, noEcho };
  const resolved = stored(text);
  if (resolved === undefined) {
    absent.push(text);
    return { key, text, value: '', noEcho };
  }
  return { key, text, resolved, value: inStore[1] === 'String' ? resolved : listOf(resolved), noEcho };
}

function listOf(text: string): string[] {
  return text === '' ? [] : text.split(',').map((item) => item.trim());
}

function check(key: string, declaration: Declared, type: string, text: string): void {
  const refuse = (message: string): never => {
    const said = declaration['ConstraintDescription'];
    throw invalid(typeof said === 'string' ? `Parameter '${key}' failed to satisfy constraint: ${said}` : `Parameter '${key}' ${message}`);
  };
  const items = type === 'CommaDelimitedList' || type === 'List<Number>' ? listOf(text) : [text];
  if (/Number/.test(type) && !items.every((item) => item.trim() !== '' && Number.isFinite(Number(item)))) refuse(type === 'Number' ? 'must be a number.' : 'must be a list of numbers.');
  const allowed = declaration['AllowedValues'];
  if (Array.isArray(allowed) && !items.every((item) => allowed.map(String).includes(item))) refuse('must be one of AllowedValues');
  const pattern = declaration['AllowedPattern'];
  if (typeof pattern === 'string' && !matches(key, pattern, items)) refuse(`must match pattern ${pattern}`);
  const limit = (name: string): number | undefined => (declaration[name] === undefined ? undefined : Number(declaration[name]));
  const [minLength, maxLength, minValue, maxValue] = ['MinLength', 'MaxLength', 'MinValue', 'MaxValue'].map(limit);
  if (minLength !== undefined && text.length < minLength) refuse(`must contain at least ${minLength} characters`);
  if (maxLength !== undefined && text.length > maxLength) refuse(`must contain at most ${maxLength} characters`);
  if (minValue !== undefined && Number(text) < minValue) refuse(`must be a number not less than ${minValue}`);
  if (maxValue !== undefined && Number(text) > maxValue) refuse(`must be a number not greater than ${maxValue}`);
}

function matches(key: string, pattern: string, items: readonly string[]): boolean {
  let expression: RegExp;
  try {
    expression = new RegExp(`^(?:${pattern})$`, 's');
  } catch (error) {
    throw invalid(`Template format error: AllowedPattern of parameter ${key} is no regular expression: ${(error as Error).message}`);
  }
  return items.every((item) => expression.test(item));
}

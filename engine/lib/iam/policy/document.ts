import { MalformedPolicy } from './malformed.ts';
import { operatorOf, type Operator } from './operators.ts';
import { compilePattern, hasVariables, type Pattern } from './wildcard.ts';

/** A policy as it is evaluated. */
export interface PolicyDocument {
  readonly statements: readonly Statement[];
}

export interface Statement {
  readonly sid?: string;
  readonly effect: 'Allow' | 'Deny';
  readonly actions: Choice;
  /** Absent in a role's trust policy, which is about that role. */
  readonly resources?: Choice;
  /** Absent in identity policies. */
  readonly principals?: Principals;
  readonly conditions: readonly Condition[];
}

/** `Action` or `NotAction`, `Resource` or `NotResource`. */
export interface Choice {
  readonly texts: readonly string[];
  /** Undefined where a text has policy variables and is compiled for each request. */
  readonly patterns: readonly (Pattern | undefined)[];
  readonly negated: boolean;
}

/** Whom a resource's policy is about. */
export interface Principals {
  readonly everybody: boolean;
  /** ARNs and account numbers. */
  readonly aws: readonly string[];
  readonly services: readonly string[];
}

export interface Condition {
  readonly operator: Operator;
  readonly quantifier?: 'ForAllValues' | 'ForAnyValue';
  readonly ifExists: boolean;
  /** In lower case: condition keys are compared without regard to case. */
  readonly key: string;
  readonly values: readonly string[];
}

/** Which elements a document may have: an identity's names no principal, a trust policy no resource. */
export type PolicyKind = 'identity' | 'resource' | 'trust';

const VERSIONS: ReadonlySet<unknown> = new Set(['2012-10-17', '2008-10-17']);
const FIELDS: ReadonlySet<string> = new Set(['Sid', 'Effect', 'Action', 'NotAction', 'Resource', 'NotResource', 'Principal', 'NotPrincipal', 'Condition']);

/** Reads a policy's JSON text. Throws MalformedPolicy with IAM's words, or with what the engine does not evaluate. */
export function readPolicy(text: string, kind: PolicyKind): PolicyDocument {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (cause) {
    throw new MalformedPolicy('Syntax errors in policy.', 'malformed', { cause });
  }
  return policyOf(value, kind);
}

/** The same of a parsed document. */
export function policyOf(value: unknown, kind: PolicyKind): PolicyDocument {
  if (!isRecord(value) || Object.keys(value).some((key) => !['Version', 'Id', 'Statement'].includes(key))) throw syntax();
  if (value['Version'] !== undefined && !VERSIONS.has(value['Version'])) throw syntax();
  if (kind === 'identity' && value['Version'] !== '2012-10-17') throw new MalformedPolicy('Policy document must be version 2012-10-17 or greater.');
  const given = listOf(value['Statement']);
  if (given.length === 0) throw syntax();
  // Version 2008 has no variables: `${` is only text there.
  const variables = value['Version'] === '2012-10-17';
  const statements = given.map((statement) => statementOf(statement, kind, variables));
  const sids = statements.flatMap(({ sid }) => (sid === undefined || sid === '' ? [] : [sid]));
  if (new Set(sids).size < sids.length) throw new MalformedPolicy('Statement IDs (SID) in a single policy must be unique.');
  return { statements };
}

function statementOf(value: unknown, kind: PolicyKind, variables: boolean): Statement {
  if (!isRecord(value) || Object.keys(value).some((key) => !FIELDS.has(key))) throw syntax();
  const { Sid: sid, Effect: effect } = value;
  if (effect !== 'Allow' && effect !== 'Deny') throw syntax();
  if (sid !== undefined && typeof sid !== 'string') throw syntax();
  const actions = choiceOf(value, 'Action', (text) => choice([text.toLowerCase()], false, variables));
  if (!actions) throw new MalformedPolicy('Policy statement must contain actions.');
  for (const text of actions.texts) if (text !== '*' && !/^[a-z0-9*?-]+:[a-z0-9*?]+$/i.test(text)) throw new MalformedPolicy('Actions/Conditions must be prefaced by a vendor, e.g., iam, sdb, ec2, etc.');
  const resources = choiceOf(value, 'Resource', (text) => choice([text], false, variables));
  checkElements(value, kind, resources);
  return {
    ...(sid !== undefined && { sid }),
    effect,
    actions,
    ...(resources && kind !== 'trust' && { resources }),
    ...(value['Principal'] !== undefined && { principals: principalsOf(value['Principal']) }),
    conditions: conditionsOf(value['Condition']),
  };
}

function checkElements(value: Readonly<Record<string, unknown>>, kind: PolicyKind, resources: Choice | undefined): void {
  if (value['NotPrincipal'] !== undefined) throw new MalformedPolicy('sluice-engine does not evaluate NotPrincipal; write a condition on aws:PrincipalArn', 'unsupported');
  if (kind === 'identity' && value['Principal'] !== undefined) throw new MalformedPolicy('Policy document should not specify a principal.');
  if (kind !== 'identity' && value['Principal'] === undefined) throw new MalformedPolicy('Missing required field Principal');
  if (kind === 'trust' && resources) throw new MalformedPolicy('Has prohibited field Resource');
  if (kind !== 'trust' && !resources) throw new MalformedPolicy('Policy statement must contain resources.');
  for (const text of resources?.texts ?? []) if (text !== '*' && !/^(arn:|\*|\$\{)/.test(text)) throw new MalformedPolicy(`Resource ${text} must be in ARN format or "*".`);
}

function choiceOf(statement: Readonly<Record<string, unknown>>, name: 'Action' | 'Resource', one: (text: string) => Choice): Choice | undefined {
  const positive = statement[name];
  const negative = statement[`Not${name}`];
  if (positive !== undefined && negative !== undefined) throw syntax();
  const texts = textsOf(positive ?? negative);
  if (texts.length === 0) return undefined;
  const compiled = texts.map(one);
  return { texts, patterns: compiled.flatMap(({ patterns }) => patterns), negated: negative !== undefined };
}

function choice(texts: readonly string[], negated: boolean, variables: boolean): Choice {
  return { texts, patterns: texts.map((text) => (variables && hasVariables(text) ? undefined : compilePattern(text))), negated };
}

function principalsOf(value: unknown): Principals {
  if (value === '*') return { everybody: true, aws: [], services: [] };
  if (!isRecord(value)) throw new MalformedPolicy('Invalid principal in policy.');
  const unknown = Object.keys(value).find((key) => key !== 'AWS' && key !== 'Service');
  if (unknown !== undefined) throw new MalformedPolicy(`sluice-engine does not evaluate principals of the kind ${unknown}; it has AWS and Service`, 'unsupported');
  const aws = textsOf(value['AWS']);
  for (const text of aws) if (text !== '*' && !/^(\d{12}|arn:aws[a-z-]*:(iam|sts)::\d{12}:(root|(role|user|assumed-role)\/.+)|A(RO|ID)A[A-Z0-9]+)$/.test(text)) throw new MalformedPolicy(`Invalid principal in policy: "AWS":"${text}"`);
  return { everybody: aws.includes('*'), aws, services: textsOf(value['Service']) };
}

function conditionsOf(value: unknown): readonly Condition[] {
  if (value === undefined) return [];
  if (!isRecord(value)) throw syntax();
  return Object.entries(value).flatMap(([type, keys]) => {
    if (!isRecord(keys)) throw syntax();
    const [, quantifier, name = '', suffix] = /^(?:(ForAllValues|ForAnyValue):)?(.*?)(IfExists)?$/.exec(type) ?? [];
    const operator = operatorOf(name, type);
    return Object.entries(keys).map(([key, values]): Condition => ({
      operator,
      ...(quantifier !== undefined && { quantifier: quantifier as 'ForAllValues' | 'ForAnyValue' }),
      ifExists: suffix !== undefined,
      key: key.toLowerCase(),
      values: listOf(values).map(scalarText),
    }));
  });
}

function scalarText(value: unknown): string {
  if (typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean') return String(value);
  throw syntax();
}

function textsOf(value: unknown): readonly string[] {
  const all = listOf(value);
  if (!all.every((item) => typeof item === 'string')) throw syntax();
  return all;
}

function listOf(value: unknown): readonly unknown[] {
  return value === undefined ? [] : Array.isArray(value) ? value : [value];
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function syntax(): MalformedPolicy {
  return new MalformedPolicy('Syntax errors in policy.');
}

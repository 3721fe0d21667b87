import { refusal, violation } from './refusal.ts';

/** AWS's limit on an execution's input, in characters. */
const LONGEST_INPUT = 262_144;
const LONGEST_NAME = 80;
/** What the names of machines and executions may not contain, as the API reference lists it. */
const FORBIDDEN = /[\s<>{}[\]?*"#%\\^|~`$&,;:/\u0000-\u001F\u007F-\u009F\uFFFE\uFFFF\p{Surrogate}]/u;
const ALIAS_NAME = /^(?=.*[a-zA-Z_\-.])[a-zA-Z0-9_\-.]+$/;
const ROLE_ARN = /^arn:aws[a-zA-Z-]*:iam::\d{12}:role\/.+$/;

/** Refuses text that is shorter or longer than the model allows; sensitive values are not repeated. */
export function checkLength(value: string, member: string, least: number, most: number, sensitive: boolean = false): void {
  const shown = sensitive ? undefined : value;
  if (value.length < least) throw violation(shown, member, `Member must have length greater than or equal to ${least}`);
  if (value.length > most) throw violation(shown, member, `Member must have length less than or equal to ${most}`);
}

/** Refuses a machine's or an execution's name that AWS does not take. */
export function checkName(name: string): void {
  checkLength(name, 'name', 1, LONGEST_NAME);
  if (FORBIDDEN.test(name)) throw refusal('InvalidName', `Invalid Name: '${name}'`);
}

/** Refuses an alias's name that AWS does not take: one of digits alone would read as a version. */
export function checkAliasName(name: string): void {
  checkLength(name, 'name', 1, LONGEST_NAME);
  if (!ALIAS_NAME.test(name)) throw violation(name, 'name', 'Member must satisfy regular expression pattern: ^(?=.*[a-zA-Z_\\-\\.])[a-zA-Z0-9_\\-\\.]+$');
}

/** Refuses a role that is none; whether it exists, or whose account it is in, is not looked at. */
export function checkRole(roleArn: string): void {
  checkLength(roleArn, 'roleArn', 1, 256);
  if (!ROLE_ARN.test(roleArn)) throw refusal('InvalidArn', `Invalid Role Arn: '${roleArn}'`);
}

/** Refuses the description of a version or an alias that is too long. */
export function checkDescription(description: string | undefined, member: string): void {
  if (description !== undefined) checkLength(description, member, 0, 256, true);
}

/** Refuses an execution's input that is too long. */
export function checkInputLength(input: string): void {
  checkLength(input, 'input', 0, LONGEST_INPUT, true);
}

/** Refuses a value that is not in its enumeration. */
export function checkEnumeration(value: string | undefined, member: string, values: readonly string[]): void {
  if (value !== undefined && !values.includes(value)) throw violation(value, member, `Member must satisfy enum value set: [${values.join(', ')}]`);
}

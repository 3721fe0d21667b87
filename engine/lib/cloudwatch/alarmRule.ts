import type { AlarmState } from '../ports.ts';
import { validationError } from './refusal.ts';

/** The condition of a composite alarm; alarms are named as the rule names them until `resolve` gives their ARNs. */
export type AlarmRule =
  | { readonly kind: 'constant'; readonly value: boolean }
  | { readonly kind: 'state'; readonly state: AlarmState; readonly alarm: string }
  | { readonly kind: 'not'; readonly of: AlarmRule }
  | { readonly kind: 'and' | 'or'; readonly left: AlarmRule; readonly right: AlarmRule }
  | { readonly kind: 'atLeast'; readonly least: number; readonly negated: boolean; readonly state: AlarmState; readonly alarms: readonly string[] };

const STATES: readonly string[] = ['ALARM', 'OK', 'INSUFFICIENT_DATA'];
const OPENERS = "'(', 'NOT', AT_LEAST, TRUE or FALSE, ALARM, OK, or INSUFFICIENT_DATA";
const STATE_NAMES = 'ALARM, OK, or INSUFFICIENT_DATA';
const NUMBERS = 'NUMBER, PERCENTAGE NUMBER';
const NAMES = `'NOT', 'AND', 'OR', 'AT_LEAST', ${NUMBERS}, TRUE or FALSE, ${STATE_NAMES}, unquoted alarm name, quoted alarm name`;
const MARKS: readonly string[] = ['(', ')', ','];
const MOST_ELEMENTS = 500;
const MOST_CHILDREN = 100;

interface Token {
  readonly text: string;
  readonly at: number;
  readonly quoted: boolean;
}

/** Parses a rule; throws CloudWatch's refusal, which names token and place. */
export function parseAlarmRule(source: string): AlarmRule {
  const rule = new Parser(source).whole();
  const children = new Set(alarmsIn(rule));
  if (children.size > MOST_CHILDREN) throw validationError(`Error in AlarmRule [a rule may name ${MOST_CHILDREN} alarms at most, it names ${children.size}]`);
  return rule;
}

/** Every alarm a rule names, in order, repeated where it repeats them. */
export function alarmsIn(rule: AlarmRule): string[] {
  switch (rule.kind) {
    case 'constant': return [];
    case 'state': return [rule.alarm];
    case 'not': return alarmsIn(rule.of);
    case 'and': case 'or': return [...alarmsIn(rule.left), ...alarmsIn(rule.right)];
    case 'atLeast': return [...rule.alarms];
  }
}

/** The same rule with every alarm's name replaced. */
export function renameAlarms(rule: AlarmRule, rename: (name: string) => string): AlarmRule {
  switch (rule.kind) {
    case 'constant': return rule;
    case 'state': return { ...rule, alarm: rename(rule.alarm) };
    case 'not': return { ...rule, of: renameAlarms(rule.of, rename) };
    case 'and': case 'or': return { ...rule, left: renameAlarms(rule.left, rename), right: renameAlarms(rule.right, rename) };
    case 'atLeast': return { ...rule, alarms: rule.alarms.map(rename) };
  }
}

/** Whether a rule holds, given the states of its alarms. */
export function holds(rule: AlarmRule, stateOf: (alarm: string) => AlarmState): boolean {
  switch (rule.kind) {
    case 'constant': return rule.value;
    case 'state': return stateOf(rule.alarm) === rule.state;
    case 'not': return !holds(rule.of, stateOf);
    case 'and': return holds(rule.left, stateOf) && holds(rule.right, stateOf);
    case 'or': return holds(rule.left, stateOf) || holds(rule.right, stateOf);
    case 'atLeast': return rule.alarms.filter((alarm) => (stateOf(alarm) === rule.state) !== rule.negated).length >= rule.least;
  }
}

/** The alarms that make a rule hold, or keep it from holding: those its outcome would be shown to depend on. */
export function deciding(rule: AlarmRule, outcome: boolean, stateOf: (alarm: string) => AlarmState): string[] {
  switch (rule.kind) {
    case 'constant': return [];
    case 'state': return [rule.alarm];
    case 'not': return deciding(rule.of, !outcome, stateOf);
    case 'and': case 'or': {
      const sides = [rule.left, rule.right].filter((side) => holds(side, stateOf) === outcome);
      return [...new Set(sides.flatMap((side) => deciding(side, outcome, stateOf)))];
    }
    case 'atLeast': return [...new Set(rule.alarms.filter((alarm) => ((stateOf(alarm) === rule.state) !== rule.negated) === outcome))];
  }
}

/** AND binds tighter than OR, NOT tighter than both; words are upper case only. */
class Parser {
  readonly #tokens: readonly Token[];
  readonly #end: number;
  #at = 0;

  constructor(source: string) {
    this.#tokens = tokensOf(source);
    this.#end = source.length;
    if (this.#tokens.length > MOST_ELEMENTS * 4) throw validationError(`Error in AlarmRule [a rule may have ${MOST_ELEMENTS} elements at most]`);
  }

  whole(): AlarmRule {
    const rule = this.#or();
    const rest = this.#tokens[this.#at];
    if (rest) throw unsupported(rest, this.#tokens[this.#at + 1] ? "<EOF>, 'AND', 'OR'" : '<EOF>');
    return rule;
  }

  #or(): AlarmRule {
    let left = this.#and();
    while (this.#takes('OR')) left = { kind: 'or', left, right: this.#and() };
    return left;
  }

  #and(): AlarmRule {
    let left = this.#not();
    while (this.#takes('AND')) left = { kind: 'and', left, right: this.#not() };
    return left;
  }

  #not(): AlarmRule {
    return this.#takes('NOT') ? { kind: 'not', of: this.#not() } : this.#primary();
  }

  #primary(): AlarmRule {
    const token = this.#next(OPENERS);
    if (token.quoted) throw unsupported(token, OPENERS);
    switch (token.text) {
      case 'TRUE': case 'FALSE': return { kind: 'constant', value: token.text === 'TRUE' };
      case 'AT_LEAST': return this.#atLeast();
      case '(': {
        const inner = this.#or();
        this.#expect(')');
        return inner;
      }
      default: {
        if (!STATES.includes(token.text)) throw unsupported(token, OPENERS);
        this.#expect('(');
        const alarm = this.#name();
        this.#expect(')');
        return { kind: 'state', state: token.text as AlarmState, alarm };
      }
    }
  }

  /** AT_LEAST(n | p%, [NOT] STATE, (a, b, …)); a percentage rounds up. */
  #atLeast(): AlarmRule {
    this.#expect('(');
    const threshold = this.#next(NUMBERS);
    this.#expect(',');
    const negated = this.#takes('NOT');
    const state = this.#next(STATE_NAMES);
    if (!STATES.includes(state.text)) throw unsupported(state, negated ? STATE_NAMES : `'NOT', ${STATE_NAMES}`);
    this.#expect(',');
    this.#expect('(');
    const alarms = [this.#name()];
    while (this.#takes(',')) alarms.push(this.#name());
    this.#expect(')');
    this.#expect(')');
    return { kind: 'atLeast', least: leastOf(threshold, alarms.length), negated, state: state.text as AlarmState, alarms };
  }

  #name(): string {
    const token = this.#next(NAMES);
    if (!token.quoted && MARKS.includes(token.text)) throw unsupported({ ...token, text: this.#marksFrom(this.#at - 1) }, NAMES);
    return token.text;
  }

  /** Marks in a row are one token where a name was wanted, as recorded: `))`. */
  #marksFrom(first: number): string {
    let last = first;
    while (this.#tokens[last + 1]?.at === (this.#tokens[last]?.at ?? 0) + 1 && MARKS.includes(this.#tokens[last + 1]?.text ?? '')) last += 1;
    return this.#tokens.slice(first, last + 1).map(({ text }) => text).join('');
  }

  #takes(text: string): boolean {
    const token = this.#tokens[this.#at];
    if (!token || token.quoted || token.text !== text) return false;
    this.#at += 1;
    return true;
  }

  #expect(text: string): void {
    const token = this.#next(`'${text}'`);
    if (token.quoted || token.text !== text) throw unsupported(token, `'${text}'`);
  }

  #next(wanted: string): Token {
    const token = this.#tokens[this.#at];
    if (!token) throw unsupported({ text: '<EOF>', at: this.#end, quoted: false }, wanted);
    this.#at += 1;
    return token;
  }
}

function leastOf(threshold: Token, alarms: number): number {
  const [, digits, percent] = /^(\d+)(%?)$/.exec(threshold.text) ?? [];
  if (digits === undefined) throw unsupported(threshold, NUMBERS);
  const value = Number(digits);
  if (percent === '%') {
    if (value < 1 || value > 100) throw validationError('Error in AlarmRule [AT_LEAST percentage threshold must be between 1 and 100]');
    return Math.ceil((value * alarms) / 100);
  }
  if (value < 1 || value > alarms) throw validationError(`Error in AlarmRule [AT_LEAST absolute threshold must be between 1 and number of alarms (${alarms})]`);
  return value;
}

/** Words end at blanks, parentheses and commas; a quoted one may hold anything, quotes behind a backslash. */
function tokensOf(source: string): Token[] {
  const tokens: Token[] = [];
  const pattern = /\s*(?:"((?:[^"\\]|\\[\s\S])*)"|([(),])|([^\s(),"]+))/y;
  const end = source.trimEnd().length;
  while (pattern.lastIndex < end) {
    const from = pattern.lastIndex;
    const match = pattern.exec(source);
    if (!match) throw unsupported({ text: source.slice(from).trimStart(), at: source.length - source.slice(from).trimStart().length, quoted: false }, OPENERS);
    const [, quoted, mark, word] = match;
    const text = quoted?.replace(/\\([\s\S])/g, '$1') ?? mark ?? word ?? '';
    tokens.push({ text, at: pattern.lastIndex - (quoted === undefined ? text.length : quoted.length + 2), quoted: quoted !== undefined });
  }
  return tokens;
}

function unsupported(token: Token, wanted: string): Error {
  return validationError(`Error in AlarmRule [Unsupported token '${token.text}' at char ${token.at}, must be: ${wanted}]`);
}

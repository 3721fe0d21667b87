import type { Expression } from './expression.ts';
import { FUNCTIONS } from './mathFunction.ts';
import { validationError } from './refusal.ts';

/** A time series: values by the start of their period, epoch milliseconds. A period without data has no entry. */
export type TimeSeries = ReadonlyMap<number, number>;

/** What an expression may come to. */
export type MathValue = number | string | TimeSeries | readonly TimeSeries[];

/** What an expression is computed in. */
export interface MathScope {
  /** The result of another query, by its id; undefined when there is none. */
  readonly lookUp: (id: string) => MathValue | undefined;
  /** All metrics of the request, in order, whose label holds the text. */
  readonly metrics: (containing: string) => readonly TimeSeries[];
  /** The starts of all periods of the request, oldest first. */
  readonly slots: readonly number[];
  /** Seconds. */
  readonly period: number;
}

/** Computes an expression whose names and functions were checked. */
export function compute(expression: Expression, scope: MathScope): MathValue {
  switch (expression.kind) {
    case 'number': case 'text': return expression.value;
    case 'name': {
      const found = scope.lookUp(expression.name) ?? (expression.name === 'REPEAT' || expression.name === 'LINEAR' ? expression.name : undefined);
      if (found === undefined) throw validationError(`Error in expression: Unknown variable ${expression.name}`);
      return found;
    }
    case 'list': return expression.items.flatMap((item) => seriesIn(compute(item, scope), 'a list'));
    case 'minus': return operate('-', 0, compute(expression.of, scope));
    case 'operation': return operate(expression.operator, compute(expression.left, scope), compute(expression.right, scope));
    case 'call': {
      const implemented = FUNCTIONS[expression.name];
      if (!implemented) throw new Error(`the function ${expression.name} was let through`);
      return implemented(expression.parameters.map((parameter) => compute(parameter, scope)), scope);
    }
  }
}

/** Whether a value is one time series. */
export function isSeries(value: MathValue): value is TimeSeries {
  return value instanceof Map;
}

function seriesIn(value: MathValue, where: string): readonly TimeSeries[] {
  if (isSeries(value)) return [value];
  if (typeof value === 'object') return value;
  throw validationError(`Error in expression: ${where} takes time series, got ${JSON.stringify(value)}`);
}

function operate(operator: string, left: MathValue, right: MathValue): MathValue {
  if (typeof left === 'string' || typeof right === 'string') throw validationError(`Error in expression: Unsupported operand for operator ${operator}`);
  if (typeof left === 'number' && typeof right === 'number') return apply(operator, left, right);
  if (Array.isArray(left) && Array.isArray(right)) throw validationError(`Error in expression: Unsupported operand type(s) for ${operator}: 'array[TimeSeries]' and 'array[TimeSeries]'`);
  if (Array.isArray(left)) return left.map((item: TimeSeries) => operate(operator, item, right) as TimeSeries);
  if (Array.isArray(right)) return right.map((item: TimeSeries) => operate(operator, left, item) as TimeSeries);
  return zip(operator, left as number | TimeSeries, right as number | TimeSeries);
}

/** Period by period, where both sides have data and the result is a number: a division by zero leaves a gap. */
function zip(operator: string, left: number | TimeSeries, right: number | TimeSeries): TimeSeries {
  const result = new Map<number, number>();
  const times = typeof left === 'number' ? right as TimeSeries : left;
  for (const time of times.keys()) {
    const a = typeof left === 'number' ? left : left.get(time);
    const b = typeof right === 'number' ? right : right.get(time);
    if (a === undefined || b === undefined) continue;
    const value = apply(operator, a, b);
    if (Number.isFinite(value)) result.set(time, value);
  }
  return result;
}

function apply(operator: string, a: number, b: number): number {
  switch (operator) {
    case '+': return a + b;
    case '-': return a - b;
    case '*': return a * b;
    case '/': return a / b;
    case '^': return a ** b;
    case '<': return Number(a < b);
    case '>': return Number(a > b);
    case '<=': return Number(a <= b);
    case '>=': return Number(a >= b);
    case '==': return Number(a === b);
    case '!=': return Number(a !== b);
    case 'AND': case '&&': return Number(a !== 0 && b !== 0);
    case 'OR': case '||': return Number(a !== 0 || b !== 0);
    default: throw new Error(`there is no operator ${operator}`);
  }
}

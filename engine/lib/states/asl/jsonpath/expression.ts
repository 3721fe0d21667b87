import type { Environment } from '../environment.ts';
import { RuntimeFault } from '../fault.ts';
import { FunctionFault } from './functions.ts';
import { parseCall, runCall, type Call } from './intrinsic.ts';
import { parsePath } from './parser.ts';
import type { Found, Path } from './path.ts';

/** A compiled path, context path, variable or intrinsic function. */
export interface Expression {
  readonly text: string;
  /** Reads it; `whole` is the text of the data, for the words of a failing function. Functions throw RuntimeFault. */
  read(data: unknown, environment: Environment): Found;
}

const cache: Map<string, Expression> = new Map();
const CACHE_LIMIT = 10_000;

/** Compiles `$.a`, `$$.Execution.Id`, `$variable.b` or `States.UUID()`; a text that is none of these gives its fault. */
export function compileExpression(text: string): Expression | string {
  const known = cache.get(text);
  if (known) return known;
  const compiled = compile(text);
  if (typeof compiled !== 'string') {
    if (cache.size >= CACHE_LIMIT) cache.clear();
    cache.set(text, compiled);
  }
  return compiled;
}

/** The same for an expression that validation has accepted already. */
export function expression(text: string): Expression {
  const compiled = compileExpression(text);
  if (typeof compiled === 'string') throw new RuntimeFault(`Invalid path '${text}' : ${compiled}`);
  return compiled;
}

function compile(text: string): Expression | string {
  if (text.startsWith('States.')) return compileCall(text);
  if (text.startsWith('$$')) {
    const path = parsePath(text.slice(1));
    return typeof path === 'string' ? path : { text, read: (_data, environment) => path.read(environment.context()) };
  }
  const variable = /^\$([\p{ID_Start}_]\p{ID_Continue}*)(.*)$/su.exec(text);
  if (variable) return compileVariable(text, variable[1]!, variable[2]!);
  const path = parsePath(text);
  if (typeof path === 'string') return path;
  return path.steps.length === 0 ? { text, read: (data) => ({ found: true, value: data }) } : { text, read: (data) => path.read(data) };
}

function compileVariable(text: string, name: string, rest: string): Expression | string {
  const path: Path | string = parsePath(`$${rest}`);
  if (typeof path === 'string') return path;
  return {
    text,
    read(_data, environment) {
      const variable = environment.variables.find(name);
      return variable.known ? path.read(variable.value) : { found: false, reason: `The variable '${name}' is not defined` };
    },
  };
}

function compileCall(text: string): Expression | string {
  const call = parseCall(text);
  if (typeof call === 'string') return call;
  const paths = compilePaths(call);
  if (typeof paths === 'string') return paths;
  return {
    text,
    read(data, environment) {
      const read = (path: string): unknown => {
        const found = paths.get(path)!.read(data, environment);
        if (found.found) return found.value;
        throw new RuntimeFault(`The function '${text}' had the following error: The JsonPath argument for the field '${path}' could not be found in the input '${JSON.stringify(data)}'`);
      };
      try {
        return { found: true, value: runCall(call, read, environment) };
      } catch (fault) {
        if (!(fault instanceof FunctionFault)) throw fault;
        throw new RuntimeFault(`The function '${text}' had the following error: ${fault.message}`, 'States.IntrinsicFailure');
      }
    },
  };
}

function compilePaths(call: Call): Map<string, Expression> | string {
  const paths: Map<string, Expression> = new Map();
  const calls = [call];
  for (const each of calls) {
    for (const argument of each.arguments) {
      if (argument.kind === 'call') calls.push(argument.call);
      if (argument.kind !== 'path') continue;
      const compiled = compileExpression(argument.text);
      if (typeof compiled === 'string') return compiled;
      paths.set(argument.text, compiled);
    }
  }
  return paths;
}

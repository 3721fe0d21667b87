import { FunctionFault, findFunction, type Randomness } from './functions.ts';
import { Scanner } from './scanner.ts';

/** An argument: a literal, a path kept as text for its reader, or a nested call. */
export type Argument =
  | { readonly kind: 'literal'; readonly value: unknown }
  | { readonly kind: 'path'; readonly text: string }
  | { readonly kind: 'call'; readonly call: Call };

/** A parsed intrinsic function call. */
export interface Call {
  readonly name: string;
  readonly arguments: readonly Argument[];
}

/** Parses `States.Format('{}', $.a)`; a text that is none gives its fault. */
export function parseCall(text: string): Call | string {
  const scanner = new Scanner(text.trim());
  const call = parseNested(scanner);
  if (typeof call === 'string') return call;
  return scanner.done ? call : `unexpected text after the function at position ${scanner.at}`;
}

/** Runs a call; `read` gives a path's value or throws. */
export function runCall(call: Call, read: (path: string) => unknown, randomness: Randomness): unknown {
  const values = call.arguments.map((argument) => {
    switch (argument.kind) {
      case 'literal': return argument.value;
      case 'path': return read(argument.text);
      default: return runCall(argument.call, read, randomness);
    }
  });
  const run = findFunction(call.name);
  if (!run) throw new FunctionFault(`Invalid function name: ${call.name}`);
  return run(values, randomness);
}

function parseNested(scanner: Scanner): Call | string {
  const name = scanner.match(/States\.[A-Za-z0-9]+/y);
  if (!name) return `a function's name such as States.Format was expected at position ${scanner.at}`;
  if (!findFunction(name)) return `there is no intrinsic function ${name}`;
  scanner.space();
  if (!scanner.take('(')) return `( was expected at position ${scanner.at}`;
  const values: Argument[] = [];
  scanner.space();
  if (scanner.take(')')) return { name, arguments: values };
  do {
    scanner.space();
    const argument = parseArgument(scanner);
    if (typeof argument === 'string') return argument;
    values.push(argument);
    scanner.space();
  } while (scanner.take(','));
  return scanner.take(')') ? { name, arguments: values } : `) was expected at position ${scanner.at}`;
}

function parseArgument(scanner: Scanner): Argument | string {
  const next = scanner.peek();
  if (next === '\'') {
    const value = parseText(scanner);
    return value === undefined ? 'a string is not closed' : { kind: 'literal', value };
  }
  if (next === '$') return { kind: 'path', text: parsePathText(scanner) };
  if (next === 'S') {
    const call = parseNested(scanner);
    return typeof call === 'string' ? call : { kind: 'call', call };
  }
  const literal = scanner.match(/-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?|true|false|null/y);
  return literal === undefined ? `an argument was expected at position ${scanner.at}` : { kind: 'literal', value: JSON.parse(literal) };
}

/** A string in single quotes; a backslash keeps the quote, brace or backslash after it (braces stay escaped for Format). */
function parseText(scanner: Scanner): string | undefined {
  let content = '';
  for (let at = scanner.at + 1; at < scanner.text.length; at += 1) {
    const character = scanner.text.charAt(at);
    if (character === '\'') {
      scanner.at = at + 1;
      return content;
    }
    if (character !== '\\') {
      content += character;
      continue;
    }
    at += 1;
    const escaped = scanner.text.charAt(at);
    content += escaped === '\'' ? escaped : escapeSequence(escaped);
  }
  return undefined;
}

function escapeSequence(escaped: string): string {
  switch (escaped) {
    case 'n': return '\n';
    case 't': return '\t';
    case 'r': return '\r';
    default: return `\\${escaped}`;
  }
}

/** A path as an argument ends at the comma or bracket that belongs to the call. */
function parsePathText(scanner: Scanner): string {
  const start = scanner.at;
  let depth = 0;
  while (!scanner.done) {
    const character = scanner.peek();
    if (character === '\'' || character === '"') {
      if (scanner.quoted() === undefined) scanner.at = scanner.text.length;
      continue;
    }
    if (character === '[' || character === '(') depth += 1;
    if (character === ']' || character === ')') {
      if (depth === 0) break;
      depth -= 1;
    }
    if (character === ',' && depth === 0) break;
    scanner.at += 1;
  }
  return scanner.text.slice(start, scanner.at).trim();
}

import { RE2JS } from 're2js';
import { notProvided } from '../refusal.ts';

const compiled = new Map<string, RE2JS>();

/** Patterns kept compiled. */
const MOST = 500;

/** Whether a text is a regular expression of ECMA 262. */
export function isExpression(source: string): boolean {
  try {
    return new RegExp(source) instanceof RegExp;
  } catch {
    return false;
  }
}

/**
 * Whether a pattern is found in a text, in time linear in the text: no pattern can hang the engine. Look-around and
 * back-references, which would need backtracking, are refused by name.
 */
export function found(source: string, text: string): boolean {
  let expression = compiled.get(source);
  if (!expression) {
    expression = compile(source);
    if (compiled.size >= MOST) compiled.clear();
    compiled.set(source, expression);
  }
  return expression.matcher(text).find();
}

function compile(source: string): RE2JS {
  try {
    return RE2JS.compile(RE2JS.translateRegExp(source));
  } catch {
    throw notProvided(`look-around or back-references in a JSON Schema's pattern (${source})`);
  }
}

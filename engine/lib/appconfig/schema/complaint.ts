import { isObject, parsed } from './json.ts';
import { isRemote, notASchema, syntaxErrors, type SyntaxError } from './syntax.ts';
import { violationsOf } from './draft04.ts';

/** Violations told at most. */
const MOST = 100;

/**
 * Why content does not fit a JSON_SCHEMA validator's text, in the one envelope AWS has for everything that can be wrong;
 * undefined when it fits. Whatever `$schema` says, the schema is read as draft-04.
 */
export function schemaComplaint(schemaText: string, contentText: string): string | undefined {
  const detail = detailOf(schemaText, contentText);
  return detail === undefined ? undefined : `Could not build JSON schema from invalid input:\n ${schemaText}.\n Original error message:\n${detail}`;
}

function detailOf(schemaText: string, contentText: string): string | undefined {
  const schema = parsed(schemaText);
  // A text that is no JSON was recorded to be taken as a string.
  const root = schema.ok ? schema.value : schemaText;
  if (!isObject(root)) return fatal([notASchema('', root)]);
  if (isRemote(root)) return 'External schema references are not supported.';
  const errors = syntaxErrors(root);
  if (errors.length > 0) return fatal(errors);
  const content = parsed(contentText);
  if (!content.ok) return `The content is not JSON: ${content.reason}`;
  const violations = violationsOf(root, content.value);
  if (violations.length === 0) return undefined;
  return `[${violations.slice(0, MOST).map(({ message, pointer }) => `message: "${message}" - parent node: ${pointer}`).join(', ')}]`;
}

/** The report of the Java library AWS uses, its members in the order of recordings: they differ with and without a keyword. */
function fatal(errors: readonly SyntaxError[]): string {
  const shown = errors.map(({ pointer, keyword, message, found, expected }) => {
    const schema = { loadingURI: '#', pointer };
    if (keyword === undefined) return { level: 'error', schema, domain: 'syntax', message, found };
    return { level: 'error', message, domain: 'syntax', schema, keyword, ...(found !== undefined && { found }), ...(expected && { expected }) };
  });
  return `fatal: invalid JSON Schema, cannot continue\nSyntax errors:\n${jackson(shown, '')}\n    level: "fatal"\n`;
}

/** JSON as Jackson prints it: a space before colons, lists on the line of their brackets. */
function jackson(value: unknown, indent: string): string {
  if (Array.isArray(value)) return `[ ${value.map((item) => jackson(item, indent)).join(', ')} ]`;
  if (!isObject(value)) return JSON.stringify(value);
  const inner = `${indent}  `;
  return `{\n${Object.entries(value).map(([key, item]) => `${inner}${JSON.stringify(key)} : ${jackson(item, inner)}`).join(',\n')}\n${indent}}`;
}

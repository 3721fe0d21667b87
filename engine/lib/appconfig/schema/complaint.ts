import { isObject, parsed, typeOf } from './json.ts';
import { isRemote, syntaxErrors, type SyntaxError } from './syntax.ts';
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
  if (!isObject(root)) return fatal([{ pointer: '', message: `JSON value is of type ${typeOf(root)}, not a JSON Schema (expected an object)` }]);
  if (isRemote(root)) return 'External schema references are not supported.';
  const errors = syntaxErrors(root);
  if (errors.length > 0) return fatal(errors);
  const content = parsed(contentText);
  if (!content.ok) return `The content is not JSON: ${content.reason}`;
  const violations = violationsOf(root, content.value);
  if (violations.length === 0) return undefined;
  return `[${violations.slice(0, MOST).map(({ message, pointer }) => `message: "${message}" - parent node: ${pointer}`).join(', ')}]`;
}

/** The report of the Java library AWS uses, with the members its recordings show. */
function fatal(errors: readonly SyntaxError[]): string {
  const shown = errors.map(({ pointer, keyword, message }) => ({
    level: 'error',
    schema: { loadingURI: '#', pointer },
    domain: 'syntax',
    message,
    ...(keyword !== undefined && { keyword }),
  }));
  return `fatal: invalid JSON Schema, cannot continue\nSyntax errors:\n${jackson(shown)}\n    level: "fatal"\n`;
}

/** JSON as Jackson prints it: a space before colons, lists on one line with their brackets. */
function jackson(list: readonly object[]): string {
  const text = JSON.stringify(list, undefined, 2).replace(/^( *"[a-zA-Z]+"):/gm, '$1 :');
  return text.replace(/^\[\n {2}/, '[ ').replace(/\n {2}\},\n {2}\{/g, '\n}, {').replace(/\n {2}\}\n\]$/, '\n} ]').replace(/^ {2}/gm, '');
}

import { createRequire } from 'node:module';

const { types } = createRequire(import.meta.url)('node:util') as typeof import('node:util');

/** An error with the type Lambda gives it. */
export class RuntimeError extends Error {
  constructor(name: string, message: string, stack?: string) {
    super(message);
    Object.defineProperty(this, 'name', { value: name });
    // The stack was written before the name was known.
    this.stack = stack ?? String(this.stack).replace(/^Error/, name);
  }
}

/** What Lambda answers for an error: its document, as the runtime interface client for Node.js makes it. */
export function errorDocument(error: unknown): Record<string, unknown> {
  try {
    if (isError(error)) return { errorType: error.name, errorMessage: error.message, trace: error.stack?.split('\n') };
    return { errorType: typeof error, errorMessage: (error as object).toString(), trace: [] };
  } catch {
    return { errorType: 'handled', errorMessage: 'callback called with Error argument, but there was a problem while retrieving one or more of its message, name, and stack' };
  }
}

/** An error as the runtime logs it: a tab, then JSON with what the error has beyond its name, message and stack. */
export function errorLine(error: unknown): string {
  const shown = error instanceof Error ? error : new Error(String(error));
  try {
    return `\t${JSON.stringify(shown, (_key, value: unknown) => (value instanceof Error ? members(value) : value))}`;
  } catch {
    return `\t${JSON.stringify(errorDocument(shown))}`;
  }
}

function members(error: Error): object {
  const own = Object.assign({ errorType: error.name, errorMessage: error.message, code: (error as { code?: unknown }).code }, error);
  return typeof error.stack === 'string' ? Object.assign(own, { stack: error.stack.split('\n') }) : own;
}

/** Also an error of another realm, or one that only looks like one. */
function isError(value: unknown): value is Error {
  if (types.isNativeError(value)) return true;
  const like = value as Partial<Error> | null | undefined;
  return typeof like === 'object' && like !== null && [like.name, like.message, like.stack].every((text) => typeof text === 'string' && text !== '');
}

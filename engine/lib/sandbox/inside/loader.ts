import { existsSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { basename, dirname, join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { RuntimeError } from './failure.ts';

/** A handler as Lambda's Node.js runtime calls it. */
export type LambdaHandler = (event: unknown, context: object, callback: (error: unknown, value?: unknown) => void) => unknown;

/**
 * Finds `folder/file.export.nested` below the task root by the rules of Lambda's runtime interface client: a file without an
 * ending and `.js` outside a package of type module are required, then `.js`, `.mjs` and `.cjs` are tried, then modules.
 */
export async function loadHandler(taskRoot: string, handler: string): Promise<LambdaHandler> {
  if (handler.includes('..')) throw new RuntimeError('Runtime.MalformedHandlerName', `'${handler}' is not a valid handler name. Use absolute paths when specifying root directories in handler names.`);
  const file = basename(handler);
  const [, module, path] = /^([^.]*)\.(.*)$/.exec(file) ?? [];
  if (module === undefined || path === undefined) throw new RuntimeError('Runtime.MalformedHandlerName', 'Bad handler');
  let found = await load(resolve(taskRoot, handler.slice(0, handler.indexOf(file))), module, taskRoot);
  for (const key of path.split('.')) found = found && (found as Record<string, unknown>)[key];
  if (!found) throw new RuntimeError('Runtime.HandlerNotFound', `${handler} is undefined or not exported`);
  if (typeof found !== 'function') throw new RuntimeError('Runtime.HandlerNotFound', `${handler} is not a function`);
  return found as LambdaHandler;
}

async function load(folder: string, module: string, taskRoot: string): Promise<unknown> {
  // The stack of requirers ends with this name, which is shown as Lambda's /var/runtime/index.mjs.
  const require = createRequire(new URL('index.mjs', import.meta.url));
  const path = join(folder, module);
  const asModule = ofTypeModule(dirname(path), taskRoot);
  try {
    if (existsSync(path)) return require(path);
    if (existsSync(`${path}.js`)) return asModule ? await imported(`${path}.js`) : require(`${path}.js`);
    if (existsSync(`${path}.mjs`)) return await imported(`${path}.mjs`);
    if (existsSync(`${path}.cjs`)) return require(`${path}.cjs`);
    return require(require.resolve(module, { paths: [taskRoot, folder] }));
  } catch (error) {
    if (error instanceof SyntaxError) throw new RuntimeError('Runtime.UserCodeSyntaxError', String(error), error.stack);
    if ((error as { code?: unknown } | undefined)?.code === 'MODULE_NOT_FOUND') throw new RuntimeError('Runtime.ImportModuleError', String(error));
    throw error;
  }
}

function imported(path: string): Promise<unknown> {
  return import(pathToFileURL(path).href);
}

/** Whether the nearest package.json up to the task root says so. */
function ofTypeModule(folder: string, taskRoot: string): boolean {
  const file = join(folder, 'package.json');
  if (existsSync(file)) {
    try {
      return (JSON.parse(readFileSync(file, 'utf8')) as { type?: string } | null)?.type === 'module';
    } catch (error) {
      console.warn('/var/task/package.json cannot be read, it will be ignored for ES module detection purposes.', error);
      return false;
    }
  }
  return folder.length > taskRoot.length && ofTypeModule(dirname(folder), taskRoot);
}

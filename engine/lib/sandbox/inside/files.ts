import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';
import type { Places } from './places.ts';

const require = createRequire(import.meta.url);
type AnyFunction = (this: unknown, ...args: unknown[]) => unknown;
type Module = Record<string, AnyFunction>;

/** Functions whose first argument is a path they only read. */
const READING = ['access', 'exists', 'lstat', 'opendir', 'readdir', 'readFile', 'readlink', 'realpath', 'stat', 'statfs', 'createReadStream', 'watch', 'watchFile', 'unwatchFile'];

/** Functions that change what lies at their first argument. */
const WRITING = ['appendFile', 'chmod', 'chown', 'lchmod', 'lchown', 'lutimes', 'mkdir', 'mkdtemp', 'rm', 'rmdir', 'truncate', 'unlink', 'utimes', 'writeFile', 'createWriteStream'];

/** Functions of two paths; what is first is changed by `rename` alone. */
const TWO_PATHS = ['copyFile', 'cp', 'link', 'rename', 'symlink'];

const READ_ONLY_FLAGS: ReadonlySet<unknown> = new Set([undefined, null, 'r', 'rs', 'sr', 0]);

/**
 * Gives code inside Lambda's file system: `/tmp` is the sandbox's own folder, everything else is read-only, and relative paths
 * begin at the function's code. What goes to the descriptors 1 and 2 is printed.
 */
export function installFiles(places: Places, print: (chunk: string | Uint8Array) => void): void {
  const fs = require('node:fs') as Module & { promises: Module };
  for (const [module, deliver] of [[fs, callBack], [fs.promises, reject]] as const) {
    for (const name of READING) wrap(module, name, deliver, (args) => { place(places, args, 0, false, name); });
    for (const name of WRITING) wrap(module, name, deliver, (args) => { place(places, args, 0, true, name); });
    for (const name of TWO_PATHS) {
      wrap(module, name, deliver, (args) => {
        // A symbolic link's first path is text: it is looked at when somebody follows it.
        if (name !== 'symlink') place(places, args, 0, name === 'rename', name);
        place(places, args, 1, true, name);
      });
    }
    wrap(module, 'open', deliver, (args) => { place(places, args, 0, !READ_ONLY_FLAGS.has(typeof args[1] === 'function' ? undefined : args[1]), 'open'); });
  }
  installDescriptors(fs, print);
}

type Deliver = (args: readonly unknown[], error: Error) => unknown;

/** Replaces `name` and `nameSync` by functions that first prepare the arguments; a refusal comes the way the function's errors come. */
function wrap(module: Module, name: string, deliver: Deliver, prepare: (args: unknown[]) => void): void {
  const forms: [string, Deliver][] = [[name, /^create|^watch|^unwatch/.test(name) ? raise : deliver], [`${name}Sync`, raise]];
  for (const [form, refuse] of forms) {
    const original = module[form];
    if (typeof original !== 'function') continue;
    const wrapped = function (this: unknown, ...args: unknown[]): unknown {
      try {
        prepare(args);
      } catch (error) {
        return refuse(args, error as Error);
      }
      return original.apply(this, args);
    };
    // realpath.native and the symbols that promisify reads.
    module[form] = Object.defineProperties(wrapped, Object.getOwnPropertyDescriptors(original));
  }
}

function place(places: Places, args: unknown[], at: number, writes: boolean, syscall: string): void {
  const given = args[at];
  const text = typeof given === 'string' ? given : given instanceof URL && given.protocol === 'file:' ? fileURLToPath(given) : Buffer.isBuffer(given) ? given.toString() : undefined;
  if (text === undefined || text.includes('\u0000')) return;
  const actual = places.actual(text);
  if (writes && !places.writable(actual)) {
    throw Object.assign(new Error(`EROFS: read-only file system, ${syscall} '${text}'; functions write to /tmp`), { code: 'EROFS', errno: -30, syscall, path: text });
  }
  args[at] = actual;
}

function callBack(args: readonly unknown[], error: Error): void {
  const callback = args.findLast((arg) => typeof arg === 'function') as AnyFunction | undefined;
  if (!callback) throw error;
  process.nextTick(callback, error);
}

function reject(_args: readonly unknown[], error: Error): Promise<never> {
  return Promise.reject(error);
}

function raise(_args: readonly unknown[], error: Error): never {
  throw error;
}

/** Loggers that write to the descriptors themselves would print on the engine's own terminal. */
function installDescriptors(fs: Module, print: (chunk: string | Uint8Array) => void): void {
  const writeSync = fs['writeSync']!;
  const write = fs['write']!;
  const printed = (chunk: unknown): number => {
    print(chunk as string | Uint8Array);
    return Buffer.byteLength(chunk as string | Uint8Array);
  };
  fs['writeSync'] = (fd, ...rest) => (fd === 1 || fd === 2 ? printed(rest[0]) : writeSync(fd, ...rest));
  fs['write'] = (fd, ...rest) => {
    if (fd !== 1 && fd !== 2) return write(fd, ...rest);
    const length = printed(rest[0]);
    process.nextTick(rest.findLast((arg) => typeof arg === 'function') as AnyFunction, null, length, rest[0]);
    return undefined;
  };
}

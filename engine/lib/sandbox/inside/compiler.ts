import { createRequire } from 'node:module';
import { dirname, sep } from 'node:path';
import { Script } from 'node:vm';
import type { CompiledCode } from '../messages.ts';

const require = createRequire(import.meta.url);
/** As they are before code inside gets others. */
const { readFileSync, statSync } = require('node:fs') as typeof import('node:fs');

/** A module of CommonJS. */
interface Loaded {
  readonly exports: unknown;
  readonly filename: string | null;
  _compile: (this: Loaded, content: string, path: string, format?: unknown) => unknown;
}

/** What Node.js's loader of CommonJS is made of. */
interface Loader {
  readonly wrapper: readonly [string, string];
  readonly prototype: Loaded;
  readonly _extensions: Record<string, (module: Loaded, path: string) => void>;
  _resolveFilename: (this: Loader, request: string, parent: Loaded | null | undefined, ...rest: unknown[]) => string;
}

type Wrapped = (exports: unknown, require: NodeJS.Require, module: Loaded, path: string, folder: string) => unknown;

/** From a cache, Node.js 20 does not know whom to ask for a module that is imported while the code runs. */
const IMPORTS = /\bimport\b/;

/** V8 copies a cache that does not begin at a word. */
const WORD = 8;

/**
 * Loads the modules that the runtime brings along from V8's code caches, which sandboxes of this process made before: where they lie is
 * known, and what was used of them is compiled. Loading the AWS SDK is most of a cold start.
 */
export class Compiler {
  readonly #folder: string;
  readonly #known: Map<string, { readonly stamp: string; readonly data: Uint8Array }> = new Map();
  readonly #places: Map<string, string> = new Map();
  readonly #fresh: Map<string, boolean> = new Map();
  #made: { readonly path: string; readonly stamp: string; readonly script: Script }[] = [];
  #found: [key: string, path: string][] = [];

  /** @param folder where the runtime's modules lie. @param known what was compiled before. */
  constructor(folder: string, known: readonly CompiledCode[]) {
    this.#folder = folder + sep;
    for (const { bytes, files, places } of known) {
      for (const [path, stamp, at, length] of files) this.#known.set(path, { stamp, data: new Uint8Array(bytes, at, length) });
      for (const [key, path] of places) this.#places.set(key, path);
    }
  }

  /** Replaces how Node.js finds and compiles CommonJS modules of the folder. Everything else, and what is no CommonJS, it loads as ever. */
  install(): void {
    const loader = require('node:module') as unknown as Loader;
    this.#replaceCompile(loader);
    this.#replaceReading(loader);
    this.#replaceResolve(loader);
  }

  /** What was compiled since the last call, with the functions that were used by now. */
  take(): CompiledCode | undefined {
    if (this.#made.length === 0) return undefined;
    const caches = this.#made.splice(0).map(({ path, stamp, script }) => ({ path, stamp, data: script.createCachedData() }));
    let length = 0;
    const files = caches.map(({ path, stamp, data }) => {
      const at = length;
      length += Math.ceil(data.length / WORD) * WORD;
      return [path, stamp, at, data.length] as const;
    });
    const bytes = new SharedArrayBuffer(length);
    for (const [number, { data }] of caches.entries()) new Uint8Array(bytes).set(data, files[number]![2]);
    return { bytes, files, places: this.#found.splice(0) };
  }

  #replaceCompile({ prototype, wrapper }: Loader): void {
    const compile = prototype._compile;
    const scriptOf = (content: string, path: string): Script | undefined => this.#script(wrapper, content, path);
    prototype._compile = function (content, path, format): unknown {
      // The format is told from Node.js 22 on, where it is known.
      const script = format === undefined || format === 'commonjs' ? scriptOf(content, path) : undefined;
      if (!script) return compile.call(this, content, path, format);
      const run = script.runInThisContext() as Wrapped;
      // Node.js's own, whose parts differ from version to version.
      const own = compile.call(this, 'return require', path, format) as NodeJS.Require;
      return run.call(this.exports, this.exports, own, this, path, dirname(path));
    };
  }

  /** What was CommonJS is so still: no package.json has to say it. */
  #replaceReading({ _extensions: extensions }: Loader): void {
    const read = extensions['.js']!;
    extensions['.js'] = (module, path): void => {
      if (this.#isFresh(path)) module._compile(readFileSync(path, 'utf8'), path, 'commonjs');
      else read(module, path);
    };
  }

  #replaceResolve(loader: Loader): void {
    const resolve = loader._resolveFilename;
    loader._resolveFilename = (request, parent, ...rest): string => {
      if (!parent?.filename?.startsWith(this.#folder) || rest[1] !== undefined) return resolve.call(loader, request, parent, ...rest);
      const key = `${dirname(parent.filename)}\u0000${request}`;
      const known = this.#places.get(key);
      if (known !== undefined && this.#isFresh(known)) return known;
      const found = resolve.call(loader, request, parent, ...rest);
      if (found.startsWith(this.#folder)) this.#found.push([key, found]);
      return found;
    };
  }

  /** Whether a file is as it was when it was compiled. */
  #isFresh(path: string): boolean {
    let fresh = this.#fresh.get(path);
    if (fresh === undefined) {
      const known = this.#known.get(path);
      fresh = known !== undefined && known.stamp === stampOf(path);
      this.#fresh.set(path, fresh);
    }
    return fresh;
  }

  #script(wrapper: readonly [string, string], content: string, path: string): Script | undefined {
    if (!path.startsWith(this.#folder)) return undefined;
    const cachedData = this.#isFresh(path) ? this.#known.get(path)!.data : undefined;
    if (!cachedData && IMPORTS.test(content)) return undefined;
    try {
      const script = new Script(wrapper[0] + content + wrapper[1], {
        filename: path, columnOffset: -wrapper[0].length, ...(cachedData && { cachedData }),
      });
      if (!cachedData) this.#made.push({ path, stamp: stampOf(path), script });
      return script;
    } catch {
      // Node.js says best itself what is wrong, or loads it as what it is.
      return undefined;
    }
  }
}

/** What changes when a file does; empty when it is not there. */
function stampOf(path: string): string {
  const found = statSync(path, { throwIfNoEntry: false });
  return found ? `${found.mtimeMs} ${found.size} ${found.ino}` : '';
}

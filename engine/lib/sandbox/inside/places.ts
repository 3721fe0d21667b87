import { dirname, isAbsolute, join, normalize, sep } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

/** Where a sandbox's folders really lie. */
export interface PlacesGiven {
  readonly taskRoot: string;
  readonly tmp: string;
  /** The modules that the runtime brings along, if the machine has them. */
  readonly modules: string | undefined;
}

/**
 * The paths of Lambda and those of this machine. Code inside writes `/tmp` and means its sandbox's folder; what it throws or
 * prints shows Lambda's paths, so that two machines give the same text.
 */
export class Places {
  readonly #given: PlacesGiven;
  readonly #shown: readonly (readonly [actual: string, shown: string])[];

  constructor(given: PlacesGiven) {
    this.#given = given;
    const runtime = fileURLToPath(new URL('.', import.meta.url)).slice(0, -1);
    const folders: [string, string][] = [[given.taskRoot, '/var/task'], [given.tmp, '/tmp'], ...(given.modules === undefined ? [] : [[given.modules, '/var/runtime/node_modules'] as [string, string]]), [runtime, '/var/runtime']];
    this.#shown = folders.flatMap(([actual, shown]) => [[pathToFileURL(actual).href, `file://${shown}`] as const, [actual, shown] as const]);
  }

  /** Where a path as code inside writes it lies on this machine. */
  actual(path: string): string {
    const { taskRoot, tmp } = this.#given;
    const whole = isAbsolute(path) ? normalize(path) : join(taskRoot, path);
    if (this.#own(whole)) return whole;
    return moved(whole, '/tmp', tmp) ?? moved(whole, '/var/task', taskRoot) ?? whole;
  }

  /** Whether code inside may write there: `/tmp` only, as on Lambda. */
  writable(actual: string): boolean {
    return within(actual, this.#given.tmp) || actual === '/dev/null';
  }

  /** A text with this machine's paths replaced by Lambda's. */
  shown(text: string): string {
    let shown = text;
    for (const [actual, instead] of this.#shown) shown = shown.replaceAll(actual, instead);
    return shown;
  }

  /** Node.js's own loader (24 and later) walks through these, folder by folder, to find the real path of a module. */
  #own(path: string): boolean {
    const { taskRoot, tmp, modules } = this.#given;
    const above = path !== '/tmp' && within(taskRoot, path);
    return above || within(path, taskRoot) || within(path, tmp) || within(path, join(dirname(taskRoot), 'node_modules')) || (modules !== undefined && within(path, modules));
  }
}

function within(path: string, folder: string): boolean {
  return path === folder || path.startsWith(folder + sep);
}

function moved(path: string, from: string, to: string): string | undefined {
  return within(path, from) ? to + path.slice(from.length) : undefined;
}

import { execFileSync, spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const FOLDERS = { sluice: ROOT, 'sluice-engine': join(ROOT, 'engine') } as const;

/** The names of the packages this project publishes. */
export type PackageName = keyof typeof FOLDERS;

/** What a process printed, and its exit code. */
export interface Ran {
  code: number | null;
  stdout: string;
  stderr: string;
}

interface Manifest {
  version: string;
  exports: Record<string, string | Record<string, string>>;
}

/** Whether npm installs both packages together, as CI has it once. */
export const BY_NPM = process.env['SLUICE_PACKED'] === 'installed';

/** The packages as npm would publish them, and empty projects to install them into. */
export class Packed {
  readonly #made = once();
  readonly #folder = mkdtempSync(join(tmpdir(), 'sluice-package-'));

  manifest(name: PackageName): Manifest {
    return manifestOf(name);
  }

  tarball(name: PackageName): string {
    return tarballIn(this.#made, name);
  }

  /** The names users import, each in full: `sluice/core`. Patterns are left out. */
  publicNames(name: PackageName): string[] {
    return Object.keys(this.manifest(name).exports).filter((key) => !key.includes('*') && !key.endsWith('.json'))
      .map((key) => `${name}${key.slice(1)}`);
  }

  /** An empty project with `sluice` alone installed, as a stranger would. */
  alone(title: string): string {
    const folder = join(this.#folder, title);
    cpSync(join(this.#made, 'alone'), folder, { recursive: true });
    return folder;
  }

  /** An empty project with both packages: installed by npm, or else the engine's unpacked beside the other, with what it declares to depend on. */
  both(title: string): string {
    const folder = join(this.#folder, title);
    if (BY_NPM) install(folder, this.#made, ['sluice', 'sluice-engine']);
    else unpack(this.alone(title), this.#made, 'sluice-engine');
    return folder;
  }

  /** Runs node there, without what vitest put into the environment. */
  node(folder: string, ...args: string[]): Ran {
    const { NODE_OPTIONS: _options, VITEST: _vitest, ...env } = process.env;
    const { status, stdout, stderr } = spawnSync(process.execPath, args, { cwd: folder, env, encoding: 'utf8', timeout: 30_000 });
    return { code: status, stdout, stderr };
  }

  remove(): void {
    rmSync(this.#folder, { recursive: true, force: true });
  }
}

/** A folder with the tarballs and a project that has `sluice` alone, made once for a run of the tests, by whoever asks first; throws when nothing is built. */
function once(): string {
  const made = join(tmpdir(), 'packed');
  if (existsSync(made)) return made;
  const folder = mkdtempSync(join(tmpdir(), 'packing-'));
  for (const [name, root] of Object.entries(FOLDERS)) if (!existsSync(join(root, 'dist'))) throw new Error(`${name} is not built; run npm run build first`);
  execFileSync('npm', ['pack', '--ignore-scripts', '--silent', '--pack-destination', folder, ...Object.values(FOLDERS)], { cwd: ROOT });
  install(join(folder, 'alone'), folder, ['sluice']);
  try {
    renameSync(folder, made);
  } catch (cause) {
    // Another process was quicker.
    if (!existsSync(made)) throw cause;
  }
  return made;
}

function install(project: string, tarballs: string, names: readonly PackageName[]): void {
  mkdirSync(project);
  writeFileSync(join(project, 'package.json'), '{ "private": true, "type": "module" }\n');
  execFileSync('npm', ['install', '--prefer-offline', '--ignore-scripts', '--no-audit', '--no-fund', '--silent', ...names.map((name) => tarballIn(tarballs, name))], { cwd: project });
}

function unpack(project: string, tarballs: string, name: PackageName): void {
  const modules = join(project, 'node_modules');
  const folder = join(modules, name);
  mkdirSync(folder);
  execFileSync('tar', ['-xzf', tarballIn(tarballs, name), '-C', folder, '--strip-components=1']);
  const { dependencies = {} } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as { dependencies?: Record<string, string> };
  for (const one of Object.keys(dependencies)) symlinkSync(join(ROOT, 'node_modules', one), join(modules, one), 'dir');
}

function manifestOf(name: PackageName): Manifest {
  return JSON.parse(readFileSync(join(FOLDERS[name], 'package.json'), 'utf8')) as Manifest;
}

function tarballIn(folder: string, name: PackageName): string {
  return join(folder, `${name}-${manifestOf(name).version}.tgz`);
}

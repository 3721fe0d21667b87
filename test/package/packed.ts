import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
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

/** The packages as npm would publish them, and empty projects to install them into. */
export class Packed {
  readonly #folder = mkdtempSync(join(tmpdir(), 'sluice-package-'));

  /** Packs what is built; throws when nothing is. */
  constructor() {
    for (const [name, folder] of Object.entries(FOLDERS)) {
      if (!existsSync(join(folder, 'dist'))) throw new Error(`${name} is not built; run npm run build first`);
      execFileSync('npm', ['pack', '--ignore-scripts', '--silent', '--pack-destination', this.#folder], { cwd: folder });
    }
  }

  manifest(name: PackageName): Manifest {
    return JSON.parse(readFileSync(join(FOLDERS[name], 'package.json'), 'utf8')) as Manifest;
  }

  tarball(name: PackageName): string {
    return join(this.#folder, `${name}-${this.manifest(name).version}.tgz`);
  }

  /** The names users import, each in full: `sluice/core`. Patterns are left out. */
  publicNames(name: PackageName): string[] {
    return Object.keys(this.manifest(name).exports).filter((key) => !key.includes('*') && !key.endsWith('.json'))
      .map((key) => `${name}${key.slice(1)}`);
  }

  /** An empty project with only these packages installed, as a stranger would. */
  project(title: string, names: readonly PackageName[]): string {
    const folder = join(this.#folder, title);
    mkdirSync(folder);
    writeFileSync(join(folder, 'package.json'), '{ "private": true, "type": "module" }\n');
    const tarballs = names.map((name) => this.tarball(name));
    execFileSync('npm', ['install', '--prefer-offline', '--ignore-scripts', '--no-audit', '--no-fund', '--silent', ...tarballs], { cwd: folder });
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

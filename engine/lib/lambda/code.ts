import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join, normalize, sep } from 'node:path';
import { unzipSync } from 'fflate';
import { WireFault } from '../wire/fault.ts';
import type { FunctionCode } from './functions.ts';

/** Lambda's limit for the extracted code, in bytes. */
const EXTRACTED_LIMIT = 262_144_000;

/** Extracts uploaded zips into the engine's data folder, one folder per digest. */
export class CodeFolder {
  readonly #root: string;

  #prepared = false;

  constructor(dataFolder: string) {
    this.#root = join(dataFolder, 'functions');
  }

  #prepare(): void {
    if (this.#prepared) return;
    this.#prepared = true;
    mkdirSync(this.#root, { recursive: true });
    // Without a package.json of its own, plain .js files would take the module type of whatever project lies above.
    writeFileSync(join(this.#root, 'package.json'), '{}\n');
    linkSdk(this.#root);
  }

  /** Extracts a zip; refuses one that is broken, too large or that points outside its folder. */
  extract(zip: Uint8Array): FunctionCode {
    this.#prepare();
    const hash = createHash('sha256').update(zip).digest();
    const folder = join(this.#root, hash.toString('hex').slice(0, 32));
    const code: FunctionCode = { sha256: hash.toString('base64'), size: zip.length, folder };
    if (existsSync(folder)) return code;
    const files = unzip(zip);
    for (const [name, bytes] of Object.entries(files)) {
      const path = normalize(join(folder, name));
      if (!path.startsWith(folder + sep)) throw invalidZip(`the entry ${JSON.stringify(name)} points outside the archive`);
      if (name.endsWith('/')) continue;
      mkdirSync(dirname(path), { recursive: true });
      writeFileSync(path, bytes);
    }
    mkdirSync(folder, { recursive: true });
    return code;
  }
}

function unzip(zip: Uint8Array): Record<string, Uint8Array> {
  let extracted = 0;
  try {
    return unzipSync(zip, {
      filter: (file) => {
        extracted += file.originalSize;
        if (extracted > EXTRACTED_LIMIT) throw new RangeError(`Unzipped size must be smaller than ${EXTRACTED_LIMIT} bytes`);
        return true;
      },
    });
  } catch (error) {
    if (error instanceof RangeError) throw new WireFault({ code: 'InvalidParameterValueException', message: error.message, members: { Type: 'User' } });
    throw invalidZip('it could not be unzipped');
  }
}

function invalidZip(reason: string): WireFault {
  return new WireFault({ code: 'InvalidParameterValueException', message: `Could not unzip uploaded file: ${reason}. Please check your file, then try to upload again.`, members: { Type: 'User' } });
}

/** Bundles leave the SDK out, as on AWS, where the runtime brings it: let it resolve from where the engine finds it. */
function linkSdk(root: string): void {
  let found: string;
  try {
    found = createRequire(import.meta.url).resolve('@aws-sdk/client-appconfig');
  } catch {
    return; // No SDK on this machine: functions that import it will say so themselves.
  }
  const modules = found.slice(0, found.lastIndexOf(`${sep}node_modules${sep}`) + `${sep}node_modules`.length);
  const link = join(root, 'node_modules');
  if (!existsSync(link)) symlinkSync(modules, link, 'junction');
}

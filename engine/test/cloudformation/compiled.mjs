// Imported before `cdk`, a file of 16 MB: keeps what V8 made of large files for the next process, as Node.js does from 22.1 on where NODE_COMPILE_CACHE names a folder.
import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import Module from 'node:module';
import { dirname, join } from 'node:path';
import { constants, Script } from 'node:vm';

const LARGE = 1_000_000;
const folder = process.env.NODE_COMPILE_CACHE;
const compile = Module.prototype._compile;

Module.prototype._compile = function compiled(text, filename, ...more) {
  if (text.length < LARGE) return compile.call(this, text, filename, ...more);
  const file = join(folder, `${createHash('sha256').update(filename).digest('hex')}-${process.version}`);
  const script = new Script(Module.wrap(text), { filename, cachedData: read(file), importModuleDynamically: constants?.USE_MAIN_CONTEXT_DEFAULT_LOADER });
  // With what has been run by then, which is most of what the next process runs.
  if (script.cachedDataRejected !== false) process.once('exit', () => { write(file, script.createCachedData()); });
  return script.runInThisContext().call(this.exports, this.exports, Module.createRequire(filename), this, filename, dirname(filename));
};

function read(file) {
  try {
    return readFileSync(file);
  } catch (error) {
    if (error.code !== 'ENOENT') throw error;
    return undefined;
  }
}

function write(file, data) {
  mkdirSync(folder, { recursive: true });
  writeFileSync(`${file}.${process.pid}`, data);
  renameSync(`${file}.${process.pid}`, file);
}

import { createRequire } from 'node:module';

const require = createRequire(import.meta.url);
type AnyFunction = (...args: unknown[]) => unknown;

/**
 * Makes zlib and crypto work in the calling thread. Their worker pool is invisible to the event loop's list of active
 * resources, so a wait for it would look like quiet.
 */
export function installInline(): void {
  const zlib = require('node:zlib') as Record<string, AnyFunction>;
  for (const name of ['deflate', 'inflate', 'gzip', 'gunzip', 'deflateRaw', 'inflateRaw', 'unzip', 'brotliCompress', 'brotliDecompress']) {
    callBack(zlib, name, zlib[`${name}Sync`]!);
  }
  const crypto = require('node:crypto') as Record<string, AnyFunction> & { subtle: object };
  for (const name of ['pbkdf2', 'scrypt', 'hkdf', 'generateKeyPair', 'generateKey']) callBack(crypto, name, crypto[`${name}Sync`]!);
  const hash = crypto['createHash'] as typeof import('node:crypto').createHash;
  Object.defineProperty(crypto.subtle, 'digest', {
    configurable: true,
    value: (algorithm: string | { name: string }, data: ArrayBuffer | ArrayBufferView): Promise<ArrayBuffer> => {
      const name = (typeof algorithm === 'string' ? algorithm : algorithm.name).replace('-', '').toLowerCase();
      const bytes = data instanceof ArrayBuffer ? new Uint8Array(data) : new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
      const digest = hash(name).update(bytes).digest();
      return Promise.resolve(digest.buffer.slice(digest.byteOffset, digest.byteOffset + digest.length));
    },
  });
}

function callBack(module: Record<string, AnyFunction>, name: string, sync: AnyFunction): void {
  module[name] = (...args: unknown[]): void => {
    const callback = args.pop() as AnyFunction;
    try {
      const value = sync(...args);
      process.nextTick(callback, null, value);
    } catch (error) {
      process.nextTick(callback, error);
    }
  };
}

import { createRequire } from 'node:module';
import type { EngineSocket, Switchboard } from './socket.ts';

const require = createRequire(import.meta.url);
type AnyFunction = (...args: never[]) => unknown;

/** Replaces the ways out to the network by the switchboard, and refuses the others by name. Must run before code inside loads. */
export function installNetwork(board: Switchboard): void {
  const net = require('node:net') as typeof import('node:net');
  const tls = require('node:tls') as object;
  const http = require('node:http') as typeof import('node:http');
  const connect = connector(board);
  Object.assign(net, { connect, createConnection: connect });
  Object.assign(tls, { connect });
  Object.assign(http.Agent.prototype, { createConnection: connect });
  net.Socket.prototype.connect = function (this: import('node:net').Socket): import('node:net').Socket {
    process.nextTick(() => { this.destroy(refusal('connect', 'a socket made with `new net.Socket()`; use net.connect')); });
    return this;
  };
  net.Server.prototype.listen = function (this: import('node:net').Server): import('node:net').Server {
    process.nextTick(() => { this.emit('error', refusal('listen', 'servers')); });
    return this;
  } as typeof net.Server.prototype.listen;
  forbid(require('node:dgram') as object, ['createSocket'], 'datagrams');
  forbid(require('node:http2') as object, ['connect'], 'HTTP/2');
  forbid(require('node:child_process') as object, ['exec', 'execFile', 'execFileSync', 'execSync', 'fork', 'spawn', 'spawnSync'], 'child processes');
  forbid(require('node:worker_threads') as object, ['Worker'], 'threads of a function\'s own');
  installNames();
}

/** `net.connect` and `tls.connect`: between the sandbox and the engine there is nothing to encrypt. */
function connector(board: Switchboard): (...args: unknown[]) => EngineSocket {
  return (...args) => {
    const listener = args.find((arg) => typeof arg === 'function') as (() => void) | undefined;
    const given = (Array.isArray(args[0]) ? args[0][0] : args[0]) as { host?: string; hostname?: string; port?: number | string; path?: string } | number | string;
    const options = typeof given === 'object' ? given : { port: given, host: typeof args[1] === 'string' ? args[1] : 'localhost' };
    const socket = board.open(options.host ?? ('hostname' in options ? options.hostname : undefined) ?? 'localhost', Number(options.port ?? 0));
    if (listener) socket.once('connect', listener);
    return socket;
  };
}

function refusal(syscall: string, what: string): Error {
  return Object.assign(new Error(`${syscall} EACCES: sluice-engine does not implement ${what} inside functions`), { code: 'EACCES', errno: -13, syscall });
}

function forbid(module: object, names: readonly string[], what: string): void {
  for (const name of names) {
    // A plain function, since some of these are called with new.
    const refuse = function (): never { throw refusal(name, what); };
    Object.defineProperty(module, name, { value: refuse, configurable: true, writable: true, enumerable: true });
  }
}

/** Names of this machine resolve, all others are unknown: no question leaves for a name server. */
function installNames(): void {
  const dns = require('node:dns') as Record<string, AnyFunction> & { promises: Record<string, AnyFunction> };
  const net = require('node:net') as typeof import('node:net');
  const find = (name: string): string => {
    if (name === 'localhost') return '127.0.0.1';
    if (net.isIP(name) > 0) return name;
    throw Object.assign(new Error(`getaddrinfo ENOTFOUND ${name}: functions on the engine reach the engine only`), { code: 'ENOTFOUND', errno: -3008, syscall: 'getaddrinfo', hostname: name });
  };
  const lookup = (name: string, options: { all?: boolean } | number | undefined): unknown => {
    const address = find(name);
    const answer = { address, family: net.isIP(address) };
    return typeof options === 'object' && options.all === true ? [answer] : answer;
  };
  dns['lookup'] = (name: string, ...rest: unknown[]) => {
    const callback = rest.pop() as (error: unknown, ...answer: unknown[]) => void;
    try {
      const answer = lookup(name, rest[0] as { all?: boolean } | undefined);
      if (Array.isArray(answer)) process.nextTick(callback, null, answer);
      else process.nextTick(callback, null, (answer as { address: string }).address, (answer as { family: number }).family);
    } catch (error) {
      process.nextTick(callback, error);
    }
  };
  dns.promises['lookup'] = async (name: string, options?: { all?: boolean }) => lookup(name, options);
  for (const name of Object.keys(dns).filter((key) => /^(resolve|reverse|lookupService)/.test(key))) {
    dns[name] = (asked: string, ...rest: unknown[]) => { process.nextTick(rest.pop() as AnyFunction, refusal(`query of ${asked}`, 'name servers')); };
  }
  for (const name of Object.keys(dns.promises).filter((key) => /^(resolve|reverse|lookupService)/.test(key))) {
    dns.promises[name] = async (asked: string) => { throw refusal(`query of ${asked}`, 'name servers'); };
  }
  for (const resolver of [dns['Resolver'], dns.promises['Resolver']] as unknown as { prototype: object }[]) {
    const { prototype } = resolver;
    for (const name of Object.getOwnPropertyNames(prototype).concat(Object.getOwnPropertyNames(Object.getPrototypeOf(prototype)))) {
      if (/^(resolve|reverse)/.test(name)) Object.defineProperty(prototype, name, { value: () => { throw refusal('query', 'name servers'); }, configurable: true });
    }
  }
}

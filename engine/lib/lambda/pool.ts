import { existsSync, mkdirSync, realpathSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { House } from '../ports.ts';
import type { RawRequest } from '../sandbox/assembler.ts';
import type { InvocationOrder, SandboxOutcome } from '../sandbox/messages.ts';
import { Sandbox, type RawResponse } from '../sandbox/sandbox.ts';
import { agentDoorsOf, ENGINE_DOOR, environmentOf, type Place } from './environment.ts';
import type { FunctionVersion } from './functions.ts';
import { writeLog } from './logging.ts';

/** Somebody who answers requests from inside a sandbox. */
export type Answerer = (request: RawRequest) => Promise<RawResponse>;

/** What a pool is made with. */
export interface PoolOptions {
  readonly house: House;
  readonly dataFolder: string;
  /** The credentials of a function's role. */
  readonly credentials: (name: string, roleArn: string) => Place['credentials'];
  /** The engine's own services. */
  readonly engine: Answerer;
  /** Further places that code inside may connect to, as `host:port`. */
  readonly doors: ReadonlyMap<string, Answerer>;
  /** Makes the AppConfig agent of one sandbox from the function's environment variables. */
  readonly agent: (environment: Readonly<Record<string, string>>, sandbox: string) => Answerer;
}

/** Lambda's limit for loading a function's code, in milliseconds. */
const INIT_LIMIT = 10_000;

interface Slot {
  readonly number: number;
  readonly key: string;
  readonly name: string;
  readonly version: FunctionVersion;
  readonly sandbox: Sandbox;
  readonly tmp: string;
  readonly logStream: string;
  /** What the present invocation has printed. */
  lines: string[];
  busy: boolean;
  /** Set until the first invocation: AWS writes an Init Duration then. */
  cold: boolean;
  /** Its function changed while it was busy. */
  retired: boolean;
}

/** One invocation's outcome with the place it ran in. */
export interface PoolOutcome {
  readonly outcome: SandboxOutcome | { readonly kind: 'timeout' };
  readonly logStream: string;
  /** What the invocation printed, its START line first. */
  readonly lines: readonly string[];
  readonly cold: boolean;
  /** Milliseconds that loading the code took, 10,000 at most. */
  readonly initDuration: number;
  /** Milliseconds from then on. */
  readonly duration: number;
}

/** The sandboxes of all functions: the lowest-numbered free one first, an idle one of another function makes room. */
export class Pool {
  readonly #options: PoolOptions;
  readonly #slots: Map<number, Slot> = new Map();
  readonly #ending: Set<Promise<void>> = new Set();
  #opened = 1;

  constructor(options: PoolOptions) {
    this.#options = options;
  }

  /** How many invocations of a function run now. */
  running(name: string): number {
    let count = 0;
    for (const slot of this.#slots.values()) if (slot.busy && slot.name === name) count += 1;
    return count;
  }

  /** Runs one invocation; undefined when all sandboxes are busy. */
  async run(version: FunctionVersion, order: Omit<InvocationOrder, 'logStreamName' | 'deadline'>): Promise<PoolOutcome | undefined> {
    const slot = this.#acquire(version);
    if (!slot) return undefined;
    const { kernel } = this.#options.house;
    const { cold, logStream } = slot;
    const timeout = version.configuration.timeout * 1000;
    const begun = kernel.now();
    slot.busy = true;
    slot.cold = false;
    slot.lines = [];
    this.#print(slot, [{ timestamp: begun, message: `START RequestId: ${order.requestId} Version: ${version.version}` }]);
    let outcome: PoolOutcome['outcome'] = await this.#before(begun + INIT_LIMIT + timeout, slot.sandbox.started);
    // What loading the code takes beyond its own limit counts as the invocation's time.
    const initDuration = cold ? Math.min(kernel.now() - begun, INIT_LIMIT) : 0;
    if (outcome.kind === 'ready') {
      const deadline = begun + initDuration + timeout;
      outcome = await this.#before(deadline, slot.sandbox.invoke({ ...order, deadline, logStreamName: logStream }));
    }
    slot.busy = false;
    const spent = outcome.kind === 'timeout' || outcome.kind === 'exit' || (outcome.kind === 'error' && outcome.fatal) || slot.sandbox.ended || slot.retired;
    if (spent) this.#drop(slot);
    return { outcome, logStream, cold, initDuration, duration: kernel.now() - begun - initDuration, lines: slot.lines };
  }

  /** Ends the sandboxes of `$LATEST` when it changed, or of all versions when the function is gone; busy ones when they are done. */
  retire(name: string, version?: string): void {
    for (const slot of this.#slots.values()) {
      if (slot.name !== name || (version !== undefined && slot.version.version !== version)) continue;
      slot.retired = true;
      if (!slot.busy) this.#drop(slot);
    }
  }

  async close(): Promise<void> {
    for (const slot of this.#slots.values()) this.#drop(slot);
    await Promise.all(this.#ending);
  }

  #before(deadline: number, outcome: Promise<SandboxOutcome>): Promise<PoolOutcome['outcome']> {
    return new Promise((resolve) => {
      const timer = this.#options.house.kernel.at(deadline, () => { resolve({ kind: 'timeout' }); });
      void outcome.then((done) => {
        timer.cancel();
        resolve(done);
      });
    });
  }

  #acquire(version: FunctionVersion): Slot | undefined {
    const key = `${version.name}:${version.version}:${version.revisionId}`;
    const limit = this.#options.house.settings.lambda.sandboxes;
    let other: Slot | undefined;
    for (let number = 1; number <= limit; number += 1) {
      const slot = this.#slots.get(number);
      if (!slot || slot.busy) continue;
      if (slot.sandbox.ended) this.#drop(slot);
      else if (slot.key === key) return slot;
      else other ??= slot;
    }
    if (this.#slots.size >= limit) {
      if (!other) return undefined;
      this.#drop(other);
    }
    for (let number = 1; number <= limit; number += 1) {
      if (!this.#slots.has(number)) return this.#open(number, key, version);
    }
    return undefined;
  }

  #open(number: number, key: string, version: FunctionVersion): Slot {
    const { house, dataFolder } = this.#options;
    // One that is ending may still write to its folder, so none is used twice.
    const tmp = join(dataFolder, 'sandboxes', String(this.#opened++));
    mkdirSync(tmp, { recursive: true });
    const day = new Date(house.kernel.now()).toISOString().slice(0, 10).replaceAll('-', '/');
    const logStream = `${day}/[${version.version}]${house.draws.id(`lambda:log-stream:${key}`, 32)}`;
    const env = environmentOf(version, house.region, { logStream, credentials: this.#options.credentials(version.name, version.configuration.role) });
    const name = `sandbox ${number} of function ${version.name}`;
    const doors = new Map<string, Answerer>([[ENGINE_DOOR, this.#options.engine], ...this.#options.doors]);
    const agentDoors = agentDoorsOf(version);
    if (agentDoors.length > 0) {
      const agent = this.#options.agent(env, `${number}:${logStream}`);
      for (const door of agentDoors) doors.set(door, agent);
    }
    const modules = join(dirname(version.code.folder), 'node_modules');
    const sandbox = new Sandbox({
      name,
      kernel: house.kernel,
      seed: `${house.draws.seed}\u0000${key}`,
      taskRoot: version.code.folder,
      tmp,
      modules: existsSync(modules) ? realpathSync(modules) : undefined,
      runtime: Number(/\d+/.exec(version.configuration.runtime)?.[0]),
      handler: version.configuration.handler,
      env,
      memoryMb: version.configuration.memorySize,
      doors,
      log: (events) => { this.#print(slot, events); },
      turnLimitMs: house.settings.lambda.turnLimitMs,
      jitterMs: house.settings.lambda.jitterMs,
    });
    const slot: Slot = { number, key, name: version.name, version, sandbox, tmp, logStream, lines: [], busy: false, cold: true, retired: false };
    this.#slots.set(number, slot);
    return slot;
  }

  #print(slot: Slot, events: readonly { timestamp: number; message: string }[]): void {
    writeLog(this.#options.house, slot.version, slot.logStream, events);
    for (const { message } of events) slot.lines.push(message);
  }

  #drop(slot: Slot): void {
    this.#slots.delete(slot.number);
    const ending = slot.sandbox.terminate().then(() => {
      rmSync(slot.tmp, { recursive: true, force: true });
      this.#ending.delete(ending);
    });
    this.#ending.add(ending);
  }
}

import { createHash } from 'node:crypto';
import { Worker } from 'node:worker_threads';
import { HOME } from '../home.ts';
import type { Kernel, Timer } from '../kernel/kernel.ts';
import { CONTINUE, RequestAssembler, responseBytes, type RawRequest } from './assembler.ts';
import { compiledCode, keepCompiled } from './codeCache.ts';
import { Delays } from './delays.ts';
import { heapLimitMb, MemoryWatch } from './memoryWatch.ts';
import type { Arrival, Compiled, InvocationOrder, Quiet, SandboxOutcome, SandboxSetup, ToSandbox } from './messages.ts';

/** An answer to a request from inside. */
export interface RawResponse {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Uint8Array;
}

/** What a sandbox needs of the engine. */
export interface SandboxOptions {
  readonly name: string;
  readonly kernel: Kernel;
  readonly seed: string;
  readonly taskRoot: string;
  /** The folder that code inside sees as `/tmp`. */
  readonly tmp: string;
  /** The folder of the modules that the runtime brings along, if there is one. */
  readonly modules: string | undefined;
  /** Node's major version as the function asked for it. */
  readonly runtime: number;
  readonly handler: string;
  readonly env: Readonly<Record<string, string>>;
  readonly memoryMb: number;
  /** Where connections lead: `host:port` to whoever answers there. */
  readonly doors: ReadonlyMap<string, (request: RawRequest) => Promise<RawResponse>>;
  readonly log: (events: readonly { timestamp: number; message: string }[]) => void;
  readonly turnLimitMs: number;
  /** Random real delays between the threads, in milliseconds at most. */
  readonly jitterMs: number;
}

// The thread runs built JavaScript also when the engine itself runs from its TypeScript source.
const ENTRY = new URL('dist/sandbox/inside/main.cjs', HOME);

interface Connection {
  readonly door: string;
  readonly assembler: RequestAssembler;
}

/** One execution environment: a worker thread that runs one function's code, one invocation at a time. */
export class Sandbox {
  readonly #options: SandboxOptions;
  readonly #worker: Worker;
  readonly #connections: Map<number, Connection> = new Map();
  #settle: ((outcome: SandboxOutcome) => void) | undefined;
  #release: (() => void) | undefined;
  #watchdog: ReturnType<typeof setTimeout> | undefined;
  readonly #memory: MemoryWatch;
  #outgrown = false;
  #alarm: Timer | undefined;
  #wakes = 0;
  /** Where the thread's clock stands: ahead of the engine's when it went on to its next timer by itself. */
  readonly #reached = new Float64Array(new SharedArrayBuffer(Float64Array.BYTES_PER_ELEMENT));
  /** What came while the sandbox was frozen, or ahead: it finds it in its sockets when the next invocation thaws it, or the engine's clock is where its own is. */
  #arrived: Arrival[] = [];
  readonly #delays: Delays;
  #ended = false;
  /** Resolves when the code is loaded, or with the error that kept it from loading. */
  readonly started: Promise<SandboxOutcome>;

  constructor(options: SandboxOptions) {
    this.#options = options;
    this.#delays = new Delays(options.jitterMs);
    const setup: SandboxSetup = {
      mode: options.kernel.mode,
      now: options.kernel.now(),
      reached: this.#reached.buffer,
      seed: options.seed,
      taskRoot: options.taskRoot,
      tmp: options.tmp,
      modules: options.modules,
      compiled: options.modules === undefined ? [] : compiledCode(),
      runtime: options.runtime,
      handler: options.handler,
      doors: [...options.doors.keys()],
    };
    this.started = this.#outcome();
    this.#memory = new MemoryWatch(options.memoryMb, () => heapOf(this.#worker), () => {
      this.#outgrown = true;
      void this.#worker.terminate();
      // On a busy machine it takes seconds until so much memory is given back. What the thread said before is heard within this round of the event loop.
      setImmediate(() => { this.#crash(new Error('out of memory')); });
    });
    this.#begin();
    this.#worker = new Worker(ENTRY, {
      workerData: setup,
      env: { ...options.env },
      execArgv: [],
      stdout: true,
      stderr: true,
      resourceLimits: { maxOldGenerationSizeMb: heapLimitMb(options.memoryMb) },
    });
    this.#worker.on('message', (said: Quiet | Compiled) => {
      if ('compiled' in said) keepCompiled(said.compiled);
      else this.#delays.pass(() => { this.#receive(said); });
    });
    this.#worker.on('error', (error) => { this.#delays.pass(() => { this.#crash(error); }); });
    this.#worker.on('exit', () => { this.#delays.pass(() => { this.#crash(new Error('exit status 1')); }); });
    this.#worker.unref();
  }

  /** Runs one invocation; resolves in a kernel turn. */
  invoke(order: InvocationOrder): Promise<SandboxOutcome> {
    const outcome = this.#outcome();
    this.#send({ type: 'invoke', now: this.#options.kernel.now(), order, arrivals: this.#arrived.splice(0) });
    return outcome;
  }

  /** Ends the thread; what it was doing is lost. */
  async terminate(): Promise<void> {
    this.#end();
    await this.#worker.terminate();
  }

  get ended(): boolean {
    return this.#ended;
  }

  #outcome(): Promise<SandboxOutcome> {
    return new Promise((resolve) => { this.#settle = resolve; });
  }

  #send(message: ToSandbox): void {
    if (this.#ended) return;
    this.#alarm?.cancel();
    this.#wakes += 1;
    this.#begin();
    this.#delays.pass(() => { this.#worker.postMessage(message); });
  }

  /** In virtual mode the sandbox holds the loop from the moment it is woken until it is quiet. */
  #begin(): void {
    this.#memory.begin();
    if (this.#options.kernel.mode === 'real') return;
    this.#release = this.#options.kernel.hold();
    this.#watchdog = setTimeout(() => {
      this.#options.kernel.fail(new Error(`${this.#options.name} used more than ${this.#options.turnLimitMs} ms of wall time in one turn; `
        + 'virtual time can\'t pass while code computes or waits for something the engine can\'t see, so the run was aborted'));
    }, this.#options.turnLimitMs);
  }

  #finish(): void {
    this.#memory.end();
    clearTimeout(this.#watchdog);
    this.#release?.();
    this.#release = undefined;
  }

  #receive(quiet: Quiet): void {
    if (this.#ended) return;
    const wake = this.#wakes;
    this.#turn(() => { this.#take(quiet, wake); });
    this.#finish();
  }

  /** Makes a turn ready, at the instant that the thread has reached. */
  #turn(run: () => void): void {
    if (this.#isAhead) this.#options.kernel.at(this.#reached[0]!, run);
    else this.#options.kernel.turn(run);
  }

  get #isAhead(): boolean {
    return this.#reached[0]! > this.#options.kernel.now();
  }

  #take(quiet: Quiet, wake: number): void {
    if (this.#ended) return;
    this.#alarm?.cancel();
    if (quiet.log.length > 0) this.#options.log(quiet.log);
    const calls: { socket: number; request: RawRequest; order: string }[] = [];
    for (const { socket, door, bytes } of quiet.writes) {
      let connection = this.#connections.get(socket);
      if (!connection) this.#connections.set(socket, connection = { door, assembler: new RequestAssembler() });
      const { requests, expectsContinue, fault } = connection.assembler.push(bytes);
      if (fault !== undefined) this.#options.kernel.turn(() => { this.#deliver(socket, responseBytes('GET', 400, { connection: 'close' }, Buffer.from(`sluice-engine: ${fault}`))); });
      if (expectsContinue) this.#options.kernel.turn(() => { this.#deliver(socket, CONTINUE); });
      for (const request of requests) calls.push({ socket, request, order: orderOf(door, request) });
    }
    // The order of concurrent calls is the threads' accident; their content is not.
    if (calls.length > 1) calls.sort((a, b) => (a.order < b.order ? -1 : a.order > b.order ? 1 : a.socket - b.socket));
    for (const { socket, request } of calls) this.#answer(socket, request);
    for (const socket of quiet.closed) this.#connections.delete(socket);
    if (quiet.outcome) {
      const settle = this.#settle;
      this.#settle = undefined;
      settle?.(quiet.outcome);
    } else if (this.#settle && wake === this.#wakes) {
      this.#goOn(quiet.wakeAt);
    }
  }

  /** What the thread is woken by next, unless it has been woken since it said so. */
  #goOn(wakeAt: number | undefined): void {
    const { kernel } = this.#options;
    if (this.#arrived.length > 0) this.#send({ type: 'data', now: kernel.now(), arrivals: this.#arrived.splice(0) });
    else if (wakeAt !== undefined) this.#alarm = kernel.at(wakeAt, () => { this.#send({ type: 'time', now: kernel.now() }); });
  }

  #answer(socket: number, request: RawRequest): void {
    const { kernel, doors, name } = this.#options;
    // A connection may be closed with a call under way: the call is made all the same.
    const door = doors.get(this.#connections.get(socket)!.door);
    kernel.spawn(`answer to ${name}`, async () => {
      const response = await door!(request);
      kernel.turn(() => { this.#deliver(socket, responseBytes(request.method, response.status, response.headers, response.body)); });
    });
  }

  #deliver(socket: number, bytes: Uint8Array): void {
    if (this.#settle && !this.#isAhead) this.#send({ type: 'data', now: this.#options.kernel.now(), arrivals: [{ socket, bytes }] });
    else this.#arrived.push({ socket, bytes });
  }

  /** The thread is gone. What it said before comes first: it may have told its end itself. */
  #crash(error: Error): void {
    if (this.#ended) return;
    const outcome: SandboxOutcome = this.#outgrown || (error as { code?: string }).code === 'ERR_WORKER_OUT_OF_MEMORY'
      ? { kind: 'exit', errorType: 'Runtime.OutOfMemory', reason: 'with error: signal: killed' }
      : { kind: 'exit', errorType: 'Runtime.ExitError', reason: `with error: ${error.message}` };
    this.#turn(() => {
      if (this.#ended) return;
      this.#end();
      const settle = this.#settle;
      this.#settle = undefined;
      settle?.(outcome);
    });
    this.#finish();
  }

  #end(): void {
    this.#ended = true;
    this.#alarm?.cancel();
    this.#finish();
  }
}

/** The bytes of a thread's heap; none where Node.js does not tell, or the thread does not run. */
async function heapOf(worker: Worker & { getHeapStatistics?(): Promise<{ total_heap_size: number }> }): Promise<number> {
  const { total_heap_size: bytes } = await worker.getHeapStatistics?.().catch(() => undefined) ?? { total_heap_size: 0 };
  return bytes;
}

/** Sorts concurrent calls by what they ask for, never by when they arrived. */
function orderOf(door: string, request: RawRequest): string {
  const { headers } = request;
  const body = createHash('sha256').update(request.body).digest('hex');
  return [door, headers['x-amz-target'] ?? '', request.method, request.target, headers['entity-id'] ?? '', body].join('\u0000');
}

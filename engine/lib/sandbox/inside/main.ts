import { createRequire, syncBuiltinESMExports } from 'node:module';
import { fileURLToPath } from 'node:url';
import { parentPort, workerData } from 'node:worker_threads';
import type { Arrival, Compiled, Quiet, SandboxOutcome, SandboxSetup, ToSandbox } from '../messages.ts';
import { Activity, PATIENCE } from './activity.ts';
import { Chance, installChance } from './chance.ts';
import { Compiler } from './compiler.ts';
import { errorDocument, errorLine, RuntimeError } from './failure.ts';
import { installFiles } from './files.ts';
import { installInline } from './inline.ts';
import { loadHandler, type LambdaHandler } from './loader.ts';
import { Logbook } from './logbook.ts';
import { installNetwork } from './network.ts';
import { Places } from './places.ts';
import { Invocation, requireSupported } from './runtime.ts';
import { Switchboard } from './socket.ts';
import { installTime } from './time.ts';
import { Timetable } from './timetable.ts';
import { Underway } from './underway.ts';

const port = parentPort!;
const setup = workerData as SandboxSetup;
const virtual = setup.mode === 'virtual';
const real = { setImmediate, setTimeout, exit: process.exit.bind(process), now: Date.now.bind(Date) };
const places = new Places(setup);
const timetable = new Timetable(setup.now);
const reached = new Float64Array(setup.reached);
const clock = virtual ? (): number => timetable.now : real.now;
const chance = new Chance(setup.seed);
const logbook = new Logbook(clock, (text) => places.shown(text));
const board = new Switchboard(setup.doors, () => { if (!virtual) flushSoon(); });
const underway = new Underway();
const activity = new Activity(underway, virtual);
/** Not where Node.js is told by options how to compile. */
const compiler = setup.modules === undefined || process.env['NODE_OPTIONS'] !== undefined ? undefined : new Compiler(setup.modules, setup.compiled);
let outcome: SandboxOutcome | undefined;
let handler: LambdaHandler | undefined;
let invocation: Invocation | undefined;
let flushing = false;
let loading = true;
/** From an invocation's arrival (or the start) until its outcome; then the sandbox is frozen. */
let working = true;

/** Wall time within which a sandbox goes on to its next timer by itself: the engine's limit is for each turn. */
const SWIFT_MS = 100;

function post(): void {
  const wakeAt = virtual && working ? timetable.next() : undefined;
  const quiet: Quiet = {
    writes: board.take(),
    closed: board.takeClosed(),
    log: logbook.take(),
    ...(wakeAt === undefined ? {} : { wakeAt }),
    ...(outcome ? { outcome } : {}),
  };
  const ended = outcome !== undefined && outcome.kind !== 'ready';
  outcome = undefined;
  port.postMessage(quiet);
  if (ended) tellCompiled();
}

function tellCompiled(): void {
  const compiled = compiler?.take();
  if (compiled) port.postMessage({ compiled } satisfies Compiled);
}

/** Real mode: what came out is handed over after the event loop's present round. */
function flushSoon(): void {
  if (flushing) return;
  flushing = true;
  real.setImmediate(() => {
    flushing = false;
    post();
  });
}

/**
 * Virtual mode: waits until code inside can't go on by itself. That is when a real round of the event loop left nothing
 * active and every wait is explained: by an answer given, a timer, or a call under way. A wait nobody can explain (say, an
 * import) is waited for in real time for a while; then nothing is left that could end it.
 */
async function quiet(): Promise<void> {
  for (let round = 0; ; round += 1) {
    await new Promise<void>((resolve) => {
      if (round < PATIENCE.rounds) real.setImmediate(resolve);
      else real.setTimeout(resolve, 1);
    });
    if (activity.any(round)) continue;
    if (!working || board.waiting) return;
    // While modules load, a timer they set explains nothing yet: the import itself goes on unseen.
    if (timetable.busy && (!loading || round > PATIENCE.silent)) return;
    if (!timetable.busy && round > (loading ? PATIENCE.loading : invocation?.held ? PATIENCE.answered : PATIENCE.silent)) loopEmptied();
  }
}

/** Real mode: looks now and then whether the event loop is empty while an invocation is under way. */
function watchLoop(silent: number): void {
  real.setTimeout(() => {
    if (!working) return;
    const empty = !board.waiting && !activity.any(0);
    const patience = invocation?.held ? PATIENCE.answered : PATIENCE.silent / 10;
    if (empty && silent > patience) loopEmptied();
    watchLoop(empty ? silent + 1 : 0);
  }, 5).unref();
}

/** Node would exit now: the handler's answer, if it gave one, is what it gave; else nobody will ever give one. */
function loopEmptied(): void {
  if (invocation) invocation.loopEmptied();
  else exit(13);
}

function end(result: SandboxOutcome): void {
  if (!working) return;
  working = false;
  invocation = undefined;
  outcome = result;
  if (!virtual) flushSoon();
}

function fail(error: unknown, fatal: boolean): void {
  end({ kind: 'error', payload: places.shown(JSON.stringify(errorDocument(error))), fatal });
}

/** Logs an error as the runtime does, and answers it: or what went wrong when it was turned into text. */
function logged(title: string, error: unknown): unknown {
  try {
    logbook.say('ERROR', `${title} ${errorLine(error)}`);
    return error;
  } catch (thrown) {
    return logged(title, thrown);
  }
}

function exit(status: number): void {
  end({ kind: 'exit', errorType: 'Runtime.ExitError', reason: status === 0 ? 'without providing a reason' : `with error: exit status ${status}` });
}

function receive(arrivals: readonly Arrival[]): void {
  for (const { socket, bytes } of arrivals) board.receive(socket, bytes);
}

/** Moves the clock of virtual mode. */
async function reach(now: number): Promise<void> {
  // First, since what is due may end the process.
  reached[0] = now;
  await timetable.reach(now, (error) => { process.emit('uncaughtException', error as Error); });
}

/**
 * Virtual mode: an invocation that only waits for its next timer goes on to it by itself, since nobody has anything to say to it before.
 * What comes of it the engine hears at that instant. To one timer and no further, so that what is due at the same instant elsewhere keeps its order.
 */
async function goAhead(): Promise<void> {
  const next = timetable.next();
  if (!invocation || next === undefined || board.waiting || board.speaks || logbook.speaks) return;
  await reach(next);
  await quiet();
}

async function take(message: ToSandbox): Promise<void> {
  const woken = real.now();
  if (message.type === 'invoke') {
    working = true;
    logbook.begin(message.order.requestId);
    chance.reseed(`${setup.seed}\u0000${message.order.requestId}`);
    if (!virtual) watchLoop(0);
  }
  if (virtual) await reach(message.now);
  if (message.type !== 'time') receive(message.arrivals);
  // What was left over from before the freeze may have ended the process already.
  if (message.type === 'invoke' && working) {
    invocation = new Invocation(handler!, message.order, setup.runtime, (ending) => {
      if (ending.kind === 'answer') return end(ending);
      if (working) fail(logged('Invoke Error', ending.error), false);
    });
    invocation.begin(clock);
  }
  if (virtual) {
    await quiet();
    if (real.now() - woken < SWIFT_MS) await goAhead();
    post();
  }
}

function installExits(): void {
  process.exit = (code?: number | string | null): never => {
    exit(Number(code ?? process.exitCode ?? 0));
    // Nothing of the code inside runs after this; the engine still gets what was posted.
    post();
    return real.exit(0);
  };
  process.abort = (): never => process.exit(134);
  process.kill = (pid: number): true => {
    if (pid === process.pid) process.exit(137);
    throw Object.assign(new Error(`kill EPERM: sluice-engine lets functions end themselves only, got the process ${pid}`), { code: 'EPERM', errno: -1, syscall: 'kill' });
  };
  process.on('uncaughtException', (error) => {
    fail(logged('Uncaught Exception', error), true);
  });
  process.on('unhandledRejection', (reason) => {
    const error = Object.assign(new RuntimeError('Runtime.UnhandledPromiseRejection', String(reason)), { reason, promise: {} });
    fail(logged('Unhandled Promise Rejection', error), true);
  });
}

/** On Lambda the entry is an ES module: no module of code inside has a main module, and none finds this file. */
function hideEntry(): void {
  Reflect.deleteProperty(process, 'mainModule');
  Reflect.deleteProperty(createRequire(import.meta.url).cache, fileURLToPath(import.meta.url));
}

async function start(): Promise<void> {
  // The SDK would warn of the Node.js that runs the engine, which is not the function's runtime.
  process.env['AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED'] ??= 'true';
  process.cwd = () => setup.taskRoot;
  compiler?.install();
  logbook.install();
  installNetwork(board);
  installFiles(places, (chunk) => { logbook.write(chunk); });
  if (virtual) {
    installInline();
    underway.install();
    installTime(timetable);
    installChance(chance);
  }
  installExits();
  hideEntry();
  // Code inside may import any of what was replaced.
  syncBuiltinESMExports();
  port.on('message', (message: ToSandbox) => { void take(message); });
  loadHandler(setup.taskRoot, setup.handler).then((loaded) => { requireSupported(loaded, setup.runtime); return loaded; }).then(
    (loaded) => {
      loading = false;
      handler = loaded;
      end({ kind: 'ready' });
    },
    (error: unknown) => {
      loading = false;
      fail(logged('Uncaught Exception', error), true);
    },
  );
  if (virtual) {
    await quiet();
    post();
  }
}

void start();

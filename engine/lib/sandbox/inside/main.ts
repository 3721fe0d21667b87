import { parentPort, workerData } from 'node:worker_threads';
import type { Quiet, SandboxOutcome, SandboxSetup, ToSandbox } from '../messages.ts';
import { Chance, installChance } from './chance.ts';
import { installInline } from './inline.ts';
import { Logbook } from './logbook.ts';
import { callHandler, errorDocument, loadHandler, RuntimeError, type LambdaHandler } from './runtime.ts';
import { installSockets, Switchboard } from './socket.ts';
import { installTime } from './time.ts';
import { Timetable } from './timetable.ts';

const port = parentPort!;
const setup = workerData as SandboxSetup;
const virtual = setup.mode === 'virtual';
const real = { setImmediate, setTimeout, now: Date.now.bind(Date), active: process.getActiveResourcesInfo.bind(process) };
const timetable = new Timetable(setup.now);
const clock = virtual ? (): number => timetable.now : real.now;
const chance = new Chance(setup.seed);
const logbook = new Logbook(clock);
const board = new Switchboard(setup.doors, () => { if (!virtual) flushSoon(); });
let outcome: SandboxOutcome | undefined;
let handler: LambdaHandler | undefined;
let flushing = false;
let loading = true;
let working = true;

/** Resources that a resting sandbox has, or that the engine's own machinery makes. */
const RESTING: ReadonlySet<string> = new Set(['MessagePort', 'Immediate', 'Timeout', 'TTYWrap', 'PipeWrap']);

function post(): void {
  const wakeAt = virtual ? timetable.next() : undefined;
  const quiet: Quiet = {
    writes: board.take(),
    log: logbook.take(),
    ...(wakeAt === undefined ? {} : { wakeAt }),
    ...(outcome ? { outcome } : {}),
  };
  outcome = undefined;
  port.postMessage(quiet);
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
 * active and every wait is explained: by an answer given, a timer, or a call under way. A wait nobody can explain
 * (say, an import) is waited for in real time; the engine aborts the run if that takes too long.
 */
async function quiet(): Promise<void> {
  for (let round = 0; ; round += 1) {
    await new Promise<void>((resolve) => {
      if (round < 50) real.setImmediate(resolve);
      else real.setTimeout(resolve, 1);
    });
    if (real.active().some((resource) => !RESTING.has(resource))) continue;
    if (!working || board.waiting) return;
    // While modules load, a timer they set explains nothing yet: the import itself goes on unseen.
    if (timetable.next() !== undefined && (!loading || round > 1000)) return;
  }
}

function end(result: SandboxOutcome): void {
  if (!working) return;
  working = false;
  outcome = result;
  if (!virtual) flushSoon();
}

function fail(error: unknown, fatal: boolean): void {
  end({ kind: 'error', payload: errorDocument(error, setup.taskRoot), fatal });
}

async function take(message: ToSandbox): Promise<void> {
  if (virtual) await timetable.reach(message.now);
  if (message.type === 'data') board.receive(message.socket, message.bytes);
  if (message.type === 'invoke') {
    const { order } = message;
    working = true;
    chance.reseed(`${setup.seed}\u0000${order.requestId}`);
    logbook.requestId = order.requestId;
    try {
      callHandler(handler!, order, clock).then(
        (payload) => { end({ kind: 'answer', payload }); },
        (error: unknown) => { fail(error, false); },
      );
    } catch (error) {
      fail(error, false);
    }
  }
  if (virtual) {
    await quiet();
    post();
  }
}

function installExits(): void {
  process.exit = (code?: number | string | null): never => {
    fail(new RuntimeError('Runtime.ExitError', `RequestId: ${logbook.requestId ?? ''} Error: Runtime exited with ${code ? `error: exit status ${code}` : 'exit status 0'}`), true);
    throw new Error('the process was asked to exit');
  };
  process.on('uncaughtException', (error) => { fail(error, true); });
  process.on('unhandledRejection', (reason) => {
    fail(new RuntimeError('Runtime.UnhandledPromiseRejection', reason instanceof Error ? `${reason.name}: ${reason.message}` : String(reason)), true);
  });
}

async function start(): Promise<void> {
  // The SDK would warn of the Node.js that runs the engine, which is not the function's runtime.
  process.env['AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED'] ??= 'true';
  installSockets(board);
  logbook.install();
  if (virtual) {
    installInline();
    installTime(timetable);
    installChance(chance);
  }
  installExits();
  port.on('message', (message: ToSandbox) => { void take(message); });
  loadHandler(setup.taskRoot, setup.handler).then(
    (loaded) => {
      loading = false;
      handler = loaded;
      end({ kind: 'ready' });
    },
    (error: unknown) => {
      loading = false;
      fail(error, true);
    },
  );
  if (virtual) {
    await quiet();
    post();
  }
}

await start();

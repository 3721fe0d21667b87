import type { Driver, Engine } from 'sluice-engine';
import { peer, together } from '../adapters/peer.ts';
import { clientsOf, loadSdk } from './clients.ts';
import { deploy, findCdk, type Way } from './deployment.ts';
import { inFolder } from './folder.ts';
import { tally, type Tallied } from './ledger.ts';
import { Rehearsal, type Released } from './rehearsal.ts';
import type { Rehearsed, ReleaseResult, Scene, ShiftResult } from './scene.ts';
import type { Shifted } from './shifting.ts';
import { stageOf } from './stage.ts';
import { EVERY_MS } from './story.ts';

/** Milliseconds of virtual time between the deployment and the story. */
const SETTLE_MS = 1;

/** What a rehearsal is started with. */
export interface RehearsalOptions {
  /** Same seed, same history. @default 'sluice' */
  readonly seed?: string;
  /** How the reference app is deployed. @default 'cdk' */
  readonly deployBy?: Way;
  /** Tasks read whatever the agent serves, instead of the epoch their execution is pinned to. @default false */
  readonly unpinned?: boolean;
  /** Milliseconds of virtual time between two orders. @default 2000 */
  readonly everyMs?: number;
  /** Random real delays injected between threads, at most this many milliseconds: they must change nothing. @default 0 */
  readonly jitterMs?: number;
  /** Told what happens, as it happens. */
  readonly onScene?: (scene: Scene) => void;
}

/**
 * Plays the orders story on a local engine in virtual time: real handlers, real AppConfig rollouts, real alarms.
 * @throws Fault `SLUICE-PEER-1` when `sluice-engine`, SDK clients or the CDK are not installed.
 */
export async function rehearse(options: RehearsalOptions = {}): Promise<Rehearsed> {
  const tell = options.onScene ?? ((): void => undefined);
  const [way, unpinned] = [options.deployBy ?? 'cdk', options.unpinned ?? false];
  const [library, sdk, cdk] = await together(peer('sluice-engine', () => import('sluice-engine')), loadSdk(), findCdk(way));
  const engine = await library.startEngine({
    clock: 'virtual', port: way === 'cdk' ? 0 : false, seed: options.seed ?? 'sluice', settings: { lambda: { jitterMs: options.jitterMs ?? 0 } },
  });
  const begun = engine.clock.now();
  try {
    return await inFolder('rehearsal', async (folder) => {
      const { outputs, next } = await deploy(engine, library, folder, { cdk, unpinned, onStep: (command) => { tell({ kind: 'deploy', time: engine.clock.now(), command }); } });
      return engine.drive(async (driver) => {
        // What the deployment sets off is over then, however long it took until it was known here to be done.
        await driver.sleep(SETTLE_MS);
        engine.history.restart();
        const clients = clientsOf(sdk, engine, driver, library);
        const rehearsal = new Rehearsal(engine, driver, clients, await stageOf(clients, outputs), tell);
        await rehearsal.play(options.everyMs ?? EVERY_MS, () => library.deployAssembly(engine, next));
        const virtualSeconds = Math.round((engine.clock.now() - begun) / 1000);
        return summarise(engine, driver, rehearsal, virtualSeconds);
      });
    });
  } finally {
    await engine.close();
  }
}

async function summarise(engine: Engine, driver: Driver, rehearsal: Rehearsal, virtualSeconds: number): Promise<Rehearsed> {
  const history = engine.history.digest();
  const tallied = await driver.park(() => Promise.all((rehearsal.traffic?.started ?? []).map((arn) => tally(engine, arn))));
  const { shifted } = rehearsal;
  return {
    releases: rehearsal.releases.map((release) => resultOf(release, tallied.filter(({ version }) => version !== shifted?.to))),
    refused: rehearsal.refused,
    shifts: shifted === undefined ? [] : [shiftOf(shifted, tallied)],
    executions: {
      total: tallied.length,
      succeeded: tallied.filter(({ status }) => status === 'SUCCEEDED').length,
      failed: tallied.filter(({ status }) => status !== 'SUCCEEDED').length,
      mixed: tallied.filter(({ read }) => new Set(read).size > 1).length,
    },
    seed: engine.seed,
    history,
    virtualSeconds,
  };
}

function resultOf(release: Released, tallied: readonly Tallied[]): ReleaseResult {
  const own = tallied.filter(({ pinned }) => pinned === release.digest);
  return {
    epoch: { version: release.version, digest: release.digest },
    state: release.state,
    decidedBy: deciderOf(release),
    pinned: own.length,
    failed: own.filter(({ status }) => status !== 'SUCCEEDED').length,
    virtualMinutes: Math.round((release.endedAt - release.startedAt) / 6000) / 10,
  };
}

function shiftOf({ to, startedAt, endedAt, ...shift }: Shifted, tallied: readonly Tallied[]): ShiftResult {
  const own = tallied.filter(({ version }) => version === to);
  return { ...shift, to, started: own.length, failed: own.filter(({ status }) => status !== 'SUCCEEDED').length, virtualMinutes: Math.round((endedAt - startedAt) / 6000) / 10 };
}

/** A rollback that AppConfig itself triggered is the answer of an extension at a tick. */
function deciderOf({ state, by }: Released): ReleaseResult['decidedBy'] {
  if (state === 'REVERTED') return 'roll-back';
  if (state === 'ROLLED_BACK') return by === 'APPCONFIG' ? 'judge' : 'monitor';
  return 'AppConfig';
}

import type { Driver, Engine, HistoryEntry } from 'sluice-engine';
import { AppConfigPlane, type Place } from '../adapters/plane/index.ts';
import { EpochStore, S3Store } from '../adapters/store/index.ts';
import { ShiftStore } from '../adapters/store/shifts.ts';
import { readDirectory } from '../adapters/source/directory.ts';
import { digestOf, strategyOf, verdictPrefix, type JudgedRecord } from '../core/index.ts';
import { compose, excerpt, type Composition, type Refusal } from '../documents/index.ts';
import { ask } from './ask.ts';
import { packageRoot } from './assets.ts';
import type { Clients } from './clients.ts';
import { countsOf } from './counts.ts';
import type { Refused, Scene } from './scene.ts';
import { playShift, type Shifted } from './shifting.ts';
import { NAMES, type Stage } from './stage.ts';
import { CHAPTERS, order, REFUSED, type Chapter } from './story.ts';
import { beginTraffic, type RunningTraffic } from './traffic.ts';

const MINUTE = 60_000;
/** How often the deployment in flight is looked at. */
const LOOK_MS = 15_000;
const ENDED: ReadonlySet<string> = new Set(['COMPLETE', 'ROLLED_BACK', 'REVERTED']);

/** A release that was started, as it stands. */
export interface Released {
  readonly number: number;
  readonly version: string;
  readonly digest: string;
  readonly startedAt: number;
  state: string;
  endedAt: number;
  by: string;
}

/** What the engine's history tells of a deployment's change. */
interface DeploymentChange {
  readonly state: string;
  readonly percentage: number;
  readonly by: string;
}

/** Plays the story on an engine, as one actor in its virtual time. */
export class Rehearsal {
  readonly releases: Released[] = [];
  readonly refused: Refused[] = [];
  traffic: RunningTraffic | undefined;
  /** The shift of the workflow, once it is over. */
  shifted: Shifted | undefined;
  readonly #engine: Engine;
  readonly #driver: Driver;
  readonly #clients: Clients;
  readonly #tell: (scene: Scene) => void;
  readonly #changes: HistoryEntry[] = [];
  #files: Map<string, Uint8Array> = new Map();
  readonly #stage: Stage;
  #place!: Place;
  #plane!: AppConfigPlane;
  #objects!: S3Store;
  #store!: EpochStore;

  constructor(engine: Engine, driver: Driver, clients: Clients, stage: Stage, tell: (scene: Scene) => void) {
    this.#engine = engine;
    this.#driver = driver;
    this.#clients = clients;
    this.#stage = stage;
    this.#tell = tell;
    engine.history.listen((entry) => {
      if (entry.kind === 'appconfig:deployment') this.#changes.push(entry);
      if (entry.kind === 'cloudwatch:alarm' && entry.subject.endsWith(`:${stage.alarm}`)) this.#changes.push(entry);
    });
  }

  /** The whole story, with an order every so many milliseconds; `update` brings the stack to the app's next version. */
  async play(everyMs: number, update: () => Promise<unknown>): Promise<void> {
    this.#plane = await AppConfigPlane.open(this.#clients.options);
    this.#objects = await S3Store.open(this.#stage.bucket, { ...this.#clients.options, endpoint: 'http://127.0.0.1:4566' });
    this.#store = new EpochStore(this.#objects);
    this.#place = await this.#plane.find(NAMES);
    this.#tell({ kind: 'ready', time: this.#engine.clock.now(), everyMs });
    const [first, good, wrong, late] = CHAPTERS as readonly [Chapter, Chapter, Chapter, Chapter];
    await this.#seeded(first);
    this.traffic = beginTraffic(this.#engine, { stateMachineArn: this.#stage.aliasArn, everyMs, input: order });
    await this.#follow((release) => ENDED.has(release.state));
    await this.#pause(5);
    await this.#release(good, []);
    await this.#pause(5);
    await this.#release(wrong, [good]);
    await this.#pause(5);
    await this.#release(late, [good]);
    await this.#watch();
    await this.#pause(5);
    await this.#refuse([good]);
    await this.#pause(1);
    await this.#shift(update);
    const { traffic } = this;
    await this.#pause(1);
    void traffic.stop();
    await this.#pause(1);
  }

  /** The last chapter: code that is wrong, which no gate sees, and which goes back by itself. */
  async #shift(update: () => Promise<unknown>): Promise<void> {
    this.shifted = await playShift({
      engine: this.#engine, driver: this.#driver, clients: this.#clients, shifts: new ShiftStore(this.#objects), workflow: this.#stage.workflow, update, tell: this.#tell,
      alarms: () => this.#changes.splice(0).filter(({ kind }) => kind === 'cloudwatch:alarm').map((entry) => this.#alarmed(entry)),
    });
  }

  /** Lets time pass, and tells what happens meanwhile as part of the release before. */
  async #pause(minutes: number): Promise<void> {
    await this.#driver.sleep(minutes * MINUTE);
    await this.#catchUp();
  }

  async #catchUp(): Promise<void> {
    const release = this.releases.at(-1)!;
    for (const entry of this.#changes.splice(0)) await this.#show(entry, release);
  }

  /** The first release is the stack's own: it seeded the documents that came with it, once its guards were in place. */
  async #seeded(chapter: Chapter): Promise<void> {
    const composed = await this.#compose([]);
    if ('faults' in composed) throw composed.faults[0]!;
    const [deployment] = await this.#plane.deployments(this.#place, 1);
    const startedAt = deployment?.startedAt ?? 0;
    this.releases.push({ number: 1, version: deployment?.version ?? '', digest: composed.digest, startedAt, state: deployment?.state ?? 'none', endedAt: startedAt, by: '' });
    this.#tell({ kind: 'release', time: startedAt, release: 1, title: chapter.title, change: chapter.change });
  }

  /** The documents of a release: the base, what earlier good releases changed, and its own. */
  async #compose(folders: readonly (string | undefined)[]): Promise<Composition | Refusal> {
    const root = `${packageRoot()}/examples/orders`;
    this.#files = new Map((await readDirectory(`${root}/config`)).map((file) => [file.path, file.bytes]));
    for (const folder of folders) {
      if (folder === undefined) continue;
      for (const file of await readDirectory(`${root}/releases/${folder}`)) this.#files.set(file.path, file.bytes);
    }
    return compose([...this.#files].map(([path, bytes]) => ({ path, bytes })));
  }

  /** The git path: compose and validate, store the schemas, create the version, start the deployment; then follow it to its end. */
  async #release(chapter: Chapter, after: readonly Chapter[]): Promise<void> {
    const number = this.releases.length + 1;
    const composed = await this.#compose([...after.map(({ folder }) => folder), chapter.folder]);
    if ('faults' in composed) throw composed.faults[0]!;
    for (const bytes of composed.schemas.values()) await this.#store.saveSchema(bytes);
    this.#tell({ kind: 'release', time: this.#engine.clock.now(), release: number, title: chapter.title, change: chapter.change });
    const startedAt = this.#engine.clock.now();
    const version = await this.#plane.createVersion(this.#place, composed.bytes, { description: chapter.title });
    const strategy = await this.#plane.strategy(strategyOf(chapter.plan));
    await this.#plane.start(this.#place, version, strategy, chapter.title);
    this.releases.push({ number, version: String(version), digest: composed.digest, startedAt, state: 'DEPLOYING', endedAt: startedAt, by: '' });
    await this.#follow((release) => ENDED.has(release.state));
  }

  /** Tells the changes of the newest deployment, each with the counts of that moment, until it is as wanted. */
  async #follow(until: (release: Released) => boolean): Promise<void> {
    const release = this.releases.at(-1)!;
    for (;;) {
      await this.#catchUp();
      if (until(release)) return;
      await this.#driver.sleep(LOOK_MS);
    }
  }

  async #show(entry: HistoryEntry, release: Released): Promise<void> {
    if (entry.kind === 'cloudwatch:alarm') {
      this.#tell(this.#alarmed(entry));
      return;
    }
    const change = entry.detail as unknown as DeploymentChange;
    release.state = change.state;
    release.endedAt = entry.time;
    release.by = change.by;
    const before = this.#servedBefore(release);
    const [canary, control] = await countsOf(this.#clients, [release.digest, ...(before ? [before.digest] : [])], release.startedAt, this.#engine.clock.now());
    if (change.state === 'ROLLING_BACK' && change.by === 'APPCONFIG') this.#tell({ kind: 'decision', time: entry.time, release: release.number, by: 'judge', reason: await this.#verdict(entry) });
    if (change.state === 'REVERTED') this.#tell({ kind: 'decision', time: entry.time, release: release.number, by: 'roll-back', reason: await this.#reason() });
    this.#tell({ kind: 'stage', time: entry.time, release: release.number, state: change.state, percent: change.percentage, by: change.by, canary: canary!, ...(control ? { control } : {}) });
  }

  #alarmed(entry: HistoryEntry): Scene {
    return { kind: 'alarm', time: entry.time, name: this.#stage.alarm, state: String(entry.detail['state']) };
  }

  /** Why the handler reverted, from its log. */
  async #reason(): Promise<string> {
    const { events } = await this.#driver.park(() => ask(this.#engine, 'Logs_20140328.FilterLogEvents', { logGroupName: this.#stage.rollBackLog, filterPattern: '"reverted"' })) as { events: { message: string }[] };
    const { verdict } = JSON.parse(events.at(-1)?.message ?? '{}') as { verdict?: { reason: string } };
    return verdict?.reason ?? 'its log has no verdict';
  }

  /** Why the judge took a deployment back, from its record in the store. */
  async #verdict({ subject }: HistoryEntry): Promise<string> {
    const deployment = Number(subject.slice(subject.lastIndexOf('/') + 1));
    const key = (await this.#objects.list(verdictPrefix(this.#place, deployment))).at(-1);
    const record = key === undefined ? undefined : await this.#objects.get(key);
    return record === undefined ? 'its record is lost' : (JSON.parse(Buffer.from(record).toString()) as JudgedRecord).verdict.reason;
  }

  #servedBefore(release: Released): Released | undefined {
    return this.releases.findLast((other) => other.number < release.number && other.state === 'COMPLETE');
  }

  /** After COMPLETE the handler watches; the story waits for what it decides, two hours at most. */
  async #watch(): Promise<void> {
    const end = this.#engine.clock.now() + 120 * MINUTE;
    await this.#follow((release) => release.state === 'REVERTED' || this.#engine.clock.now() > end);
  }

  /** A change that breaks its schema: refused by the composition on the git path, by the gate on the console's. */
  async #refuse(after: readonly Chapter[]): Promise<void> {
    const release = this.releases.length + 1;
    const tell = (path: 'git' | 'console', code: string, message: string, text: string = message): void => {
      this.refused.push({ path, code, message });
      this.#tell({ kind: 'refused', time: this.#engine.clock.now(), release, path, text });
    };
    this.#tell({ kind: 'release', time: this.#engine.clock.now(), release, title: REFUSED.title, change: REFUSED.change });
    const composed = await this.#compose([...after.map(({ folder }) => folder), REFUSED.folder]);
    if ('faults' in composed) tell('git', composed.faults[0]!.code, composed.faults[0]!.message, excerpt(composed.faults[0]!, composed.files));

    const good = await this.#compose(after.map(({ folder }) => folder));
    if ('faults' in good) throw good.faults[0]!;
    const edited = Buffer.from(Buffer.from(good.bytes).toString().replace('"itemsPerOrder":50', '"itemsPerOrder":"fifty"'));
    if (digestOf(edited) === good.digest) throw new Error('the edit of the console path changed nothing');
    const { appconfig, sdk } = this.#clients;
    await appconfig.send(new sdk.appconfig.CreateHostedConfigurationVersionCommand({
      ApplicationId: this.#place.applicationId, ConfigurationProfileId: this.#place.profileId, Content: edited, ContentType: 'application/json',
    })).catch((error: unknown) => { tell('console', (error as Error).name, (error as Error).message); });
  }
}

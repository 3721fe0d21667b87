import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { inProcess, type Dispatch } from 'sluice-engine';
import { AppConfigPlane, type Place } from '../../lib/adapters/plane/index.ts';
import { Releasing, type Cargo, type Progress, type ReleaseOptions } from '../../lib/adapters/releasing.ts';
import { EpochStore, S3Store } from '../../lib/adapters/store/index.ts';
import { beginningOfShift, canaryShift, formatShift, labelOf, live, strategyOf, type Deployment, type Fault, type Release } from '../../lib/core/index.ts';
import { epochOf, schemaOf } from '../fixtures/epochs.ts';
import { NAMES, Stage } from '../fixtures/stage.ts';

const SLOWLY = strategyOf({ kind: 'linear', stepPercent: 50, minutes: 2, bakeMinutes: 1 });
const AT_ONCE = strategyOf({ kind: 'all-at-once', bakeMinutes: 0 });
const CREDENTIALS = { accessKeyId: 'AKIATEST', secretAccessKey: 'test' };

let stage: Stage;
let plane: AppConfigPlane;
let place: Place;

beforeEach(async () => {
  stage = await Stage.open();
  plane = await AppConfigPlane.open(optionsOf((request) => stage.engine.dispatch(request)));
  place = await plane.find(NAMES);
  const first = epochOf(10);
  await new EpochStore(stage.store).saveSchema(schemaOf().bytes);
  await stage.deploy(await stage.createVersion(first.bytes));
});

afterEach(async () => {
  plane.close();
  await stage.close();
});

function optionsOf(dispatch: Dispatch): { region: string; credentials: typeof CREDENTIALS; requestHandler: object } {
  return { region: stage.engine.region, credentials: CREDENTIALS, requestHandler: inProcess(dispatch) };
}

/** A release of a time-out over what is live now. */
async function cargoOf(timeoutSeconds: number, more: Partial<Release> = {}): Promise<Cargo> {
  const { bytes, digest } = epochOf(timeoutSeconds);
  const [base, latest] = [live(await plane.deployments(place), place.profile)!, await plane.latestVersion(place)];
  const release: Release = {
    ...NAMES, digest, strategy: SLOWLY, commit: `commit ${timeoutSeconds}`,
    base: { deployment: base.number, version: base.version, digest: epochOf(10).digest, latest }, ...more,
  };
  const schema = schemaOf();
  const { $schema: _, ...other } = { $schema: '', type: 'object', 'x-of': timeoutSeconds };
  const unused = schemaOf(other);
  return {
    release, bytes, schemas: new Map([[schema.digest, schema.bytes], [unused.digest, unused.bytes]]), description: `time-out of ${timeoutSeconds} s`,
    provenance: {
      ...release, sluice: 1, label: labelOf(release), plan: digest, subject: `time-out of ${timeoutSeconds} s`, author: 'Ada <ada@example.org>',
      signature: null, approvals: [], createdAt: '2026-01-01T00:00:00.000Z',
    },
  };
}

/** One process that releases: its calls of AWS are counted, and after some of them it is killed, before it sees the answer. */
class Process {
  readonly calls: string[] = [];
  readonly told: Progress[] = [];
  readonly #killedAfter: number;
  readonly #before: (call: string) => Promise<void>;

  constructor(killedAfter = Infinity, before: (call: string) => Promise<void> = () => Promise.resolve()) {
    this.#killedAfter = killedAfter;
    this.#before = before;
  }

  async release(cargo: Cargo, more: Partial<ReleaseOptions> = {}): Promise<Deployment> {
    const dispatch: Dispatch = async (request) => {
      if (this.calls.length >= this.#killedAfter) throw new Error('killed');
      await this.#before(`${request.method} ${request.path}`);
      this.calls.push(`${request.method} ${request.path}`);
      const answer = await stage.engine.dispatch(request);
      if (this.calls.length >= this.#killedAfter) throw new Error('killed');
      return answer;
    };
    const [plane, store] = [await AppConfigPlane.open(optionsOf(dispatch)), await S3Store.open(stage.store.bucket, { ...optionsOf(dispatch), endpoint: stage.engine.endpoint })];
    try {
      return await new Releasing(plane, new EpochStore(store)).play(place, cargo, {
        pause: () => stage.engine.clock.advance(30_000), tell: (progress) => { this.told.push(progress); }, ...more,
      });
    } finally {
      plane.close();
      store.close();
    }
  }
}

async function code(attempt: Promise<unknown>): Promise<string> {
  return await attempt.then(() => 'released', (error: unknown) => (error as Fault).code ?? (error as Error).message);
}

async function versionsAndDeployments(): Promise<{ versions: number; deployments: string[] }> {
  return {
    versions: (await plane.versions(place)).length,
    deployments: (await plane.deployments(place)).map(({ number, version, state }) => `${number}: version ${version} ${state}`),
  };
}

describe('a release', () => {
  beforeEach(() => stage.guard());

  it('waits in the queue for a workflow that shifts, and is refused in the gate\'s words without one', async () => {
    const of = { workflow: 'orders', aliasArn: 'orders:live', application: 'orders', environment: 'prod', plan: canaryShift(10, 5) };
    const beginning = beginningOfShift({ of, known: undefined, wanted: 'orders:2', routes: [{ StateMachineVersionArn: 'orders:1', Weight: 100 }], execution: 'leader', leads: false, now: 0 });
    if (beginning.kind !== 'lead') throw new Error('there is nothing to shift');
    await stage.store.put('shifting/orders.json', formatShift({ ...beginning.record, state: 'growing' }), 'application/json');
    const [process, cargo] = [new Process(), await cargoOf(20)];
    let pauses = 0;

    const refused = await process.release(cargo).catch((error: unknown) => (error as Error).message);
    const ended = await process.release(cargo, {
      queue: true,
      pause: async () => {
        if ((pauses += 1) === 2) await stage.store.put('shifting/orders.json', formatShift({ ...beginning.record, state: 'complete' }), 'application/json');
        await stage.engine.clock.advance(10_000);
      },
    });

    expect(refused).toContain('SLUICE-SHIFT-2: prod is shifting orders from version 1 to version 2 (growing)');
    expect(ended.state).toBe('COMPLETE');
    expect(process.told.map(({ kind }) => kind).filter((kind) => kind !== 'rollout')).toEqual(['created', 'shifting', 'started']);
    expect(process.told).toContainEqual({ kind: 'shifting', problem: 'prod is shifting orders from version 1 to version 2 (growing), and one change runs at a time' });
  });

  it('stores schemas and where the bytes come from, creates the version, starts the deployment and follows it to its end', async () => {
    const [process, cargo] = [new Process(), await cargoOf(20)];

    const ended = await process.release(cargo);

    expect(ended).toMatchObject({ number: 2, state: 'COMPLETE', version: '2' });
    expect(await plane.version(place)).toEqual({ number: 2, label: labelOf(cargo.release), description: 'time-out of 20 s' });
    const store = new EpochStore(stage.store);
    expect(await store.provenance(place, labelOf(cargo.release))).toEqual(cargo.provenance);
    expect((await store.deployment(place, 2))?.canary).toEqual({ version: '2', digest: cargo.release.digest });
    expect(process.told.map((one) => (one.kind === 'rollout' ? `${one.deployment.state} ${one.deployment.percent}` : one.kind))).toEqual(['created', 'started', 'DEPLOYING 0', 'DEPLOYING 50', 'DEPLOYING 100', 'BAKING 100']);
    // To follow the deployment to its end it asks for deployments alone.
    const begun = process.calls.findIndex((call) => /^POST .*\/deployments$/.test(call));
    expect(process.calls.slice(begun + 1).filter((call) => !/^GET .*\/deployments$/.test(call)).map((call) => call.split('/').at(-1))).toEqual(['hostedconfigurationversions', 'hostedconfigurationversions']);
  });

  it('that is killed after any of its calls of AWS goes on when it is begun again: nothing lost, nothing doubled', async () => {
    const whole = new Process();
    await plane.strategy(SLOWLY);
    await whole.release(await cargoOf(11), { detach: true });
    const first = whole.calls.length;
    await stage.engine.clock.advance(240_000);
    const before = await versionsAndDeployments();

    for (let calls = 1; calls <= first; calls++) {
      const cargo = await cargoOf(11 + calls);
      const broken = await code(new Process(calls).release(cargo, { detach: true }));
      const again = await new Process().release(cargo);

      expect({ calls, broken, state: again.state }).toEqual({ calls, broken: expect.stringContaining('killed') as string, state: 'COMPLETE' });
      const { versions, deployments } = await versionsAndDeployments();
      expect({ calls, versions, deployments: deployments.length }).toEqual({ calls, versions: before.versions + calls, deployments: before.deployments.length + calls });
      expect(await new EpochStore(stage.store).provenance(place, labelOf(cargo.release))).toEqual(cargo.provenance);
    }
    expect(whole.calls.filter((call) => !call.startsWith('GET'))).toHaveLength(5);
  }, 60_000);

  it('is told who won when another one came first, and nothing of it is left', async () => {
    const [first, second] = [await cargoOf(20), await cargoOf(30)];
    await new Process().release(first, { detach: true });
    const before = await versionsAndDeployments();

    await expect(new Process().release(second)).rejects.toThrow('SLUICE-RELEASE-2: orders/prod is taken: deployment 2 of version 2 (DEPLOYING) is under way; wait for it with --queue');
    await expect(new Process().release(second, { queue: true })).rejects.toThrow('SLUICE-RELEASE-1: the plan for orders/prod is stale: deployment 2 of version 2 (COMPLETE) came first');
    expect(await versionsAndDeployments()).toEqual({ ...before, deployments: ['2: version 2 COMPLETE', '1: version 1 COMPLETE'] });
  });

  it('that waits goes on when the one before is taken back, since its plan still holds', async () => {
    const [first, second] = [await cargoOf(20), await cargoOf(30)];
    await new Process().release(first, { detach: true });
    let looks = 0;

    const ended = new Process().release({ ...second, release: { ...second.release, base: { ...second.release.base, latest: 2 } } }, {
      queue: true,
      pause: async () => {
        if (looks++ === 1) await plane.stop(place, 2);
        await stage.engine.clock.advance(10_000);
      },
    });

    expect(await ended).toMatchObject({ number: 3, version: '3', state: 'COMPLETE' });
  });

  it('that was taken back is not begun again unless asked', async () => {
    const cargo = await cargoOf(20);
    await new Process().release(cargo, { detach: true });
    await plane.stop(place, 2);

    await expect(new Process().release(cargo)).rejects.toThrow('SLUICE-RELEASE-3: the release to orders/prod was taken back: deployment 2 is ROLLED_BACK; see why with `sluice show 2`; release the same again with --again');
    expect(await new Process().release(cargo, { again: true })).toMatchObject({ number: 3, version: '2', state: 'COMPLETE' });
  });

  it('takes no version for its own that has its label and other bytes', async () => {
    const cargo = await cargoOf(20);
    await plane.createVersion(place, epochOf(59).bytes, { label: labelOf(cargo.release) });

    await expect(new Process().release(cargo)).rejects.toThrow('SLUICE-RELEASE-4: version 2 of orders/prod carries the label of this release but other bytes');
    expect((await versionsAndDeployments()).deployments).toEqual(['1: version 1 COMPLETE']);
  });

  it('withdraws when a whole other deployment passed between its look and its start', async () => {
    const cargo = await cargoOf(20);
    const strategy = await plane.strategy(AT_ONCE);
    const overtaken = new Process(Infinity, async (call) => {
      if (/^POST .*\/deployments$/.test(call)) await plane.start(place, await plane.createVersion(place, epochOf(40).bytes), strategy);
    });

    await expect(overtaken.release(cargo)).rejects.toThrow('SLUICE-RELEASE-5: the deployment 3 of orders/prod began unseen after deployment 2 of version 3 (COMPLETE), and was withdrawn');
    expect((await versionsAndDeployments()).deployments).toEqual(['3: version 2 ROLLED_BACK', '2: version 3 COMPLETE', '1: version 1 COMPLETE']);
  });

  it('is refused by the gate as a change in the console is, and then starts nothing', async () => {
    const good = await cargoOf(20);
    const { bytes, digest } = epochOf('twenty');

    await expect(new Process().release({ ...good, bytes, release: { ...good.release, digest } })).rejects.toThrow(/SLUICE-PLANE-3: AppConfig refused CreateHostedConfigurationVersion: .*timeoutSeconds must be number, got "twenty"/);
    expect(await versionsAndDeployments()).toEqual({ versions: 1, deployments: ['1: version 1 COMPLETE'] });
  });
});

describe('twenty releases at once', () => {
  it('that differ: one lands, and each of the others is told why not', async () => {
    const cargoes = await Promise.all(Array.from({ length: 20 }, (_, at) => cargoOf(21 + at)));

    const ends = await Promise.all(cargoes.map((cargo) => code(new Process().release(cargo))));

    expect(ends.filter((end) => end === 'released')).toHaveLength(1);
    expect(ends.filter((end) => end !== 'released' && end !== 'SLUICE-RELEASE-1' && end !== 'SLUICE-RELEASE-2')).toEqual([]);
    expect((await versionsAndDeployments()).deployments).toEqual(['2: version 2 COMPLETE', '1: version 1 COMPLETE']);
  });

  it('that are the same release: it lands once', async () => {
    const cargo = await cargoOf(20);

    const ends = await Promise.all(Array.from({ length: 20 }, () => code(new Process().release(cargo))));

    expect(new Set(ends)).toEqual(new Set(['released']));
    expect(await versionsAndDeployments()).toEqual({ versions: 2, deployments: ['2: version 2 COMPLETE', '1: version 1 COMPLETE'] });
  });
});

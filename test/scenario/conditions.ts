import { cpSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { AppConfigClient, StopDeploymentCommand } from '@aws-sdk/client-appconfig';
import { Duration } from 'aws-cdk-lib';
import { EpochStore } from '../../lib/adapters/store/index.ts';
import { play, pureRunner } from '../../lib/cli/shadowing.ts';
import { RunsWith, ShiftPlan } from '../../lib/constructs/index.ts';
import type { ShiftRecord } from '../../lib/core/index.ts';
import type { Candidate } from '../../lib/core/shadow/index.ts';
import { epochOf } from '../constructs/deployed.ts';
import { Shop } from './shifting.ts';

/** The documents as they are, and as they are to be: by another schema of one of them. */
const CONFIG = 'examples/orders/config';
const OLD = `${CONFIG}/limits.schema.json`;
const folder = mkdtempSync(join(tmpdir(), 'sluice-conditions-'));
const NEW = join(folder, 'limits.schema.json');
cpSync(CONFIG, folder, { recursive: true });
writeFileSync(NEW, JSON.stringify({ ...JSON.parse(readFileSync(OLD, 'utf8')) as object, description: 'from now on' }));

const SHOWN = { executions: 5, within: Duration.days(1) };
const CANARY = { percent: 25, hold: Duration.minutes(8), bakeTime: Duration.minutes(4) };
const limitsBy = (...schemas: string[]): RunsWith => RunsWith.schemas({ limits: schemas });

/** Plays what was executed with a candidate, and keeps what comes of it; answers its verdict. */
async function shadow({ deployed, store, aliasArn }: Shop, candidate: Candidate): Promise<string> {
  const [recorded, functions] = await deployed.recorded();
  const { applicationId, environmentId } = await deployed.ids().then(({ ApplicationId, EnvironmentId }) => ({ applicationId: ApplicationId, environmentId: EnvironmentId }));
  const played = await play({ recorded, candidate, pure: [], run: pureRunner(functions), most: 6 }, aliasArn);
  await new EpochStore(await deployed.objects(store)).saveShadow({ applicationId, environmentId }, { sluice: 1, workflow: aliasArn, candidate, judgedAt: new Date(deployed.engine.clock.now()).toISOString(), ...played });
  return played.verdict;
}

/** Releases the documents of a directory as a version that was made for it; answers how that was refused, or nothing. */
async function start({ deployed }: Shop, version: number): Promise<string> {
  return deployed.start(version).then(() => '', (error: unknown) => (error as Error).message);
}

interface Conditioned {
  /** The first digits of the schemas of limits, old and new. */
  readonly schemas: readonly [string, string];
  readonly undeclared: string;
  readonly waits: unknown;
  readonly unshown: ShiftRecord;
  readonly same: string;
  readonly shifted: unknown;
  readonly unplayed: string;
  readonly released: string;
  readonly growing: unknown;
  readonly back: unknown;
  readonly denials: readonly unknown[];
}

/** Versions and epochs that go through their conditions, and what was seen on the way. */
export function conditioned(): Promise<Conditioned> {
  return Shop.play(ShiftPlan.canary(CANARY), async (shop) => {
    const { digest } = epochOf([folder]);
    for (const [schema, bytes] of epochOf([folder]).schemas) await (await shop.deployed.objects(shop.store)).put(`schemas/${schema.slice(7)}.json`, bytes, 'application/json');
    await shop.run(0.6);
    const version = await shop.deployed.createVersion(epochOf([folder]).bytes);
    const undeclared = await start(shop, version);

    await shop.deploy({ answer: 'two', runsWith: limitsBy(NEW) });
    await shop.deployed.sleep(2);
    const waits = [await shop.shift(), await shop.routes()];

    // By the old and the new schema: so the one can come after the other. It answers as before.
    await shop.deploy({ answer: 'one', runsWith: limitsBy(OLD, NEW) }, ShiftPlan.canary({ ...CANARY, requireShadow: SHOWN }));
    await shop.deployed.sleep(7);
    const unshown = await shop.shift();
    const same = await shadow(shop, { kind: 'version', arn: unshown!.to });
    await shop.deployed.sleep(22);
    const shifted = [await shop.ends(), await shop.routes()];

    const unplayed = await start(shop, version);
    await shadow(shop, { kind: 'epoch', version: String(version), digest });
    const released = await start(shop, version);
    await shop.deployed.sleep(31);

    await shop.deploy({ answer: 'four', runsWith: limitsBy(NEW) });
    await shop.deployed.sleep(3);
    const growing = await shop.routes();
    const { ApplicationId, EnvironmentId } = await shop.deployed.ids();
    const [newest] = await shop.deployed.deployments();
    await shop.deployed.client(AppConfigClient).send(new StopDeploymentCommand({ ApplicationId, EnvironmentId, DeploymentNumber: newest!.DeploymentNumber, AllowRevert: true }));
    await shop.ask('promote');
    await shop.deployed.sleep(2);
    const schemas = [CONFIG, folder].map((one) => epochOf([one]).epoch.documents['limits']!.schema.slice(0, 19)) as [string, string];
    return { schemas, undeclared, waits, unshown: unshown!, same, shifted, unplayed, released, growing, back: [await shop.shift(), await shop.routes()], denials: (await shop.deployed.grants()).denials };
  }, { first: limitsBy(OLD), requireShadow: SHOWN });
}

import { digestOf, type Digest } from '../core/digest.ts';
import { driftOf, type Drift, type DriftOrigin } from '../core/drift.ts';
import { isReleased } from '../core/release.ts';
import { live, newest, type Deployment } from '../core/rollout.ts';
import { byWhom, takenBack, type TakenBack } from '../core/takenBack.ts';
import type { Alarms } from './evidence/alarms.ts';
import type { AppConfigPlane, AppConfigSight, Place } from './plane/index.ts';
import { provenanceOf } from './standing.ts';
import type { EpochStore } from './store/epochs.ts';

/** What an environment's drift is looked at with. */
export interface DriftSight {
  readonly place: Place;
  readonly plane: AppConfigPlane;
  readonly sight: AppConfigSight;
  /** The epoch store; less is told without it. */
  readonly epochs: EpochStore | undefined;
  readonly alarms: () => Promise<Alarms>;
}

/** What an environment is to have. */
export interface Wanted {
  readonly digest: Digest;
  /** Whether other bytes hold the same values, as the console may write them. */
  readonly same: (bytes: Uint8Array) => boolean;
  /** What was read of it already. @default - nothing */
  readonly read?: { readonly version: string; readonly bytes: Uint8Array };
}

/** How an environment differs from what it is to have, and what that is known by. */
export interface Drifted {
  readonly drift: Drift;
  /** What AppConfig logged of it, in its own words, and who took it back. */
  readonly evidence: readonly string[];
  readonly taken?: TakenBack;
  readonly deployments: readonly Deployment[];
}

/** How many deployments are recalled: what is older explains nothing. */
const RECALLED = 20;

/** Looks how an environment differs from what it is to have; nothing is changed. */
export async function lookForDrift(by: DriftSight, wanted: Wanted, deployments: readonly Deployment[]): Promise<Drifted> {
  const { profile } = by.place;
  const origins = new Map<string, DriftOrigin>();
  const decided = (): Drift => driftOf({ wanted: wanted.digest, profile, deployments, origins });
  for (const one of [live(deployments, profile), newest(deployments)]) if (one !== undefined && !origins.has(one.version)) origins.set(one.version, await originOf(by, one, wanted));
  if (decided().state !== 'in-sync') await recall(by, deployments.filter((one) => one.profile === profile), origins);
  const drift = decided();
  const [evidence, taken] = await Promise.all([evidenceOf(by, drift), takenBackOf(by, drift, deployments)]);
  return { drift, deployments, evidence: [...evidence, ...(taken === undefined ? [] : [byWhom(taken)])], ...(taken === undefined ? {} : { taken }) };
}

/** What earlier deployments brought, as their releases or the gate recorded it. */
async function recall({ epochs, place }: DriftSight, deployments: readonly Deployment[], origins: Map<string, DriftOrigin>): Promise<void> {
  await Promise.all(deployments.slice(0, RECALLED).filter(({ version }) => !origins.has(version)).map(async (one) => {
    const provenance = await provenanceOf(epochs, place, one);
    const record = provenance === undefined ? await epochs?.deployment(place, one.number) : undefined;
    const recorded = record?.canary.version === one.version ? record.canary.digest : null;
    origins.set(one.version, { digest: provenance?.digest ?? recorded, released: provenance !== undefined });
  }));
}

/** The same content in another form is what is wanted. A release's label on other bytes than its record has is no release. */
async function originOf({ plane, place, epochs }: DriftSight, deployment: Deployment, { digest, same, read }: Wanted): Promise<DriftOrigin> {
  const content = read?.version === deployment.version ? read.bytes : plane.content(place, deployment.version);
  const [bytes, provenance] = await Promise.all([content, provenanceOf(epochs, place, deployment)]);
  const known = epochs === undefined ? isReleased(deployment.label) : provenance !== undefined;
  if (bytes === undefined) return { digest: null, released: known };
  const got = digestOf(bytes);
  return { digest: got !== digest && same(bytes) ? digest : got, released: known && (provenance === undefined || provenance.digest === got) };
}

async function evidenceOf({ sight, place }: DriftSight, { state, deployment }: Drift): Promise<string[]> {
  if (deployment === undefined || (state !== 'rolled-back' && state !== 'edited')) return [];
  const detail = await sight.deployment(place, deployment);
  const told = (detail?.log ?? []).filter(({ type }) => (state === 'edited' ? type === 'DEPLOYMENT_STARTED' : /^(ROLLBACK|REVERT)/.test(type)));
  const said = state === 'edited' && detail?.description !== undefined ? [`its description says: ${detail.description}`] : [];
  return [...told.map(({ at, by, text }) => `${new Date(at).toISOString().slice(0, 19).replace('T', ' ')} ${by}: ${text}`), ...said];
}

/** Who took back what is wanted: by AppConfig's log, the alarms that rang then, and the judge's verdict. That some of it cannot be read hides nothing else. */
async function takenBackOf(by: DriftSight, { takenBack: number }: Drift, deployments: readonly Deployment[]): Promise<TakenBack | undefined> {
  const detail = number === undefined ? undefined : await by.sight.deployment(by.place, number);
  const deployment = deployments.find((one) => one.number === number);
  if (detail === undefined || deployment === undefined) return undefined;
  const [ringing, verdict] = await Promise.all([
    rangAt(by, detail.log.at(-1)?.at ?? 0).catch(() => undefined),
    by.epochs?.rollbackVerdict(by.place, detail.number).catch(() => undefined),
  ]);
  return takenBack(deployment, { deployment: detail.number, log: detail.log, ...(ringing === undefined ? {} : { ringing }), ...(verdict === undefined ? {} : { verdict }) });
}

/** The environment's alarms that rang at a moment, by name. */
async function rangAt({ plane, place, alarms: open }: DriftSight, moment: number): Promise<readonly string[]> {
  const names = (await plane.monitors(place)).map(({ alarmArn }) => alarmArn.slice(alarmArn.indexOf(':alarm:') + ':alarm:'.length));
  const alarms = await open();
  try {
    const states = await Promise.all(names.map((name) => alarms.at(name, moment)));
    return names.filter((_, index) => states[index] === 'ALARM');
  } finally {
    alarms.close();
  }
}

import { digestOf, type Digest } from '../../core/digest.ts';
import { parseEnvironmentRecord, type EnvironmentRecord } from '../../core/environmentRecord.ts';
import { isObject } from '../../core/epoch.ts';
import { fault, Fault } from '../../core/fault.ts';
import { PLANNING } from '../../core/faults/planning.ts';
import { READING } from '../../core/faults/reading.ts';
import { approvalKey, approvalsPrefix, approverIn, deploymentKey, driftKey, environmentKey, epochKey, releaseKey, schemaKey, shadowPrefix, verdictPrefix } from '../../core/layout.ts';
import type { PlaceIds } from '../../core/place.ts';
import { formatProvenance, parseApproval, parseProvenance, type Approval, type Provenance } from '../../core/provenance.ts';
import { keptBytes } from '../../core/kept.ts';
import { parseDriftRecord, type DriftRecord } from '../../core/reconciled.ts';
import { formatRecord, parseRecord, type DeploymentRecord } from '../../core/record.ts';
import { formatShadow, parseShadow, type Candidate, type ShadowRecord } from '../../core/shadow/verdict.ts';
import type { Store } from './store.ts';

/** How many shadows of one candidate are looked at. */
const SHADOWS = 20;

/** What the judge said last of a deployment. */
export interface LastVerdict {
  /** RFC 3339 in UTC. */
  readonly judgedAt: string;
  /** `continue`, `roll-back` or `promote`. */
  readonly kind: string;
  readonly reason: string;
  /** Why nothing could be seen; null when something could. */
  readonly blind: string | null;
  /** Whether nothing followed from it, since somebody overrode it. */
  readonly overridden: boolean;
}

/** The epoch store by its contract, docs/store.md, on any store of bytes. */
export class EpochStore {
  readonly #store: Store;

  constructor(store: Store) {
    this.#store = store;
  }

  /** The bytes of an epoch, checked. @throws Fault `SLUICE-STORE-1` when other bytes are there. */
  epoch(digest: Digest): Promise<Uint8Array | undefined> {
    return this.#checked(epochKey(digest), digest);
  }

  /** The digests of the epochs whose hexadecimal digits begin so. */
  async epochsBeginning(digits: string): Promise<Digest[]> {
    return (await this.#store.list(`epochs/${digits}`)).map((key): Digest => `sha256:${key.slice('epochs/'.length)}`);
  }

  /** The bytes of a schema, checked. @throws Fault `SLUICE-STORE-1` when other bytes are there. */
  schema(digest: Digest): Promise<Uint8Array | undefined> {
    return this.#checked(schemaKey(digest), digest);
  }

  /** Keeps an epoch under its digest. Twice is as good as once. */
  async saveEpoch(bytes: Uint8Array): Promise<Digest> {
    const digest = digestOf(bytes);
    await this.#store.create(epochKey(digest), bytes, 'application/json');
    return digest;
  }

  /** Keeps a schema under its digest. Twice is as good as once. */
  async saveSchema(bytes: Uint8Array): Promise<Digest> {
    const digest = digestOf(bytes);
    await this.#store.create(schemaKey(digest), bytes, 'application/schema+json');
    return digest;
  }

  /** The record of one deployment, or nothing. @throws Fault `SLUICE-STORE-3` when it cannot be read. */
  async deployment(place: PlaceIds, deployment: number): Promise<DeploymentRecord | undefined> {
    const key = deploymentKey(place, deployment);
    const bytes = await this.#store.get(key);
    if (bytes === undefined) return undefined;
    const record = parseRecord(bytes, key);
    if (record instanceof Fault) throw record;
    return record;
  }

  /** Keeps the record of a deployment, over that of an attempt which AppConfig refused and whose number it gave out again. */
  async saveDeployment(record: DeploymentRecord): Promise<void> {
    await this.#store.put(deploymentKey(record, record.deployment), formatRecord(record), 'application/json');
  }

  /** Where the bytes of a version come from, by its label, or nothing. @throws Fault `SLUICE-STORE-4` when it cannot be read. */
  async provenance(place: PlaceIds, label: string): Promise<Provenance | undefined> {
    const key = releaseKey(place, label);
    const bytes = await this.#store.get(key);
    const provenance = bytes && parseProvenance(bytes, key);
    if (provenance instanceof Fault) throw provenance;
    return provenance;
  }

  /** Keeps where the bytes of a version come from; what an earlier attempt wrote stays. */
  async saveProvenance(place: PlaceIds, provenance: Provenance): Promise<void> {
    await this.#store.create(releaseKey(place, provenance.label), formatProvenance(provenance), 'application/json');
  }

  /** Who approved a release, in the order of their names; each caller of AWS once. */
  async approvals(place: PlaceIds, label: string): Promise<Approval[]> {
    const keys = await this.#store.list(approvalsPrefix(place, label));
    const found = await Promise.all(keys.map(async (key): Promise<Approval | undefined> => {
      const [who, bytes] = [approverIn(key), await this.#store.get(key)];
      const approval = bytes && parseApproval(bytes);
      return approval === undefined || who === undefined ? undefined : { ...approval, who };
    }));
    return found.filter((approval) => approval !== undefined).sort((one, other) => (one.by < other.by ? -1 : 1));
  }

  /** Keeps the approval of a release by a caller of AWS; their first one counts. */
  async saveApproval(place: PlaceIds, label: string, userId: string, approval: Approval): Promise<void> {
    await this.#store.create(approvalKey(place, label, userId), keptBytes(approval), 'application/json');
  }

  /** When and why the judge, or the comparison after completion, took a deployment back; nothing when the last verdict was another, or was overridden. */
  async rollbackVerdict(place: PlaceIds, deployment: number): Promise<Pick<LastVerdict, 'judgedAt' | 'reason'> | undefined> {
    const last = await this.lastVerdict(place, deployment);
    return last?.kind === 'roll-back' && !last.overridden ? { judgedAt: last.judgedAt, reason: last.reason } : undefined;
  }

  /** The last verdict on a deployment; nothing when there is none, or none that can be read. */
  async lastVerdict(place: PlaceIds, deployment: number): Promise<LastVerdict | undefined> {
    const key = (await this.#store.list(verdictPrefix(place, deployment))).at(-1);
    const bytes = key === undefined ? undefined : await this.#store.get(key);
    const record: unknown = bytes === undefined ? undefined : JSON.parse(new TextDecoder().decode(bytes));
    if (!isObject(record)) return undefined;
    const { judgedAt, blind, override } = record;
    const verdicts = [record['verdict'], record['overTime']].filter(isObject);
    const decided = verdicts.find(({ kind }) => kind === 'roll-back') ?? verdicts[0];
    if (decided === undefined) return undefined;
    return { judgedAt: String(judgedAt), kind: String(decided['kind']), reason: String(decided['reason']), blind: typeof blind === 'string' ? blind : null, overridden: isObject(override) };
  }

  /** What the stack says of an environment; nothing when an earlier version deployed it, or it cannot be read. */
  async environment(place: PlaceIds): Promise<EnvironmentRecord | undefined> {
    const bytes = await this.#store.get(environmentKey(place));
    return bytes && parseEnvironmentRecord(bytes);
  }

  /** Keeps what the stack says of an environment, over what it said before. */
  async saveEnvironment(record: EnvironmentRecord): Promise<void> {
    await this.#store.put(environmentKey(record), keptBytes(record), 'application/json');
  }

  /** How an environment stood to its newest release when that changed last; nothing when nobody looked, or it cannot be read. */
  async drift(place: PlaceIds): Promise<DriftRecord | undefined> {
    const bytes = await this.#store.get(driftKey(place));
    return bytes && parseDriftRecord(bytes);
  }

  /** Keeps how an environment stands, over what was so before. */
  async saveDrift(record: DriftRecord): Promise<void> {
    await this.#store.put(driftKey(record), keptBytes(record), 'application/json');
  }

  /** What the newest shadows of a candidate found, oldest first; those that cannot be read are none. */
  async shadows(place: PlaceIds, candidate: Candidate): Promise<ShadowRecord[]> {
    const keys = (await this.#store.list(shadowPrefix(place, candidate))).slice(-SHADOWS);
    const found = await Promise.all(keys.map(async (key) => {
      const bytes = await this.#store.get(key);
      return bytes && parseShadow(bytes);
    }));
    return found.filter((one) => one !== undefined);
  }

  /** Keeps what a shadow found; nobody writes over it. @returns its key */
  async saveShadow(place: PlaceIds, record: ShadowRecord): Promise<string> {
    // AWS tells its time to the second: what was judged in the same one comes after.
    for (let at = Date.parse(record.judgedAt); ; at += 1) {
      const key = `${shadowPrefix(place, record.candidate)}${new Date(at).toISOString()}.json`;
      if (await this.#store.create(key, formatShadow(record), 'application/json')) return key;
    }
  }

  async #checked(key: string, digest: Digest): Promise<Uint8Array | undefined> {
    const bytes = await this.#store.get(key);
    if (bytes === undefined) return undefined;
    const got = digestOf(bytes);
    if (got !== digest) throw fault(PLANNING, 'SLUICE-STORE-1', { key }, fault(READING, 'SLUICE-EPOCH-2', { got, expected: digest }));
    return bytes;
  }
}

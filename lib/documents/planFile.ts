import { digestOf, isDigest, type Digest } from '../core/digest.ts';
import type { Healable } from '../core/drift.ts';
import { isObject, type Epoch } from '../core/epoch.ts';
import { fault, type Fault } from '../core/fault.ts';
import { RELEASING } from '../core/faults/releasing.ts';
import type { ApprovalRules } from '../core/rules.ts';
import { labelOf, type Release } from '../core/release.ts';
import { canonical } from './canonical.ts';
import { differences, type Difference } from './difference.ts';

/** What changes in one document. */
export interface DocumentChange {
  readonly name: string;
  readonly kind: 'added' | 'removed' | 'changed';
  /** Whether it is judged by another schema from now on. */
  readonly schema: boolean;
  readonly differences: readonly Difference[];
}

/** Who answers for a changed document. */
export interface Answerable {
  readonly document: string;
  readonly owners: readonly string[];
  /** How many of them must approve. */
  readonly approvals: number;
}

/** A release as it was planned, with what people approve it by. */
export interface PlannedRelease extends Release {
  readonly wave: number;
  /** The region, where the project names one. */
  readonly region: string | null;
  /** Alarms that must be OK when it begins. */
  readonly guards: readonly string[];
  /** Which drift the project lets be healed. @default none */
  readonly heal?: readonly Healable[];
  /** Whether the commit's signature must be good. */
  readonly signed: boolean;
  readonly changes: readonly DocumentChange[];
  readonly answerable: readonly Answerable[];
  /** Who the owners are to IAM, where the gate asks for their approvals. @default - approvals are only counted */
  readonly people?: ApprovalRules['people'];
}

/** What `sluice plan --out` writes and `sluice release` plays: everything a release needs, and nothing that two plans of the same differ in. */
export interface PlanFile {
  readonly sluice: 1;
  /** Over the labels of its releases; a plan made again from the same commit over the same live epochs has the same. */
  readonly digest: Digest;
  readonly commit: string | null;
  readonly subject: string | null;
  readonly author: string | null;
  readonly releases: readonly PlannedRelease[];
  /** The bytes of each epoch and of each schema, as text by digest. */
  readonly epochs: Readonly<Record<Digest, string>>;
  readonly schemas: Readonly<Record<Digest, string>>;
}

/** The digest of a plan with these releases. */
export function planDigest(releases: readonly Release[]): Digest {
  return digestOf(new TextEncoder().encode(canonical(releases.map(labelOf).sort())));
}

/** What changes between two epochs, document by document; the old one is missing before the first release. */
export function changesOf(before: Epoch | undefined, after: Epoch): DocumentChange[] {
  const old = before?.documents ?? {};
  const names = [...new Set([...Object.keys(old), ...Object.keys(after.documents)])].sort();
  return names.flatMap((name): DocumentChange[] => {
    const [one, other] = [old[name], after.documents[name]];
    if (other === undefined) return [{ name, kind: 'removed', schema: false, differences: [] }];
    if (one === undefined) return [{ name, kind: 'added', schema: false, differences: differences({}, other.content) }];
    const schema = one.schema !== other.schema;
    const found = alike(one.content, other.content) ? [] : differences(one.content, other.content);
    return schema || found.length > 0 ? [{ name, kind: 'changed', schema, differences: found }] : [];
  });
}

/** Most documents are as they were. */
function alike(before: object, after: object): boolean {
  return before === after || JSON.stringify(before) === JSON.stringify(after);
}

/** The text of a plan file. */
export function formatPlan(plan: PlanFile): string {
  return `${JSON.stringify(plan, null, 2)}\n`;
}

/** Whether bytes are a plan file, be it an old one, or one that somebody changed. */
export function isPlan(bytes: Uint8Array): boolean {
  try {
    return hasReleases(JSON.parse(new TextDecoder().decode(bytes)));
  } catch {
    return false;
  }
}

function hasReleases(value: unknown): value is object {
  return isObject(value) && value['sluice'] === 1 && Array.isArray(value['releases']);
}

/** Reads a plan file; what was changed in it after it was planned is refused. */
export function parsePlan(bytes: Uint8Array, path: string): PlanFile | Fault {
  const wrong = (problem: string): Fault => fault(RELEASING, 'SLUICE-PLAN-5', { path, problem });
  let value: unknown;
  try {
    value = JSON.parse(new TextDecoder().decode(bytes));
  } catch (cause) {
    return wrong(`it is not JSON (${(cause as Error).message})`);
  }
  if (!hasReleases(value)) return wrong('it is no plan of sluice plan --out');
  const plan = value as unknown as PlanFile;
  const misshapen = plan.releases.find((one) => !isObject(one) || !isObject(one.base) || !isObject(one.strategy) || !isDigest(one.digest) || !Array.isArray(one.changes) || !Array.isArray(one.answerable) || !Array.isArray(one.guards));
  if (misshapen !== undefined || !isObject(plan.epochs) || !isObject(plan.schemas)) return wrong('a release in it lacks members');
  for (const texts of [plan.epochs, plan.schemas]) {
    for (const [digest, text] of Object.entries(texts)) {
      if (typeof text !== 'string' || digestOf(new TextEncoder().encode(text)) !== digest) return wrong(`the bytes of ${digest.slice(0, 19)} are others than those that were planned`);
    }
  }
  const absent = plan.releases.find(({ digest }) => plan.epochs[digest] === undefined);
  if (absent !== undefined) return wrong(`the bytes of ${absent.digest.slice(0, 19)} are missing`);
  return plan.digest === planDigest(plan.releases) ? plan : wrong('its releases are others than those that were planned');
}

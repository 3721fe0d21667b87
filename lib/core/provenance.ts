import type { Healable } from './drift.ts';
import { isDigest, type Digest } from './digest.ts';
import { isObject } from './epoch.ts';
import { fault, type Fault } from './fault.ts';
import { PLANNING } from './faults/planning.ts';
import { keptBytes, keptMembers } from './kept.ts';
import type { Release } from './release.ts';

/** Somebody's consent to a plan. */
export interface Approval {
  readonly by: string;
  /** RFC 3339 in UTC. */
  readonly at: string;
  readonly note?: string;
  /** The plan and the epoch that were approved. */
  readonly plan?: Digest;
  readonly epoch?: Digest;
  /** The approver's `aws:userid`, by the key under which IAM let them write it. @default - it is kept under another key */
  readonly who?: string;
}

/** Reads an approval; what cannot be read is none. */
export function parseApproval(bytes: Uint8Array): Approval | undefined {
  try {
    const value: unknown = JSON.parse(new TextDecoder().decode(bytes));
    if (!isObject(value) || typeof value['by'] !== 'string' || typeof value['at'] !== 'string') return undefined;
    const { note, plan, epoch } = value;
    return { by: value['by'], at: value['at'], ...(typeof note === 'string' ? { note } : {}), ...(isDigest(plan) ? { plan } : {}), ...(isDigest(epoch) ? { epoch } : {}) };
  } catch {
    return undefined;
  }
}

/** What `git verify-commit` said of a commit whose signature is good. */
export interface Signature {
  /** As git names the signer and the key. */
  readonly signer: string;
  readonly key: string;
}

/** Where the bytes of a version come from; the contract is schemas/release.schema.json. Written before the version, once. */
export interface Provenance extends Release {
  readonly sluice: 1;
  /** The version's label in AppConfig. */
  readonly label: string;
  /** The digest of the plan that was released. */
  readonly plan: Digest;
  /** The first line of the commit's message; null where there is no git. */
  readonly subject: string | null;
  /** `Name <address>` of the commit's author. */
  readonly author: string | null;
  readonly signature: Signature | null;
  readonly approvals: readonly Approval[];
  /** Which drift the project lets the reconciler heal. @default none */
  readonly heal?: readonly Healable[];
  /** When the release began, RFC 3339 in UTC. */
  readonly createdAt: string;
}

/** The JSON of a provenance as the store keeps it. */
export function formatProvenance(provenance: Provenance): Uint8Array {
  return keptBytes(provenance);
}

/** Reads a provenance; `key` is only for the fault. */
export function parseProvenance(bytes: Uint8Array, key: string): Provenance | Fault {
  const wrong = (problem: string): Fault => fault(PLANNING, 'SLUICE-STORE-4', { key, problem });
  const value = keptMembers(bytes);
  if (typeof value === 'string') return wrong(value);
  if (typeof value['label'] !== 'string') return wrong('"label" must be text');
  if (!isDigest(value['digest'])) return wrong('"digest" must be a digest');
  if (!isObject(value['base'])) return wrong('"base" must be an object');
  return value as unknown as Provenance;
}

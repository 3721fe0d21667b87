import { keptMembers } from './kept.ts';
import { fits, type Ownership } from './project.ts';

/**
 * What a project demands of the documents of one environment beyond their schemas. An epoch names it by the digest of its canonical bytes, which
 * the epoch store keeps beside the schemas: so the gate judges by it what the console changes too. The contract is schemas/rules.schema.json.
 */
export interface Rules {
  readonly sluice: 1;
  readonly application: string;
  readonly environment: string;
  readonly invariants: readonly Ruling[];
  /** Values that look like secrets and are none. */
  readonly allowed: readonly { readonly document: string; readonly path: string }[];
  /** Who must approve changes before the gate starts them. @default - the gate asks for no approvals */
  readonly approvals?: ApprovalRules;
}

/** An invariant as it holds in one environment. */
export interface Ruling {
  readonly name: string;
  /** In CEL. */
  readonly rule: string;
  readonly message: string;
}

/** Whether a rule looks at what is live, which only a deployment knows. It may say yes for one that only has the word in a text. */
export function asksForLive({ rule }: Ruling): boolean {
  return /\blive\b/.test(rule);
}

/** Reads rules; nothing for what are none. */
export function parseRules(bytes: Uint8Array): Rules | undefined {
  const value = keptMembers(bytes);
  if (typeof value === 'string' || typeof value['application'] !== 'string' || typeof value['environment'] !== 'string') return undefined;
  return Array.isArray(value['invariants']) && Array.isArray(value['allowed']) ? value as unknown as Rules : undefined;
}

/** Who must approve which documents, and who these people are to IAM. */
export interface ApprovalRules {
  readonly owners: readonly Ownership[];
  /** By owner: patterns of `aws:userid`, such as `AROA…:ada@example.org`. @default - an owner's own name, alone or as the name of a session */
  readonly people: Readonly<Record<string, readonly string[]>>;
}

/** Whether a caller of AWS, by `aws:userid`, is one of some owners. */
export function isOneOf(userId: string, owners: readonly string[], people: ApprovalRules['people']): boolean {
  return owners.some((owner) => (people[owner] ?? [owner, `*:${owner}`]).some((pattern) => fits(pattern, userId)));
}

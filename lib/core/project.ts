import type { Healable } from './drift.ts';
import type { Plan } from './plan.ts';

/** What `sluice.yaml` says; schemas/sluice.schema.json is the contract of the file. */
export interface Project {
  readonly applications: readonly ProjectApplication[];
  /** Values that look like secrets and are none. */
  readonly allowed: readonly AllowedValue[];
}

/** One application: an AppConfig application, and the folder `config/<name>`. */
export interface ProjectApplication {
  readonly name: string;
  /** In the order in which they are written. */
  readonly environments: readonly ProjectEnvironment[];
  readonly owners: readonly Ownership[];
  /** Who the owners are to IAM: patterns of `aws:userid` by owner. */
  readonly people: Readonly<Record<string, readonly string[]>>;
  /** Which documents share a schema; the others have one of their own name. */
  readonly schemas: readonly SharedSchema[];
  readonly invariants: readonly Invariant[];
}

/** One environment of an application. */
export interface ProjectEnvironment {
  /** AppConfig's name of the environment, and of the folder of its overlays. */
  readonly name: string;
  /** AppConfig's name of the profile. @default - `<application>-<environment>`, as the constructs name it */
  readonly profile: string;
  /** From 1 on; a wave begins when the one before is complete. @default - one environment after the other, as they are written */
  readonly wave: number;
  readonly plan: Plan;
  /** CloudWatch alarms that must be OK when a release begins, beside the environment's own. */
  readonly guards: readonly string[];
  /** @default - that of the AWS SDK */
  readonly region?: string;
  /** Whether only commits with a signature that git verifies are released. @default false */
  readonly signed: boolean;
  /** Whether the gate starts only what the owners approved, each by an identity of their own in IAM. @default false */
  readonly approved: boolean;
  /** Which drift `sluice drift --heal` may release over. @default none */
  readonly heal: readonly Healable[];
}

/** Who owns documents, and how many of them must approve a change. */
export interface Ownership {
  readonly documents: string;
  readonly owners: readonly string[];
  readonly approvals: number;
}

/** Documents by pattern, and the schema they share: the name of `<schema>.schema.json`. */
export interface SharedSchema {
  readonly documents: string;
  readonly schema: string;
}

/** A rule in CEL that must be true of all documents together. */
export interface Invariant {
  readonly name: string;
  readonly rule: string;
  /** What a person reads when it is false. */
  readonly message: string;
  /** The environments it holds in; all when left out. */
  readonly environments?: readonly string[];
}

/** A value that looks like a secret and may stay, with the reason. */
export interface AllowedValue {
  /** `<application>/<document>`; `*` stands for anything. */
  readonly document: string;
  /** JSONPath as Sluice prints it. */
  readonly path: string;
  readonly reason: string;
}

/** Whether a name fits a pattern in which `*` stands for any text. */
export function fits(pattern: string, name: string): boolean {
  const [first = '', ...others] = pattern.split('*');
  if (others.length === 0) return pattern === name;
  const last = others.pop() ?? '';
  if (name.length < first.length + last.length || !name.startsWith(first) || !name.endsWith(last)) return false;
  let from = first.length;
  for (const part of others) {
    const found = name.indexOf(part, from);
    if (found < 0 || found + part.length > name.length - last.length) return false;
    from = found + part.length;
  }
  return true;
}

/** Who owns a document: the last entry that fits, as in a CODEOWNERS file. Nothing when nobody does. */
export function ownershipOf(application: ProjectApplication, document: string): Ownership | undefined {
  return application.owners.findLast(({ documents }) => fits(documents, document));
}

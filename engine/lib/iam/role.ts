import type { PolicyDocument } from './policy/document.ts';

/** A policy's text as it was put, and as it is evaluated. */
export interface StoredPolicy {
  readonly text: string;
  readonly document: PolicyDocument;
}

/** A role with the policies in it. */
export interface Role {
  readonly name: string;
  /** `AROA…`. */
  readonly id: string;
  readonly arn: string;
  /** `/`, or with further segments. */
  readonly path: string;
  /** Epoch milliseconds. */
  readonly created: number;
  trust: StoredPolicy;
  description?: string;
  /** Seconds, 3600-43200. */
  maxSession: number;
  readonly inline: Map<string, StoredPolicy>;
  /** ARNs of managed policies, in the order they were attached. */
  readonly attached: Set<string>;
  readonly tags: Map<string, string>;
}

/** A managed policy: the account's own, or one of AWS's. */
export interface ManagedPolicy {
  readonly name: string;
  /** `ANPA…`. */
  readonly id: string;
  readonly arn: string;
  readonly path: string;
  readonly created: number;
  updated: number;
  readonly description?: string;
  readonly versions: Map<string, PolicyVersion>;
  defaultVersion: string;
  /** Counts versions ever made: numbers are not used again. */
  latest: number;
  readonly tags: Map<string, string>;
}

export interface PolicyVersion extends StoredPolicy {
  /** `v1`. */
  readonly id: string;
  readonly created: number;
}

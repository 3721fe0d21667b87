import type { StoredPolicy } from '../iam/role.ts';
import type { House } from '../ports.ts';
import { notFound, refusal } from './refusal.ts';

/** A symmetric key; what it encrypts with comes from the engine's seed and its id. */
export interface Key {
  readonly id: string;
  readonly arn: string;
  /** Epoch milliseconds. */
  readonly created: number;
  description: string;
  enabled: boolean;
  rotates: boolean;
  policy: StoredPolicy;
  readonly tags: Map<string, string>;
  /** Epoch milliseconds; set while deletion is pending. */
  deletion?: number;
}

/** An alias with its prefix: `alias/name`. */
export interface Alias {
  readonly name: string;
  readonly created: number;
  readonly updated: number;
  readonly keyId: string;
}

/** The account's keys and their aliases. */
export class Keys {
  readonly all: Map<string, Key> = new Map();
  readonly aliases: Map<string, Alias> = new Map();
  readonly #house: House;

  constructor(house: House) {
    this.#house = house;
  }

  /** A key by id, ARN, alias or alias's ARN; refuses as KMS does. */
  find(text: string): Key {
    const name = this.#local(text);
    const alias = name.startsWith('alias/') ? this.aliases.get(name) : undefined;
    if (name.startsWith('alias/') && !alias) throw notFound(`Alias ${this.arnOf(name)} is not found.`);
    const key = this.all.get(alias?.keyId ?? name.replace(/^key\//, ''));
    if (!key) throw notFound(`Key '${this.arnOf(name.startsWith('key/') ? name : `key/${name}`)}' does not exist`);
    return key;
  }

  /** A key that may be used now. */
  usable(text: string): Key {
    const key = this.find(text);
    if (key.deletion !== undefined) throw refusal('KMSInvalidStateException', `${key.arn} is pending deletion.`);
    if (!key.enabled) throw refusal('DisabledException', `${key.arn} is disabled.`);
    return key;
  }

  byArn(arn: string): Key | undefined {
    const key = this.all.get(arn.slice(arn.lastIndexOf('/') + 1));
    return key?.arn === arn ? key : undefined;
  }

  /** The ARN of the key that a text means; of text that means none, what it would be. */
  arnFor(text: string): string {
    const name = this.#local(text);
    const id = name.startsWith('alias/') ? this.aliases.get(name)?.keyId : name.replace(/^key\//, '');
    return id === undefined ? this.arnOf(name) : this.arnOf(`key/${id}`);
  }

  /** `key/…` or `alias/…` as an ARN. */
  arnOf(path: string): string {
    return `arn:aws:kms:${this.#house.region}:${this.#house.account}:${path}`;
  }

  #local(text: string): string {
    return /^arn:[^:]+:kms:[^:]+:\d+:(.+)$/.exec(text)?.[1] ?? text;
  }
}

import { createHash } from 'node:crypto';
import type { House } from '../ports.ts';

/** Who an access key id belongs to. */
export interface Principal {
  readonly arn: string;
  readonly userId: string;
  readonly account: string;
  /** The role whose session it is. */
  readonly roleArn?: string;
  /** Epoch milliseconds; absent for keys that do not expire. */
  readonly expires?: number;
}

/** Credentials as STS hands them out. */
export interface IssuedCredentials {
  readonly AccessKeyId: string;
  readonly SecretAccessKey: string;
  readonly SessionToken: string;
  readonly Expiration: number;
}

/** Access key ids and their principals: any key is known, as the account's root user unless STS issued it. */
export class CredentialStore {
  readonly #house: House;
  readonly #issued: Map<string, Principal> = new Map();

  constructor(house: House) {
    this.#house = house;
  }

  /** The principal of a key; without a key, or with one nobody issued, the account's root user. */
  principalOf(accessKeyId: string | undefined): Principal {
    const { account } = this.#house;
    return (accessKeyId !== undefined && this.#issued.get(accessKeyId)) || { arn: `arn:aws:iam::${account}:root`, userId: account, account };
  }

  /** The credentials of a function's sandboxes: the same for the same function and role, and renewed before they end. */
  ofFunction(name: string, roleArn: string): Omit<IssuedCredentials, 'Expiration'> {
    const { account } = this.#house;
    const digest = createHash('sha256').update(`${name}\u0000${roleArn}`).digest('hex').toUpperCase();
    const key = `ASIAQ${digest.slice(0, 15)}`;
    const [, partition = 'aws', , , owner = account] = roleArn.split(':');
    const arn = `arn:${partition}:sts::${owner}:assumed-role/${roleArn.slice(roleArn.lastIndexOf('/') + 1)}/${name}`;
    this.#issued.set(key, { arn, userId: `AROA${digest.slice(0, 17)}:${name}`, account: owner, roleArn });
    return { AccessKeyId: key, SecretAccessKey: 'engine', SessionToken: `engine:${account}:${roleArn}` };
  }

  /** Hands out credentials for a principal, good for some seconds. */
  issue(principal: Principal, seconds: number): IssuedCredentials {
    const { draws, kernel } = this.#house;
    const expires = kernel.now() + seconds * 1000;
    const key = `ASIA${draws.id('sts:key', 16).toUpperCase()}`;
    this.#issued.set(key, { ...principal, expires });
    return { AccessKeyId: key, SecretAccessKey: draws.id('sts:secret', 40), SessionToken: draws.id('sts:token', 64), Expiration: expires };
  }
}

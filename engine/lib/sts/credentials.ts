import type { House } from '../ports.ts';

/** Who an access key id belongs to. */
export interface Principal {
  readonly arn: string;
  readonly userId: string;
  readonly account: string;
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

  /** Hands out credentials for a principal, good for some seconds. */
  issue(principal: Principal, seconds: number): IssuedCredentials {
    const { draws, kernel } = this.#house;
    const expires = kernel.now() + seconds * 1000;
    const key = `ASIA${draws.id('sts:key', 16).toUpperCase()}`;
    this.#issued.set(key, { ...principal, expires });
    return { AccessKeyId: key, SecretAccessKey: draws.id('sts:secret', 40), SessionToken: draws.id('sts:token', 64), Expiration: expires };
  }
}

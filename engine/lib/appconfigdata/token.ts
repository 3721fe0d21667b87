import { createCipheriv, createDecipheriv, createHash, createHmac } from 'node:crypto';

/** What a configuration token carries: the whole session, since the engine keeps none. */
export interface TokenContent {
  readonly session: string;
  readonly applicationId: string;
  readonly environmentId: string;
  readonly profileId: string;
  /** Seconds between polls. */
  readonly interval: number;
  /** Counts the tokens of a session from 0, the initial one. */
  readonly ordinal: number;
  /** Epoch milliseconds. */
  readonly issuedAt: number;
  /** What the session was last given, as `<deployment>:<version>`; absent before the first poll. */
  readonly served?: string;
}

const LENGTH = 572;

/** Seals token contents into text and opens it again; whatever was not sealed with the same seed does not open. */
export class TokenSeal {
  readonly #key: Buffer;

  constructor(seed: string) {
    this.#key = createHash('sha256').update(`configuration token\u0000${seed}`).digest();
  }

  /** Base64 text of 800 characters, as long as AWS's; longer contents make longer tokens. The same content always gives the same text. */
  seal(content: TokenContent): string {
    const plain = Buffer.from(JSON.stringify(content).padEnd(LENGTH));
    // The nonce depends on all of the content, so one never serves two contents.
    const nonce = createHmac('sha256', this.#key).update(plain).digest().subarray(0, 12);
    const cipher = createCipheriv('aes-256-gcm', this.#key, nonce);
    const sealed = Buffer.concat([cipher.update(plain), cipher.final()]);
    return Buffer.concat([nonce, cipher.getAuthTag(), sealed]).toString('base64');
  }

  /** Undefined for text that this engine did not seal. */
  open(token: string): TokenContent | undefined {
    const bytes = Buffer.from(token, 'base64');
    if (bytes.length < 28 || bytes.toString('base64') !== token) return undefined;
    const decipher = createDecipheriv('aes-256-gcm', this.#key, bytes.subarray(0, 12));
    decipher.setAuthTag(bytes.subarray(12, 28));
    try {
      const plain = Buffer.concat([decipher.update(bytes.subarray(28)), decipher.final()]);
      return JSON.parse(plain.toString()) as TokenContent;
    } catch {
      // Authentication failed: the text was altered or made elsewhere.
      return undefined;
    }
  }
}

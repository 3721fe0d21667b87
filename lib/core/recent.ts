/** The newest of the keys that were seen: as many as it keeps; of older ones it knows nothing any more. */
export class Recent {
  readonly #most: number;
  readonly #keys: Set<string> = new Set();

  /** @param most how many keys it keeps. */
  constructor(most: number) {
    this.#most = most;
  }

  has(key: string): boolean {
    return this.#keys.has(key);
  }

  /** Does something unless the key was seen; a failure is not remembered. */
  once(key: string, act: () => unknown): void {
    if (!this.has(key)) act();
    this.add(key);
  }

  add(key: string): void {
    this.#keys.delete(key);
    this.#keys.add(key);
    const [oldest] = this.#keys;
    if (this.#keys.size > this.#most && oldest !== undefined) this.#keys.delete(oldest);
  }
}

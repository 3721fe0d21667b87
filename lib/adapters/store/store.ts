/** Bytes by key, as S3 keeps them. What the keys mean is in docs/store.md. */
export interface Store {
  /** The bytes at a key, or nothing. */
  get(key: string): Promise<Uint8Array | undefined>;
  /** Writes a key that must not exist yet. @returns false, having written nothing, when it does. */
  create(key: string, bytes: Uint8Array, contentType: string): Promise<boolean>;
  /** Writes a key whether it exists or not. */
  put(key: string, bytes: Uint8Array, contentType: string): Promise<void>;
  /** The bytes at a key and what names this state of them, or nothing. */
  revision(key: string): Promise<Revision | undefined>;
  /** Writes a key that is still as it was read. @returns false, having written nothing, when somebody else wrote or removed it since. */
  replace(key: string, bytes: Uint8Array, contentType: string, revision: Revision): Promise<boolean>;
  /** The keys that begin with a prefix, in order of their UTF-8 bytes. */
  list(prefix: string): Promise<string[]>;
  /** The folders just below one, in the same order, each ending in `/`: as many answers of S3 as there are thousands of them, however much they hold. */
  folders(folder: string): Promise<string[]>;
}

/** Bytes as they were read. */
export interface Revision {
  readonly bytes: Uint8Array;
  /** Names this state of the key: S3's ETag. */
  readonly tag: string;
}

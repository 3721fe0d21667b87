import type { ListObjectsV2CommandInput, ListObjectsV2CommandOutput, S3Client } from '@aws-sdk/client-s3';
import { fault } from '../../core/fault.ts';
import { COMMANDING } from '../../core/faults/commanding.ts';
import { PLANNING } from '../../core/faults/planning.ts';
import { onLoopback, peer, type ClientOptions } from '../peer.ts';
import type { Revision, Store } from './store.ts';

type Sdk = typeof import('@aws-sdk/client-s3');

/** How often a write is tried that runs into another one of the same key. */
const ATTEMPTS = 3;

/** The epoch store in an S3 bucket. */
export class S3Store implements Store {
  readonly bucket: string;
  readonly #sdk: Sdk;
  readonly #client: S3Client;

  private constructor(bucket: string, sdk: Sdk, client: S3Client) {
    this.bucket = bucket;
    this.#sdk = sdk;
    this.#client = client;
  }

  /** @throws Fault `SLUICE-PEER-1` when `@aws-sdk/client-s3` is not installed. */
  static async open(bucket: string, options: ClientOptions = {}): Promise<S3Store> {
    const sdk = await peer('@aws-sdk/client-s3', () => import('@aws-sdk/client-s3'));
    const endpoint = options.endpoint ?? process.env['AWS_ENDPOINT_URL_S3'] ?? process.env['AWS_ENDPOINT_URL'];
    const client = new sdk.S3Client({ ...options, forcePathStyle: onLoopback(endpoint) || bucket.includes('.') });
    return new S3Store(bucket, sdk, client);
  }

  async get(key: string): Promise<Uint8Array | undefined> {
    return (await this.revision(key))?.bytes;
  }

  async revision(key: string): Promise<Revision | undefined> {
    try {
      const { Body, ETag = '' } = await this.#client.send(new this.#sdk.GetObjectCommand({ Bucket: this.bucket, Key: key }));
      return Body && { bytes: await Body.transformToByteArray(), tag: ETag };
    } catch (error) {
      if ((error as Error).name === 'NoSuchKey') return undefined;
      throw this.#refused(error);
    }
  }

  async create(key: string, bytes: Uint8Array, contentType: string): Promise<boolean> {
    for (let attempt = 1; ; attempt++) {
      try {
        await this.#client.send(new this.#sdk.PutObjectCommand({ Bucket: this.bucket, Key: key, Body: bytes, ContentType: contentType, IfNoneMatch: '*' }));
        return true;
      } catch (error) {
        const status = (error as { $metadata?: { httpStatusCode?: number } }).$metadata?.httpStatusCode;
        if (status === 412) return false;
        // 409: somebody else is writing it at this moment, and may yet fail.
        if (status !== 409 || attempt === ATTEMPTS) throw this.#refused(error);
      }
    }
  }

  async put(key: string, bytes: Uint8Array, contentType: string): Promise<void> {
    try {
      await this.#client.send(new this.#sdk.PutObjectCommand({ Bucket: this.bucket, Key: key, Body: bytes, ContentType: contentType }));
    } catch (error) {
      throw this.#refused(error);
    }
  }

  async replace(key: string, bytes: Uint8Array, contentType: string, { tag }: Revision): Promise<boolean> {
    try {
      await this.#client.send(new this.#sdk.PutObjectCommand({ Bucket: this.bucket, Key: key, Body: bytes, ContentType: contentType, IfMatch: tag }));
      return true;
    } catch (error) {
      const status = (error as { $metadata?: { httpStatusCode?: number } }).$metadata?.httpStatusCode;
      // 412: it is another one by now; 409: somebody writes it at this moment; 404: it is gone.
      if (status === 412 || status === 409 || status === 404) return false;
      throw this.#refused(error);
    }
  }

  list(prefix: string): Promise<string[]> {
    return this.#listed({ Prefix: prefix }, ({ Contents = [] }) => Contents.map(({ Key }) => Key));
  }

  folders(folder: string): Promise<string[]> {
    return this.#listed({ Prefix: folder, Delimiter: '/' }, ({ CommonPrefixes = [] }) => CommonPrefixes.map(({ Prefix }) => Prefix));
  }

  async #listed(which: Pick<ListObjectsV2CommandInput, 'Prefix' | 'Delimiter'>, of: (page: ListObjectsV2CommandOutput) => readonly (string | undefined)[]): Promise<string[]> {
    const names: string[] = [];
    try {
      for await (const page of this.#sdk.paginateListObjectsV2({ client: this.#client }, { Bucket: this.bucket, ...which })) {
        for (const name of of(page)) if (name !== undefined) names.push(name);
      }
    } catch (error) {
      throw this.#refused(error);
    }
    return names;
  }

  /** Deletes one object; one that is not there is as good. */
  async remove(key: string): Promise<void> {
    await this.#client.send(new this.#sdk.DeleteObjectCommand({ Bucket: this.bucket, Key: key }));
  }

  /** Deletes every object in every version, so that the bucket itself can be deleted. */
  async empty(): Promise<void> {
    for (;;) {
      const page = await this.#client.send(new this.#sdk.ListObjectVersionsCommand({ Bucket: this.bucket }));
      const Objects = [...(page.Versions ?? []), ...(page.DeleteMarkers ?? [])].map(({ Key, VersionId }) => ({ Key, VersionId }));
      if (Objects.length === 0) return;
      await this.#client.send(new this.#sdk.DeleteObjectsCommand({ Bucket: this.bucket, Delete: { Objects, Quiet: true } }));
    }
  }

  /** Lets go of the client's connections. */
  close(): void {
    this.#client.destroy();
  }

  #refused(error: unknown): Error {
    const { name, message } = error as Error;
    if (name === 'AccessDenied') return fault(COMMANDING, 'SLUICE-AWS-3', { problem: `the bucket ${this.bucket}: ${message}` }, error);
    if (name !== 'NoSuchBucket') return error as Error;
    return fault(PLANNING, 'SLUICE-STORE-2', { bucket: this.bucket, problem: message }, error);
  }
}

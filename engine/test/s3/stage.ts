import { CreateBucketCommand, S3Client, type S3ClientConfig } from '@aws-sdk/client-s3';
import type { EngineOptions } from 'sluice-engine';
import { startRig, type Rig } from '../rig.ts';

/** A client that writes buckets into the path, as every client of an engine on loopback does. */
export class PathStyleClient extends S3Client {
  constructor(configuration: S3ClientConfig) {
    super({ ...configuration, forcePathStyle: true });
  }
}

/** An engine with one empty bucket. */
export interface S3Stage extends AsyncDisposable {
  readonly rig: Rig;
  readonly client: S3Client;
  readonly Bucket: string;
}

/** Starts an engine and makes its bucket. */
export async function startS3(options: EngineOptions = {}): Promise<S3Stage> {
  const rig = await startRig(options);
  const client = rig.client(PathStyleClient);
  await client.send(new CreateBucketCommand({ Bucket: 'box' }));
  return { rig, client, Bucket: 'box', [Symbol.asyncDispose]: () => rig.close() };
}

import type { Digest } from '../core/digest.ts';
import { EPOCH_LIMIT } from '../core/epoch.ts';
import { fault, Fault } from '../core/fault.ts';
import { READING } from '../core/faults/reading.ts';
import { epochKey } from '../core/layout.ts';
import { get, type Answer } from './exchange.ts';
import type { Settings } from './settings.ts';
import { sign } from './signature.ts';

/** How often the store is asked for one epoch before giving up. */
const ATTEMPTS = 2;

/**
 * The bytes at an epoch's key of the store. A lost or slow answer is asked for once more; a refusal is not.
 * @throws Fault `SLUICE-READ-3`, or `SLUICE-READ-1` when bucket or credentials are unknown.
 */
export async function fetchEpoch(settings: Settings, digest: Digest): Promise<Buffer> {
  const { store, region } = settings;
  const url = addressOf(store, region, settings.endpoint, epochKey(digest));
  let problem: Error | undefined;
  for (let attempt = 1; attempt <= ATTEMPTS; attempt++) {
    try {
      const answer = await signedGet(settings, url);
      if (answer.status === 200) return answer.body;
      problem = new Error(`S3 answered ${answer.status}`);
      if (answer.status < 500) break;
    } catch (error) {
      if (error instanceof Fault) throw error;
      problem = error as Error;
    }
  }
  throw fault(READING, 'SLUICE-READ-3', { digest, store, problem: problem?.message ?? 'no answer' }, problem);
}

/** One signed GET of the store. @throws Fault `SLUICE-READ-1` when credentials are unknown. */
export async function signedGet(settings: Settings, url: URL): Promise<Answer> {
  return get(url, sign(url, settings.region, await settings.credentials(), new Date()), settings.timeoutMs, EPOCH_LIMIT);
}

/** Path style for loopback and for buckets with dots, whose names no certificate covers; the bucket as host otherwise. */
export function addressOf(bucket: string, region: string, endpoint: string | undefined, key: string): URL {
  const domain = region.startsWith('cn-') ? 'amazonaws.com.cn' : 'amazonaws.com';
  const base = new URL(endpoint ?? `https://s3.${region}.${domain}`);
  const loopback = /^(localhost|.*\.localhost|127(\.\d+){3}|\[::1\])$/.test(base.hostname);
  const prefix = base.pathname.replace(/\/$/, '');
  if (loopback || bucket.includes('.')) return new URL(`${prefix}/${bucket}/${key}`, base);
  return new URL(`${base.protocol}//${bucket}.${base.host}${prefix}/${key}`);
}

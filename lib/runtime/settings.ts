import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fault } from '../core/fault.ts';
import { READING } from '../core/faults/reading.ts';
import type { Credentials } from './signature.ts';

/** Where a reader reads, and how long it waits. What is left out comes from the environment when it is first needed. */
export interface ReaderOptions {
  /** AppConfig's names. @default SLUICE_APPLICATION, SLUICE_ENVIRONMENT, SLUICE_PROFILE */
  readonly application?: string;
  readonly environment?: string;
  readonly profile?: string;
  /** The bucket of the epoch store. @default SLUICE_STORE */
  readonly store?: string;
  /** @default AWS_REGION, else AWS_DEFAULT_REGION, else us-east-1 */
  readonly region?: string;
  /** S3's endpoint. @default AWS_ENDPOINT_URL_S3, else AWS_ENDPOINT_URL, else AWS itself */
  readonly endpoint?: string;
  /** Asked before each request to the store. @default AWS_ACCESS_KEY_ID and its companions */
  readonly credentials?: () => Credentials | Promise<Credentials>;
  /** The agent's port on localhost. @default AWS_APPCONFIG_EXTENSION_HTTP_PORT, else 2772 */
  readonly agentPort?: number;
  /** Where epochs are kept between processes. @default `sluice` in the system's temporary directory */
  readonly directory?: string;
  /** How long `current()` answers without asking again, milliseconds. @default 5000 */
  readonly maxAgeMs?: number;
  /** When a request is given up, milliseconds. @default 1000 */
  readonly timeoutMs?: number;
  /** The bytes of an epoch for `current()` to begin with when no source answers at all. */
  readonly seed?: Uint8Array;
}

/** How long a warm `current()` waits for a fresh value before it answers with the one in hand, milliseconds. */
export const PATIENCE_MS = 100;

/** The settings of one reader, resolved late: a function that only reads pins needs no agent, and the reverse. */
export class Settings {
  readonly maxAgeMs: number;
  readonly timeoutMs: number;
  readonly directory: string;
  readonly seed: Uint8Array | undefined;
  readonly #options: ReaderOptions;

  constructor(options: ReaderOptions) {
    this.#options = options;
    this.maxAgeMs = options.maxAgeMs ?? 5000;
    this.timeoutMs = options.timeoutMs ?? 1000;
    this.directory = options.directory ?? join(tmpdir(), 'sluice');
    this.seed = options.seed;
  }

  /** @throws Fault `SLUICE-READ-1` for a name that nobody gave. */
  get application(): string {
    return this.#options.application ?? needed('SLUICE_APPLICATION', 'application');
  }

  get environment(): string {
    return this.#options.environment ?? needed('SLUICE_ENVIRONMENT', 'environment');
  }

  get profile(): string {
    return this.#options.profile ?? needed('SLUICE_PROFILE', 'profile');
  }

  get store(): string {
    return this.#options.store ?? needed('SLUICE_STORE', 'store');
  }

  get region(): string {
    return this.#options.region ?? process.env['AWS_REGION'] ?? process.env['AWS_DEFAULT_REGION'] ?? 'us-east-1';
  }

  get endpoint(): string | undefined {
    return this.#options.endpoint ?? process.env['AWS_ENDPOINT_URL_S3'] ?? process.env['AWS_ENDPOINT_URL'];
  }

  get agentPort(): number {
    return this.#options.agentPort ?? Number(process.env['AWS_APPCONFIG_EXTENSION_HTTP_PORT'] ?? 2772);
  }

  /** Lambda renews these variables in a new process only, so they are read each time and kept by nobody. */
  credentials(): Credentials | Promise<Credentials> {
    if (this.#options.credentials !== undefined) return this.#options.credentials();
    const sessionToken = process.env['AWS_SESSION_TOKEN'];
    return {
      accessKeyId: needed('AWS_ACCESS_KEY_ID', 'credentials'),
      secretAccessKey: needed('AWS_SECRET_ACCESS_KEY', 'credentials'),
      ...(sessionToken === undefined || sessionToken === '' ? {} : { sessionToken }),
    };
  }
}

function needed(variable: string, option: string): string {
  const value = process.env[variable];
  if (value === undefined || value === '') throw fault(READING, 'SLUICE-READ-1', { variable, option });
  return value;
}

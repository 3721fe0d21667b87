import { fault } from '../core/fault.ts';
import { PLANNING } from '../core/faults/planning.ts';

/**
 * Loads an optional peer: `peer('@aws-sdk/client-s3', () => import('@aws-sdk/client-s3'))`.
 * @throws Fault `SLUICE-PEER-1` with the install command when it is not installed.
 */
export async function peer<Module>(name: string, load: () => Promise<Module>): Promise<Module> {
  try {
    return await load();
  } catch (cause) {
    const { code, message } = cause as NodeJS.ErrnoException;
    const missing = code === 'ERR_MODULE_NOT_FOUND' || code === 'MODULE_NOT_FOUND';
    // A package inside the peer that is missing is another matter, and its own message names it best.
    if (missing && (message.includes(`'${name}'`) || message.includes(`'${name}/`))) throw fault(PLANNING, 'SLUICE-PEER-1', { package: name }, cause);
    throw cause;
  }
}

/** Where an AWS client connects; the SDK's own defaults (AWS_REGION, AWS_ENDPOINT_URL, …) where left out. */
export interface ClientOptions {
  readonly region?: string;
  readonly endpoint?: string;
  readonly credentials?: { readonly accessKeyId: string; readonly secretAccessKey: string; readonly sessionToken?: string };
  /** A transport of one's own, such as an engine in the same process. */
  readonly requestHandler?: object;
}

/** Whether an endpoint is on this machine: there, buckets are addressed by path. */
export function onLoopback(endpoint: string | undefined): boolean {
  return endpoint !== undefined && /^https?:\/\/(localhost|127(\.\d+){3}|\[::1\])(:\d+)?(\/|$)/.test(endpoint);
}

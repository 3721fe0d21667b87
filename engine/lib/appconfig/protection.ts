import type { House } from '../ports.ts';
import { badRequest } from './refusal.ts';
import type { AppConfigState } from './state.ts';

export type ProtectionCheck = 'ACCOUNT_DEFAULT' | 'APPLY' | 'BYPASS';

/** A resource younger than this is not protected unless the caller says APPLY. */
const EXEMPT_MS = 60 * 60_000;

/**
 * Refuses to delete what was read within the account's protection period, as AWS's user guide has it: BYPASS never refuses,
 * APPLY looks although protection is off or the resource is young.
 */
export function protect(house: House, state: AppConfigState, check: ProtectionCheck | undefined, what: string, of: { readonly createdAt: number; readonly lastReadAt?: number }): void {
  const { enabled, periodMinutes } = state.settings.deletionProtection;
  const now = house.kernel.now();
  if (check === 'BYPASS' || of.lastReadAt === undefined) return;
  if (check !== 'APPLY' && (!enabled || now - of.createdAt < EXEMPT_MS)) return;
  if (now - of.lastReadAt < periodMinutes * 60_000) throw badRequest(`${what} is actively being used in your application and cannot be deleted.`);
}

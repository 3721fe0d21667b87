import { isObject } from '../epoch.ts';
import { fault, shown, type Fault } from '../fault.ts';
import { SHIFTING } from '../faults/shifting.ts';
import type { PlaceIds } from '../place.ts';
import type { Shiftable } from './begin.ts';
import { checkedShift } from './plan.ts';
import { checkedRetention } from './prune.ts';
import { isRoutes, type AliasRoute } from './route.ts';

/** What the controller's state machine asks its function at each look. */
export interface ShiftLook {
  readonly of: Shiftable & PlaceIds;
  /** The ARN of the version that the stack wants. */
  readonly wanted: string;
  readonly routes: readonly AliasRoute[];
  /** Why Step Functions did not take the last update of the alias, if it did not. */
  readonly refused?: string;
  /** The execution that asks, and when it began, epoch milliseconds. */
  readonly execution: string;
  readonly executionStartedAt: number;
}

/** Reads the input of a look. */
export function parseLook(event: unknown): ShiftLook | Fault {
  const wrong = (problem: string): Fault => fault(SHIFTING, 'SLUICE-SHIFT-5', { problem });
  if (!isObject(event) || !isObject(event['of'])) return wrong(`"of" must be an object, got ${shown(event)}`);
  const { of, wanted, routes, refused, execution, executionStarted } = event as Readonly<Record<string, unknown>> & { readonly of: Readonly<Record<string, unknown>> };
  const missing = ['workflow', 'aliasArn', 'application', 'applicationId', 'environment', 'environmentId'].find((name) => typeof of[name] !== 'string');
  if (missing !== undefined) return wrong(`"of.${missing}" must be text, got ${shown(of[missing])}`);
  const profile = of['profile'];
  if (profile !== undefined && !(isObject(profile) && typeof profile['id'] === 'string' && typeof profile['name'] === 'string')) return wrong(`"of.profile" must have an id and a name, got ${shown(profile)}`);
  if (typeof wanted !== 'string' || typeof execution !== 'string') return wrong('"wanted" and "execution" must be ARNs');
  if (!isRoutes(routes)) return wrong(`"routes" must be those of an alias, got ${shown(routes)}`);
  const plan = of['plan'] as Shiftable['plan'];
  checkedShift(plan);
  checkedRetention(of['retainedVersions']);
  return { of: of as unknown as ShiftLook['of'], wanted, routes, execution, ...refusedOf(refused), executionStartedAt: Date.parse(String(executionStarted)) };
}

/** The cause that Step Functions gives with an error. */
function refusedOf(value: unknown): Pick<ShiftLook, 'refused'> {
  if (!isObject(value) || typeof value['Error'] !== 'string') return {};
  return { refused: typeof value['Cause'] === 'string' ? `${value['Error']}: ${value['Cause']}` : value['Error'] };
}

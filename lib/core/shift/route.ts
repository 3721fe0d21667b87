import { isObject } from '../epoch.ts';
import type { ShiftRecord } from './record.ts';

/** One route of an alias, in the words of Step Functions' SDK integration. */
export interface AliasRoute {
  readonly StateMachineVersionArn: string;
  readonly Weight: number;
}

/** The routes that give the new version its share. */
export function routesOf({ from, to, weight }: Pick<ShiftRecord, 'from' | 'to' | 'weight'>): AliasRoute[] {
  const routes = [{ StateMachineVersionArn: from, Weight: 100 - weight }, { StateMachineVersionArn: to, Weight: weight }];
  return routes.filter(({ Weight }) => Weight > 0);
}

/** The new version's share by an alias's routes, percent; nothing when they name another version. */
export function weightIn(routes: readonly AliasRoute[], { from, to }: Pick<ShiftRecord, 'from' | 'to'>): number | undefined {
  const used = routes.filter(({ Weight }) => Weight > 0);
  if (used.some(({ StateMachineVersionArn: arn }) => arn !== from && arn !== to)) return undefined;
  return used.reduce((sum, { StateMachineVersionArn, Weight }) => sum + (StateMachineVersionArn === to ? Weight : 0), 0);
}

/** Whether a value is a list of routes as Step Functions' SDK integration tells them. */
export function isRoutes(value: unknown): value is AliasRoute[] {
  return Array.isArray(value) && value.every((one) => isObject(one) && typeof one['StateMachineVersionArn'] === 'string' && typeof one['Weight'] === 'number');
}

import type { Version } from './stateMachine.ts';

/** A version and the share of executions it gets, in percent. */
export interface Route {
  readonly version: Version;
  readonly weight: number;
}

/** What can be changed of an alias. */
export interface AliasContent {
  readonly routes: readonly Route[];
  readonly description: string | undefined;
  /** Epoch milliseconds; absent before the first update. */
  readonly updateDate: number | undefined;
}

/** A name for one version, or for two by weight. */
export interface Alias {
  readonly arn: string;
  readonly name: string;
  /** Epoch milliseconds. */
  readonly creationDate: number;
  /** As it was last written. */
  content: AliasContent;
  /** What was written before, oldest first, as long as reads may still see it. */
  earlier: AliasContent[];
}

/** Writes an alias; reads see it after the lag. */
export function writeAlias(alias: Alias, content: AliasContent, lagMs: number): void {
  alias.earlier = lagMs > 0 ? [...alias.earlier, alias.content] : [];
  alias.content = content;
}

/** What a read at an instant sees: AWS's reads of an alias stay stale for a while after an update, and so do its routes. */
export function readAlias(alias: Alias, now: number, lagMs: number): AliasContent {
  const seen = [...alias.earlier, alias.content].findLast(({ updateDate }) => updateDate === undefined || updateDate + lagMs <= now) ?? alias.content;
  alias.earlier = alias.earlier.slice(Math.max(0, alias.earlier.indexOf(seen)));
  if (seen === alias.content) alias.earlier = [];
  return seen;
}

/** The version a draw in [0, 1) falls on. */
export function drawVersion(routes: readonly Route[], draw: number): Version {
  let share = draw * 100;
  for (const { version, weight } of routes) {
    if (share < weight) return version;
    share -= weight;
  }
  throw new Error(`the weights of an alias do not sum to 100: ${routes.map(({ weight }) => weight).join(', ')}`);
}

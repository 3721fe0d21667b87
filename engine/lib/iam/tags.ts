import { WireFault } from '../wire/index.ts';
import { limitExceeded } from './refusal.ts';

/** A tag as IAM's and KMS's answers have it. */
export interface Tag {
  readonly Key: string;
  readonly Value: string;
}

/** Tags of one thing at most. */
const QUOTA = 50;

/** Tags of a call as they are stored; refuses a key given twice. */
export function tagMap(given: readonly Tag[] = []): Map<string, string> {
  const tags = new Map(given.map(({ Key, Value }) => [Key, Value]));
  if (tags.size < given.length) throw new WireFault({ code: 'InvalidInput', status: 400, message: 'Duplicate tag keys found. Please note that Tag keys are case insensitive.' });
  return tags;
}

/** Lays tags over those that are there. */
export function putTags(tags: Map<string, string>, given: readonly Tag[]): void {
  const all = new Map([...tags, ...tagMap(given)]);
  if (all.size > QUOTA) throw limitExceeded('The number of tags has reached the maximum limit.');
  for (const [key, value] of all) tags.set(key, value);
}

/** Tags as an answer lists them. */
export function tagList(tags: ReadonlyMap<string, string>): readonly Tag[] {
  return [...tags].map(([Key, Value]) => ({ Key, Value }));
}

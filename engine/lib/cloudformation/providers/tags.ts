import type { ExistingCall } from '../provider.ts';
import { same } from '../template/conditions.ts';
import { fieldsOf } from '../template/intrinsic.ts';

/** Tags as a map, out of a template's list or map. */
export function tagMap(value: unknown): Record<string, string> {
  const list = Array.isArray(value) ? (value as unknown[]).map((tag) => [fieldsOf(tag)?.['Key'], fieldsOf(tag)?.['Value']]) : Object.entries(fieldsOf(value) ?? {});
  return Object.fromEntries(list.map(([key, text]) => [String(key), String(text)]));
}

/** How a service changes the tags of a resource: the operations' names, and the member that says which resource. */
export interface Tagging {
  readonly service: string;
  /** The members that name the resource. */
  readonly target: Readonly<Record<string, unknown>>;
  readonly tag?: string;
  readonly untag?: string;
  /** @default 'list' */
  readonly form?: 'list' | 'map';
}

/** Brings a resource's tags to what the template says now. */
export async function retag({ api, before, properties }: ExistingCall, { service, target, tag = 'TagResource', untag = 'UntagResource', form = 'list' }: Tagging): Promise<void> {
  const [old, now] = [tagMap(before['Tags']), tagMap(properties['Tags'])];
  if (same(old, now)) return;
  const gone = Object.keys(old).filter((key) => !Object.hasOwn(now, key));
  if (gone.length > 0) await api(service, untag, { ...target, TagKeys: gone });
  if (Object.keys(now).length > 0) await api(service, tag, { ...target, Tags: form === 'map' ? now : Object.entries(now).map(([Key, Value]) => ({ Key, Value })) });
}

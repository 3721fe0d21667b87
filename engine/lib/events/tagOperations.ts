import type { Service } from '../wire/index.ts';
import type { Bus } from './bus.ts';
import { findRule } from './ruleOperations.ts';
import type { TagList } from './ruleOperations.ts';

interface OnResource {
  readonly ResourceARN: string;
}

/** The operations on tags, of rules and of the bus itself. */
export function tagOperations(bus: Bus): Service['operations'] {
  const tagsOf = (arn: string): Map<string, string> => (arn === bus.arn ? bus.tags : findRule(bus, arn.replace(/^.*:rule\//, '')).tags);
  return {
    TagResource(input: OnResource & { readonly Tags: TagList }) {
      const tags = tagsOf(input.ResourceARN);
      for (const { Key, Value } of input.Tags) tags.set(Key, Value);
    },
    UntagResource(input: OnResource & { readonly TagKeys: readonly string[] }) {
      const tags = tagsOf(input.ResourceARN);
      for (const key of input.TagKeys) tags.delete(key);
    },
    ListTagsForResource: (input: OnResource) => ({ Tags: [...tagsOf(input.ResourceARN)].map(([Key, Value]) => ({ Key, Value })) }),
  };
}

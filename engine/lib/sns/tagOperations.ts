import { WireFault, type Service } from '../wire/index.ts';
import { invalid } from './refusal.ts';
import type { Topics } from './topics.ts';

/** Tags as requests have them. */
export type TagList = readonly { readonly Key: string; readonly Value: string }[];

interface OnResource {
  readonly ResourceArn: string;
}

const TAGS_AT_MOST = 50;

/** Tags as a map; refuses two of one key. */
export function tagsOf(tags: TagList): Map<string, string> {
  const map = new Map(tags.map(({ Key, Value }) => [Key, Value]));
  if (map.size < tags.length) throw invalid('Duplicated keys are not allowed.');
  return map;
}

/** The operations on topics' tags. */
export function tagOperations(topics: Topics): Service['operations'] {
  const of = (arn: string): Map<string, string> => {
    const topic = topics.all.get(arn);
    if (!topic) throw new WireFault({ code: 'ResourceNotFoundException', status: 404, message: 'Resource does not exist' });
    return topic.tags;
  };
  return {
    TagResource({ ResourceArn, Tags }: OnResource & { readonly Tags: TagList }) {
      const [tags, more] = [of(ResourceArn), tagsOf(Tags)];
      if (new Set([...tags.keys(), ...more.keys()]).size > TAGS_AT_MOST) throw new WireFault({ code: 'TagLimitExceededException', status: 400, message: 'Could not complete request: tag quota of per resource exceeded' });
      for (const [key, value] of more) tags.set(key, value);
      return {};
    },
    UntagResource({ ResourceArn, TagKeys }: OnResource & { readonly TagKeys: readonly string[] }) {
      const tags = of(ResourceArn);
      for (const key of TagKeys) tags.delete(key);
      return {};
    },
    ListTagsForResource: ({ ResourceArn }: OnResource) => ({ Tags: [...of(ResourceArn)].map(([Key, Value]) => ({ Key, Value })) }),
  };
}

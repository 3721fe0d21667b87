import type { Service } from '../wire/call.ts';
import { WireFault } from '../wire/fault.ts';
import type { AlarmBook } from './alarmBook.ts';
import { invalidParameterValue } from './refusal.ts';

/** One tag as requests write it. */
export interface TagInput {
  readonly Key: string;
  readonly Value: string;
}

interface ResourceInput {
  readonly ResourceARN: string;
}

const MOST_TAGS = 50;

/** Tags as a map, the last of equal keys winning; throws CloudWatch's refusal of reserved keys and of too many. */
export function checkedTags(tags: readonly TagInput[], present: ReadonlyMap<string, string> = new Map()): Map<string, string> {
  if (tags.some(({ Key }) => /^aws:/i.test(Key))) throw new WireFault({ code: 'AccessDenied', status: 403, message: 'The provided tag keys must not start with any case of "aws:"' });
  const all = new Map(present);
  for (const { Key, Value } of tags) all.set(Key, Value);
  if (all.size > MOST_TAGS) throw invalidParameterValue('tags are invalid.');
  return all;
}

/** ListTagsForResource, TagResource and UntagResource, for alarms. */
export function tagOperations(book: AlarmBook): Service['operations'] {
  const tagsOf = (arn: string): Map<string, string> => {
    const alarm = arn.startsWith('arn:') ? book.find(arn) : undefined;
    if (!alarm) throw new WireFault({ code: 'ResourceNotFoundException', status: 404, message: '' });
    return alarm.tags;
  };
  return {
    ListTagsForResource: ({ ResourceARN }: ResourceInput) => ({ Tags: [...tagsOf(ResourceARN)].map(([Key, Value]) => ({ Key, Value })) }),
    TagResource: ({ ResourceARN, Tags }: ResourceInput & { readonly Tags: readonly TagInput[] }) => {
      const tags = tagsOf(ResourceARN);
      for (const [key, value] of checkedTags(Tags, tags)) tags.set(key, value);
      return {};
    },
    UntagResource: ({ ResourceARN, TagKeys }: ResourceInput & { readonly TagKeys: readonly string[] }) => {
      const tags = tagsOf(ResourceARN);
      for (const key of TagKeys) tags.delete(key);
      return {};
    },
  };
}

import type { Service } from '../wire/index.ts';
import type { OnObject } from './objectOperations.ts';
import type { Objects } from './objects.ts';
import { refusal } from './refusal.ts';

interface Tag {
  readonly Key: string;
  readonly Value: string;
}

const TAGS_AT_MOST = 10;

/** The operations on objects' tags. */
export function taggingOperations(objects: Objects): Service['operations'] {
  return {
    GetObjectTagging: ({ Bucket, Key }: OnObject) => ({ TagSet: [...objects.object(Bucket, Key).tags].map(([name, value]) => ({ Key: name, Value: value })) }),
    PutObjectTagging({ Bucket, Key, Tagging }: OnObject & { readonly Tagging: { readonly TagSet: readonly Tag[] } }) {
      objects.object(Bucket, Key).tags = tagsOf(Tagging.TagSet);
    },
    DeleteObjectTagging({ Bucket, Key }: OnObject) {
      objects.object(Bucket, Key).tags = new Map();
    },
  };
}

/** Tags as the header `x-amz-tagging` carries them: a form. */
export function tagsOfHeader(text: string = ''): ReadonlyMap<string, string> {
  return tagsOf([...new URLSearchParams(text)].map(([Key, Value]) => ({ Key, Value })));
}

function tagsOf(list: readonly Tag[]): ReadonlyMap<string, string> {
  const tags = new Map(list.map(({ Key, Value }) => [Key, Value]));
  if (tags.size < list.length) throw refusal(400, 'InvalidTag', 'Cannot provide multiple Tags with the same key');
  if (tags.size > TAGS_AT_MOST) throw refusal(400, 'BadRequest', 'Object tags cannot be greater than 10');
  return tags;
}

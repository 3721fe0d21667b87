import type { Service } from '../wire/index.ts';
import type { Parameters } from './parameters.ts';
import { refusal, unbuilt } from './refusal.ts';

interface OnResource {
  readonly ResourceType: string;
  readonly ResourceId: string;
}

/** Tags of parameters. */
export function tagOperations(parameters: Parameters): Service['operations'] {
  const tagsOf = ({ ResourceType, ResourceId }: OnResource): Map<string, string> => {
    if (ResourceType !== 'Parameter') throw unbuilt(`tags of ${ResourceType}`);
    const parameter = parameters.all.get(ResourceId);
    if (!parameter) throw refusal('InvalidResourceId');
    return parameter.tags;
  };
  return {
    AddTagsToResource(input: OnResource & { readonly Tags: readonly { readonly Key: string; readonly Value: string }[] }) {
      const tags = tagsOf(input);
      for (const { Key, Value } of input.Tags) tags.set(Key, Value);
    },
    RemoveTagsFromResource(input: OnResource & { readonly TagKeys: readonly string[] }) {
      const tags = tagsOf(input);
      for (const key of input.TagKeys) tags.delete(key);
    },
    ListTagsForResource: (input: OnResource) => ({ TagList: [...tagsOf(input)].map(([Key, Value]) => ({ Key, Value })) }),
  };
}

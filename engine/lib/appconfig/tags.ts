import type { House } from '../ports.ts';
import type { Service } from '../wire/index.ts';
import { badRequest } from './refusal.ts';
import { refuseMissing } from './resource.ts';
import type { AppConfigState } from './state.ts';

/** Tags of one resource at most. */
const QUOTA = 50;

interface TagInput {
  readonly ResourceArn: string;
  readonly Tags: Readonly<Record<string, string>>;
}

/** TagResource, UntagResource and ListTagsForResource. */
export function tags(house: House, state: AppConfigState): Service['operations'] {
  return {
    TagResource(input: TagInput): void {
      refuseMissing(house, state, input.ResourceArn);
      const all = { ...state.tags.get(input.ResourceArn), ...input.Tags };
      if (Object.keys(all).length > QUOTA) throw badRequest(`${input.ResourceArn} would have ${Object.keys(all).length} tags; a resource has ${QUOTA} at most.`);
      state.tags.set(input.ResourceArn, all);
    },

    UntagResource(input: { readonly ResourceArn: string; readonly TagKeys: readonly string[] }): void {
      refuseMissing(house, state, input.ResourceArn);
      const left = Object.entries(state.tags.get(input.ResourceArn) ?? {}).filter(([key]) => !input.TagKeys.includes(key));
      state.tags.set(input.ResourceArn, Object.fromEntries(left));
    },

    ListTagsForResource(input: { readonly ResourceArn: string }): { Tags: Readonly<Record<string, string>> } {
      refuseMissing(house, state, input.ResourceArn);
      return { Tags: state.tags.get(input.ResourceArn) ?? {} };
    },
  };
}

/** Gives a new resource the tags of the call that created it. */
export function putTags(state: AppConfigState, arn: string, given: Readonly<Record<string, string>> | undefined): void {
  if (given && Object.keys(given).length > 0) state.tags.set(arn, given);
}

/** Takes a deleted resource's tags away, with those of everything under it. */
export function dropTags(state: AppConfigState, arn: string): void {
  for (const key of state.tags.keys()) if (key === arn || key.startsWith(`${arn}/`)) state.tags.delete(key);
}

import type { Service } from '../wire/index.ts';
import type { Machines } from './machines.ts';
import { noResource, refusal, unbuilt } from './refusal.ts';
import { machineAddress } from './arn.ts';
import type { StateMachine } from './stateMachine.ts';

/** One tag as requests write it. */
export interface Tag {
  readonly key?: string;
  readonly value?: string;
}

const MOST_TAGS = 50;

/** Tags laid over those there are; refuses reserved keys and too many. */
export function checkedTags(tags: readonly Tag[], arn: string, present: ReadonlyMap<string, string> = new Map()): Map<string, string> {
  const all = new Map(present);
  for (const { key = '', value = '' } of tags) {
    if (/^aws:/i.test(key)) throw refusal('AccessDeniedException', `The tag key ${key} begins with aws:, which is reserved; use another`);
    all.set(key, value);
  }
  if (all.size > MOST_TAGS) throw refusal('TooManyTags', `Too many tags: at most ${MOST_TAGS} on ${arn}`, { resourceName: arn });
  return all;
}

/** ListTagsForResource, TagResource and UntagResource, for state machines; versions and aliases have none. */
export function tagOperations(machines: Machines): Service['operations'] {
  const owner = (arn: string): StateMachine => {
    if (/^arn:[^:]*:states:[^:]*:[^:]*:activity:/.test(arn)) throw unbuilt('activities');
    const machine = machineAddress(arn).qualifier === undefined ? machines.peek(arn) : undefined;
    if (!machine) throw noResource(arn);
    return machine;
  };
  return {
    ListTagsForResource: ({ resourceArn }: { readonly resourceArn: string }) => ({ tags: [...owner(resourceArn).tags].map(([key, value]) => ({ key, value })) }),
    TagResource({ resourceArn, tags }: { readonly resourceArn: string; readonly tags: readonly Tag[] }) {
      const machine = owner(resourceArn);
      for (const [key, value] of checkedTags(tags, resourceArn, machine.tags)) machine.tags.set(key, value);
    },
    UntagResource({ resourceArn, tagKeys }: { readonly resourceArn: string; readonly tagKeys: readonly string[] }) {
      const { tags } = owner(resourceArn);
      for (const key of tagKeys) tags.delete(key);
    },
  };
}

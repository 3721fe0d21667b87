import { changedNames, ruleOf } from './build.ts';
import { ResourceFailure, type Properties, type Provider } from './provider.ts';
import { attempt, type Workshop } from './operation.ts';
import { attributeOf, liveScope, outputsOf, propertiesOf } from './resolution.ts';
import type { ChangeDetail, ResourceChange, Stack, StackRequest, StackResource } from './stack.ts';
import { same } from './template/conditions.ts';
import type { Scope } from './template/evaluation.ts';
import type { Plan, PlannedResource } from './template/plan.ts';
import { referencesIn } from './template/reference.ts';
import { WireFault } from '../wire/index.ts';

/** What AWS writes for values that only execution can tell. */
const LATER = '{{changeSet:KNOWN_AFTER_APPLY}}';

/** What would change, resource by resource, if a stack were brought to a plan; nothing is touched. */
export async function changesOf(shop: Workshop, stack: Stack, plan: Plan, request: StackRequest): Promise<ResourceChange[]> {
  const fresh = new Set<string>();
  const scope = foresight(shop, stack, plan, fresh);
  const changes: ResourceChange[] = [];
  for (const planned of plan.resources) {
    const provider = shop.provider(planned.type);
    const made = provider ? await attempt(async () => propertiesOf(shop, provider, planned, scope, request.tags)) : undefined;
    // What is refused now is refused again, with an event, when the change set is executed.
    const after = made === undefined || made instanceof ResourceFailure ? planned.properties : made;
    const before = stack.resources.get(planned.id);
    if (!before) {
      fresh.add(planned.id);
      changes.push({ action: 'Add', id: planned.id, type: planned.type, scope: [], details: [], after });
    } else {
      const change = modification(provider, before, planned, after, fresh);
      if (change) changes.push(change);
      if (change && change.replacement !== 'False') fresh.add(planned.id);
    }
  }
  const names = new Set(plan.resources.map(({ id }) => id));
  for (const old of stack.resources.values()) {
    if (names.has(old.id)) continue;
    changes.push({ action: 'Remove', id: old.id, type: old.type, physicalId: old.physicalId, scope: [], details: [], before: old.properties, policy: old.deletionPolicy === 'Delete' ? 'Delete' : 'Retain' });
  }
  return changes.sort((one, other) => (one.id < other.id ? -1 : 1));
}

/** Whether a plan with no change of resources changes the stack all the same: outputs, tags, notifications. */
export function changesElse(shop: Workshop, stack: Stack, plan: Plan, request: StackRequest): boolean {
  const { tags, notificationArns } = stack.request;
  if (!same(sorted(tags), sorted(request.tags)) || !same(notificationArns, request.notificationArns)) return true;
  try {
    return !same(outputsOf(plan, liveScope(shop, stack, plan, stack.resources, new Set())), stack.outputs);
  } catch (error) {
    if (error instanceof WireFault) return true;
    throw error;
  }
}

function sorted(tags: StackRequest['tags']): StackRequest['tags'] {
  return tags.toSorted((one, other) => (one.Key < other.Key ? -1 : 1));
}

/** The scope before anything is done: what will be new is not known yet. */
function foresight(shop: Workshop, stack: Stack, plan: Plan, fresh: ReadonlySet<string>): Scope {
  const live = liveScope(shop, stack, plan, stack.resources, new Set());
  return {
    ...live,
    ref: (name) => (fresh.has(name) ? LATER : live.ref(name)),
    attribute: (id, name) => {
      const resource = stack.resources.get(id);
      return fresh.has(id) || !resource ? LATER : attributeOf(resource, name);
    },
  };
}

function modification(provider: Provider | undefined, before: StackResource, planned: PlannedResource, after: Properties, fresh: ReadonlySet<string>): ResourceChange | undefined {
  const names = changedNames(before.properties, after);
  const details: ChangeDetail[] = names.map((name) => detail(provider, name, planned, fresh));
  for (const attribute of ['DeletionPolicy', 'UpdateReplacePolicy'] as const) {
    const [key, now] = attribute === 'DeletionPolicy' ? [before.deletionPolicy, planned.deletionPolicy] : [before.updateReplacePolicy, planned.updateReplacePolicy];
    if (key !== (now ?? 'Delete')) details.push({ attribute, recreation: 'Never', evaluation: 'Static', source: 'DirectModification' });
  }
  if (details.length === 0) return undefined;
  const recreating = details.filter(({ recreation }) => recreation === 'Always');
  const replacement = recreating.length === 0 ? 'False' : recreating.some(({ evaluation }) => evaluation === 'Static') ? 'True' : 'Conditional';
  const scope = [...new Set(details.map(({ attribute }) => attribute))];
  const policy = replacement === 'True' ? { policy: planned.updateReplacePolicy === 'Retain' ? 'ReplaceAndRetain' : 'ReplaceAndDelete' } as const : {};
  return { action: 'Modify', id: planned.id, type: planned.type, physicalId: before.physicalId, replacement, scope, details, before: before.properties, after, ...policy };
}

function detail(provider: Provider | undefined, name: string, planned: PlannedResource, fresh: ReadonlySet<string>): ChangeDetail {
  const attribute = name === 'Tags' ? 'Tags' : 'Properties';
  const recreation = provider && (ruleOf(provider, name) === 'replace' || !provider.update) ? 'Always' : 'Never';
  const cause = referencesIn(planned.properties[name]).find(({ id }) => fresh.has(id));
  const named = attribute === 'Tags' ? {} : { name };
  if (!cause) return { attribute, ...named, recreation, evaluation: 'Static', source: 'DirectModification' };
  return { attribute, ...named, recreation, evaluation: 'Dynamic', source: cause.attribute ? 'ResourceAttribute' : 'ResourceReference', cause: cause.id };
}

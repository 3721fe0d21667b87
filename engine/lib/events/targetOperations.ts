import type { Service } from '../wire/index.ts';
import type { Bus } from './bus.ts';
import { serviceOf } from './delivery.ts';
import type { PageRequest } from './page.ts';
import { pageOf } from './page.ts';
import { invalid, tooMany, unbuilt } from './refusal.ts';
import { findRule, onDefault } from './ruleOperations.ts';
import type { Target } from './rule.ts';
import { inputRefusal } from './targetInput.ts';

interface OnRule {
  readonly Rule: string;
  readonly EventBusName?: string;
}

const TARGETS_AT_MOST = 5;
const SERVICES = ['lambda', 'states', 'sns'];
const BUILT = ['Id', 'Arn', 'RoleArn', 'Input', 'InputPath', 'InputTransformer', 'RetryPolicy'];

/** The operations on rules' targets. */
export function targetOperations(bus: Bus): Service['operations'] {
  return {
    PutTargets(input: OnRule & { readonly Targets: readonly Target[] }) {
      const rule = findRule(bus, input.Rule, input.EventBusName);
      input.Targets.forEach(checkTarget);
      const ids = new Set([...rule.targets.keys(), ...input.Targets.map(({ Id }) => Id)]);
      if (ids.size > TARGETS_AT_MOST) throw tooMany();
      for (const target of input.Targets) rule.targets.set(target.Id, target);
      return { FailedEntryCount: 0, FailedEntries: [] };
    },
    RemoveTargets(input: OnRule & { readonly Ids: readonly string[] }) {
      const rule = findRule(bus, input.Rule, input.EventBusName);
      for (const id of input.Ids) rule.targets.delete(id);
      return { FailedEntryCount: 0, FailedEntries: [] };
    },
    ListTargetsByRule(input: OnRule & PageRequest) {
      const rule = findRule(bus, input.Rule, input.EventBusName);
      const { items, next } = pageOf([...rule.targets.values()], input);
      return { Targets: items, ...(next !== undefined && { NextToken: next }) };
    },
    ListRuleNamesByTarget(input: PageRequest & { readonly TargetArn: string; readonly EventBusName?: string }) {
      onDefault(bus, input.EventBusName);
      const rules = [...bus.rules.values()].filter((rule) => [...rule.targets.values()].some(({ Arn }) => Arn === input.TargetArn));
      const { items, next } = pageOf(rules.map(({ name }) => name).sort(), input);
      return { RuleNames: items, ...(next !== undefined && { NextToken: next }) };
    },
  };
}

function checkTarget(target: Target, index: number): void {
  const { Id: id, Arn: arn } = target;
  const service = serviceOf(arn);
  if (service === undefined) throw invalid(`Parameter ${arn} is not valid. Reason: Provided Arn is not in correct format.`);
  if (!SERVICES.includes(service)) throw unbuilt(`targets in ${service} (${arn}; Lambda functions, state machines and topics are)`);
  const unknown = Object.keys(target).find((member) => !BUILT.includes(member));
  if (unknown !== undefined) throw unbuilt(`${unknown} of target ${id}`);
  if (service === 'states' && target.RoleArn === undefined) throw invalid(`RoleArn is required for target ${arn}.`);
  const refusal = inputRefusal(id, index, target);
  if (refusal !== undefined) throw invalid(refusal);
}

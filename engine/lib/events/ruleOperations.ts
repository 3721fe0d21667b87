import type { House } from '../ports.ts';
import type { Service } from '../wire/index.ts';
import { WireFault } from '../wire/index.ts';
import type { Bus } from './bus.ts';
import type { PageRequest } from './page.ts';
import { pageOf } from './page.ts';
import type { Pattern } from './pattern.ts';
import { compilePattern } from './pattern.ts';
import { invalid, noBus, noRule, tooMany, unbuilt } from './refusal.ts';
import type { Rule } from './rule.ts';
import type { Schedule } from './schedule.ts';
import { parseSchedule } from './schedule.ts';

/** Tags as AWS's lists carry them. */
export type TagList = readonly { readonly Key: string; readonly Value: string }[];

interface OnBus {
  readonly EventBusName?: string;
}

interface ByName extends OnBus {
  readonly Name: string;
}

interface PutRuleInput extends ByName {
  readonly EventPattern?: string;
  readonly ScheduleExpression?: string;
  readonly State?: string;
  readonly Description?: string;
  readonly RoleArn?: string;
  readonly Tags?: TagList;
}

const RULES_AT_MOST = 300;
const STATES = ['ENABLED', 'DISABLED', 'ENABLED_WITH_ALL_CLOUDTRAIL_MANAGEMENT_EVENTS'];

/** The operations on rules. */
export function ruleOperations(house: House, bus: Bus): Service['operations'] {
  const setState = (state: string) => (input: ByName): void => {
    const rule = findRule(bus, input.Name, input.EventBusName);
    rule.state = state;
    bus.arm(rule);
  };
  return {
    PutRule: (input: PutRuleInput) => ({ RuleArn: putRule(house, bus, input).arn }),
    DeleteRule(input: ByName) {
      onDefault(bus, input.EventBusName);
      const rule = bus.rules.get(input.Name);
      if (rule && rule.targets.size > 0) throw invalid("Rule can't be deleted since it has targets.");
      rule?.timer?.cancel();
      bus.rules.delete(input.Name);
    },
    DescribeRule: (input: ByName) => ({ ...shown(findRule(bus, input.Name, input.EventBusName)), CreatedBy: house.account }),
    ListRules(input: OnBus & PageRequest & { readonly NamePrefix?: string }) {
      onDefault(bus, input.EventBusName);
      const names = [...bus.rules.keys()].filter((name) => name.startsWith(input.NamePrefix ?? '')).sort();
      const { items, next } = pageOf(names, input);
      return { Rules: items.map((name) => shown(findRule(bus, name))), ...(next !== undefined && { NextToken: next }) };
    },
    EnableRule: setState('ENABLED'),
    DisableRule: setState('DISABLED'),
  };
}

/** The rule of a name, or AWS's refusal. */
export function findRule(bus: Bus, name: string, busName?: string): Rule {
  onDefault(bus, busName);
  const rule = bus.rules.get(name);
  if (!rule) throw noRule(name);
  return rule;
}

/** Refuses any bus but the default one, which is the only one there is. */
export function onDefault(bus: Bus, name: string = 'default'): void {
  if (name !== 'default' && name !== bus.arn) throw noBus(name.replace(/^.*event-bus\//, ''));
}

function putRule(house: House, bus: Bus, input: PutRuleInput): Rule {
  const { Name: name, EventBusName, EventPattern, ScheduleExpression, State = 'ENABLED', Description, RoleArn, Tags = [] } = input;
  checkName(name);
  onDefault(bus, EventBusName);
  if (EventPattern === undefined && ScheduleExpression === undefined) throw invalid('Parameter(s) EventPattern or ScheduleExpression must be specified.');
  if (!STATES.includes(State)) throw invalid(`1 validation error detected: Value '${State}' at 'state' failed to satisfy constraint: Member must satisfy enum value set: [${STATES.join(', ')}]`);
  const known = bus.rules.get(name);
  if (!known && bus.rules.size >= RULES_AT_MOST) throw tooMany();
  const rule: Rule = {
    name,
    arn: `arn:aws:events:${house.region}:${house.account}:rule/${name}`,
    ...(EventPattern !== undefined && { eventPattern: EventPattern, pattern: patternOf(EventPattern) }),
    ...(ScheduleExpression !== undefined && { scheduleExpression: ScheduleExpression, schedule: scheduleOf(ScheduleExpression) }),
    ...(Description !== undefined && { description: Description }),
    ...(RoleArn !== undefined && { roleArn: RoleArn }),
    state: State,
    targets: known?.targets ?? new Map(),
    // Tags of an update are ignored, as recorded.
    tags: known?.tags ?? new Map(Tags.map(({ Key, Value }) => [Key, Value])),
  };
  known?.timer?.cancel();
  bus.rules.set(name, rule);
  bus.arm(rule);
  return rule;
}

function checkName(name: string): void {
  const constraint = name.length > 64 ? 'Member must have length less than or equal to 64' : /^[.\-_A-Za-z0-9]+$/.test(name) ? undefined : 'Member must satisfy regular expression pattern: [\\.\\-_A-Za-z0-9]+';
  if (constraint !== undefined) throw invalid(`1 validation error detected: Value '${name}' at 'name' failed to satisfy constraint: ${constraint}`);
}

/** Compiles a pattern, or refuses it as EventBridge does. */
export function patternOf(text: string): Pattern {
  const pattern = compilePattern(text);
  if ('refused' in pattern) throw new WireFault({ code: 'InvalidEventPatternException', message: `Event pattern is not valid. Reason: ${pattern.refused}` });
  return pattern;
}

function scheduleOf(text: string): Schedule {
  const schedule = parseSchedule(text);
  if (!schedule) throw invalid('Parameter ScheduleExpression is not valid.');
  if ('unbuilt' in schedule) throw unbuilt(`the schedule ${text} (${schedule.unbuilt})`);
  return schedule;
}

function shown(rule: Rule): Record<string, unknown> {
  return {
    Name: rule.name,
    Arn: rule.arn,
    EventPattern: rule.eventPattern,
    ScheduleExpression: rule.scheduleExpression,
    State: rule.state,
    Description: rule.description,
    RoleArn: rule.roleArn,
    EventBusName: 'default',
  };
}

import type { AlarmState, House } from '../ports.ts';
import type { Alarm, CompositeSettings, Standing } from './alarm.ts';
import type { AlarmBook } from './alarmBook.ts';
import { alarmsIn, deciding, holds, parseAlarmRule, renameAlarms } from './alarmRule.ts';
import { commonSettings, type AlarmInput } from './metricAlarm.ts';
import { validationError } from './refusal.ts';
import { Suppression } from './suppression.ts';
import { instantText, longText } from './text.ts';

/** The input of PutCompositeAlarm. */
export interface PutCompositeAlarmInput extends AlarmInput {
  readonly AlarmRule: string;
  readonly ActionsSuppressor?: string;
  readonly ActionsSuppressorWaitPeriod?: number;
  readonly ActionsSuppressorExtensionPeriod?: number;
}

/** How long a composite alarm that is part of a cycle waits before it looks at its own change, so that a cycle takes time. */
const CYCLE_MS = 1000;

/** Composite alarms: put at once into the state of their rule, and moved with their children, at the children's instants. */
export class Composites {
  readonly #house: House;
  readonly #book: AlarmBook;
  readonly #suppression: Suppression;
  /** The composites whose change is being passed on just now. */
  readonly #passing: Set<string> = new Set();

  constructor(house: House, book: AlarmBook) {
    this.#house = house;
    this.#book = book;
    this.#suppression = new Suppression(house, book);
    book.listen((child) => { this.#pass(child); });
  }

  /** Checks PutCompositeAlarm's input and turns it into settings. */
  settings(input: PutCompositeAlarmInput, now: number): CompositeSettings {
    const own = this.#book.arnOf(input.AlarmName);
    const rule = renameAlarms(parseAlarmRule(input.AlarmRule), (name) => this.#arn(name));
    const children = [...new Set(alarmsIn(rule))];
    if (children.includes(own)) throw validationError('A composite alarm cannot have a child relation with itself via its AlarmRule, as it would introduce a circular dependency');
    const absent = children.filter((arn) => !this.#book.find(arn));
    if (absent.length > 0) throw validationError(`Could not save the composite alarm as alarms [${absent.join(', ')}] in the alarm rule do not exist`);
    const suppressor = this.#suppressor(input, own);
    return { kind: 'composite', ...commonSettings(input, now), ruleText: input.AlarmRule, rule, ...(suppressor && { suppressor }) };
  }

  /** Evaluates an alarm that was just put. */
  evaluateNow(alarm: Alarm, created: boolean): void {
    if (alarm.settings.kind !== 'composite') return;
    const [value, triggering] = this.#outcome(alarm.settings);
    const reason = created ? `${alarm.arn} was created and its alarm rule evaluates to ${value}` : `${alarm.arn} was updated and its new alarm rule evaluates to ${value}`;
    if (value !== alarm.standing.value) this.#suppression.enter(alarm, value, reason, reasonData(triggering), alarm.settings.configured);
    else this.#suppression.reconsider(alarm);
  }

  /** The composite alarms that depend on an alarm, by rule or as their suppressor. */
  dependents(alarm: Alarm): Alarm[] {
    return this.#all().filter(([, { rule, suppressor }]) => alarmsIn(rule).includes(alarm.arn) || suppressor?.arn === alarm.arn).map(([composite]) => composite);
  }

  forget(alarm: Alarm): void {
    this.#suppression.forget(alarm);
  }

  #all(): [Alarm, CompositeSettings][] {
    const found: [Alarm, CompositeSettings][] = [];
    for (const alarm of this.#book.alarms.values()) if (alarm.settings.kind === 'composite') found.push([alarm, alarm.settings]);
    return found;
  }

  #stateOf = (arn: string): AlarmState => this.#book.find(arn)?.standing.value ?? 'INSUFFICIENT_DATA';

  #outcome(settings: CompositeSettings): [AlarmState, Alarm[]] {
    const outcome = holds(settings.rule, this.#stateOf);
    const arns = deciding(settings.rule, outcome, this.#stateOf);
    return [outcome ? 'ALARM' : 'OK', arns.map((arn) => this.#book.find(arn)).filter((alarm) => alarm !== undefined)];
  }

  /** Passes a child's change on to its parents in the same turn; one that is passing on already looks again a second later. */
  #pass(child: Alarm): void {
    const outer = !this.#passing.has(child.arn);
    this.#passing.add(child.arn);
    for (const [parent, { rule }] of this.#all()) {
      if (!alarmsIn(rule).includes(child.arn)) continue;
      const { standing } = child;
      if (this.#passing.has(parent.arn)) this.#house.kernel.at(this.#house.kernel.now() + CYCLE_MS, () => { this.#look(parent, child, child.standing); });
      else this.#look(parent, child, standing);
    }
    if (outer) this.#passing.delete(child.arn);
  }

  #look(parent: Alarm, child: Alarm, { value: childValue, transitioned }: Standing): void {
    if (parent.settings.kind !== 'composite' || this.#book.find(parent.arn) !== parent) return;
    const [value] = this.#outcome(parent.settings);
    if (value === parent.standing.value) return;
    const at = Math.max(transitioned, parent.standing.updated);
    this.#suppression.enter(parent, value, `${child.arn} transitioned to ${childValue} at ${longText(transitioned)}`, reasonData([child]), at);
  }

  #arn(name: string): string {
    if (!name.startsWith('arn:')) return this.#book.arnOf(name);
    const [, region, account] = /^arn:[^:]+:cloudwatch:([^:]*):([^:]*):alarm:/.exec(name) ?? [];
    if (region !== undefined && region !== this.#house.region) throw validationError(`Error in AlarmRule [Wrong ARN region, it was ${region} but ${this.#house.region} was expected instead]`);
    if (account !== undefined && account !== this.#house.account) throw validationError('A composite alarm cannot have a child relation with alarms from another AWS account');
    return name;
  }

  #suppressor(input: PutCompositeAlarmInput, own: string): CompositeSettings['suppressor'] {
    const { ActionsSuppressor: given, ActionsSuppressorWaitPeriod: waitPeriod, ActionsSuppressorExtensionPeriod: extensionPeriod } = input;
    if (given === undefined) return undefined;
    if (waitPeriod === undefined || extensionPeriod === undefined) throw validationError('ActionsSuppressorWaitPeriod and ActionsSuppressorExtensionPeriod are required when ActionsSuppressor is set');
    const arn = this.#arn(given);
    if (arn === own) throw validationError('A composite alarm cannot be its own ActionsSuppressor');
    if (!this.#book.find(arn)) throw validationError(`Could not save the composite alarm as the actions suppressor [${arn}] does not exist`);
    return { given, arn, waitPeriod, extensionPeriod };
  }
}

function reasonData(triggering: readonly Alarm[]): string {
  return JSON.stringify({ triggeringAlarms: triggering.map(({ arn, standing }) => ({ arn, state: { value: standing.value, timestamp: instantText(standing.transitioned) } })) });
}

import type { EventsPort, House } from '../ports.ts';
import type { EventEnvelope, EventParts } from './envelope.ts';
import { envelope } from './envelope.ts';
import { deliver } from './delivery.ts';
import type { Fields } from './fields.ts';
import { fieldsOfValue } from './fields.ts';
import type { Rule } from './rule.ts';
import { enabled } from './rule.ts';

/** The default bus: its rules by name, and what happens to an event that comes in. */
export class Bus implements EventsPort {
  readonly rules: Map<string, Rule> = new Map();
  readonly arn: string;
  readonly tags: Map<string, string> = new Map();
  readonly #house: House;

  constructor(house: House) {
    this.#house = house;
    this.arn = `arn:aws:events:${house.region}:${house.account}:event-bus/default`;
  }

  /** Takes an event in; targets of the rules that fit it are invoked in turns of their own. */
  emit(parts: EventParts): void {
    this.publish(envelope(this.#house, parts));
  }

  /** As `emit`, for an event in its envelope already; the rule left out does not see it. */
  publish(event: EventEnvelope, except?: Rule): void {
    let fields: Fields | undefined;
    for (const rule of this.rules.values()) {
      if (rule === except || !rule.pattern || !enabled(rule) || rule.targets.size === 0) continue;
      fields ??= fieldsOfValue(event);
      if (rule.pattern.matches(fields)) this.#send(rule, event);
    }
  }

  /** Puts a rule's timer as its schedule and state ask. */
  arm(rule: Rule): void {
    rule.timer?.cancel();
    rule.timer = undefined;
    const next = enabled(rule) ? rule.schedule?.next(this.#house.kernel.now()) : undefined;
    if (next === undefined) return;
    rule.timer = this.#house.kernel.at(next, () => {
      const event = envelope(this.#house, { source: 'aws.events', detailType: 'Scheduled Event', resources: [rule.arn], detail: {}, time: next });
      this.#send(rule, event);
      this.publish(event, rule);
      this.arm(rule);
    });
  }

  #send(rule: Rule, event: EventEnvelope): void {
    for (const target of rule.targets.values()) deliver(this.#house, rule, target, event);
  }
}

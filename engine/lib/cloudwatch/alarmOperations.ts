import type { AlarmState, House } from '../ports.ts';
import type { Service } from '../wire/call.ts';
import type { Alarm } from './alarm.ts';
import type { AlarmBook } from './alarmBook.ts';
import type { Composites, PutCompositeAlarmInput } from './composites.ts';
import { metricSettings, type AlarmInput, type PutMetricAlarmInput } from './metricAlarm.ts';
import { invalidFormat, notInEnumeration, resourceNotFound, validationError } from './refusal.ts';
import type { Schedule } from './schedule.ts';
import { checkedTags } from './tags.ts';

interface SetAlarmStateInput {
  readonly AlarmName: string;
  readonly StateValue: string;
  readonly StateReason: string;
  readonly StateReasonData?: string;
}

interface AlarmNamesInput {
  readonly AlarmNames: readonly string[];
}

const STATES: readonly string[] = ['OK', 'ALARM', 'INSUFFICIENT_DATA'];
const LONGEST_NAME = 255;
const MOST_NAMES = 100;

/** The operations that change alarms. */
export function alarmOperations(house: House, book: AlarmBook, composites: Composites, schedule: Schedule): Service['operations'] {
  const { kernel, draws } = house;
  return {
    PutMetricAlarm: (input: PutMetricAlarmInput) => {
      checkName(book, input, 'metric');
      const tags = checkedTags(input.Tags ?? []);
      const settings = metricSettings(input, house.account, draws.uuid(`cloudwatch:metric:${input.AlarmName}`), kernel.now());
      schedule.start(book.configure(input.AlarmName, settings, tags).alarm);
    },
    PutCompositeAlarm: (input: PutCompositeAlarmInput) => {
      checkName(book, input, 'composite');
      const tags = checkedTags(input.Tags ?? []);
      const { alarm, created } = book.configure(input.AlarmName, composites.settings(input, kernel.now()), tags);
      composites.evaluateNow(alarm, created);
    },
    DeleteAlarms: (input: AlarmNamesInput) => { deleteAlarms(input, book, composites, schedule); },
    SetAlarmState: (input: SetAlarmStateInput) => { setAlarmState(input, book); },
    EnableAlarmActions: (input: AlarmNamesInput) => { setActions(input, true, book, kernel.now()); },
    DisableAlarmActions: (input: AlarmNamesInput) => { setActions(input, false, book, kernel.now()); },
  };
}

function checkName(book: AlarmBook, { AlarmName: name }: AlarmInput, kind: Alarm['settings']['kind']): void {
  if (name.length < 1 || name.length > LONGEST_NAME) {
    throw validationError(`1 validation error detected: Value '${name}' at 'alarmName' failed to satisfy constraint: Member must have length ${name.length < 1 ? 'greater than or equal to 1' : `less than or equal to ${LONGEST_NAME}`}`);
  }
  const known = book.alarms.get(name);
  if (known && known.settings.kind !== kind) throw validationError(`AlarmName [${name}] is already used by another alarm of a different type`);
}

/** All or none: an alarm that a composite depends on cannot go, even if the same call lists the composite. */
function deleteAlarms({ AlarmNames: names }: AlarmNamesInput, book: AlarmBook, composites: Composites, schedule: Schedule): void {
  checkNames(names);
  const alarms = names.map((name) => book.alarms.get(name)).filter((alarm) => alarm !== undefined);
  for (const alarm of alarms) {
    if (composites.dependents(alarm).length > 0) throw validationError(`Cannot delete ${alarm.name} as there are composite alarm(s) depending on it.`);
  }
  for (const alarm of new Set(alarms)) {
    schedule.stop(alarm);
    composites.forget(alarm);
    book.remove(alarm);
  }
}

/** The state an alarm is in already changes nothing, not even the reason. */
function setAlarmState(input: SetAlarmStateInput, book: AlarmBook): void {
  const { AlarmName: name, StateValue: value, StateReason: reason, StateReasonData: data } = input;
  if (!STATES.includes(value)) throw notInEnumeration(value, 'stateValue', STATES);
  const alarm = book.alarms.get(name);
  if (!alarm) throw resourceNotFound('');
  if (data !== undefined && !isJson(data)) throw invalidFormat('');
  if (alarm.standing.value !== value) book.move(alarm, value as AlarmState, reason, data);
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch (error) {
    if (error instanceof SyntaxError) return false;
    throw error;
  }
}

/** Names that are not there are passed over; enabling again is no transition, so nothing fires. */
function setActions({ AlarmNames: names }: AlarmNamesInput, actionsEnabled: boolean, book: AlarmBook, now: number): void {
  checkNames(names);
  for (const name of names) {
    const alarm = book.alarms.get(name);
    if (alarm && alarm.settings.actionsEnabled !== actionsEnabled) book.reconfigure(alarm, { ...alarm.settings, actionsEnabled, configured: now });
  }
}

function checkNames(names: readonly string[]): void {
  if (names.length > MOST_NAMES) throw validationError(`1 validation error detected: Value at 'alarmNames' failed to satisfy constraint: Member must have length less than or equal to ${MOST_NAMES}`);
}

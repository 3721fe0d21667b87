import { DeleteAlarmsCommand, DisableAlarmActionsCommand } from '@aws-sdk/client-cloudwatch';
import { follow, type Course, type Followed } from '../course.ts';
import type { Growth } from '../growth.ts';
import type { Probe } from '../probe.ts';
import type { Stage } from '../stage.ts';

const GROWTH: Growth = { type: 'LINEAR', factor: 50, minutes: 2, bakeMinutes: 0 };

/** A monitor's alarm before the deployment begins, and what happens to it half a minute later. */
interface Case {
  readonly name: string;
  readonly before?: 'OK' | 'ALARM';
  readonly actions?: 'disabled';
  readonly later?: 'ALARM' | 'INSUFFICIENT_DATA' | 'deleted';
}

const CASES: readonly Case[] = [
  { name: 'ok', before: 'OK' },
  { name: 'alarm', before: 'ALARM' },
  { name: 'insufficient-data' },
  { name: 'alarm-later', before: 'OK', later: 'ALARM' },
  { name: 'insufficient-data-later', before: 'OK', later: 'INSUFFICIENT_DATA' },
  { name: 'actions-disabled', before: 'ALARM', actions: 'disabled' },
  { name: 'deleted-later', before: 'OK', later: 'deleted' },
];

/** What monitors do to a deployment. */
export const monitors: Probe = {
  name: 'monitors',
  question: 'Which states of a monitor roll back, when, and in which words?',
  minutes: 5,
  creates: `${CASES.length} alarms, environments and profiles, a deployment of 2 minutes in each`,
  async run(stage) {
    const { cloudwatch } = stage.target.clients;
    const ready = await Promise.all(CASES.map(async (one) => ({ one, alarm: await stage.alarm(one.before) })));
    const begun: { name: string; followed: Followed; one: Case; alarm: string }[] = [];
    for (const { one, alarm } of ready) {
      if (one.actions === 'disabled') await cloudwatch.send(new DisableAlarmActionsCommand({ AlarmNames: [alarm.name] }));
      begun.push({ name: one.name, one, alarm: alarm.name, followed: await start(stage, one.name, alarm.arn) });
    }
    await stage.target.clock.wait(30_000);
    for (const { one, alarm } of begun) {
      if (one.later === 'deleted') await cloudwatch.send(new DeleteAlarmsCommand({ AlarmNames: [alarm] }));
      else if (one.later !== undefined) await stage.setAlarm(alarm, one.later);
    }
    const courses = await follow(stage, begun.map(({ followed }) => followed), GROWTH.minutes + 4);
    const cases: Record<string, Course> = Object.fromEntries(begun.map(({ name }, index) => [name, courses[index]!]));
    const rolledBack = (name: string): boolean => cases[name]?.state === 'ROLLED_BACK';
    return { insufficientDataRollsBack: rolledBack('insufficient-data'), actionsDisabledRollsBack: rolledBack('actions-disabled'), cases };
  },
};

async function start(stage: Stage, name: string, alarmArn: string): Promise<Followed> {
  const place = await stage.place(name, [alarmArn]);
  return { place, number: await stage.start(place, GROWTH) };
}

import { CreateFunctionCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { CloudWatchLogsClient, FilterLogEventsCommand } from '@aws-sdk/client-cloudwatch-logs';
import { EventBridgeClient, PutEventsCommand, PutRuleCommand, PutTargetsCommand } from '@aws-sdk/client-eventbridge';
import { CreateStateMachineCommand, SFNClient } from '@aws-sdk/client-sfn';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { Bus } from '../../lib/events/bus.ts';
import type { Rule, Target } from '../../lib/events/rule.ts';
import { compilePattern } from '../../lib/events/pattern.ts';
import { parseSchedule } from '../../lib/events/schedule.ts';
import { Draws } from '../../lib/kernel/draws.ts';
import { History, type HistoryEntry } from '../../lib/kernel/history.ts';
import { Kernel } from '../../lib/kernel/kernel.ts';
import type { House, Ports } from '../../lib/ports.ts';
import { settingsOf } from '../../lib/settings.ts';
import { WireFault } from '../../lib/wire/index.ts';
import { startRig, zipOf } from '../rig.ts';

const MACHINE = 'arn:aws:states:us-east-1:000000000000:stateMachine:m';
const SECOND = 1000;

interface Stage {
  readonly house: House;
  readonly bus: Bus;
  readonly entries: HistoryEntry[];
  /** Inputs the machine was started with, and when, in seconds. */
  readonly started: (readonly [seconds: number, input: string])[];
}

/** A bus whose one neighbour is a state machine that refuses as often as it is told. */
function stage(refusals: WireFault[] = []): Stage {
  const kernel = new Kernel({ mode: 'virtual' });
  const started: (readonly [number, string])[] = [];
  const states: Ports['states'] = {
    start({ input }) {
      const refusal = refusals.shift();
      if (refusal) throw refusal;
      started.push([(kernel.now() - kernel.start) / SECOND, input]);
      return { executionArn: 'execution' };
    },
  };
  const house: House = { kernel, draws: new Draws('test'), history: new History(kernel), settings: settingsOf(), account: '000000000000', region: 'us-east-1', ports: { states, access: { denial: () => undefined, refusalOf: () => undefined, concealed: (_: unknown, __: unknown, refusal: WireFault) => refusal, guarded: () => false } } as Partial<Ports> as Ports };
  const entries: HistoryEntry[] = [];
  house.history.listen((entry) => { entries.push(entry); });
  void kernel.run();
  return { house, bus: new Bus(house), entries, started };
}

function rule(bus: Bus, parts: Partial<Rule>, target: Partial<Target> = {}): Rule {
  const made: Rule = { name: 'r', arn: 'arn:aws:events:us-east-1:000000000000:rule/r', state: 'ENABLED', targets: new Map([['t', { Id: 't', Arn: MACHINE, ...target }]]), tags: new Map(), ...parts };
  bus.rules.set(made.name, made);
  bus.arm(made);
  return made;
}

function pattern(text: string): Pick<Rule, 'eventPattern' | 'pattern'> {
  const compiled = compilePattern(text);
  if ('refused' in compiled) throw new Error(compiled.refused);
  return { eventPattern: text, pattern: compiled };
}

function schedule(text: string): Pick<Rule, 'scheduleExpression' | 'schedule'> {
  const parsed = parseSchedule(text);
  if (!parsed || 'unbuilt' in parsed) throw new Error(`no schedule: ${text}`);
  return { scheduleExpression: text, schedule: parsed };
}

const busy = (): WireFault => new WireFault({ code: 'ThrottlingException', status: 400, message: 'Rate exceeded' });
const PARTS = { source: 'probe', detailType: 'p', resources: [], detail: { v: 1 } };

let s: Stage;
beforeEach(() => { s = stage(); });
afterEach(() => { s.house.kernel.stop(); });

describe('the default bus', () => {
  test('puts an event into its envelope and starts the machines of the rules it fits, in turns of their own', async () => {
    rule(s.bus, { ...pattern('{"source":["probe"]}') }, { Input: '"fits"' });
    rule(s.bus, { name: 'off', state: 'DISABLED', ...pattern('{"source":["probe"]}') }, { Input: '"off"' });
    rule(s.bus, { name: 'other', ...pattern('{"source":["else"]}') }, { Input: '"other"' });
    rule(s.bus, { name: 'whole', ...pattern('{"detail":{"v":[1]}}') });

    s.bus.emit(PARTS);
    const early = s.started.length;
    await s.house.kernel.advance(0);

    expect(early).toBe(0);
    expect(s.started.map(([, input]) => input)[0]).toBe('"fits"');
    expect(JSON.parse(s.started[1]?.[1] ?? '')).toEqual({
      version: '0', id: expect.stringMatching(/^[0-9a-f-]{36}$/) as string, 'detail-type': 'p', source: 'probe', account: '000000000000', time: '2026-01-01T00:00:00Z', region: 'us-east-1', resources: [], detail: { v: 1 },
    });
    expect(s.entries.map(({ kind, subject, detail }) => [kind, subject, detail])).toEqual([
      ['events:delivery', 'r', { target: MACHINE }],
      ['events:delivery', 'whole', { target: MACHINE }],
    ]);
  });

  test('tries a busy target again, each time after twice the pause', async () => {
    s = stage([busy(), busy(), busy()]);
    rule(s.bus, pattern('{"source":["probe"]}'), { Input: '1' });

    s.bus.emit(PARTS);
    await s.house.kernel.advance(60 * SECOND);

    expect(s.started).toEqual([[7, '1']]);
  });

  test('gives up after the retries of the RetryPolicy', async () => {
    s = stage([busy(), busy()]);
    rule(s.bus, pattern('{"source":["probe"]}'), { Input: '1', RetryPolicy: { MaximumRetryAttempts: 1 } });

    s.bus.emit(PARTS);
    await s.house.kernel.advance(60 * SECOND);

    expect(s.started).toEqual([]);
    expect(s.entries.map(({ detail }) => detail)).toEqual([{ target: MACHINE, error: 'ThrottlingException' }]);
  });

  test('gives up when the event would be older than the RetryPolicy allows', async () => {
    s = stage(Array.from({ length: 100 }, busy));
    rule(s.bus, pattern('{"source":["probe"]}'), { RetryPolicy: { MaximumEventAgeInSeconds: 60 } });

    s.bus.emit(PARTS);
    await s.house.kernel.advance(3600 * SECOND);

    expect(s.entries.map(({ time }) => (time - s.house.kernel.start) / SECOND)).toEqual([31]);
  });

  test('does not try a target again that is not there, nor an input that is no JSON', async () => {
    s = stage([new WireFault({ code: 'StateMachineDoesNotExist', message: 'gone' })]);
    rule(s.bus, pattern('{"source":["probe"]}'));
    rule(s.bus, { name: 'text', ...pattern('{"source":["probe"]}') }, { InputTransformer: { InputTemplate: '<v>', InputPathsMap: { v: '$.source' } } });

    s.bus.emit(PARTS);
    await s.house.kernel.advance(3600 * SECOND);

    expect(s.started).toEqual([]);
    expect(s.entries.map(({ detail }) => detail['error'])).toEqual(['StateMachineDoesNotExist', 'INVALID_JSON']);
  });

  test('fires a rate from the instant its rule was put, and no more once it is disabled', async () => {
    const made = rule(s.bus, schedule('rate(5 minutes)'));

    await s.house.kernel.advance(11 * 60 * SECOND);
    made.state = 'DISABLED';
    s.bus.arm(made);
    await s.house.kernel.advance(60 * 60 * SECOND);

    expect(s.started.map(([seconds]) => seconds)).toEqual([300, 600]);
    expect(JSON.parse(s.started[0]?.[1] ?? '')).toMatchObject({ source: 'aws.events', 'detail-type': 'Scheduled Event', time: '2026-01-01T00:05:00Z', resources: [made.arn], detail: {} });
  });
});

describe('a cron expression', () => {
  const next = (text: string, after: string): string | undefined => {
    const parsed = parseSchedule(text);
    const time = parsed && 'next' in parsed ? parsed.next(Date.parse(after)) : undefined;
    return time === undefined ? undefined : new Date(time).toISOString();
  };

  test.each([
    ['cron(0 12 * * ? *)', '2026-01-01T12:00:00Z', '2026-01-02T12:00:00.000Z'],
    ['cron(5,35 14 * * ? *)', '2026-01-01T14:05:00Z', '2026-01-01T14:35:00.000Z'],
    ['cron(0-30/10 8-17 ? * MON-FRI *)', '2026-01-02T17:30:00Z', '2026-01-05T08:00:00.000Z'],
    ['cron(*/15 * * * ? *)', '2026-01-01T00:01:30Z', '2026-01-01T00:15:00.000Z'],
    ['cron(1/10 * * * ? *)', '2026-01-01T00:52:00Z', '2026-01-01T01:01:00.000Z'],
    ['cron(0/30 20-2 ? * MON-FRI *)', '2026-01-01T02:30:00Z', '2026-01-01T20:00:00.000Z'],
    ['cron(0 0 1 NOV-FEB ? *)', '2026-02-02T00:00:00Z', '2026-11-01T00:00:00.000Z'],
    ['cron(0 0 ? * FRI-MON *)', '2026-01-05T00:00:00Z', '2026-01-09T00:00:00.000Z'],
    ['cron(0 0 28-3 * ? *)', '2026-01-03T00:00:00Z', '2026-01-28T00:00:00.000Z'],
    ['cron(0 0 ? * 1,7 *)', '2026-01-01T00:00:00Z', '2026-01-03T00:00:00.000Z'],
    ['cron(0 0 29 2 ? *)', '2026-01-01T00:00:00Z', '2028-02-29T00:00:00.000Z'],
    ['cron(0 0 1 1 ? 2030)', '2026-01-01T00:00:00Z', '2030-01-01T00:00:00.000Z'],
    ['cron(0 0 1 1 ? 2020)', '2026-01-01T00:00:00Z', undefined],
  ])('%s fires after %s at %s', (text, after, expected) => {
    expect(next(text, after)).toBe(expected);
  });

  test.each(['cron(0 12 * * ?)', 'cron(60 12 * * ? *)', 'cron(0 12 1 * 1 *)', 'cron(0 12 ? * ? *)', 'rate(0 minutes)', 'rate(5 minute)', 'rate(1 seconds)', 'at(2026-01-01)', ''])('%s is no schedule', (text) => {
    expect(parseSchedule(text)).toBeUndefined();
  });
});

test('a function hears of an event over the SDK, transformed as its target says', async () => {
  await using rig = await startRig();
  const lambda = rig.client(LambdaClient);
  const events = rig.client(EventBridgeClient);
  const code = zipOf('export const handler = async (event) => { console.log("heard " + JSON.stringify(event)); };');
  const { FunctionArn } = await lambda.send(new CreateFunctionCommand({ FunctionName: 'ear', Runtime: 'nodejs20.x', Role: 'arn:aws:iam::000000000000:role/r', Handler: 'index.handler', Code: { ZipFile: code } }));
  await events.send(new PutRuleCommand({ Name: 'loud', EventPattern: '{"source":["mouth"],"detail":{"volume":[{"numeric":[">",10]}]}}' }));
  await events.send(new PutTargetsCommand({ Rule: 'loud', Targets: [{ Id: 'ear', Arn: FunctionArn, InputTransformer: { InputTemplate: '{"said":<what>}', InputPathsMap: { what: '$.detail.what' } } }] }));

  await events.send(new PutEventsCommand({ Entries: ['whisper', 'shout'].map((what, index) => ({ Source: 'mouth', DetailType: 'word', Detail: JSON.stringify({ what, volume: index * 20 }) })) }));
  await rig.advance(60_000);

  const { events: lines = [] } = await rig.client(CloudWatchLogsClient).send(new FilterLogEventsCommand({ logGroupName: '/aws/lambda/ear', filterPattern: 'heard' }));
  expect(lines.map(({ message }) => message?.replace(/^.*heard /s, '').trim())).toEqual(['{"said":"shout"}']);
});

test('a state machine is started by an event over the SDK', async () => {
  await using rig = await startRig();
  const events = rig.client(EventBridgeClient);
  const seen: string[] = [];
  rig.engine.history.listen(({ kind }) => { seen.push(kind); });
  const definition = JSON.stringify({ StartAt: 'Done', States: { Done: { Type: 'Succeed' } } });
  const { stateMachineArn } = await rig.client(SFNClient).send(new CreateStateMachineCommand({ name: 'm', definition, roleArn: 'arn:aws:iam::000000000000:role/r' }));
  await events.send(new PutRuleCommand({ Name: 'start', EventPattern: '{"source":["mouth"]}' }));
  await events.send(new PutTargetsCommand({ Rule: 'start', Targets: [{ Id: 'm', Arn: stateMachineArn, RoleArn: 'arn:aws:iam::000000000000:role/r' }] }));

  await events.send(new PutEventsCommand({ Entries: [{ Source: 'mouth', DetailType: 'word', Detail: '{}' }] }));
  await rig.advance(1000);

  expect(seen).toContain('events:delivery');
  expect(seen).toContain('states:execution');
});

import {
  CreateStateMachineAliasCommand, DeleteStateMachineAliasCommand, DescribeStateMachineAliasCommand, ListStateMachineAliasesCommand, UpdateStateMachineAliasCommand, type RoutingConfigurationListItem,
} from '@aws-sdk/client-sfn';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { drawVersion } from '../../lib/states/alias.ts';
import type { Version } from '../../lib/states/stateMachine.ts';
import { refused } from '../refused.ts';
import { BASE, pass, startStage, worded, type Stage } from './stage.ts';

let stage: Stage;
let arn: string;
let one: string;
let two: string;
let three: string;
let foreign: string;
beforeAll(async () => {
  stage = await startStage();
  arn = await stage.create('orders', pass('1'), { publish: true });
  one = `${arn}:1`;
  two = await stage.publish(arn, pass('2'));
  three = await stage.publish(arn, pass('3'));
  foreign = `${await stage.create('other', pass(), { publish: true })}:1`;
});
afterAll(() => stage[Symbol.asyncDispose]());

const routed = (...routes: readonly (readonly [string, number])[]): RoutingConfigurationListItem[] => routes.map(([stateMachineVersionArn, weight]) => ({ stateMachineVersionArn, weight }));
const describeAlias = (of: Stage, stateMachineAliasArn: string) => of.sfn.send(new DescribeStateMachineAliasCommand({ stateMachineAliasArn }));
const shift = (of: Stage, stateMachineAliasArn: string, ...routes: readonly (readonly [string, number])[]) => of.sfn.send(new UpdateStateMachineAliasCommand({ stateMachineAliasArn, routingConfiguration: routed(...routes) }));
const create = (name: string, ...routes: readonly (readonly [string, number])[]): Promise<unknown> => stage.sfn.send(new CreateStateMachineAliasCommand({ name, routingConfiguration: routed(...routes) }));

describe('an alias', () => {
  it('is created once and shifted; it has an update\'s date only after an update', async () => {
    const input = { name: 'steps', description: 'd', routingConfiguration: routed([one, 100]) };
    const first = await stage.sfn.send(new CreateStateMachineAliasCommand(input));
    await stage.rig.advance(1000);
    const again = await stage.sfn.send(new CreateStateMachineAliasCommand(input));
    expect([again.stateMachineAliasArn, again.creationDate]).toEqual([`${arn}:steps`, first.creationDate]);
    for (const other of [{ ...input, description: 'e' }, { ...input, routingConfiguration: routed([one, 50], [two, 50]) }]) {
      expect(await refused(stage.sfn.send(new CreateStateMachineAliasCommand(other)))).toEqual({ code: 'ConflictException', status: 400, message: 'Failed to create alias because an alias with the same name and a different routing configuration already exists.' });
    }

    const before = await describeAlias(stage, `${arn}:steps`);
    const { updateDate } = await shift(stage, `${arn}:steps`, [one, 90], [two, 10]);
    const after = await describeAlias(stage, `${arn}:steps`);
    expect(before).toMatchObject({ name: 'steps', description: 'd', routingConfiguration: routed([one, 100]), creationDate: first.creationDate });
    expect(before.updateDate).toBeUndefined();
    expect(after).toMatchObject({ description: 'd', routingConfiguration: routed([one, 90], [two, 10]), updateDate });
  });

  it('is read stale, and routes stale, for as long as the setting says', async () => {
    await using own = await startStage({ settings: { states: { aliasLagMs: 1400 } } });
    const machine = await own.create('lagging', pass('1'), { publish: true });
    const next = await own.publish(machine, pass('2'));
    const alias = await own.alias('live', [`${machine}:1`, 100]);
    const seen = async (): Promise<unknown[]> => {
      const { routingConfiguration, updateDate } = await describeAlias(own, alias);
      const { stateMachineVersionArn } = await own.describe(await own.start(alias));
      return [routingConfiguration?.[0]?.stateMachineVersionArn, stateMachineVersionArn, updateDate?.getTime()];
    };
    const started = own.rig.engine.clock.now();

    await shift(own, alias, [next, 100]);
    expect(await seen()).toEqual([`${machine}:1`, `${machine}:1`, undefined]);
    await own.rig.advance(1000);
    await shift(own, alias, [`${machine}:1`, 100]);
    await own.rig.advance(400);
    expect(await seen()).toEqual([next, next, started]);
    await own.rig.advance(1000);
    expect(await seen()).toEqual([`${machine}:1`, `${machine}:1`, started + 1000]);
  });

  it('is listed by name, also by the versions it refers to', async () => {
    await stage.alias('b', [three, 100]);
    await stage.alias('a', [two, 50], [three, 50]);
    const list = async (of: string, maxResults?: number): Promise<(string | undefined)[]> => {
      const { stateMachineAliases } = await stage.sfn.send(new ListStateMachineAliasesCommand({ stateMachineArn: of, maxResults }));
      return stateMachineAliases!.map(({ stateMachineAliasArn }) => stateMachineAliasArn);
    };

    expect(await list(three)).toEqual([`${arn}:a`, `${arn}:b`]);
    expect((await list(arn)).slice(0, 2)).toEqual([`${arn}:a`, `${arn}:b`]);
    expect(await list(three, 1)).toEqual([`${arn}:a`]);
  });

  it('is deleted once or twice, and then is no more', async () => {
    const alias = await stage.alias('short', [one, 100]);
    for (let time = 0; time < 2; time += 1) await stage.sfn.send(new DeleteStateMachineAliasCommand({ stateMachineAliasArn: alias }));

    expect(await refused(describeAlias(stage, alias))).toEqual({ code: 'ResourceNotFound', message: `Resource not found: '${alias}'`, status: 400 });
    expect((await refused(stage.start(alias))).code).toBe('StateMachineDoesNotExist');
  });
});

it('a version\'s share of draws is its weight, whatever the weights', () => {
  const version = (number: number): Version => ({ number } as Version);
  fc.assert(fc.property(fc.integer({ min: 0, max: 100 }), fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }), (weight, draw) => {
    const { number } = drawVersion([{ version: version(1), weight }, { version: version(2), weight: 100 - weight }], draw);
    expect(number).toBe(draw * 100 < weight ? 1 : 2);
  }), { examples: [[0, 0], [50, 0.5], [100, 0]] });
});

const item = (version: string, weight: number): string => `RoutingConfigurationListItem(stateMachineVersionArn=${version}, weight=${weight})`;
const ORDERS = `${BASE}:stateMachine:orders`;
const cases: readonly (readonly [string, () => Promise<unknown>, string, string | RegExp])[] = [
  ['a route that is no version', () => create('x', [arn, 70], [two, 30]), 'ValidationException', `Routing configuration must contain state machine version ARNs. Received: [${ORDERS}, ${ORDERS}:2]`],
  ['weights of 99', () => create('x', [one, 99]), 'ValidationException', 'Sum of routing configuration weights must equal 100. Received: [99]'],
  ['weights of 101', () => create('x', [one, 70], [two, 31]), 'ValidationException', 'Sum of routing configuration weights must equal 100. Received: [70, 31]'],
  ['one version twice', () => create('x', [one, 50], [one, 50]), 'ValidationException', `Routing configuration must contain distinct state machine version ARNs. Received: [${ORDERS}:1, ${ORDERS}:1]`],
  ['versions of two machines', () => create('x', [one, 50], [foreign, 50]), 'ValidationException', /version ARNs for the same state machine\. Received: \[.*orders:1, .*other:1\]$/],
  ['three versions', () => create('x', [one, 50], [two, 30], [three, 20]), 'ValidationException', `1 validation error detected: Value '[${item(`${ORDERS}:1`, 50)}, ${item(`${ORDERS}:2`, 30)}, ${item(`${ORDERS}:3`, 20)}]' at 'routingConfiguration' failed to satisfy constraint: Member must have length less than or equal to 2`],
  ['no version', () => create('x'), 'ValidationException', /'routingConfiguration' failed to satisfy constraint: Member must have length greater than or equal to 1$/],
  ['a weight of 101', () => create('x', [one, 101]), 'ValidationException', '1 validation error detected: Value \'101\' at \'routingConfiguration.1.member.weight\' failed to satisfy constraint: Member must have value less than or equal to 100'],
  ['a version that is not there', () => create('x', [`${arn}:77`, 100]), 'ResourceNotFound', `Resource not found: '${ORDERS}:77'`],
  ['a name of digits', () => create('12', [one, 100]), 'ValidationException', '1 validation error detected: Value \'12\' at \'name\' failed to satisfy constraint: Member must satisfy regular expression pattern: ^(?=.*[a-zA-Z_\\-\\.])[a-zA-Z0-9_\\-\\.]+$'],
  ['an update of nothing', () => stage.sfn.send(new UpdateStateMachineAliasCommand({ stateMachineAliasArn: `${arn}:steps` })), 'ValidationException', 'Either description or routing configuration must be specified'],
  ['an update to another machine', () => shift(stage, `${arn}:steps`, [foreign, 100]), 'ValidationException', /version ARNs for the same state machine\. Received: \[.*other:1\]$/],
  ['an update of no alias', () => shift(stage, `${arn}:none`, [one, 100]), 'ResourceNotFound', `Resource not found: '${ORDERS}:none'`],
];

it.each(cases)('%s is refused', async (_, call, code, message) => {
  expect(await refused(call())).toEqual({ code, message: worded(message), status: 400 });
});

it('a refused routing configuration says so by its reason', async () => {
  await expect(create('x', [one, 99])).rejects.toMatchObject({ reason: 'INVALID_ROUTING_CONFIGURATION' });
});

import { DeleteStateMachineVersionCommand, RedriveExecutionCommand, SFNClient, StopExecutionCommand, UpdateStateMachineAliasCommand } from '@aws-sdk/client-sfn';
import { Duration } from 'aws-cdk-lib';
import { ShiftPlan } from '../../lib/constructs/index.ts';
import type { ShiftRecord } from '../../lib/core/index.ts';
import { Shop } from './shifting.ts';

export const CANARY: ShiftPlan = ShiftPlan.canary({ percent: 25, hold: Duration.minutes(8), bakeTime: Duration.minutes(4) });
export const CONFIG = 'examples/orders/config';
export const PATIENT = 'examples/orders/releases/2-patient-bank';

/** What was seen in three stories that one stack goes through, one after the other. */
export interface Shifts {
  readonly asked: Readonly<Record<'kept' | 'paused' | 'promoted' | 'complete' | 'redriven' | 'aborted' | 'deleted' | 'gone', unknown>>;
  readonly judged: Readonly<Record<'middle' | 'good' | 'bad' | 'routes' | 'baked', unknown>> & {
    readonly growing: Record<string, number>;
    readonly refused: string;
    readonly harmed: Record<string, number>;
    readonly looped: ShiftRecord | undefined;
  };
  readonly killed: { readonly before: readonly string[] } & Readonly<Record<'statuses' | 'successor' | 'overtaken' | 'ends' | 'routes' | 'running', unknown>>;
  readonly denials: readonly unknown[];
}

let shifts: Promise<Shifts> | undefined;

/** Plays them, once. */
export function played(): Promise<Shifts> {
  return shifts ??= Shop.play(CANARY, async (shop) => ({ asked: await asked(shop), judged: await judged(shop), killed: await killed(shop), denials: (await shop.deployed.grants()).denials }), { later: true });
}

/** How often each answer came. */
export function tally(answers: readonly string[]): Record<string, number> {
  return Object.fromEntries([...new Set(answers)].sort().map((answer) => [answer, answers.filter((one) => one === answer).length]));
}

async function asked(shop: Shop): Promise<Shifts['asked']> {
  await shop.deploy({ answer: 'two' });
  const kept = await shop.routes();
  await shop.deployed.sleep(3);
  await shop.ask('pause');
  await shop.deployed.sleep(10);
  const paused = [(await shop.shift())?.state, (await shop.shift())?.paused, await shop.routes()];
  await shop.ask('promote');
  await shop.deployed.sleep(1);
  const promoted = [(await shop.shift())?.state, await shop.routes()];
  await shop.deployed.sleep(5);
  const complete = await shop.ends();

  await shop.deploy({ answer: 'three' });
  await shop.deployed.sleep(3);
  const states = shop.deployed.client(SFNClient);
  const [leader] = await shop.controllers();
  await states.send(new StopExecutionCommand({ executionArn: leader!.arn }));
  await states.send(new RedriveExecutionCommand({ executionArn: leader!.arn }));
  await shop.deployed.sleep(3);
  const redriven = [(await shop.shift())?.state, (await shop.shift())?.leader === leader!.arn, (await shop.controllers()).filter(({ status }) => status === 'RUNNING').length];
  await shop.ask('abort');
  await shop.deployed.sleep(1.5);
  const aborted = [await shop.ends(), await shop.routes()];

  await shop.deploy({ answer: 'four' });
  await states.send(new DeleteStateMachineVersionCommand({ stateMachineVersionArn: shop.aliasArn.replace(/live$/, '4') }));
  await shop.deployed.sleep(2);
  const deleted = [(await shop.shift())?.state, (await shop.shift())?.reason, await shop.routes()];
  await shop.ask('abort');
  await shop.deployed.sleep(1.5);
  return { kept, paused, promoted, complete, redriven, aborted, deleted, gone: [await shop.ends(), await shop.routes()] };
}

async function judged(shop: Shop): Promise<Shifts['judged']> {
  await shop.deploy({ answer: 'five' });
  const growing = tally(await shop.run(5));
  const refused = await shop.deployed.release(CONFIG, PATIENT).then(() => 'begun', (error: unknown) => (error as Error).message);
  const middle = await shop.routes();
  await shop.deployed.sleep(9);
  const good = [await shop.routes(), tally(await shop.run(0.5)), await shop.ends()];

  await shop.deploy({ answer: 'six', failing: 60 });
  const harmed = tally(await shop.run(8));
  const bad = [await shop.routes(), tally(await shop.run(0.5)), await shop.ends()];

  await shop.deploy({ answer: 'seven', loops: true });
  await shop.run(8);
  const [looped, routes] = [await shop.shift(), await shop.routes()];

  // Nobody is left on the old version to compare with.
  await shop.deploy({ answer: 'eight', flaky: true }, ShiftPlan.allAtOnce());
  await shop.run(4);
  return { growing, refused, middle, good, harmed, bad, looped, routes, baked: [await shop.shift(), await shop.routes()] };
}

async function killed(shop: Shop): Promise<Shifts['killed']> {
  const states = shop.deployed.client(SFNClient);
  const controllers = async (): Promise<string[]> => (await shop.controllers()).map(({ status }) => status);
  const before = await controllers();
  await shop.deploy({ answer: 'nine' });
  await shop.deployed.sleep(2);
  const [leader] = await shop.controllers();
  await states.send(new StopExecutionCommand({ executionArn: leader!.arn }));
  await shop.deployed.sleep(1);
  const statuses = await controllers();
  await shop.deployed.sleep(2);
  const successor = (await shop.shift())!.leader !== leader!.arn;

  await shop.deploy({ answer: 'ten' });
  await shop.deployed.sleep(3);
  const overtaken = [await shop.ends(), await shop.routes()];

  const version = (await shop.shift())!.to;
  await states.send(new UpdateStateMachineAliasCommand({ stateMachineAliasArn: shop.aliasArn, routingConfiguration: [{ stateMachineVersionArn: version, weight: 60 }, { stateMachineVersionArn: version.replace(/10$/, '5'), weight: 40 }] }));
  await shop.deployed.sleep(3);
  return { before, statuses, successor, overtaken, ends: await shop.ends(), routes: await shop.routes(), running: (await controllers()).filter((status) => status === 'RUNNING') };
}

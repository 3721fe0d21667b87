import { StopDeploymentCommand } from '@aws-sdk/client-appconfig';
import { CloudWatchClient, SetAlarmStateCommand } from '@aws-sdk/client-cloudwatch';
import { GetObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Guarded, MINUTE } from './guarded.ts';

/** One for all, one change after another. */
let console: Guarded;
beforeAll(async () => { console = await Guarded.start(); });
afterAll(() => console.close());

describe('a change made in the console', () => {
  it('is refused with the path in the message when it breaks its schema', async () => {
    const refusal = await console.create('sixty').catch((error: unknown) => error as Error);

    expect(refusal).toMatchObject({ name: 'BadRequestException' });
    expect((refusal as Error).message).toContain('limits');
    expect((refusal as Error).message).toContain('perMinute');
    expect((refusal as Error).message).toContain('"sixty"');
  });

  it('rolls out in its stages when it is good, and leaves a record of what it replaced', async () => {
    await console.settle(10);

    const number = await console.deploy(await console.create(20));
    const seen: [number | undefined, string | undefined][] = [];
    for (let minute = 0; minute < 14; minute += 1) {
      await console.rig.advance(MINUTE);
      const { PercentageComplete, State } = await console.deployment(number);
      seen.push([PercentageComplete, State]);
    }
    const record = await console.rig.client(S3Client).send(new GetObjectCommand({ Bucket: 'epochs', Key: `deployments/${console.applicationId}/${console.environmentId}/${number}.json` }));

    expect([...new Set(seen.map(([percentage]) => percentage))]).toEqual([0, 25, 50, 75, 100]);
    expect([...new Set(seen.map(([, state]) => state))]).toEqual(['DEPLOYING', 'BAKING', 'COMPLETE']);
    expect(JSON.parse(await record.Body!.transformToString())).toMatchObject({ deployment: number, canary: { version: '2' }, control: { version: '1' } });
  });

  it('is rolled back by an alarm midway, and every reader has the old configuration at its next poll', async () => {
    await console.settle(10);
    const number = await console.deploy(await console.create(20));
    await console.rig.advance(4 * MINUTE);
    const read = await console.readers(40);
    const during = await read();

    await console.rig.client(CloudWatchClient).send(new SetAlarmStateCommand({ AlarmName: 'bad', StateValue: 'ALARM', StateReason: 'a person says so' }));
    await console.rig.advance(MINUTE);
    const after = await read();

    expect(new Set(during)).toEqual(new Set([10, 20]));
    expect(new Set(after)).toEqual(new Set([10]));
    const { State, EventLog } = await console.deployment(number);
    expect(State).toBe('ROLLED_BACK');
    expect(EventLog!.find(({ EventType }) => EventType === 'ROLLBACK_STARTED')).toMatchObject({ TriggeredBy: 'CLOUDWATCH_ALARM' });
  });

  it('is reverted after COMPLETE with AllowRevert', async () => {
    await console.settle(10);
    const number = await console.deploy(await console.create(20));
    await console.rig.advance(14 * MINUTE);
    const read = await console.readers(5);
    const before = await read();

    const where = { ApplicationId: console.applicationId, EnvironmentId: console.environmentId, DeploymentNumber: number };
    await expect(console.appconfig.send(new StopDeploymentCommand(where))).rejects.toMatchObject({ name: 'BadRequestException' });
    const stopped = await console.appconfig.send(new StopDeploymentCommand({ ...where, AllowRevert: true }));
    await console.rig.advance(MINUTE);

    expect(stopped.State).toBe('REVERTED');
    expect([...new Set(before), ...new Set(await read())]).toEqual([20, 10]);
  });

  it('conflicts with a rollout that is under way', async () => {
    await console.settle(10);
    const version = await console.create(20);
    await console.deploy(version);

    await expect(console.deploy(version)).rejects.toMatchObject({ name: 'ConflictException', $metadata: { httpStatusCode: 409 } });
    await console.rig.advance(15 * MINUTE);
  });
});

describe('a tick of a rollout', () => {
  const ticks: readonly [string, string, string][] = [
    ['answers CONTINUE', 'export const handler = async () => ({ Directive: "CONTINUE" });', 'COMPLETE'],
    ['answers ROLL_BACK', 'export const handler = async ({ PercentageComplete }) => ({ Directive: Number(PercentageComplete) >= 25 ? "ROLL_BACK" : "CONTINUE", Description: "seen enough" });', 'ROLLED_BACK'],
    ['throws', 'export const handler = async () => { throw new Error("broken judge"); };', 'ROLLED_BACK'],
    ['takes 4 s', 'export const handler = async () => { await new Promise((done) => setTimeout(done, 4000)); return { Directive: "CONTINUE" }; };', 'ROLLED_BACK'],
  ];

  it.each(ticks)('that %s', async (_name, tick, state) => {
    await console.askAtTicks(tick);

    const number = await console.deploy(await console.create(20));
    await console.rig.advance(15 * MINUTE);

    expect((await console.deployment(number)).State).toBe(state);
  });
});

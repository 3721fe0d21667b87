import {
  CreateStateMachineCommand, DeleteStateMachineAliasCommand, DeleteStateMachineVersionCommand, DescribeStateMachineCommand, ListStateMachineVersionsCommand, PublishStateMachineVersionCommand, UpdateStateMachineAliasCommand,
  UpdateStateMachineCommand,
} from '@aws-sdk/client-sfn';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { refused } from '../refused.ts';
import { pass, ROLE, startStage, wait, type Stage } from './stage.ts';

let stage: Stage;
beforeEach(async () => { stage = await startStage(); });
afterEach(() => stage[Symbol.asyncDispose]());

const publish = (stateMachineArn: string, more: { revisionId?: string; description?: string } = {}) => stage.sfn.send(new PublishStateMachineVersionCommand({ stateMachineArn, ...more }));
const remove = (arn: string): Promise<unknown> => stage.sfn.send(new DeleteStateMachineVersionCommand({ stateMachineVersionArn: arn }));
const versions = async (stateMachineArn: string): Promise<(string | undefined)[]> => (await stage.sfn.send(new ListStateMachineVersionsCommand({ stateMachineArn }))).stateMachineVersions!.map(({ stateMachineVersionArn }) => stateMachineVersionArn);

describe('a version', () => {
  it('is one per revision, keeps its description, and is described under its own ARN', async () => {
    const arn = await stage.create('m');
    const first = await publish(arn, { description: 'one' });
    await stage.rig.advance(1000);
    const again = await publish(arn, { description: 'two', revisionId: 'INITIAL' });

    expect([again.stateMachineVersionArn, again.creationDate]).toEqual([`${arn}:1`, first.creationDate]);
    const { revisionId } = await stage.sfn.send(new UpdateStateMachineCommand({ stateMachineArn: arn, definition: pass('2') }));
    expect((await publish(arn, { revisionId: revisionId! })).stateMachineVersionArn).toBe(`${arn}:2`);
    const [old, young] = await Promise.all([1, 2].map((number) => stage.sfn.send(new DescribeStateMachineCommand({ stateMachineArn: `${arn}:${number}` }))));
    expect(old).toMatchObject({ stateMachineArn: `${arn}:1`, name: 'm', description: 'one', definition: pass(), creationDate: first.creationDate });
    expect(old?.revisionId).toBeUndefined();
    expect(young).toMatchObject({ stateMachineArn: `${arn}:2`, definition: pass('2'), revisionId });
    expect(young?.description).toBeUndefined();
  });

  it('of an update that changes nothing is the old one, and no revision is told', async () => {
    const { stateMachineArn: arn } = await stage.sfn.send(new CreateStateMachineCommand({ name: 'm', definition: pass(), roleArn: ROLE, publish: true }));
    const update = await stage.sfn.send(new UpdateStateMachineCommand({ stateMachineArn: arn, definition: pass(), publish: true }));

    expect([update.stateMachineVersionArn, update.revisionId]).toEqual([`${arn}:1`, undefined]);
  });

  it('of a stale revision is refused', async () => {
    const arn = await stage.create('m');
    const { revisionId: old } = await stage.sfn.send(new UpdateStateMachineCommand({ stateMachineArn: arn, definition: pass('2') }));
    const { revisionId: now } = await stage.sfn.send(new UpdateStateMachineCommand({ stateMachineArn: arn, definition: pass('3') }));

    expect(await refused(publish(arn, { revisionId: old! }))).toEqual({ code: 'ConflictException', status: 400, message: `Failed to publish the State Machine version for revision ${old}. The current State Machine revision is ${now}.` });
  });

  it('numbers are listed newest first, page by page, and never used again', async () => {
    const arn = await stage.create('m', pass('1'), { publish: true });
    for (const text of ['2', '3', '4']) await stage.publish(arn, pass(text));
    await remove(`${arn}:4`);

    expect(await stage.publish(arn, pass('5'))).toBe(`${arn}:5`);
    expect(await versions(arn)).toEqual([5, 3, 2, 1].map((number) => `${arn}:${number}`));
    const page = await stage.sfn.send(new ListStateMachineVersionsCommand({ stateMachineArn: arn, maxResults: 3 }));
    const rest = await stage.sfn.send(new ListStateMachineVersionsCommand({ stateMachineArn: arn, maxResults: 3, nextToken: page.nextToken }));
    expect(rest.stateMachineVersions?.map(({ stateMachineVersionArn }) => stateMachineVersionArn)).toEqual([`${arn}:1`]);
    expect(rest.nextToken).toBeUndefined();
    const bad = await refused(stage.sfn.send(new ListStateMachineVersionsCommand({ stateMachineArn: arn, nextToken: 'abc' })));
    expect(bad).toEqual({ code: 'InvalidToken', message: 'Invalid Token: \'Invalid token\'', status: 400 });
  });

  it('is kept by its aliases, and once deleted runs on where it runs but starts no more', async () => {
    const arn = await stage.create('m', wait(10), { publish: true });
    const second = await stage.publish(arn, pass('2'));
    const alias = await stage.alias('live', [`${arn}:1`, 100]);
    const running = await stage.start(alias);

    expect(await refused(remove(`${arn}:1`))).toEqual({ code: 'ConflictException', status: 400, message: 'Version to be deleted must not be referenced by an alias. Current list of aliases referencing this version: [live]' });
    await stage.sfn.send(new UpdateStateMachineAliasCommand({ stateMachineAliasArn: alias, routingConfiguration: [{ stateMachineVersionArn: second, weight: 100 }] }));
    await remove(`${arn}:1`);
    await remove(`${arn}:1`);
    expect(await refused(stage.start(`${arn}:1`))).toEqual({ code: 'StateMachineDoesNotExist', status: 400, message: `State Machine Version Does Not Exist: '${arn}:1'` });
    await stage.rig.advance(10_000);
    expect(await stage.describe(running)).toMatchObject({ status: 'SUCCEEDED', stateMachineVersionArn: `${arn}:1`, stateMachineAliasArn: alias });
    await stage.sfn.send(new DeleteStateMachineAliasCommand({ stateMachineAliasArn: alias }));
    await remove(second);
    expect(await versions(arn)).toEqual([]);
  });
});

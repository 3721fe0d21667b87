import {
  CreateStateMachineCommand, DeleteStateMachineVersionCommand, ListExecutionsCommand, PublishStateMachineVersionCommand, SFNClient, StartExecutionCommand, UpdateStateMachineCommand,
} from '@aws-sdk/client-sfn';
import { describe, expect, it } from 'vitest';
import { refused } from '../refused.ts';
import { startRig } from '../rig.ts';

const ORIGINAL = '{"StartAt":"Result","States":{"Result":{"Type":"Pass","Result":"original","End":true}}}';
const CHANGED = ORIGINAL.replace('original', 'changed');
const ARN = 'arn:aws:states:us-east-1:000000000000:stateMachine:orders';
const BASE = { name: 'orders', definition: ORIGINAL, roleArn: 'arn:aws:iam::000000000000:role/states' };
const EXISTS = { code: 'StateMachineAlreadyExists', message: `State Machine Already Exists: '${ARN}'`, status: 400 };
const PUBLISHED = { ...EXISTS, message: 'State Machine Already Exists: This state machine was already created with a published version.' };
const DESCRIBED = { ...EXISTS, message: 'State Machine Already Exists: This state machine was already created with a published version using a different description.' };

describe('a machine that is created again', () => {
  it('is told by its definition now and by its version 1, however that was published, as recorded', async () => {
    await using rig = await startRig();
    const sfn = rig.client(SFNClient);
    const create = (more: object): Promise<{ stateMachineVersionArn?: string | undefined }> => sfn.send(new CreateStateMachineCommand({ ...BASE, ...more }));
    await create({});

    await expect(create({ roleArn: 'arn:aws:iam::000000000000:role/other', tags: [{ key: 'a', value: 'b' }] })).resolves.toMatchObject({ stateMachineArn: ARN });
    await sfn.send(new PublishStateMachineVersionCommand({ stateMachineArn: ARN, description: 'later' }));
    expect(await refused(create({}))).toEqual(PUBLISHED);
    expect(await refused(create({ publish: true }))).toEqual(DESCRIBED);
    expect(await refused(create({ publish: true, versionDescription: 'other' }))).toEqual(DESCRIBED);
    expect(await create({ publish: true, versionDescription: 'later' })).toMatchObject({ stateMachineVersionArn: `${ARN}:1` });

    await sfn.send(new UpdateStateMachineCommand({ stateMachineArn: ARN, definition: CHANGED }));
    await sfn.send(new PublishStateMachineVersionCommand({ stateMachineArn: ARN, description: 'updated' }));
    expect(await refused(create({}))).toEqual(EXISTS);
    expect(await refused(create({ publish: true, versionDescription: 'later' }))).toEqual(EXISTS);
    expect(await refused(create({ definition: CHANGED }))).toEqual(PUBLISHED);
    expect(await refused(create({ definition: CHANGED, publish: true, versionDescription: 'updated' }))).toEqual(DESCRIBED);
    expect(await create({ definition: CHANGED, publish: true, versionDescription: 'later' })).toMatchObject({ stateMachineVersionArn: `${ARN}:1` });
  });

  it('is another one when it would log or trace differently', async () => {
    await using rig = await startRig();
    const sfn = rig.client(SFNClient);
    await sfn.send(new CreateStateMachineCommand(BASE));

    expect(await refused(sfn.send(new CreateStateMachineCommand({ ...BASE, tracingConfiguration: { enabled: true } })))).toEqual(EXISTS);
  });
});

describe('a version that was deleted', () => {
  it('still lists the executions it was started for, as recorded', async () => {
    await using rig = await startRig();
    const sfn = rig.client(SFNClient);
    await sfn.send(new CreateStateMachineCommand({ ...BASE, publish: true }));
    const { executionArn } = await sfn.send(new StartExecutionCommand({ stateMachineArn: `${ARN}:1` }));
    await sfn.send(new StartExecutionCommand({ stateMachineArn: ARN }));

    await sfn.send(new DeleteStateMachineVersionCommand({ stateMachineVersionArn: `${ARN}:1` }));

    const { executions } = await sfn.send(new ListExecutionsCommand({ stateMachineArn: `${ARN}:1` }));
    expect(executions).toMatchObject([{ executionArn, stateMachineVersionArn: `${ARN}:1` }]);
  });
});

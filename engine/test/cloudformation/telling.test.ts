import { EventBridgeClient, PutRuleCommand, PutTargetsCommand } from '@aws-sdk/client-eventbridge';
import { CreateStateMachineCommand, DescribeExecutionCommand, ListExecutionsCommand, SFNClient } from '@aws-sdk/client-sfn';
import { expect, it } from 'vitest';
import { BROKEN, parameter, startScene } from './scene.ts';

interface Told {
  readonly resources: readonly string[];
  readonly detail: { readonly 'stack-id': string; readonly 'status-details': Readonly<Record<'status' | 'status-reason', string>>; readonly 'client-request-token': string };
}

it('each status of a stack is told on the default bus, with the token of its operation', async () => {
  await using scene = await startScene();
  const events = scene.rig.client(EventBridgeClient);
  const states = scene.rig.client(SFNClient);
  const roleArn = 'arn:aws:iam::000000000000:role/ear';
  const { stateMachineArn } = await states.send(new CreateStateMachineCommand({ name: 'ear', roleArn, definition: '{"StartAt":"Hear","States":{"Hear":{"Type":"Succeed"}}}' }));
  await events.send(new PutRuleCommand({ Name: 'stacks', EventPattern: JSON.stringify({ source: ['aws.cloudformation'], 'detail-type': ['CloudFormation Stack Status Change'] }) }));
  await events.send(new PutTargetsCommand({ Rule: 'stacks', Targets: [{ Id: 'ear', Arn: stateMachineArn, RoleArn: roleArn }] }));

  const { StackId = '' } = await scene.create({ Resources: { A: parameter('1') } }, { ClientRequestToken: 'first' });
  await scene.update({ Resources: { A: parameter('2'), Bad: BROKEN } });
  await scene.rig.advance(60_000);

  const { executions = [] } = await states.send(new ListExecutionsCommand({ stateMachineArn }));
  const inputs = await Promise.all(executions.toReversed().map(async ({ executionArn }) => (await states.send(new DescribeExecutionCommand({ executionArn }))).input ?? ''));
  const told = inputs.map((input) => JSON.parse(input) as Told);
  expect(told.map(({ detail }) => [detail['status-details'].status, detail['client-request-token']])).toEqual([
    ['CREATE_IN_PROGRESS', 'first'], ['CREATE_COMPLETE', 'first'],
    ['UPDATE_IN_PROGRESS', ''], ['UPDATE_ROLLBACK_IN_PROGRESS', ''], ['UPDATE_ROLLBACK_COMPLETE_CLEANUP_IN_PROGRESS', ''], ['UPDATE_ROLLBACK_COMPLETE', ''],
  ]);
  expect(told[0]).toMatchObject({ resources: [StackId], detail: { 'stack-id': StackId, 'status-details': { 'status-reason': 'User Initiated' } } });
  expect(told[3]?.detail['status-details']['status-reason']).toContain('Bad');
});

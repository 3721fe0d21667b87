import {
  CloudFormationClient, CreateStackCommand, DeleteStackCommand, DescribeStackEventsCommand, DescribeStackResourcesCommand, DescribeStacksCommand, UpdateStackCommand,
  type CreateStackCommandInput, type Stack, type StackEvent, type UpdateStackCommandInput,
} from '@aws-sdk/client-cloudformation';
import type { EngineOptions } from 'sluice-engine';
import { startRig, type Rig } from '../rig.ts';

/** An engine with one stack, S unless named otherwise, and the official client. */
export interface Scene extends AsyncDisposable {
  readonly rig: Rig;
  readonly client: CloudFormationClient;
  /** Creates a stack and waits for its end. */
  create(template: object, more?: Partial<CreateStackCommandInput>): Promise<Stack>;
  /** Updates a stack and waits for its end. */
  update(template: object, more?: Partial<UpdateStackCommandInput>): Promise<Stack>;
  /** Deletes a stack and waits for its end. */
  remove(name?: string): Promise<Stack>;
  /** Waits until no operation is under way. */
  settled(name?: string): Promise<Stack>;
  /** Events, oldest first. */
  events(name?: string): Promise<StackEvent[]>;
  /** `Logical STATUS` of each event, oldest first, from an index on. */
  lines(from?: number, name?: string): Promise<string[]>;
  outputs(name?: string): Promise<Record<string, string>>;
  /** Physical ids by logical id. */
  physical(name?: string): Promise<Record<string, string>>;
}

/** Starts an engine for one test. */
export async function startScene(options: EngineOptions = {}): Promise<Scene> {
  const rig = await startRig(options);
  const client = rig.client(CloudFormationClient);
  const settled = async (name = 'S'): Promise<Stack> => {
    for (;;) {
      const stack = (await client.send(new DescribeStacksCommand({ StackName: name }))).Stacks![0]!;
      if (!stack.StackStatus!.endsWith('_IN_PROGRESS')) return stack;
    }
  };
  const events = async (name = 'S'): Promise<StackEvent[]> => {
    const all: StackEvent[] = [];
    let NextToken: string | undefined;
    do {
      const page = await client.send(new DescribeStackEventsCommand({ StackName: name, NextToken }));
      all.push(...page.StackEvents!);
      NextToken = page.NextToken;
    } while (NextToken !== undefined);
    return all.reverse();
  };
  return {
    rig, client, settled, events,
    async create(template, more = {}) {
      const { StackId } = await client.send(new CreateStackCommand({ StackName: 'S', TemplateBody: JSON.stringify(template), Capabilities: ['CAPABILITY_NAMED_IAM'], ...more }));
      return settled(StackId);
    },
    async update(template, more = {}) {
      const { StackId } = await client.send(new UpdateStackCommand({ StackName: 'S', TemplateBody: JSON.stringify(template), Capabilities: ['CAPABILITY_NAMED_IAM'], ...more }));
      return settled(StackId);
    },
    async remove(name = 'S') {
      const { StackId } = (await client.send(new DescribeStacksCommand({ StackName: name }))).Stacks![0]!;
      await client.send(new DeleteStackCommand({ StackName: name }));
      return settled(StackId);
    },
    lines: async (from = 0, name = 'S') => (await events(name)).slice(from).map(({ LogicalResourceId, ResourceStatus }) => `${LogicalResourceId} ${ResourceStatus}`),
    outputs: async (name = 'S') => Object.fromEntries((await settled(name)).Outputs!.map(({ OutputKey, OutputValue }) => [OutputKey!, OutputValue!])),
    physical: async (name = 'S') => {
      const { StackResources } = await client.send(new DescribeStackResourcesCommand({ StackName: name }));
      return Object.fromEntries(StackResources!.map(({ LogicalResourceId, PhysicalResourceId }) => [LogicalResourceId!, PhysicalResourceId!]));
    },
    [Symbol.asyncDispose]: () => rig.close(),
  };
}

/** A parameter of SSM as a resource: the simplest thing that can be made, changed, replaced and removed. */
export function parameter(value: unknown, more: object = {}, properties: object = {}): object {
  return { Type: 'AWS::SSM::Parameter', Properties: { Type: 'String', Value: value, ...properties }, ...more };
}

/** A resource that is refused when it is made. */
export const BROKEN: object = { Type: 'AWS::SSM::Parameter', Properties: { Type: 'Wrong', Value: 'x' } };

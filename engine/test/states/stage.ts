import {
  CreateStateMachineAliasCommand, CreateStateMachineCommand, DescribeExecutionCommand, DescribeStateMachineCommand, GetExecutionHistoryCommand, SFNClient, StartExecutionCommand,
  UpdateStateMachineCommand, type CreateStateMachineCommandInput, type DescribeExecutionCommandOutput, type HistoryEvent, type StartExecutionCommandInput,
} from '@aws-sdk/client-sfn';
import type { EngineOptions, HistoryEntry } from 'sluice-engine';
import { expect } from 'vitest';
import { startRig, type Rig } from '../rig.ts';

export const ROLE = 'arn:aws:iam::000000000000:role/states';
export const BASE = 'arn:aws:states:us-east-1:000000000000';

/** A definition of one Pass state; `comment` makes it another one. */
export function pass(comment: string = 'first'): string {
  return JSON.stringify({ Comment: comment, StartAt: 'Only', States: { Only: { Type: 'Pass', Result: comment, End: true } } });
}

/** A definition that waits and then passes. */
export function wait(seconds: number): string {
  return JSON.stringify({ StartAt: 'Wait', States: { Wait: { Type: 'Wait', Seconds: seconds, Next: 'Then' }, Then: { Type: 'Pass', End: true } } });
}

/** A definition that fails. */
export const FAIL: string = JSON.stringify({ StartAt: 'No', States: { No: { Type: 'Fail', Error: 'Orders.Bad', Cause: 'as told' } } });

/** An engine and the official client of Step Functions. */
export interface Stage extends AsyncDisposable {
  readonly rig: Rig;
  readonly sfn: SFNClient;
  /** What the engine recorded so far. */
  readonly entries: readonly HistoryEntry[];
  /** Creates a machine and answers its ARN. */
  create(name: string, definition?: string, more?: Partial<CreateStateMachineCommandInput>): Promise<string>;
  /** Updates a machine's definition with publication and answers the version's ARN. */
  publish(arn: string, definition: string): Promise<string>;
  /** Creates an alias and answers its ARN. */
  alias(name: string, ...routes: readonly (readonly [version: string, weight: number])[]): Promise<string>;
  /** Starts an execution and answers its ARN. */
  start(arn: string, more?: Partial<StartExecutionCommandInput>): Promise<string>;
  describe(executionArn: string): Promise<DescribeExecutionCommandOutput>;
  events(executionArn: string): Promise<HistoryEvent[]>;
  /** A machine's definition, for telling revisions apart. */
  definition(arn: string): Promise<string | undefined>;
}

/** Starts a stage. */
export async function startStage(options: EngineOptions = {}): Promise<Stage> {
  const rig = await startRig(options);
  const sfn = rig.client(SFNClient);
  const entries: HistoryEntry[] = [];
  rig.engine.history.listen((entry) => { entries.push(entry); });
  return {
    rig, sfn, entries,
    create: async (name, definition = pass(), more = {}) => (await sfn.send(new CreateStateMachineCommand({ name, definition, roleArn: ROLE, ...more }))).stateMachineArn ?? '',
    publish: async (arn, definition) => (await sfn.send(new UpdateStateMachineCommand({ stateMachineArn: arn, definition, publish: true }))).stateMachineVersionArn ?? '',
    alias: async (name, ...routes) => {
      const routingConfiguration = routes.map(([stateMachineVersionArn, weight]) => ({ stateMachineVersionArn, weight }));
      return (await sfn.send(new CreateStateMachineAliasCommand({ name, routingConfiguration }))).stateMachineAliasArn ?? '';
    },
    start: async (arn, more = {}) => (await sfn.send(new StartExecutionCommand({ stateMachineArn: arn, ...more }))).executionArn ?? '',
    describe: (executionArn) => sfn.send(new DescribeExecutionCommand({ executionArn })),
    events: async (executionArn) => (await sfn.send(new GetExecutionHistoryCommand({ executionArn }))).events ?? [],
    definition: async (arn) => (await sfn.send(new DescribeStateMachineCommand({ stateMachineArn: arn }))).definition,
    [Symbol.asyncDispose]: () => rig.close(),
  };
}

/** A message as a table of refusals gives it: to the letter, or by a pattern. */
export function worded(message: string | RegExp): unknown {
  return typeof message === 'string' ? message : expect.stringMatching(message);
}

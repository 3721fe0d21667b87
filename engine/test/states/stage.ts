import {
  CreateStateMachineAliasCommand,
  CreateStateMachineCommand,
  DescribeExecutionCommand,
  SFNClient,
  StartExecutionCommand,
  UpdateStateMachineCommand,
  type CreateStateMachineCommandInput,
  type DescribeExecutionCommandOutput,
} from '@aws-sdk/client-sfn';
import type { EngineOptions, HistoryEntry } from 'sluice-engine';
import { startRig, type Rig } from '../rig.ts';

/** A role; that it exists is not checked. */
export const ROLE = 'arn:aws:iam::000000000000:role/states';

/** An engine with a Step Functions client, and its history as it grows. */
export interface Stage extends AsyncDisposable {
  readonly rig: Rig;
  readonly sfn: SFNClient;
  readonly history: HistoryEntry[];
  /** Creates a machine of one Pass state, published, unless told otherwise. */
  create(name: string, given?: Partial<CreateStateMachineCommandInput>): Promise<{ readonly arn: string; readonly version: string }>;
  /** Publishes another definition of a machine. */
  next(arn: string, definition: string): Promise<string>;
  /** Sends an alias to versions by weight. */
  alias(name: string, routes: Readonly<Record<string, number>>): Promise<string>;
  start(arn: string, input?: string, name?: string): Promise<string>;
  describe(executionArn: string): Promise<DescribeExecutionCommandOutput>;
}

/** Opens a stage on virtual time. */
export async function openStage(options: EngineOptions = {}): Promise<Stage> {
  const rig = await startRig(options);
  const sfn = rig.client(SFNClient);
  const history: HistoryEntry[] = [];
  rig.engine.history.listen((entry) => { history.push(entry); });
  return {
    rig,
    sfn,
    history,
    async create(name, given = {}) {
      const made = await sfn.send(new CreateStateMachineCommand({ name, definition: pass(name), roleArn: ROLE, publish: true, ...given }));
      return { arn: made.stateMachineArn!, version: made.stateMachineVersionArn ?? '' };
    },
    async next(arn, definition) {
      return (await sfn.send(new UpdateStateMachineCommand({ stateMachineArn: arn, definition, publish: true }))).stateMachineVersionArn!;
    },
    async alias(name, routes) {
      const routingConfiguration = Object.entries(routes).map(([stateMachineVersionArn, weight]) => ({ stateMachineVersionArn, weight }));
      return (await sfn.send(new CreateStateMachineAliasCommand({ name, routingConfiguration }))).stateMachineAliasArn!;
    },
    async start(arn, input, name) {
      return (await sfn.send(new StartExecutionCommand({ stateMachineArn: arn, ...(input !== undefined && { input }), ...(name !== undefined && { name }) }))).executionArn!;
    },
    describe: (executionArn) => sfn.send(new DescribeExecutionCommand({ executionArn })),
    [Symbol.asyncDispose]: () => rig.close(),
  };
}

/** A definition of one Pass state with a result. */
export function pass(result: unknown): string {
  return JSON.stringify({ StartAt: 'Only', States: { Only: { Type: 'Pass', Result: result, End: true } } });
}

/** A definition that waits before its one Pass state. */
export function waiting(seconds: number, result: unknown = 'waited'): string {
  return JSON.stringify({ StartAt: 'Wait', States: { Wait: { Type: 'Wait', Seconds: seconds, Next: 'Then' }, Then: { Type: 'Pass', Result: result, End: true } } });
}

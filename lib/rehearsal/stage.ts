import type { Clients } from './clients.ts';

/** The names of the reference app's application, environment and profile. */
export const NAMES = { application: 'orders', environment: 'production', profile: 'orders-production' } as const;

/** What a rehearsal needs to know of the stack it runs on. */
export interface Stage {
  /** The bucket of the epoch store. */
  readonly bucket: string;
  /** The alias that executions are started on. */
  readonly aliasArn: string;
  /** The state machine's name. */
  readonly workflow: string;
  /** The composite alarm that is the environment's monitor. */
  readonly alarm: string;
  /** Where the roll-back handler logs its verdicts. */
  readonly rollBackLog: string;
}

/** Reads the stage from the outputs of bin/app.ts. */
export async function stageOf({ lambda, sdk }: Clients, outputs: Readonly<Record<string, string>>): Promise<Stage> {
  const { Functions = [] } = await lambda.send(new sdk.lambda.ListFunctionsCommand({ MaxItems: 50 }));
  const rollBack = Functions.find(({ FunctionName }) => FunctionName?.includes('RollBack'));
  const aliasArn = output(outputs, 'AliasArn');
  return {
    bucket: output(outputs, 'StoreName'),
    aliasArn,
    // arn:aws:states:region:account:stateMachine:name:alias
    workflow: aliasArn.split(':')[6]!,
    alarm: output(outputs, 'AlarmName'),
    rollBackLog: rollBack?.LoggingConfig?.LogGroup ?? `/aws/lambda/${rollBack?.FunctionName ?? ''}`,
  };
}

function output(outputs: Readonly<Record<string, string>>, name: string): string {
  const value = outputs[name];
  if (value === undefined) throw new Error(`the reference app has no output ${name}; it has ${Object.keys(outputs).join(', ')}`);
  return value;
}

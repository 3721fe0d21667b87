import { CreateFunctionCommand, InvokeCommand, LambdaClient, type CreateFunctionCommandInput } from '@aws-sdk/client-lambda';
import type { EngineOptions } from 'sluice-engine';
import { startRig, zipOf, type Rig } from '../rig.ts';

export const ROLE = 'arn:aws:iam::000000000000:role/r';

/** What a caller sees of an invocation. */
export interface Invoked {
  /** The parsed payload. */
  readonly value: unknown;
  readonly error: string | undefined;
  readonly version: string | undefined;
  readonly status: number | undefined;
  /** The lines of LogType Tail. */
  readonly log: readonly string[];
}

/** An engine with functions and the official client. */
export interface LambdaStage extends AsyncDisposable {
  readonly rig: Rig;
  readonly client: LambdaClient;
  /** Creates a function `f` (or of another name) from files, or from the text of index.mjs. */
  create(files: Readonly<Record<string, string>> | string, more?: Partial<CreateFunctionCommandInput>): Promise<void>;
  invoke(payload?: unknown, more?: { name?: string; qualifier?: string }): Promise<Invoked>;
}

/** Starts an engine on virtual time, unless told otherwise. */
export async function startLambda(options: EngineOptions = {}): Promise<LambdaStage> {
  const rig = await startRig(options);
  const client = rig.client(LambdaClient);
  return {
    rig,
    client,
    async create(files, more = {}) {
      await client.send(new CreateFunctionCommand({ FunctionName: 'f', Runtime: 'nodejs22.x', Handler: 'index.handler', Role: ROLE, Code: { ZipFile: zipOf(files) }, ...more }));
    },
    async invoke(payload = {}, { name = 'f', qualifier } = {}) {
      const answer = await client.send(new InvokeCommand({ FunctionName: name, LogType: 'Tail', Payload: Buffer.from(JSON.stringify(payload)), ...(qualifier ? { Qualifier: qualifier } : {}) }));
      return {
        value: JSON.parse(Buffer.from(answer.Payload ?? []).toString() || 'null') as unknown,
        error: answer.FunctionError,
        version: answer.ExecutedVersion,
        status: answer.StatusCode,
        log: Buffer.from(answer.LogResult ?? '', 'base64').toString().split('\n'),
      };
    },
    [Symbol.asyncDispose]: () => rig.close(),
  };
}

/** A handler's body as a module. */
export function handler(body: string, before = ''): string {
  return `${before}\nexport const handler = async (event, context) => { ${body} };`;
}

/** A pattern as it is, or one that only the text given matches. */
export function exactly(message: string | RegExp): RegExp {
  return typeof message === 'string' ? new RegExp(`^${message.replaceAll(/[\\^$.*+?()[\]{}|]/g, String.raw`\$&`)}$`) : message;
}

import { CreateLogGroupCommand, FilterLogEventsCommand, PutRetentionPolicyCommand } from '@aws-sdk/client-cloudwatch-logs';
import { AddPermissionCommand, CreateFunctionCommand, GetFunctionConfigurationCommand } from '@aws-sdk/client-lambda';
import { zip } from 'sluice-engine';
import { refusalOf, unlessAbsent } from './refusal.ts';
import type { Target } from './target.ts';

/**
 * The function every hook and rule leads to. It writes what it was told to its log and does what the extension's parameter `act`,
 * or else the content's, says: agree, refuse, rewrite, roll-back, odd, throw, sleep:<milliseconds>. Events of the account's other
 * applications that reach it through the bus are passed over.
 */
const SOURCE = `export const handler = async (event) => {
  const at = Date.now();
  if (event.source !== undefined && !JSON.stringify(event).includes(process.env.PROBE_RUN)) return {};
  process.stdout.write(JSON.stringify({ sluiceProbe: 1, at, event }) + '\\n');
  const [act, value] = (event.Parameters?.act ?? actIn(event.Content ?? event.content)).split(':');
  if (act === 'sleep') await new Promise((resolve) => setTimeout(resolve, Number(value)));
  if (act === 'throw') throw new Error('the probe was told to throw');
  if (/tick/i.test(event.Type ?? '')) {
    if (act === 'roll-back') return { Directive: 'ROLL_BACK', Description: 'the probe was told to roll back' };
    return { Directive: act === 'odd' ? 'ODD' : 'CONTINUE' };
  }
  if (act === 'refuse') return { Error: 'BadRequestError', Message: 'the probe was told to refuse', Details: [{ Type: 'Malformed', Name: 'act', Reason: 'the probe was told to' }] };
  if (act === 'rewrite') return { statusCode: 200, Content: Buffer.from('{"act":"rewritten"}').toString('base64') };
  return {};
};
const actIn = (content) => {
  try { return String(JSON.parse(Buffer.from(content, 'base64')).act); } catch { return 'agree'; }
};
`;

/** What the recorder was told, oldest first. */
export interface Told {
  /** Epoch milliseconds of the function's clock when it began. */
  readonly at: number;
  readonly event: Readonly<Record<string, unknown>>;
}

/** The function that records what it is told. */
export class Recorder {
  readonly arn: string;
  readonly #target: Target;
  readonly #logGroup: string;

  private constructor(target: Target, arn: string, logGroup: string) {
    this.#target = target;
    this.arn = arn;
    this.#logGroup = logGroup;
  }

  /** Creates the function under a name, to be swept by it. A new role takes a while until Lambda believes in it. */
  static async open(target: Target, run: string, roleArn: string): Promise<Recorder> {
    const { clients: { lambda, logs }, clock } = target;
    const name = `${run}-recorder`;
    const logGroupName = `/aws/lambda/${name}`;
    await logs.send(new CreateLogGroupCommand({ logGroupName }));
    await logs.send(new PutRetentionPolicyCommand({ logGroupName, retentionInDays: 1 }));
    const create = new CreateFunctionCommand({
      FunctionName: name, Runtime: 'nodejs22.x', Handler: 'index.handler', Role: roleArn, Timeout: 60, MemorySize: 256,
      Code: { ZipFile: zip({ 'index.mjs': Buffer.from(SOURCE) }) },
      Environment: { Variables: { PROBE_RUN: run } },
      Tags: { 'sluice-probe': run },
    });
    let arn: string | undefined;
    for (let attempt = 1; arn === undefined; attempt += 1) {
      try {
        ({ FunctionArn: arn = '' } = await lambda.send(create));
      } catch (error) {
        if (attempt === 12 || !/assumed/.test(refusalOf(error).message)) throw error;
        await clock.wait(5000);
      }
    }
    for (const service of ['appconfig', 'events']) {
      await lambda.send(new AddPermissionCommand({ FunctionName: name, StatementId: service, Action: 'lambda:InvokeFunction', Principal: `${service}.amazonaws.com`, SourceAccount: target.account }));
    }
    while ((await lambda.send(new GetFunctionConfigurationCommand({ FunctionName: name }))).State === 'Pending') await clock.wait(2000);
    return new Recorder(target, arn, logGroupName);
  }

  /** What it was told that fits, once there is that much of it; or what there is after a minute. Logs come seconds late on AWS. */
  async told(fits: (event: Told['event']) => boolean, atLeast: number): Promise<readonly Told[]> {
    const { clock } = this.#target;
    const patience = await clock.now() + 60_000;
    for (;;) {
      const found = (await this.#all()).filter(({ event }) => fits(event));
      if (found.length >= atLeast || await clock.now() >= patience) return found;
      await clock.wait(3000);
    }
  }

  async #all(): Promise<Told[]> {
    const all: Told[] = [];
    let nextToken: string | undefined;
    do {
      const page = await unlessAbsent(this.#target.clients.logs.send(new FilterLogEventsCommand({ logGroupName: this.#logGroup, nextToken })));
      for (const { message = '' } of page?.events ?? []) {
        const begins = message.indexOf('{"sluiceProbe":1');
        if (begins >= 0) all.push(JSON.parse(message.slice(begins)) as Told);
      }
      nextToken = page?.nextToken;
    } while (nextToken !== undefined);
    return all.sort((one, other) => one.at - other.at);
  }
}

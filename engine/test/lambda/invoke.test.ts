import { CreateAliasCommand, CreateFunctionCommand, InvokeCommand, LambdaClient, PublishVersionCommand, UpdateFunctionCodeCommand } from '@aws-sdk/client-lambda';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { startRig, zipOf, type Rig } from '../rig.ts';

let rig: Rig;
let lambda: LambdaClient;

beforeEach(async () => {
  rig = await startRig();
  lambda = rig.client(LambdaClient);
});
afterEach(async () => { await rig.close(); });

async function create(code: string, more: { Timeout?: number; Environment?: { Variables: Record<string, string> } } = {}): Promise<void> {
  await lambda.send(new CreateFunctionCommand({ FunctionName: 'f', Runtime: 'nodejs22.x', Handler: 'index.handler', Role: 'arn:aws:iam::000000000000:role/r', Code: { ZipFile: zipOf(code) }, ...more }));
}

async function invoke(payload: unknown = {}, qualifier?: string): Promise<{ value: unknown; error: string | undefined; version: string | undefined }> {
  const answer = await lambda.send(new InvokeCommand({ FunctionName: 'f', Payload: Buffer.from(JSON.stringify(payload)), ...(qualifier ? { Qualifier: qualifier } : {}) }));
  return { value: JSON.parse(Buffer.from(answer.Payload ?? []).toString()) as unknown, error: answer.FunctionError, version: answer.ExecutedVersion };
}

describe('a function on the engine', () => {
  it('answers with what its handler returns, in its environment', async () => {
    await create('export const handler = async (event, context) => ({ event, mode: process.env.MODE, name: context.functionName, version: context.functionVersion });', { Environment: { Variables: { MODE: 'blue' } } });

    const { value, error, version } = await invoke({ a: [1] });

    expect(error).toBeUndefined();
    expect(version).toBe('$LATEST');
    expect(value).toEqual({ event: { a: [1] }, mode: 'blue', name: 'f', version: '$LATEST' });
  });

  it('keeps the type of an error that its handler throws', async () => {
    await create('class TooSlow extends Error { constructor(m) { super(m); this.name = "TooSlow"; } }\nexport const handler = async () => { throw new TooSlow("3 ms are not enough"); };');

    const { value, error } = await invoke();

    expect(error).toBe('Unhandled');
    expect(value).toMatchObject({ errorType: 'TooSlow', errorMessage: '3 ms are not enough' });
    expect((value as { trace: string[] }).trace[1]).toContain('/var/task/index.mjs');
  });

  it('sleeps in virtual time, and is cut off at its time-out in a sandbox that is then replaced', async () => {
    await create('let calls = 0;\nexport const handler = async ({ ms }) => { calls += 1; await new Promise((r) => setTimeout(r, ms)); return calls; };', { Timeout: 2 });
    const before = rig.engine.clock.now();

    const quick = await invoke({ ms: 1900 });
    const slow = await invoke({ ms: 2100 });
    const after = await invoke({ ms: 0 });

    expect(quick.value).toBe(1);
    expect(slow.value).toMatchObject({ errorType: 'Sandbox.Timedout', errorMessage: expect.stringMatching(/^RequestId: [0-9a-f-]{36} Error: Task timed out after 2\.00 seconds$/) as string });
    expect(after.value).toBe(1);
    expect(rig.engine.clock.now() - before).toBeGreaterThanOrEqual(3900);
  });

  it('runs the code that its version had when it was published, and an alias draws by weight', async () => {
    await create('export const handler = async () => "old";');
    await lambda.send(new PublishVersionCommand({ FunctionName: 'f' }));
    await lambda.send(new UpdateFunctionCodeCommand({ FunctionName: 'f', ZipFile: zipOf('export const handler = async () => "new";') }));
    await lambda.send(new PublishVersionCommand({ FunctionName: 'f' }));
    await lambda.send(new CreateAliasCommand({ FunctionName: 'f', Name: 'live', FunctionVersion: '1', RoutingConfig: { AdditionalVersionWeights: { 2: 0.25 } } }));

    const answers: { value: unknown }[] = [];
    for (let call = 0; call < 200; call += 1) answers.push(await invoke({}, 'live'));

    expect((await invoke({}, '1')).value).toBe('old');
    expect((await invoke({}, '2')).value).toBe('new');
    const share = answers.filter(({ value }) => value === 'new').length;
    // 200 draws at 0.25: within four standard deviations.
    expect(share).toBeGreaterThan(25);
    expect(share).toBeLessThan(75);
  });

  it('reaches the engine through its sockets, and nothing else', async () => {
    await create(`
      import { LambdaClient, GetAccountSettingsCommand } from '@aws-sdk/client-lambda';
      export const handler = async () => {
        const settings = await new LambdaClient({}).send(new GetAccountSettingsCommand({}));
        const refused = await fetch('http://example.com/').catch((error) => error.cause.code);
        return { functions: settings.AccountUsage.FunctionCount, refused };
      };`);

    expect((await invoke()).value).toEqual({ functions: 1, refused: 'ECONNREFUSED' });
  });
});

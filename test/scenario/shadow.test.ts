import { CreateBucketCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { CreateFunctionCommand, InvokeCommand, LambdaClient, UpdateFunctionCodeCommand } from '@aws-sdk/client-lambda';
import { CreateStateMachineCommand, SFNClient } from '@aws-sdk/client-sfn';
import { inProcess, startEngine, zip, type Engine, type PlayedCall } from 'sluice-engine';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { concluded, type Compared, type OutcomeKind } from '../../lib/core/shadow/index.ts';
import { recordingFrom, rerun, shadowed, type Rerun, type RunAnswer } from '../../lib/rehearsal/shadow.ts';
import { ask } from '../../lib/rehearsal/ask.ts';

const COUNT = 500;
const ROLE = 'arn:aws:iam::000000000000:role/orders';
const PRICE = 'arn:aws:lambda:us-east-1:000000000000:function:price';

/** Prices an order; the second code gives a discount from the fifth piece on. */
const code = (discount: number): string => `export const handler = async ({ pieces, each }) => {
  if (pieces > 8) throw Object.assign(new Error('too many'), { name: 'TooMany' });
  return { total: pieces * each * (pieces > 4 ? ${discount} : 1) };
};`;

/** The order of an execution. Some want too many pieces; the stock of some comes late, that of others never. */
interface Order {
  readonly at: number;
  readonly pieces: number;
  readonly each: number;
  readonly key: 'early' | 'never' | `late-${number}`;
}

const ORDERS: readonly Order[] = Array.from({ length: COUNT }, (_, at) => ({ at, pieces: 1 + at % 10, each: 10 + at % 3, key: at % 25 === 7 ? `late-${at}` : at % 20 === 3 ? 'never' : 'early' }));
const isLate = ({ key }: Order): boolean => key.startsWith('late');
const isRefused = ({ pieces }: Order): boolean => pieces > 8;
const isEmpty = (order: Order): boolean => !isRefused(order) && order.key === 'never';
const isDone = (order: Order): boolean => !isRefused(order) && !isEmpty(order);
const isBig = (order: Order): boolean => isDone(order) && order.pieces * order.each > 60;

type States = Record<string, Record<string, unknown>>;

/** An order: priced, its stock looked up (which is missing for some, and comes late for others), sent one way or another, and noted. */
function definition(change: (states: States) => void = () => undefined): string {
  const states: States = {
    Price: { Type: 'Task', Resource: PRICE, ResultPath: '$.price', Catch: [{ ErrorEquals: ['TooMany'], ResultPath: '$.refused', Next: 'Refuse' }], Next: 'Stock' },
    Stock: {
      Type: 'Task', Resource: 'arn:aws:states:::aws-sdk:s3:getObject', Parameters: { Bucket: 'shop', 'Key.$': '$.key' }, ResultSelector: { 'left.$': 'States.StringToJson($.Body)' }, ResultPath: '$.stock',
      Retry: [{ ErrorEquals: ['S3.NoSuchKeyException'], IntervalSeconds: 5, MaxAttempts: 2 }], Catch: [{ ErrorEquals: ['States.ALL'], ResultPath: '$.missing', Next: 'Empty' }], Next: 'Size',
    },
    Size: { Type: 'Choice', Choices: [{ Variable: '$.price.total', NumericGreaterThan: 60, Next: 'Big' }], Default: 'Small' },
    Big: { Type: 'Pass', Result: 'lorry', ResultPath: '$.by', Next: 'Mark' },
    Small: { Type: 'Pass', Result: 'van', ResultPath: '$.by', Next: 'Mark' },
    Mark: { Type: 'Pass', Result: 'noted', ResultPath: null, Next: 'Note' },
    Note: {
      Type: 'Map', ItemsPath: '$.lines', ItemSelector: { 'line.$': '$$.Map.Item.Value', 'by.$': '$.by' }, ResultPath: null, Next: 'Done',
      ItemProcessor: { StartAt: 'Write', States: { Write: { Type: 'Task', Resource: 'arn:aws:states:::aws-sdk:s3:putObject', Parameters: { Bucket: 'shop', 'Key.$': 'States.Format(\'notes/{}\', $.line)', 'Body.$': '$.by' }, End: true } } },
    },
    Done: { Type: 'Pass', Parameters: { 'total.$': '$.price.total', 'by.$': '$.by', 'id.$': 'States.UUID()', 'execution.$': '$$.Execution.Id' }, End: true },
    Refuse: { Type: 'Fail', Error: 'Order.Refused', Cause: 'too many pieces' },
    Empty: { Type: 'Pass', Parameters: { empty: true }, End: true },
  };
  change(states);
  return JSON.stringify({ StartAt: 'Price', TimeoutSeconds: 30, States: states });
}

let engine: Engine;
let reruns: Rerun[];
let lambda: LambdaClient;

beforeAll(async () => {
  engine = await startEngine({ clock: 'virtual', seed: 'shadow', port: false });
  const made = { region: engine.region, endpoint: 'http://localhost', credentials: { accessKeyId: 'AKIDTEST', secretAccessKey: 'test' }, requestHandler: inProcess(engine.dispatch), maxAttempts: 1 };
  const [s3, states] = [new S3Client({ ...made, forcePathStyle: true }), new SFNClient(made)];
  lambda = new LambdaClient(made);
  const put = (Key: string): Promise<unknown> => s3.send(new PutObjectCommand({ Bucket: 'shop', Key, Body: '7' }));
  await s3.send(new CreateBucketCommand({ Bucket: 'shop' }));
  await lambda.send(new CreateFunctionCommand({ FunctionName: 'price', Runtime: 'nodejs22.x', Role: ROLE, Handler: 'index.handler', Code: { ZipFile: zip({ 'index.mjs': Buffer.from(code(1)) }) } }));
  const { stateMachineArn = '' } = await states.send(new CreateStateMachineCommand({ name: 'orders', definition: definition(), roleArn: ROLE }));
  await put('early');
  const executions: string[] = [];
  for (const { at, ...order } of ORDERS) {
    const input = JSON.stringify({ ...order, lines: at % 4 === 0 ? [`${at}-a`, `${at}-b`] : [`${at}-a`] });
    executions.push((await ask<{ executionArn: string }>(engine, 'AWSStepFunctions.StartExecution', { stateMachineArn, input, name: `order-${at}` })).executionArn);
    await engine.clock.advance(1000);
    if (order.key.startsWith('late')) await put(order.key);
  }
  await engine.clock.advance(60_000);
  reruns = [];
  for (const execution of executions) {
    const { events } = await ask<{ events: { timestamp: number }[] }>(engine, 'AWSStepFunctions.GetExecutionHistory', { executionArn: execution });
    const recording = recordingFrom({ execution, stateMachine: stateMachineArn, definition: definition() }, events.map((event) => ({ ...event, timestamp: new Date(event.timestamp * 1000) })));
    if (typeof recording === 'string') throw new Error(recording);
    reruns.push(await rerun(recording));
  }
}, 60_000);
afterAll(() => engine.close());

/** Plays recorded executions with a candidate. */
async function shadow(candidate: string, recordings: readonly Rerun[] = reruns, pure: readonly string[] = []): Promise<Compared[]> {
  const compared: Compared[] = [];
  for (const one of recordings) compared.push(await shadowed(one, { definition: candidate, pure: new Set(pure), ...(pure.length > 0 && { run }) }));
  return compared;
}

/** The orders whose executions came to something. */
function ordersOf(compared: readonly Compared[], wanted: (kind: OutcomeKind) => boolean): Order[] {
  const found = new Set(compared.filter(({ kind }) => wanted(kind)).map(({ execution }) => execution.slice(execution.lastIndexOf(':') + 1)));
  return ORDERS.filter(({ at }) => found.has(`order-${at}`));
}

async function run({ resource, input }: PlayedCall): Promise<RunAnswer> {
  const { Payload, FunctionError } = await lambda.send(new InvokeCommand({ FunctionName: resource, Payload: Buffer.from(input) }));
  const output = Payload?.transformToString() ?? 'null';
  return FunctionError === undefined ? { output } : { error: (JSON.parse(output) as { errorType: string }).errorType, cause: output };
}

test('an equal candidate, written in another way, does everything the same', async () => {
  const rewritten = JSON.stringify(JSON.parse(definition((states) => {
    states['Price']!['Resource'] = `${PRICE}:12`;
    states['Price']!['Comment'] = 'priced by a new version';
    states['Size'] = { Default: 'Small', Choices: [{ Next: 'Big', NumericGreaterThan: 60, Variable: '$.price.total' }], Type: 'Choice' };
  })), null, 2);

  expect(concluded(await shadow(rewritten))).toMatchObject({ verdict: 'same', counts: { same: COUNT }, found: [] });
});

test.each<[difference: string, change: (states: States) => void, kind: OutcomeKind, concerns: (order: Order) => boolean]>([
  ['a constant', (states) => { states['Big']!['Result'] = 'train'; }, 'different-output', isBig],
  ['a member that is gone', (states) => { states['Done']!['Parameters'] = { 'total.$': '$.price.total', 'id.$': 'States.UUID()', 'execution.$': '$$.Execution.Id' }; }, 'different-output', isDone],
  ['a bound that moves by the least', (states) => { states['Size']!['Choices'] = [{ Variable: '$.price.total', NumericGreaterThanEquals: 60, Next: 'Big' }]; }, 'different-output', (order) => isDone(order) && order.pieces * order.each === 60],
  ['a state that is left out', (states) => { states['Big']!['Next'] = 'Note'; }, 'different-path', isBig],
  ['a state that is renamed', (states) => { states['Stock']!['Next'] = 'Measure'; states['Measure'] = states['Size']!; delete states['Size']; }, 'different-path', isDone],
  ['a catcher that is gone', (states) => { delete states['Stock']!['Catch']; }, 'newly-failing', isEmpty],
  ['fewer retries', (states) => { states['Stock']!['Retry'] = [{ ErrorEquals: ['S3.NoSuchKeyException'], MaxAttempts: 0 }]; }, 'different-output', (order) => isLate(order) && !isRefused(order)],
  ['a time that is too short', (states) => { states['Note']!['Next'] = 'Wait'; states['Wait'] = { Type: 'Wait', Seconds: 31, Next: 'Done' }; }, 'newly-failing', isDone],
  ['a failure that is forgiven', (states) => { states['Refuse'] = { Type: 'Pass', Next: 'Empty' }; }, 'newly-succeeding', isRefused],
  ['an error of another name', (states) => { states['Refuse']!['Error'] = 'Order.TooBig'; }, 'different-output', isRefused],
  ['what is written elsewhere', (states) => { states['Note']!['ItemSelector'] = { 'line.$': 'States.Format(\'{}!\', $$.Map.Item.Value)', 'by.$': '$.by' }; }, 'different-call', isDone],
  ['a call that is new', (states) => { states['Mark'] = { Type: 'Task', Resource: 'arn:aws:states:::events:putEvents', Parameters: { Entries: [] }, ResultPath: null, Next: 'Note' }; }, 'different-call', isDone],
])('a planted difference is found where it shows, and nowhere else: %s', async (_, change, kind, concerns) => {
  const compared = await shadow(definition(change));

  const concerned = ORDERS.filter(concerns);
  expect(concerned.length).toBeGreaterThan(0);
  expect(ordersOf(compared, (found) => found === kind)).toEqual(concerned);
  expect(ordersOf(compared, (found) => found !== kind && found !== 'same')).toEqual([]);
  expect(concluded(compared)).toMatchObject({ verdict: 'different', counts: { [kind]: concerned.length, same: COUNT - concerned.length } });
});

test('a call that is made more often than was recorded is not judged', async () => {
  const compared = await shadow(definition((states) => { states['Stock']!['Retry'] = [{ ErrorEquals: ['S3.NoSuchKeyException'], IntervalSeconds: 1, MaxAttempts: 3 }]; }));

  expect(ordersOf(compared, (kind) => kind === 'unanswered')).toEqual(ORDERS.filter(isEmpty));
  expect(concluded(compared)).toMatchObject({ verdict: 'same', counts: { same: COUNT - ORDERS.filter(isEmpty).length } });
});

test('new code of a pure function runs, and old code does the same', async () => {
  const some = reruns.slice(0, 40);
  const same = concluded(await shadow(definition(), some, ['Price']));
  await lambda.send(new UpdateFunctionCodeCommand({ FunctionName: 'price', ZipFile: zip({ 'index.mjs': Buffer.from(code(0.9)) }) }));
  await engine.clock.advance(60_000);

  const compared = await shadow(definition(), some, ['Price']);

  expect(same).toMatchObject({ verdict: 'same', counts: { same: some.length } });
  expect(ordersOf(compared, (kind) => kind === 'different-output')).toEqual(ORDERS.slice(0, some.length).filter((order) => isDone(order) && order.pieces > 4));
  expect(compared[4]).toMatchObject({ kind: 'different-output', explanation: 'its output differs in output.total', differences: [{ path: 'output.total', before: 55, after: 49.5 }] });
});

// What a shift costs: state transitions, invocations and calls of AWS, by step of the default canary, as the engine counts them in virtual time.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { S3Client, GetObjectCommand } from '@aws-sdk/client-s3';
import { GetExecutionHistoryCommand, ListExecutionsCommand, SFNClient } from '@aws-sdk/client-sfn';
import { deployAssembly, inProcess, startEngine } from 'sluice-engine';
import { row } from './figures.mjs';

const MINUTE = 60_000;
/** Looks come each half minute, and each is four states. */
const TARGET_PER_MINUTE = 8.5;
const WORKFLOW = 'bench';
/** How often is looked where the shift is: more often than its controller looks, so that each look of that one falls between two. */
const WATCH_MS = 10_000;

/** The CDK is loaded here, so that other measurements have none of its memory. */
async function synthesised(outdir, seconds) {
  const [{ App, Duration, Stack }, { Code, Function: LambdaFunction, Runtime }, { Configuration, PinnedTask, ShiftPlan, Workflow }] = await Promise.all([
    import('aws-cdk-lib'), import('aws-cdk-lib/aws-lambda'), import('../dist/lib/constructs/entry.js'),
  ]);
  const stack = new Stack(new App({ outdir }), 'Bench');
  const environment = new Configuration(stack, 'orders', { directory: 'examples/orders/config' }).addEnvironment('production');
  const lambdaFunction = new LambdaFunction(stack, 'Answer', { code: Code.fromInline('exports.handler = async () => ({});'), handler: 'index.handler', runtime: Runtime.NODEJS_24_X });
  const definition = new PinnedTask(stack, 'Task', { lambdaFunction, resultPath: '$.answer' });
  const { node } = new Workflow(stack, 'Workflow', { environment, definition, shift: ShiftPlan.canary(), stateMachineName: WORKFLOW, timeout: Duration.seconds(seconds) });
  return node.root.synth().directory;
}

/** Plays one shift to its end: its record, the controller's states with their times, and the calls by action so far: before it, and at the end of each step. */
async function played(folder) {
  const engine = await startEngine({ clock: 'virtual', port: false, seed: 'bench' });
  try {
    return await engine.drive(async (driver) => {
      const options = { region: engine.region, endpoint: 'http://127.0.0.1:4566', forcePathStyle: true, credentials: { accessKeyId: 'AKIDBENCH', secretAccessKey: 'bench' }, requestHandler: inProcess((request) => driver.park(() => engine.dispatch(request))) };
      const [states, s3] = [new SFNClient(options), new S3Client(options)];
      await driver.park(async () => deployAssembly(engine, await synthesised(join(folder, 'first'), 30)));
      await driver.sleep(12 * MINUTE);
      const made = [await calls(engine)];
      const [{ resources }] = await driver.park(async () => deployAssembly(engine, await synthesised(join(folder, 'second'), 31)));
      const resource = (part) => Object.entries(resources).find(([id]) => id.includes(part))[1];
      const look = async () => {
        const { Body } = await s3.send(new GetObjectCommand({ Bucket: resource('productionStore'), Key: `shifting/${WORKFLOW}.json` }));
        return JSON.parse(await Body.transformToString());
      };
      await driver.sleep(WATCH_MS);
      let record = await look();
      for (let last = made[0]; record.endedAt === null;) {
        last = await calls(engine);
        await driver.sleep(WATCH_MS);
        const now = await look();
        if (now.state !== record.state && now.endedAt === null) made.push(last);
        record = now;
      }
      await driver.sleep(MINUTE);
      made.push(await calls(engine));
      const { executions } = await states.send(new ListExecutionsCommand({ stateMachineArn: resource('ShiftingStateMachine') }));
      const entered = [];
      for (const { executionArn, startDate } of executions) {
        if (startDate.getTime() < Date.parse(record.log[0].at) - MINUTE) continue;
        for (let nextToken, first = true; first || nextToken !== undefined; first = false) {
          const answer = await states.send(new GetExecutionHistoryCommand({ executionArn, maxResults: 1000, nextToken }));
          for (const { type, timestamp, stateEnteredEventDetails } of answer.events) if (type.endsWith('StateEntered')) entered.push({ at: timestamp.getTime(), name: stateEnteredEventDetails.name });
          nextToken = answer.nextToken;
        }
      }
      return { record, entered, made };
    });
  } finally {
    await engine.close();
  }
}

/** How often the controller and its function did what, by action. What asks for two resources in one call is granted twice. */
async function calls(engine) {
  const { body } = await engine.dispatch({ method: 'GET', path: '/_engine/grants', query: new URLSearchParams(), headers: {}, body: Buffer.alloc(0) });
  const made = new Map();
  for (const { holder, action, uses } of JSON.parse(Buffer.from(body).toString()).grants) {
    if (!/Shift/.test(holder) || action.startsWith('logs:')) continue;
    made.set(action, action.startsWith('appconfig:') ? Math.max(made.get(action) ?? 0, uses) : (made.get(action) ?? 0) + uses);
  }
  return made;
}

function difference(after, before) {
  return [...after].map(([action, uses]) => [action, uses - (before.get(action) ?? 0)]).filter(([, uses]) => uses > 0).toSorted(([, one], [, other]) => other - one);
}

export async function shift() {
  const folder = mkdtempSync(join(tmpdir(), 'sluice-bench-shift-'));
  try {
    const { record, entered, made } = await played(folder);
    if (record.state !== 'complete') throw new Error(`the shift is ${record.state}: ${record.reason}`);
    const began = (state) => Date.parse(record.log.find((entry) => entry.state === state).at);
    const phases = [['before it moves', 0, began('growing')], ['10 % of executions', began('growing'), began('baking')], ['bake at 100 %', began('baking'), Infinity], ['the whole shift', 0, Infinity]];
    const [start, end] = [Date.parse(record.log[0].at), Date.parse(record.endedAt)];
    console.log('A shift by the default canary: state transitions and invocations of its function by step, and calls');
    for (const [name, from, to] of phases) {
      const within = entered.filter(({ at }) => at >= from && at < to);
      const minutes = (Math.min(to, end) - Math.max(from, start)) / MINUTE;
      const decided = within.filter((one) => one.name === 'Decide').length;
      row(name, `${within.length}`, `${decided}`, `${minutes.toFixed(1)} minutes, ${(within.length / minutes).toFixed(1)} transitions a minute`);
    }
    console.log(`${'  calls'.padEnd(42)}${phases.map(([name]) => name.padStart(20)).join('')}`);
    const steps = made.slice(1).map((after, at) => difference(after, made[at]));
    for (const [action, uses] of difference(made.at(-1), made[0])) {
      const each = steps.map((step) => step.find(([name]) => name === action)?.[1] ?? 0);
      console.log(`    ${action.padEnd(38)}${[...each, uses].map((one) => String(one).padStart(20)).join('')}`);
    }
    const rate = entered.filter(({ at }) => at >= began('growing')).length / ((end - began('growing')) / MINUTE);
    const met = rate <= TARGET_PER_MINUTE;
    row('while it moves', rate.toFixed(2), '', `transitions a minute; target ${TARGET_PER_MINUTE}: ${met ? 'met' : 'MISSED'}`);
    return met;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

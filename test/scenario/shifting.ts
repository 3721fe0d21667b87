import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { GetObjectCommand, ListObjectsV2Command, S3Client } from '@aws-sdk/client-s3';
import { DescribeStateMachineAliasCommand, ListExecutionsCommand, SFNClient } from '@aws-sdk/client-sfn';
import { App, Duration, Stack } from 'aws-cdk-lib';
import { Code, Function as LambdaFunction, Runtime } from 'aws-cdk-lib/aws-lambda';
import { Chain, Wait, WaitTime } from 'aws-cdk-lib/aws-stepfunctions';
import { deployAssembly } from 'sluice-engine';
import { Configuration, Guard, PinnedTask, Workflow, type ShiftPlan } from '../../lib/constructs/index.ts';
import { ShiftStore } from '../../lib/adapters/store/shifts.ts';
import { askedOfShift, type ShiftAsk, type ShiftRecord } from '../../lib/core/index.ts';
import { Deployed } from '../constructs/deployed.ts';

/** A version of the workflow: what its function answers, how many of a hundred executions fail, and whether it waits longer than it may. */
export interface Variant {
  readonly answer: string;
  readonly failing?: number;
  readonly loops?: boolean;
}

const WORKFLOW = 'answers';

/** One stack with one workflow that shifts, in virtual time, and what a person does with it. */
export class Shop {
  readonly #plan: ShiftPlan | undefined;
  deployed: Deployed;

  private constructor(deployed: Deployed, plan?: ShiftPlan) {
    this.deployed = deployed;
    this.#plan = plan;
  }

  /** A shop that is deployed already. */
  static of(deployed: Deployed): Shop {
    return new Shop(deployed);
  }

  /** Deploys the first version, and plays. */
  static play<Result>(plan: ShiftPlan, act: (shop: Shop) => Promise<Result>): Promise<Result> {
    return Deployed.on(async (bare) => {
      const shop = new Shop(bare, plan);
      await shop.deploy({ answer: 'one' });
      await shop.deployed.sleep(12);
      return act(shop);
    });
  }

  async deploy(variant: Variant): Promise<void> {
    const { engine, park, with: again } = this.deployed;
    const [stack] = await park(() => deployAssembly(engine, synthesised(variant, this.#plan!)));
    this.deployed = again(stack!);
  }

  get aliasArn(): string {
    return `${this.deployed.resource('WorkflowStateMachine')}:live`;
  }

  /** Executions, one every five seconds: the answer of each, or how it ended. */
  async run(minutes: number, everySeconds = 5): Promise<string[]> {
    const ran = await this.deployed.run(this.aliasArn, minutes, (n) => ({ n }), everySeconds);
    return ran.map(({ status, output }) => (status === 'SUCCEEDED' ? (output['answer'] as { answer: string }).answer : status));
  }

  /** The newest shift; nothing before the first. */
  async shift(): Promise<ShiftRecord | undefined> {
    return this.#object(`shifting/${WORKFLOW}.json`) as Promise<ShiftRecord | undefined>;
  }

  /** Asks something of the newest shift, as `sluice shift` does. */
  async ask(kind: ShiftAsk): Promise<void> {
    const shifts = new ShiftStore(await this.deployed.objects(this.store));
    const known = await shifts.newest(WORKFLOW);
    const record = askedOfShift(known!.record, { kind, by: 'Ada', at: known!.record.lookedAt, why: null });
    if (record instanceof Error) throw record;
    if (!await shifts.keep(record, known!.revision)) throw new Error('somebody else wrote the record');
  }

  /** How the shifts that are over ended, oldest first. */
  async ends(): Promise<string[]> {
    const { Contents = [] } = await this.deployed.client(S3Client).send(new ListObjectsV2Command({ Bucket: this.store, Prefix: `shifts/${WORKFLOW}/` }));
    const records = await Promise.all(Contents.filter(({ Key = '' }) => /\/\d+\.json$/.test(Key)).map(({ Key = '' }) => this.#object(Key) as Promise<ShiftRecord>));
    return records.toSorted((one, other) => one.shift - other.shift).map(({ state }) => state);
  }

  /** The alias's routes: version numbers with their shares. */
  async routes(): Promise<Record<string, number>> {
    const { routingConfiguration = [] } = await this.deployed.client(SFNClient).send(new DescribeStateMachineAliasCommand({ stateMachineAliasArn: this.aliasArn }));
    return Object.fromEntries(routingConfiguration.map(({ stateMachineVersionArn = '', weight = 0 }) => [stateMachineVersionArn.split(':').at(-1)!, weight]));
  }

  /** Executions of the controller, newest first. */
  async controllers(): Promise<{ readonly arn: string; readonly status: string }[]> {
    const { executions = [] } = await this.deployed.client(SFNClient).send(new ListExecutionsCommand({ stateMachineArn: this.deployed.resource('ShiftingStateMachine') }));
    return executions.map(({ executionArn = '', status = '' }) => ({ arn: executionArn, status }));
  }

  get store(): string {
    return this.deployed.resource('productionStore');
  }

  async #object(Key: string): Promise<unknown> {
    try {
      const { Body } = await this.deployed.client(S3Client).send(new GetObjectCommand({ Bucket: this.store, Key }));
      return JSON.parse(await Body!.transformToString());
    } catch (error) {
      if ((error as Error).name === 'NoSuchKey') return undefined;
      throw error;
    }
  }
}

/** The folder of a synthesised stack whose workflow is one version. */
export function synthesised({ answer, failing = 0, loops = false }: Variant, shift: ShiftPlan, outdir: string = mkdtempSync(join(tmpdir(), 'sluice-shift-'))): string {
  const app = new App({ outdir });
  const stack = new Stack(app, 'Shop');
  const production = new Configuration(stack, 'orders', { directory: 'examples/orders/config' })
    .addEnvironment('production', { guards: [Guard.failedExecutions({ percent: 90 })], judge: { settleWithin: Duration.minutes(2) } });
  const lambdaFunction = new LambdaFunction(stack, 'Answer', {
    code: Code.fromInline(`exports.handler = async ({ n }) => { if (n % 100 < ${failing}) throw new Error('it fails'); return { answer: '${answer}' }; };`),
    handler: 'index.handler', runtime: Runtime.NODEJS_24_X,
  });
  const task = new PinnedTask(stack, 'Task', { lambdaFunction, payload: { 'n.$': '$.n' }, resultPath: '$.answer' });
  const definition = loops ? Chain.start(task).next(new Wait(stack, 'Loop', { time: WaitTime.duration(Duration.minutes(5)) })) : task;
  const workflow = new Workflow(stack, 'Workflow', { environment: production, definition, shift, stateMachineName: WORKFLOW, timeout: Duration.seconds(30) });
  return (workflow.node.root as App).synth().directory;
}

import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CloudWatchClient, DescribeAlarmsCommand, SetAlarmStateCommand } from '@aws-sdk/client-cloudwatch';
import { GetObjectCommand, ListObjectsV2Command, S3Client } from '@aws-sdk/client-s3';
import { DescribeStateMachineAliasCommand, ListExecutionsCommand, ListStateMachineVersionsCommand, SFNClient } from '@aws-sdk/client-sfn';
import { App, Duration, Stack } from 'aws-cdk-lib';
import { Code, Function as LambdaFunction, Runtime } from 'aws-cdk-lib/aws-lambda';
import { Chain, Wait, WaitTime } from 'aws-cdk-lib/aws-stepfunctions';
import { deployAssembly, type HistoryEntry } from 'sluice-engine';
import { Configuration, Guard, PinnedTask, Workflow, type JudgeOptions, type RequiredShadow, type RunsWith, type ShiftPlan } from '../../lib/constructs/index.ts';
import { ShiftStore } from '../../lib/adapters/store/shifts.ts';
import { askedOfShift, type ShiftAsk, type ShiftRecord } from '../../lib/core/index.ts';
import { ask } from '../../lib/rehearsal/ask.ts';
import { Deployed } from '../constructs/deployed.ts';

/** A version of the workflow: what its function answers, how many of a hundred executions fail, or each second one, and whether it waits longer than it may. */
export interface Variant {
  readonly answer: string;
  readonly failing?: number;
  readonly flaky?: boolean;
  readonly loops?: boolean;
  readonly runsWith?: RunsWith;
}

/** What a shop is played with beside its plan. */
export interface Circumstances {
  /** How long an alias is read as it was before an update, milliseconds. @default 0 */
  readonly aliasLagMs?: number;
  /** @default what the constructs have */
  readonly judge?: JudgeOptions;
  readonly retainedVersions?: number;
  /** What must be shown of an epoch before it is rolled out. @default nothing */
  readonly requireShadow?: RequiredShadow;
  /** What the first version declares to run with. @default anything */
  readonly first?: RunsWith;
  /** Whether the workflow shifts from its second version on only. @default false */
  readonly later?: boolean;
}

const WORKFLOW = 'answers';

/** One stack with one workflow that shifts, in virtual time, and what a person does with it. */
export class Shop {
  #plan: ShiftPlan | undefined;
  readonly #circumstances: Circumstances;
  deployed: Deployed;

  private constructor(deployed: Deployed, plan?: ShiftPlan, circumstances: Circumstances = {}) {
    this.deployed = deployed;
    this.#plan = plan;
    this.#circumstances = circumstances;
  }

  /** A shop that is deployed already. */
  static of(deployed: Deployed): Shop {
    return new Shop(deployed);
  }

  /** Deploys the first version, and plays. */
  static play<Result>(plan: ShiftPlan, act: (shop: Shop) => Promise<Result>, circumstances: Circumstances = {}): Promise<Result> {
    return Deployed.on(async (bare) => {
      const shop = new Shop(bare, circumstances.later === true ? undefined : plan, circumstances);
      await shop.deploy({ answer: 'one', ...(circumstances.first === undefined ? {} : { runsWith: circumstances.first }) });
      shop.#plan = plan;
      await shop.deployed.sleep(12);
      return act(shop);
    }, { states: { aliasLagMs: circumstances.aliasLagMs ?? 0 } });
  }

  /** Deploys the next version; by another plan, if one is given. */
  async deploy(variant: Variant, plan: ShiftPlan | undefined = this.#plan): Promise<void> {
    const { engine, park, with: again } = this.deployed;
    const [stack] = await park(() => deployAssembly(engine, synthesised(variant, plan, undefined, this.#circumstances)));
    this.deployed = again(stack!);
  }

  /** The versions that are left, oldest first. */
  async versions(): Promise<number[]> {
    const { stateMachineVersions = [] } = await this.deployed.client(SFNClient).send(new ListStateMachineVersionsCommand({ stateMachineArn: this.deployed.resource('WorkflowStateMachine'), maxResults: 1000 }));
    return stateMachineVersions.map(({ stateMachineVersionArn = '' }) => Number(stateMachineVersionArn.split(':').at(-1))).toSorted((one, other) => one - other);
  }

  /** Lets the environment's alarm ring for some seconds, as an operator tries one. */
  async ring(): Promise<void> {
    const cloudwatch = this.deployed.client(CloudWatchClient);
    const { MetricAlarms = [] } = await cloudwatch.send(new DescribeAlarmsCommand({ AlarmTypes: ['MetricAlarm'] }));
    for (let tries = 0; tries < 4; tries += 1) {
      for (const { AlarmName } of MetricAlarms) await cloudwatch.send(new SetAlarmStateCommand({ AlarmName, StateValue: 'ALARM', StateReason: 'tried' }));
      await this.deployed.sleep(1 / 6);
    }
  }

  get aliasArn(): string {
    return `${this.deployed.resource('WorkflowStateMachine')}:live`;
  }

  /** Executions, one every so many seconds, of the alias or of a version: the answer of each, or how it ended. */
  async run(minutes: number, everySeconds = 5, on: string = this.aliasArn): Promise<string[]> {
    const ran = await this.deployed.run(on, minutes, (n) => ({ n }), everySeconds);
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

  /**
   * Stops the controller after each kind of effect in turn, whenever that comes next: when an execution of it has begun, has kept a record, its function has
   * answered, and the alias is updated. Each second one is redriven at once. Answers after what they were stopped so far.
   */
  killing(): () => readonly string[] {
    const { engine } = this.deployed;
    const [controller, decides] = [this.deployed.resource('ShiftingStateMachine'), this.deployed.resource('ShiftingDecideFunction')];
    const effects: readonly [string, (entry: HistoryEntry) => boolean][] = [
      ['begun', ({ kind, detail }) => kind === 'events:delivery' && String(detail['target']).startsWith(`${controller}:`)],
      ['kept', ({ kind, subject }) => kind === 's3:object' && subject.endsWith(`/shifting/${WORKFLOW}.json`)],
      ['answered', ({ kind, subject }) => kind === 'lambda:invocation' && subject === decides],
      ['moved', ({ kind, subject }) => kind === 'states:alias' && subject === this.aliasArn],
    ];
    const killed: string[] = [];
    engine.history.listen((entry) => {
      const [effect, is] = effects[killed.length % effects.length]!;
      if (!is(entry)) return;
      killed.push(effect);
      void this.#kill(killed.length % 2 === 0);
    });
    return () => killed;
  }

  #kill(redriven: boolean): Promise<void> {
    const { engine } = this.deployed;
    return engine.drive(async (driver) => {
      const states = (operation: string, input: object): Promise<unknown> => driver.park(() => ask(engine, `AWSStepFunctions.${operation}`, input));
      const { executions } = await states('ListExecutions', { stateMachineArn: this.deployed.resource('ShiftingStateMachine'), statusFilter: 'RUNNING' }) as { executions: { executionArn: string }[] };
      for (const { executionArn } of executions) {
        await states('StopExecution', { executionArn });
        if (redriven) await states('RedriveExecution', { executionArn });
      }
    });
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
export function synthesised({ answer, failing = 0, flaky = false, loops = false, runsWith }: Variant, shift: ShiftPlan | undefined, outdir: string = mkdtempSync(join(tmpdir(), 'sluice-shift-')), { judge = {}, retainedVersions, requireShadow }: Circumstances = {}): string {
  const app = new App({ outdir, treeMetadata: false, analyticsReporting: false });
  const stack = new Stack(app, 'Shop');
  const production = new Configuration(stack, 'orders', { directory: 'examples/orders/config' })
    .addEnvironment('production', { guards: [Guard.failedExecutions({ percent: 90 })], judge: { settleWithin: Duration.minutes(2), ...judge }, ...(requireShadow === undefined ? {} : { requireShadow }) });
  const lambdaFunction = new LambdaFunction(stack, 'Answer', {
    code: Code.fromInline(`exports.handler = async ({ n }) => { if (n % 100 < ${failing} || (${flaky} && n % 2 === 0)) throw new Error('it fails'); return { answer: '${answer}' }; };`),
    handler: 'index.handler', runtime: Runtime.NODEJS_24_X,
  });
  const task = new PinnedTask(stack, 'Task', { lambdaFunction, payload: { 'n.$': '$.n' }, resultPath: '$.answer', pure: true });
  const definition = loops ? Chain.start(task).next(new Wait(stack, 'Loop', { time: WaitTime.duration(Duration.minutes(5)) })) : task;
  const kept = { ...(shift === undefined ? {} : { shift }), ...(retainedVersions === undefined ? {} : { retainedVersions }), ...(runsWith === undefined ? {} : { runsWith }) };
  const workflow = new Workflow(stack, 'Workflow', { environment: production, definition, stateMachineName: WORKFLOW, timeout: Duration.seconds(30), ...kept });
  return (workflow.node.root as App).synth().directory;
}

import { CfnParameter, Duration, Stack, type App, type CfnResource } from 'aws-cdk-lib';
import { Alarm, Metric, TreatMissingData } from 'aws-cdk-lib/aws-cloudwatch';
import { AnyPrincipal } from 'aws-cdk-lib/aws-iam';
import { Architecture, Function as LambdaFunction, type CfnFunction } from 'aws-cdk-lib/aws-lambda';
import { Choice, Condition, JsonPath, Map as MapState, Parallel, Pass, type CfnStateMachine, type IChainable } from 'aws-cdk-lib/aws-stepfunctions';
import { Construct } from 'constructs';
import { beforeAll, describe, expect, it } from 'vitest';
import { AgentLayer, Configuration, ConfigurationEnvironment, Guard, OnRolledBack, PinnedTask, RolloutPlan, RunsWith, SafePoint, ShiftPlan, Workflow, type EnvironmentOptions, type WorkflowProps } from '../../lib/constructs/index.ts';
import { bench, directory, quietApp, Synthesised, taskFunction, type Bench } from './bench.ts';

function configured(files: Readonly<Record<string, string>>): () => unknown {
  return () => new Configuration(new Stack(quietApp(), 'Orders'), 'orders', { directory: directory(files) }).addEnvironment('production');
}

describe('documents are refused at synth', () => {
  it.each([
    ['that are not YAML', { 'limits.yaml': 'items: [1\n' }, /SLUICE-DOC-3: limits\.yaml:\d+:\d+/],
    ['that are not JSON', { 'limits.yaml': 'items: 1\n', 'other.json': '{"a":}', 'other.schema.json': '{"type":"object"}' }, /SLUICE-DOC-3: other\.json:1:\d+/],
    ['that break their schema', { 'limits.yaml': 'items: many\n' }, /SLUICE-DOC-10: limits\.yaml:1:8: \$\.items/],
    ['whose schema is none', { 'limits.schema.json': '{"type":"thing"}' }, /SLUICE-SCHEMA-1/],
    ['whose schema is of draft-03', { 'limits.schema.json': '{"$schema":"http://json-schema.org/draft-03/schema#","type":"object"}' }, /SLUICE-SCHEMA-2/],
    ['that are too large', { 'limits.yaml': `items: 1\ntext: ${'x'.repeat(3_000_000)}\n` }, /SLUICE-DOC-1: limits\.yaml: the document is 30000\d\d bytes/],
    ['without a schema', { 'more.yaml': 'a: 1\n' }, /SLUICE-DIR-4/],
  ])('%s', (_, files, message) => {
    expect(configured(files)).toThrow(message);
  });

  it('all at once, when several are wrong', () => {
    expect(configured({ 'limits.yaml': 'items: many\n', 'more.yaml': 'a: 1\n' })).toThrow(/SLUICE-CDK-4: 2 problems in .*SLUICE-D.* \| SLUICE-D/);
  });

  it('that are nowhere', () => {
    const stack = new Stack(quietApp(), 'Orders');

    expect(() => new Configuration(stack, 'orders', { directory: '/nowhere' }).addEnvironment('production')).toThrow('SLUICE-DIR-1: there is no directory /nowhere');
  });
});

describe('plans are refused at synth', () => {
  it.each([
    ['steps of 0 %', () => RolloutPlan.linear({ stepPercent: 0, duration: Duration.minutes(10) }), 'SLUICE-PLAN-2: stepPercent must be above 0 and at most 100, got 0'],
    ['a beginning at 120 %', () => RolloutPlan.exponential({ startPercent: 120, duration: Duration.minutes(10) }), 'SLUICE-PLAN-2: percent must be above 0'],
    ['half a minute', () => RolloutPlan.linear({ stepPercent: 50, duration: Duration.seconds(30) }), 'SLUICE-PLAN-1: minutes must be a number of whole minutes'],
    ['two days of bake', () => RolloutPlan.linear({ stepPercent: 50, duration: Duration.minutes(1), bakeTime: Duration.days(2) }), 'SLUICE-PLAN-1: bakeMinutes'],
    ['steps AppConfig has no words for', () => RolloutPlan.of({ kind: 'steps', steps: [{ percent: 1, minutes: 5 }, { percent: 100, minutes: 60 }] }), 'SLUICE-PLAN-3'],
  ])('%s', (_, make, message) => {
    expect(make).toThrow(message);
  });
});

describe('conditions are refused at synth', () => {
  it.each([
    ['a schema that is nowhere', () => RunsWith.schemas({ limits: ['nowhere.schema.json'] }), 'SLUICE-CDK-20: runsWith has "nowhere.schema.json", which is neither a digest nor a file'],
    ['a schema that is none', () => RunsWith.schemas({ limits: [`${directory({ 'limits.schema.json': '{"type":"thing"}' })}/limits.schema.json`] }), 'SLUICE-SCHEMA-1'],
    ['a document without any schema', () => RunsWith.schemas({ limits: [] }), 'SLUICE-CDK-20: runsWith has {"limits":[]}, which names no document with a schema'],
    ['no epoch', () => RunsWith.epochs(), 'SLUICE-CDK-20'],
    ['half a digest', () => RunsWith.epochs('sha256:abc'), 'SLUICE-CDK-20: runsWith has "sha256:abc", which is no digest'],
    ['version 0', () => RunsWith.since(0), 'SLUICE-CDK-20: runsWith has 0, which is no number of a version'],
    ['a shadow of nothing', () => ShiftPlan.canary({ requireShadow: { executions: 0 } }), 'SLUICE-SHADOW-7: executions of a demanded shadow must be a whole number above 0, got 0'],
  ])('%s', (_, make, message) => {
    expect(make).toThrow(message);
  });

  it('a declaration that no gate could keep', () => {
    const stack = new Stack(quietApp(), 'Other');
    const environment = ConfigurationEnvironment.fromConfigurationEnvironmentAttributes(stack, 'Theirs', { applicationId: 'a', applicationName: 'orders', environmentId: 'e', environmentName: 'production', profileId: 'p', storeBucketName: 'store' });

    expect(() => new Workflow(stack, 'Workflow', { environment, definition: new Pass(stack, 'Pass'), runsWith: RunsWith.since(2) })).toThrow('SLUICE-CDK-21: Other/Workflow declares what it runs with, and the gate of orders/production is not of this app');
  });
});

describe('declarations are refused at synth', () => {
  const declaring = (workflows: number, named: (number: number) => string): Stack => {
    const { stack, production: environment } = bench();
    for (let number = 1; number <= workflows; number += 1) {
      new Workflow(stack, `Workflow${number}`, { environment, definition: new Pass(stack, `Pass${number}`), stateMachineName: named(number), runsWith: RunsWith.since(1) });
    }
    return stack;
  };
  const long = (number: number): string => `${'w'.repeat(78)}${number}`;

  it('when they are more than the gate can ask', () => {
    expect(() => declaring(51, (number) => `w${number}`)).toThrow('SLUICE-CDK-22: 51 workflows declare what they run with in orders/production, by names of 449 characters together; its gate can ask 50, of 3000 characters');
    expect(() => declaring(36, long)).toThrow('SLUICE-CDK-22: 36 workflows declare');
  });

  it('and not before: what the gate gets stays within the limits of IAM and Lambda', () => {
    const made = new Synthesised(declaring(35, long));

    const policies = made.ids('AWS::IAM::Policy').map((id) => made.resources[id]!.Properties).filter(({ Roles }) => JSON.stringify(Roles).includes('GateHandler'));
    const variables = made.ids('AWS::Lambda::Function').filter((id) => id.includes('GateHandler')).map((id) => made.resources[id]!.Properties['Environment']);
    expect(deployed(policies)).toContain(long(35));
    expect(deployed(policies).length).toBeLessThanOrEqual(10_240);
    expect(deployed(variables)).toContain(`${long(35)}:live`);
    expect(deployed(variables).length).toBeLessThanOrEqual(4096);
  });
});

/** Properties as text, once CloudFormation has put in what it alone knows. */
function deployed(properties: unknown): string {
  return JSON.stringify(properties, (_, value: unknown) => {
    if (typeof value !== 'object' || value === null || Object.keys(value).length !== 1) return value;
    const { Ref, 'Fn::GetAtt': attribute, 'Fn::Join': join } = value as Record<string, unknown>;
    if (Ref !== undefined || attribute !== undefined) return 'x'.repeat(typeof Ref === 'string' && Ref.startsWith('AWS::') ? 14 : 90);
    return join === undefined ? value : (join as [string, unknown[]])[1].map((part) => (typeof part === 'string' ? part : JSON.parse(deployed(part)) as string)).join('');
  });
}

describe('names are refused at synth', () => {
  it('that nobody knows yet', () => {
    const stack = new Stack(quietApp(), 'Orders');
    const applicationName = new CfnParameter(stack, 'Name').valueAsString;

    expect(() => new Configuration(stack, 'orders', { directory: directory(), applicationName })).toThrow('SLUICE-CDK-1: Orders/orders: applicationName is a token');
  });

  it('that AppConfig does not take, and those that are taken', () => {
    const { configuration } = bench();

    expect(() => configuration.addEnvironment('pro duction')).toThrow('SLUICE-CDK-2: environmentName must match');
    expect(() => configuration.addEnvironment('production')).toThrow('SLUICE-CDK-11: the environment production is there twice');
  });
});

describe('readers are refused at synth', () => {
  it('that cannot be given variables, such as imported functions', () => {
    const { stack, production } = bench();
    const theirs = LambdaFunction.fromFunctionName(stack, 'Imported', 'theirs') as unknown as LambdaFunction;

    expect(() => production.addReader(theirs)).toThrow('SLUICE-CDK-5: Orders/Imported cannot be given variables and layers');
    expect(() => new PinnedTask(stack, 'Theirs', { lambdaFunction: theirs })).toThrow('SLUICE-CDK-5');
    expect(() => production.grantRead({ grantPrincipal: new AnyPrincipal() })).toThrow('SLUICE-CDK-12');
  });

  it.each([
    ['arn:aws:lambda:us-east-1:027255383542:layer:AWS-AppConfig-Extension:207', 'SLUICE-CDK-7: '],
    ['arn:aws:lambda:eu-west-1:434848589818:layer:AWS-AppConfig-Extension:110', 'in eu-west-1 do; use AgentLayer.latest()'],
    ['arn:aws:lambda:us-east-1:027255383542:layer:AWS-AppConfig-Extension-Arm64:254', 'SLUICE-CDK-6: '],
    ['arn:aws:lambda:us-east-1:123456789012:layer:mine:3', 'for x86_64'],
  ])('with an agent that is too old or none: %s', (arn, message) => {
    const { stack, production } = bench();

    expect(() => production.addReader(taskFunction(stack), { agentLayer: AgentLayer.fromLayerVersionArn(arn) })).toThrow(message);
  });

  it('but not with a newer agent of the function\'s own architecture', () => {
    const { stack, production } = bench();
    const reader = taskFunction(stack);

    production.addReader(reader, { agentLayer: AgentLayer.fromLayerVersionArn('arn:aws:lambda:us-east-1:027255383542:layer:AWS-AppConfig-Extension:321') });

    expect(reader.architecture).toBe(Architecture.X86_64);
    expect(stack.resolve((reader.node.defaultChild as unknown as { layers: unknown }).layers)).toEqual(['arn:aws:lambda:us-east-1:027255383542:layer:AWS-AppConfig-Extension:321']);
  });
});

describe('guards are refused at synth', () => {
  it('that ring when nothing runs', () => {
    const { stack } = bench();
    const alarm = new Alarm(stack, 'Errors', { metric: new Metric({ namespace: 'Shop', metricName: 'Errors' }), threshold: 1, evaluationPeriods: 1, treatMissingData: TreatMissingData.BREACHING });

    expect(() => Guard.alarm(alarm)).toThrow('SLUICE-CDK-8: the alarm Orders/Errors treats missing data as breaching');
  });

  /** An environment guarded by the errors of a function that reads it. */
  function watched(then: (made: Bench, reader: LambdaFunction) => void): App {
    const app = quietApp();
    const stack = new Stack(app, 'Orders');
    const reader = taskFunction(stack);
    const options: EnvironmentOptions = { guards: [Guard.alarm(reader.metricErrors().createAlarm(stack, 'Errors', { threshold: 1, evaluationPeriods: 1 }))] };
    const configuration = new Configuration(stack, 'orders', { directory: directory() });
    const production = configuration.addEnvironment('production', options);
    production.addReader(reader);
    then({ app, stack, configuration, production }, reader);
    return app;
  }

  it('that watch a function which waits for the environment', () => {
    const app = watched(({ production }, reader) => reader.addEnvironment('ENVIRONMENT_ID', production.environmentId));

    expect(() => app.synth()).toThrow(/SLUICE-CDK-9: Orders\/orders\/production would depend on itself: .* -> Errors\w+ -> ChargeFunction\w+ -> ordersproductionEnvironment/);
  });

  it.each<[string, (reader: LambdaFunction, seed: CfnResource) => void]>([
    ['by a dependency', (reader, seed) => { reader.node.addDependency(seed); }],
    ['by its name in the template', (reader, seed) => { (reader.node.defaultChild as CfnFunction).addPropertyOverride('Environment.Variables.WAITS', { Ref: Stack.of(seed).getLogicalId(seed) }); }],
  ])('that watch a function which waits for the first release %s', (_, wait) => {
    const app = watched(({ production }, reader) => { wait(reader, production.node.findChild('Seed').node.findChild('Resource').node.defaultChild as CfnResource); });

    expect(() => app.synth()).toThrow(/SLUICE-CDK-9: Orders\/orders\/production would depend on itself: .* -> ChargeFunction\w+ -> ordersproductionSeed/);
  });

  it('but not those that watch a function which only reads it', () => {
    const app = watched(() => undefined);

    expect(() => app.synth()).not.toThrow();
  });
});

describe('workflows are refused at synth', () => {
  it('that are express, since nobody is told of their ends', () => {
    const { app, stack, production } = bench();
    const { stateMachine } = new Workflow(stack, 'Workflow', { environment: production, definition: new Pass(stack, 'Work') });
    (stateMachine.node.defaultChild as CfnStateMachine).stateMachineType = 'EXPRESS';

    expect(() => app.synth()).toThrow('SLUICE-CDK-13: Orders/Workflow/StateMachine is an express workflow');
  });

  it.each([
    ['none, where nothing shifts', { retainedVersions: 0 }, 'SLUICE-SHIFT-10: 0 versions of a workflow cannot be retained; give a whole number from 1 to 900'],
    ['more versions than Step Functions has room for', { retainedVersions: 1000, shift: ShiftPlan.allAtOnce() }, 'SLUICE-SHIFT-10: 1000 versions of a workflow cannot be retained; give a whole number from 1 to 900'],
  ])('that retain %s', (_, props, message) => {
    const { stack, production } = bench();

    expect(() => new Workflow(stack, 'Workflow', { environment: production, definition: new Pass(stack, 'Work'), ...props })).toThrow(message);
  });

  /** What a definition is made of: a place in the stack, and a pinned task and a safe point in it. */
  interface Parts { readonly scope: Construct; readonly configuration: Configuration; readonly task: PinnedTask; readonly point: SafePoint }
  type Define = (parts: Parts) => IChainable;

  const LOSING: readonly (readonly [string, Define, string])[] = [
    ['a state whose result replaces its input', ({ scope, task }) => new Pass(scope, 'Look', { parameters: { a: 1 } }).next(task), 'the task Charge would run without a pin, since Look drops it'],
    ['an output path', ({ scope, task }) => new Pass(scope, 'Look', { outputPath: '$.order' }).next(task), 'since Look drops it'],
    ['a Map that selects nothing', ({ scope, task }) => new MapState(scope, 'Each', { itemsPath: '$.items' }).itemProcessor(task), 'since Each drops it'],
    ['a Parallel whose parameters leave it out', ({ scope, task }) => new Parallel(scope, 'Both', { parameters: { order: 1 } }).branch(task), 'since Both drops it'],
    ['a Catch that overwrites it', ({ scope, task }) => {
      const first = new PinnedTask(scope, 'First', { lambdaFunction: taskFunction(scope, 'First') });
      first.addCatch(task);
      return first;
    }, 'since the Catch of First drops it'],
    ['one way of two', ({ scope, task }) => new Choice(scope, 'Which').when(Condition.isPresent('$.a'), new Pass(scope, 'Short', { result: { value: {} } }).next(task)).otherwise(task), 'since Short drops it'],
  ];
  const CARRYING: readonly (readonly [string, Define])[] = [
    ['results beside it', ({ scope, task }) => new Pass(scope, 'Look', { parameters: { a: 1 }, resultPath: '$.looked' }).next(task)],
    ['thrown-away results', ({ scope, task }) => new Pass(scope, 'Look', { parameters: { a: 1 }, resultPath: JsonPath.DISCARD }).next(task)],
    ['a Map that carries it', ({ scope, task }) => new MapState(scope, 'Each', { itemsPath: '$.items', itemSelector: { 'pin.$': '$.pin', 'item.$': '$$.Map.Item.Value' }, resultPath: '$.all' }).itemProcessor(task)],
    ['a Parallel of its whole input', ({ scope, task }) => new Parallel(scope, 'Both').branch(task)],
    ['a loop', ({ scope, task }) => task.next(new Choice(scope, 'Again').when(Condition.isPresent('$.more'), task).otherwise(new Pass(scope, 'Done', { outputPath: '$.charge' })))],
  ];
  const move = { onRolledBack: OnRolledBack.moveAtSafePoints() };
  const MISPLACED: readonly (readonly [string, Partial<WorkflowProps>, Define, string])[] = [
    ['that are to move and have no safe point', move, ({ scope }) => new Pass(scope, 'Work'), 'SLUICE-CDK-17: Orders/Workflow is to move its executions at safe points, and its definition has none'],
    ['whose safe point is inside a Parallel', move, ({ scope, point }) => new Parallel(scope, 'Both', { resultPath: '$.both' }).branch(point), 'SLUICE-CDK-18: the safe point Settled moves nobody: it is inside Both, of which one part would move without the others'],
    ['whose safe point is inside a Map', move, ({ scope, point }) => new MapState(scope, 'Each', { itemSelector: { 'pin.$': '$.pin' } }).itemProcessor(point), 'it is inside Each'],
    ['whose safe point has nothing to do', {}, ({ point }) => point, 'Orders/Workflow lets its executions finish on the epoch they began on'],
    ['whose safe point would part a child from its parent', { carriesPin: true }, ({ point }) => point, 'Orders/Workflow carries its parent\'s pin, and would move without its parent'],
    ['whose safe point has lost its pin', move, ({ scope, point }) => new Pass(scope, 'Look', { parameters: { a: 1 } }).next(point), 'the task Settled would run without a pin, since Look drops it'],
    ['whose safe point is of another environment', move, ({ scope, configuration }) => new SafePoint(scope, 'Elsewhere', { environment: configuration.addEnvironment('staging') }), 'it is of another environment than Orders/Workflow'],
  ];
  const settled: Define = ({ scope, task, point }) => {
    task.addCatch(point, { errors: ['Sluice.EpochRolledBack'], resultPath: '$.error' });
    return task.next(point.next(new PinnedTask(scope, 'Ship', { lambdaFunction: taskFunction(scope, 'Ship') })));
  };

  /** Workflows of one app, which takes longer to make than all of them; what it is refused for at synth, of each by its place. */
  function refusals(workflows: readonly (readonly [string, Define, Partial<WorkflowProps>])[]): (at: string) => string {
    const { app, stack, configuration, production: environment } = bench();
    const lambdaFunction = taskFunction(stack);
    for (const [at, define, props] of workflows) {
      const scope = new Construct(stack, at);
      const parts = { scope, configuration, task: new PinnedTask(scope, 'Charge', { lambdaFunction }), point: new SafePoint(scope, 'Settled', { environment }) };
      new Workflow(scope, 'Workflow', { environment, definition: define(parts), ...props });
    }
    let lines: readonly string[] = [];
    try {
      app.synth();
    } catch (error) {
      lines = (error as Error).message.split('\n').slice(1);
    }
    const known = new Set(workflows.map(([at]) => at));
    const elsewhere = lines.filter((line) => !known.has(/^ *\[Orders\/([^/]+)\//.exec(line)?.[1] ?? ''));
    if (elsewhere.length > 0) throw new Error(`refused for something else: ${elsewhere.join('\n')}`);
    return (at) => lines.filter((line) => line.includes(`[Orders/${at}/`)).join('\n').replaceAll(`Orders/${at}/`, 'Orders/');
  }

  let refusal: (at: string) => string;
  beforeAll(() => {
    refusal = refusals([...LOSING.map(([at, define]) => [at, define, {}] as const), ...MISPLACED.map(([at, props, define]) => [at, define, props] as const)]);
  });

  it.each(LOSING)('when %s loses the pin', (at, _, message) => {
    expect(refusal(at)).toContain(message);
  });

  it.each(MISPLACED)('%s', (at, _, __, message) => {
    expect(refusal(at)).toContain(message);
  });

  it('that carry their parent\'s pin and say what becomes of it', () => {
    expect(() => refusals([['Child', ({ point }) => point, { carriesPin: true, onRolledBack: OnRolledBack.finish() }]])).toThrow('SLUICE-CDK-19: Orders/Child/Workflow carries its parent\'s pin');
  });

  it('but not those whose tasks all get the pin, nor those that move, or fail and go on, at a safe point between others', () => {
    const moving = [OnRolledBack.moveAtSafePoints(), OnRolledBack.fail()].map((onRolledBack, at) => [`Moving${at}`, settled, { onRolledBack }] as const);
    const workflows = [...CARRYING.map(([at, define]) => [at, define, {}] as const), ...moving];
    const refused = refusals(workflows);

    expect(workflows.map(([at]) => [at, refused(at)])).toEqual(workflows.map(([at]) => [at, '']));
  });
});

import { EventBridgeClient, TestEventPatternCommand } from '@aws-sdk/client-eventbridge';
import { Stack } from 'aws-cdk-lib';
import { Match } from 'aws-cdk-lib/assertions';
import { Rule } from 'aws-cdk-lib/aws-events';
import { CustomState, DefinitionBody, StateMachine } from 'aws-cdk-lib/aws-stepfunctions';
import { AwsSolutionsChecks } from 'cdk-nag';
import { inProcess, startEngine } from 'sluice-engine';
import { describe, expect, it } from 'vitest';
import { OnRolledBack, PermissionSets, PinnedExecution, PinnedTask, RolloutDashboard, SafePoint, ShiftPlan, Workflow, WorkflowAlias, WorkflowTarget } from '../../lib/constructs/index.ts';
import { pureStates } from '../../lib/core/shadow/index.ts';
import { bench, quietApp, Synthesised, taskFunction, workflow, working } from './bench.ts';

/** The definition of a machine, with `<LogicalId>` for what CloudFormation fills in. */
function definitionOf(made: Stack | Synthesised): { StartAt: string; States: Record<string, Record<string, unknown>> } {
  const [machine] = Object.values((made instanceof Stack ? new Synthesised(made) : made).template.findResources('AWS::StepFunctions::StateMachine')) as { Properties: { DefinitionString: { 'Fn::Join': [string, (string | { Ref?: string })[]] } } }[];
  const text = machine!.Properties.DefinitionString['Fn::Join'][1].map((part) => (typeof part === 'string' ? part : `<${part.Ref ?? 'other'}>`)).join('');
  return JSON.parse(text) as never;
}

interface AgainRule {
  readonly Properties: { readonly EventPattern: { readonly detail: { readonly stateMachineArn: readonly unknown[] } }; readonly Targets: readonly [{ readonly Input: { readonly 'Fn::Join': [string, (string | { readonly Ref: string })[]] } }] };
}

const CONTROLLER = 'arn:aws:states:us-east-1:111122223333:stateMachine:controller';

/** The input that a rule starts the controller with, of a stack whose aliases are named by their logical ids. */
function inputOf({ Properties: { Targets: [{ Input }] } }: AgainRule): string {
  return Input['Fn::Join'][1].map((part) => (typeof part === 'string' ? part : part.Ref.includes('Alias') ? `arn:aws:states:us-east-1:111122223333:stateMachine:${part.Ref.replace(/Alias.*/, '')}:live` : part.Ref)).join('');
}

/** Asks EventBridge which rules an execution of the controller starts that was stopped, by the place of its own. */
async function startedBy(rules: readonly AgainRule[]): Promise<(boolean | undefined)[][]> {
  const engine = await startEngine({ clock: 'virtual', port: false });
  const events = new EventBridgeClient({ region: engine.region, endpoint: 'http://localhost', credentials: { accessKeyId: 'AKIDTEST', secretAccessKey: 'test' }, requestHandler: inProcess(engine.dispatch) });
  const head = { 'id': '1', 'source': 'aws.states', 'detail-type': 'Step Functions Execution Status Change', 'account': '111122223333', 'region': 'us-east-1', 'time': '2026-01-01T00:00:00Z', 'resources': [] };
  const starts = async (rule: AgainRule, input: string): Promise<boolean | undefined> => {
    const pattern = { ...rule.Properties.EventPattern, detail: { ...rule.Properties.EventPattern.detail, stateMachineArn: [CONTROLLER] } };
    const event = { ...head, detail: { stateMachineArn: CONTROLLER, status: 'ABORTED', input } };
    return (await events.send(new TestEventPatternCommand({ EventPattern: JSON.stringify(pattern), Event: JSON.stringify(event) }))).Result;
  };
  const answers = await Promise.all(rules.map((stopped) => Promise.all(rules.map((rule) => starts(rule, inputOf(stopped))))));
  await engine.close();
  return answers;
}

describe('a workflow', () => {
  it('draws its pin first, by published versions that are kept, and keeps it beside each result', () => {
    const synthesised = working();

    const { StartAt, States } = definitionOf(synthesised);

    expect(StartAt).toBe('Pin');
    expect(States['Pin']).toMatchObject({ Parameters: { 'execution.$': '$$.Execution.Id' }, ResultPath: '$.pin', Next: 'Charge' });
    expect(States['Charge']).toMatchObject({ ResultPath: '$.charge', End: true });
    for (const state of ['Pin', 'Charge']) {
      const version = /^<(.*)>$/.exec(String(States[state]?.['Resource']))?.[1] ?? '';
      expect(synthesised.resources[version]).toMatchObject({ Type: 'AWS::Lambda::Version', DeletionPolicy: 'Retain', UpdateReplacePolicy: 'Retain' });
    }
  });

  it('gives a task its pin beside what else it is given', () => {
    const { stack, production } = bench();
    new Workflow(stack, 'Workflow', { environment: production, definition: new PinnedTask(stack, 'Charge', { lambdaFunction: taskFunction(stack), payload: { 'id.$': '$.order.id' }, resultPath: '$.paid' }) });

    expect(definitionOf(stack).States['Charge']).toMatchObject({ Parameters: { 'id.$': '$.order.id', 'pin.$': '$.pin' }, ResultPath: '$.paid' });
  });

  it('says in its definition which tasks are pure', () => {
    const { stack, production } = bench();
    const lambdaFunction = taskFunction(stack);
    const definition = new PinnedTask(stack, 'Price', { lambdaFunction, pure: true, comment: 'looks up prices' }).next(new PinnedTask(stack, 'Rate', { lambdaFunction, pure: true })).next(new PinnedTask(stack, 'Charge', { lambdaFunction }));
    new Workflow(stack, 'Workflow', { environment: production, definition });

    const made = definitionOf(stack);

    expect(made.States['Price']).toMatchObject({ Comment: 'looks up prices [pure]' });
    expect(pureStates(JSON.stringify(made))).toEqual(['Price', 'Rate']);
  });

  it('lets its pins say what becomes of executions whose epoch is rolled back, and tasks and pins see which were', () => {
    const { app, stack, production } = bench();
    const [early, late] = [taskFunction(stack, 'Early'), taskFunction(stack, 'Late')];
    production.addReader(early, { sources: ['store'] });
    new Workflow(stack, 'Workflow', { environment: production, onRolledBack: OnRolledBack.fail(), definition: new PinnedTask(stack, 'Charge', { lambdaFunction: early }) });
    production.addReader(late, { sources: ['store'] });
    production.addReader(taskFunction(stack, 'Unpinned'), { sources: ['agent'] });

    const { template } = new Synthesised(stack);
    const seeing = Object.values(template.findResources('AWS::IAM::Policy')).filter((policy) => JSON.stringify(policy).includes('/rolled-back/orders-production.json'));

    expect(definitionOf(stack).States['Pin']).toMatchObject({ Parameters: { 'execution.$': '$$.Execution.Id', onRolledBack: 'fail' } });
    expect(seeing.flatMap((policy) => (policy['Properties'] as { Roles: { Ref: string }[] }).Roles.map(({ Ref }) => Ref.replace(/ServiceRole\w+$|Role\w+$/, ''))).sort()).toEqual(['EarlyFunction', 'LateFunction', 'ordersproductionPin']);
    expect(new AwsSolutionsChecks().validateScope(app).violations.map(({ ruleName }) => ruleName).filter((name) => !name.startsWith('AwsSolutions-IAM4'))).toEqual([]);
  });

  it('moves at the safe points of its definition, however those are written', () => {
    const { stack, production } = bench();
    const written = new CustomState(stack, 'Written', { stateJson: SafePoint.state(stack, production) });
    new Workflow(stack, 'Workflow', { environment: production, onRolledBack: OnRolledBack.moveAtSafePoints(), definition: new SafePoint(stack, 'Made', { environment: production }).next(written) });

    const { States: { Pin, Made, Written } } = definitionOf(stack);

    expect(Made).toMatchObject({ Type: 'Task', Resource: Pin?.['Resource'], Parameters: { 'execution.$': '$$.Execution.Id', 'pin.$': '$.pin' }, ResultPath: '$.pin', Next: 'Written' });
    const { Next: _, ...made } = Made!;
    expect({ ...Written, End: undefined }).toEqual({ ...made, End: undefined });
    expect(Pin?.['Retry']).toEqual(Made?.['Retry']);
  });

  it('keeps its versions, starts nothing before ends are counted, and is there before the first release', () => {
    const synthesised = working();

    const [version] = synthesised.ids('AWS::StepFunctions::StateMachineVersion');
    const [alias] = synthesised.ids('AWS::StepFunctions::StateMachineAlias');
    expect(synthesised.resources[version!]).toMatchObject({ DeletionPolicy: 'Retain', UpdateReplacePolicy: 'Retain' });
    expect([...synthesised.waitsFor(alias!)].filter((id) => synthesised.resources[id]?.Type === 'AWS::Events::Rule')).toHaveLength(1);
    expect(synthesised.waitsFor(synthesised.ids('Custom::SluiceSeed')[0]!)).toContain(alias);
  });

  it('that shifts is gone on with when its own controller is stopped, not when that of a neighbour is: controllers that fail make no more of them', async () => {
    const { stack, production: environment } = bench();
    for (const name of ['pay', 'prepay']) new Workflow(stack, name, { environment, stateMachineName: name, shift: ShiftPlan.canary(), definition: new PinnedTask(stack, `${name}Charge`, { lambdaFunction: taskFunction(stack, name) }) });
    const rules = Object.values(new Synthesised(stack).template.findResources('AWS::Events::Rule', { Properties: { EventPattern: { detail: { status: ['FAILED', 'TIMED_OUT', 'ABORTED'], stateMachineArn: Match.arrayEquals([{ 'Fn::Join': Match.anyValue() }]) }, source: ['aws.states'] } } })) as AgainRule[];

    expect(await startedBy(rules)).toEqual([[true, false], [false, true]]);
  });

  it('has its versions pruned by a function of the stack, another one for each 25 state machines, which nothing waits for', () => {
    const stack = new Stack(quietApp(), 'Many');
    for (let n = 0; n < 26; n += 1) new WorkflowAlias(stack, `Alias${n}`, { stateMachine: new StateMachine(stack, `Machine${n}`, { definitionBody: DefinitionBody.fromString('{}') }), retainedVersions: 7 });

    const synthesised = new Synthesised(stack);

    const told = synthesised.ids('AWS::Events::Rule').map((id) => JSON.stringify(synthesised.resources[id]).match(/retained[^}]*?:7/g)?.length);
    const pruners = synthesised.ids('AWS::Lambda::Function');
    const others = Object.keys(synthesised.resources).filter((id) => !id.startsWith('SluicePruning'));
    expect([told, pruners.length]).toEqual([[25, 1], 2]);
    expect(others.filter((id) => pruners.some((pruner) => synthesised.waitsFor(id).has(pruner)))).toEqual([]);
  });

  it('has them pruned by the controller of its shifts where it shifts, whoever has an alias of it beside', () => {
    const { stack, production } = bench();
    const { stateMachine } = new Workflow(stack, 'Workflow', { environment: production, shift: ShiftPlan.allAtOnce(), definition: new PinnedTask(stack, 'Charge', { lambdaFunction: taskFunction(stack) }) });
    new WorkflowAlias(stack, 'Beta', { stateMachine, aliasName: 'beta' });

    expect(Object.keys(new Synthesised(stack).resources).filter((id) => id.startsWith('SluicePruning'))).toEqual([]);
  });

  it('is started on its alias only, by whom it lets', () => {
    const made = bench();
    const starter = taskFunction(made.stack, 'Starter');
    workflow(made).grantStartExecution(starter);

    const { template } = new Synthesised(made.stack);

    const start = { Action: 'states:StartExecution', Effect: 'Allow', Resource: Match.anyValue(), Condition: { StringEquals: { 'states:StateMachineQualifier': 'live' } } };
    expect(Object.keys(template.findResources('AWS::IAM::Policy', { Properties: { PolicyDocument: { Statement: [start] } } }))).toHaveLength(1);
  });

  it('is started by events, each rule with a role for this alias', () => {
    const made = bench();
    const { alias } = workflow(made);
    new Rule(made.stack, 'Placed', { eventPattern: { source: ['shop'] }, targets: [new WorkflowTarget(alias)] });

    const { template, ...synthesised } = new Synthesised(made.stack);

    const [rule] = Object.values(template.findResources('AWS::Events::Rule', { Properties: { EventPattern: { source: ['shop'] } } })) as { Properties: { Targets: { Arn: unknown; RoleArn: unknown }[] } }[];
    expect(rule?.Properties.Targets).toEqual([expect.objectContaining({ Arn: { Ref: Object.entries(synthesised.resources).find(([, { Type }]) => Type === 'AWS::StepFunctions::StateMachineAlias')?.[0] } })]);
    expect(rule?.Properties.Targets[0]).toHaveProperty('RoleArn');
  });

  it('runs as a child with its parent\'s pin, and draws none; its parent alone is counted, and cdk-nag knows why each wildcard is there', () => {
    const { app, stack, production } = bench();
    const child = new Workflow(stack, 'Child', { environment: production, carriesPin: true, definition: new PinnedTask(stack, 'Charge', { lambdaFunction: taskFunction(stack) }) });
    new Workflow(stack, 'Parent', { environment: production, definition: new PinnedExecution(stack, 'Pay', { alias: child.alias, input: { 'order.$': '$.order' } }) });

    const { template } = new Synthesised(stack);
    const machines = JSON.stringify(template.findResources('AWS::StepFunctions::StateMachine'));
    const { violations } = new AwsSolutionsChecks().validateScope(app);

    expect(machines.match(/\$\$\.Execution\.Id/g)).toHaveLength(2);
    expect(machines).toContain('states:startExecution.sync:2');
    expect(machines).toContain(String.raw`\"pin.$\":\"$.pin\"`);
    expect(Object.keys(template.findResources('AWS::Events::Rule', { Properties: { EventPattern: { source: ['aws.states'] } } }))).toEqual([expect.stringMatching(/^Parent/)]);
    expect(violations.map(({ ruleName }) => ruleName).filter((name) => !name.startsWith('AwsSolutions-IAM4'))).toEqual([]);
  });

  it('of another stack is known by its alias', () => {
    const stack = new Stack(quietApp(), 'Starters');
    const alias = WorkflowAlias.fromWorkflowAliasArn(stack, 'Orders', 'arn:aws:states:eu-west-1:123456789012:stateMachine:orders:live');
    alias.grantStartExecution(taskFunction(stack));

    expect([alias.stateMachineName, alias.aliasName]).toEqual(['orders', 'live']);
    expect(JSON.stringify(new Synthesised(stack).template.findResources('AWS::IAM::Policy'))).toContain(':stateMachine:orders"');
  });

  it('of another stack than its environment makes no cycle between the two', () => {
    const { app, production } = bench();
    const stack = new Stack(app, 'Workflows');
    const lambdaFunction = taskFunction(stack);
    production.addReader(lambdaFunction, { sources: ['store'] });
    new Workflow(stack, 'Workflow', { environment: production, definition: new PinnedTask(stack, 'Charge', { lambdaFunction }) });

    expect(() => app.synth()).not.toThrow();
  });
});

describe('a reader', () => {
  it.each([
    [['agent', 'store'] as const, ['appconfig:StartConfigurationSession', 'appconfig:GetLatestConfiguration', 's3:GetObject'], true],
    [['agent'] as const, ['appconfig:StartConfigurationSession', 'appconfig:GetLatestConfiguration'], true],
    [['store'] as const, ['s3:GetObject'], false],
  ])('of %s may do just that', (sources, actions, agent) => {
    const { stack, production } = bench();
    const reader = taskFunction(stack);
    const policy = production.addReader(reader, { sources });

    const { template } = new Synthesised(stack);

    expect(policy.document.toJSON().Statement.flatMap(({ Action }: { Action: string | string[] }) => Action)).toEqual(actions);
    const { Layers, Environment } = template.findResources('AWS::Lambda::Function')[stack.getLogicalId(reader.node.defaultChild as never)]!['Properties'] as { Layers?: unknown[]; Environment: { Variables: Record<string, unknown> } };
    expect(Layers !== undefined).toBe(agent);
    expect('AWS_APPCONFIG_EXTENSION_PREFETCH_LIST' in Environment.Variables).toBe(agent);
    expect('SLUICE_STORE' in Environment.Variables).toBe(sources.includes('store' as never));
  });
});

describe('beside it', () => {
  it('a dashboard shows executions by epoch, what was taken back and the alarms', () => {
    const made = bench();
    new RolloutDashboard(made.stack, 'Dashboard', { environment: made.production, workflows: [workflow(made)] });

    const body = JSON.stringify(Object.values(new Synthesised(made.stack).template.findResources('AWS::CloudWatch::Dashboard')));

    for (const shown of ['{Sluice,Application,Environment,Epoch}', 'ExecutionsStarted', 'ExecutionsFailed', 'RollbacksDecided', 'ExecutionsTimedOut']) expect(body).toContain(shown);
  });

  it('permission sets keep guards from everybody, and releases to the plan', () => {
    const { app, stack, production } = bench();
    const { reader, releaser, approver, operator } = new PermissionSets(stack, 'People', { environment: production });
    const allowed = (policy: typeof reader): string[] => policy.document.toJSON().Statement.filter(({ Effect }: { Effect: string }) => Effect === 'Allow').flatMap(({ Action }: { Action: string | string[] }) => Action);
    const writes = /:(Put|Create|Update|Delete|Start(?!Configuration)|Stop|Disable|Enable|Set)/;

    expect(allowed(reader).filter((action) => writes.test(action))).toEqual([]);
    expect(allowed(releaser).filter((action) => writes.test(action))).toEqual(['appconfig:CreateHostedConfigurationVersion', 'appconfig:StartDeployment', 's3:PutObject']);
    expect(allowed(approver).filter((action) => writes.test(action))).toEqual(['s3:PutObject']);
    // Once for overrides and shifts, once for what was rolled back.
    expect(allowed(operator).filter((action) => writes.test(action))).toEqual(['appconfig:StopDeployment', 'cloudwatch:DisableAlarmActions', 'cloudwatch:EnableAlarmActions', 's3:PutObject', 's3:PutObject']);
    expect(JSON.stringify(stack.resolve(releaser.document.toJSON()))).toContain('deploymentstrategy/AppConfig.Canary10Percent20Minutes');
    app.synth();
    expect(new AwsSolutionsChecks().validateScope(app).violations.map(({ ruleName }) => ruleName)).toEqual([]);
  });
});

import type { House, StatesPort } from '../ports.ts';
import type { Service } from '../wire/index.ts';
import { Cancellation, compile, execute, invokeLambdaTask, type HistoryEvent, type Machine, type Outcome } from './asl/index.ts';

export function quick(house: House): { service: Service; port: StatesPort } {
  const machines = new Map<string, { name: string; machine: Machine; roleArn: string }>();
  const aliases = new Map<string, { version: string; machine: string }>();
  const executions = new Map<string, { name: string; machineArn: string; startDate: number; stopDate?: number; input: string; outcome?: Outcome; events: HistoryEvent[]; alias?: string; version?: string }>();
  const base = `arn:aws:states:${house.region}:${house.account}`;
  const start = (input: { stateMachineArn: string; name?: string; input?: string }): { executionArn: string; startDate: number } => {
    const alias = aliases.get(input.stateMachineArn);
    const machineArn = alias?.machine ?? input.stateMachineArn;
    const m = machines.get(machineArn)!;
    const name = input.name ?? house.draws.uuid('x');
    const executionArn = `${base}:execution:${m.name}:${name}`;
    const e = { name, machineArn, startDate: house.kernel.now(), input: input.input ?? '{}', events: [] as HistoryEvent[], ...(alias ? { alias: input.stateMachineArn, version: alias.version } : {}) } as { name: string; machineArn: string; startDate: number; stopDate?: number; input: string; outcome?: Outcome; events: HistoryEvent[]; alias?: string; version?: string };
    executions.set(executionArn, e);
    const emit = (status: string): void => {
      house.ports.events.emit({ source: 'aws.states', detailType: 'Step Functions Execution Status Change', resources: [executionArn], detail: {
        executionArn, stateMachineArn: machineArn, name, status, startDate: e.startDate, stopDate: e.stopDate ?? null, input: e.input, output: e.outcome && 'output' in e.outcome ? e.outcome.output : null,
        error: e.outcome && 'error' in e.outcome ? e.outcome.error : null, cause: e.outcome && 'cause' in e.outcome ? e.outcome.cause : null, redriveCount: 0,
      } });
    };
    house.kernel.spawn(`execution ${name}`, async () => {
      emit('RUNNING');
      e.outcome = await execute(m.machine, { input: e.input, roleArn: m.roleArn, context: { Execution: { Id: executionArn, Name: name, RoleArn: m.roleArn, StartTime: new Date(e.startDate).toISOString(), RedriveCount: 0 }, StateMachine: { Id: machineArn, Name: m.name } } }, {
        now: () => house.kernel.now(),
        sleep: (ms, signal) => new Promise((resolve) => { const t = house.kernel.at(house.kernel.now() + ms, resolve); signal.listen(() => { t.cancel(); }); }),
        random: () => house.draws.number(executionArn), uuid: () => house.draws.uuid(executionArn),
        invokeTask: (call) => invokeLambdaTask(call, (r) => house.ports.lambda.invoke(r), house.kernel.now()),
        record: (event) => { e.events.push(event); },
      }, new Cancellation());
      e.stopDate = house.kernel.now();
      house.history.record('states:execution', `${m.name}:${name}`, { status: e.outcome.status });
      emit(e.outcome.status);
    });
    return { executionArn, startDate: e.startDate };
  };
  return {
    port: { start },
    service: { name: 'sfn', operations: {
      CreateStateMachine: (i: { name: string; definition: string; roleArn: string }) => { const arn = `${base}:stateMachine:${i.name}`; machines.set(arn, { name: i.name, machine: compile(i.definition), roleArn: i.roleArn }); return { stateMachineArn: arn, stateMachineVersionArn: `${arn}:1`, creationDate: house.kernel.now() }; },
      CreateStateMachineAlias: (i: { name: string; routingConfiguration: { stateMachineVersionArn: string }[] }) => { const v = i.routingConfiguration[0]!.stateMachineVersionArn; const m = v.slice(0, v.lastIndexOf(':')); aliases.set(`${m}:${i.name}`, { version: v, machine: m }); return { stateMachineAliasArn: `${m}:${i.name}`, creationDate: house.kernel.now() }; },
      StartExecution: start,
      DescribeExecution: (i: { executionArn: string }) => { const e = executions.get(i.executionArn)!; return { executionArn: i.executionArn, stateMachineArn: e.machineArn, status: e.outcome?.status ?? 'RUNNING', startDate: e.startDate, input: e.input, ...(e.outcome && 'output' in e.outcome ? { output: e.outcome.output } : {}) }; },
      GetExecutionHistory: (i: { executionArn: string; reverseOrder?: boolean }) => { const e = executions.get(i.executionArn)!; return { events: i.reverseOrder ? e.events.toReversed() : e.events }; },
    } },
  };
}

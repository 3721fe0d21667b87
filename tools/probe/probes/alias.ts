import { CreateStateMachineAliasCommand, CreateStateMachineCommand, DescribeStateMachineAliasCommand, UpdateStateMachineAliasCommand, UpdateStateMachineCommand } from '@aws-sdk/client-sfn';
import type { Probe } from '../probe.ts';
import type { Stage } from '../stage.ts';

const LOOK_MS = 50;
const PATIENCE_MS = 10_000;
const SHIFTS = 4;

/** Aliases of state machines. */
export const alias: Probe = {
  name: 'alias',
  question: 'How long after an update does an alias still read as before?',
  minutes: 1,
  creates: 'a state machine with two versions and an alias',
  async run(stage) {
    const { states } = stage.target.clients;
    const definition = (Comment: string): string => JSON.stringify({ Comment, StartAt: 'Pass', States: { Pass: { Type: 'Pass', End: true } } });
    const { stateMachineArn, stateMachineVersionArn: first = '' } = await states.send(new CreateStateMachineCommand({
      name: stage.name, roleArn: stage.lot.roleArn, definition: definition('one'), publish: true, tags: Object.entries(stage.tags).map(([key, value]) => ({ key, value })),
    }));
    const { stateMachineVersionArn: second = '' } = await states.send(new UpdateStateMachineCommand({ stateMachineArn, definition: definition('two'), publish: true }));
    const { stateMachineAliasArn: arn = '' } = await states.send(new CreateStateMachineAliasCommand({ name: 'probe', routingConfiguration: [{ stateMachineVersionArn: first, weight: 100 }] }));
    await stage.target.clock.wait(5000);

    const firstNewMs: (number | null)[] = [];
    for (let shift = 0; shift < SHIFTS; shift += 1) firstNewMs.push(await shiftTo(stage, arn, shift % 2 === 0 ? second : first));
    return { lookedEveryMs: LOOK_MS, firstNewMs };
  },
};

/** Points the alias at a version and looks until reads say so: milliseconds, or null when they never did. */
async function shiftTo({ target: { clients: { states }, clock } }: Stage, stateMachineAliasArn: string, stateMachineVersionArn: string): Promise<number | null> {
  await states.send(new UpdateStateMachineAliasCommand({ stateMachineAliasArn, routingConfiguration: [{ stateMachineVersionArn, weight: 100 }] }));
  const begun = await clock.now();
  for (;;) {
    const afterMs = await clock.now() - begun;
    const { routingConfiguration: [route] = [] } = await states.send(new DescribeStateMachineAliasCommand({ stateMachineAliasArn }));
    if (route?.stateMachineVersionArn === stateMachineVersionArn) return afterMs;
    if (afterMs > PATIENCE_MS) return null;
    await clock.wait(LOOK_MS);
  }
}

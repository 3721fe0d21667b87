import { Duration, Lazy, Stack } from 'aws-cdk-lib';
import { Policy, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { CfnStateMachineVersion, StateMachine } from 'aws-cdk-lib/aws-stepfunctions';
import { Construct } from 'constructs';
import { Handler } from './handler.ts';
import { HandlerRule } from './rule.ts';

/** For how many workflows one function is told what to prune: EventBridge takes 8192 characters of input, and IAM 10,240 of a role's policies. */
const MOST = 25;

/** What whoever prunes a state machine asks of it. */
export const PRUNING: readonly string[] = ['states:ListStateMachineVersions', 'states:ListStateMachineAliases', 'states:ListExecutions', 'states:DeleteStateMachineVersion'];

/** One version that a stack publishes, and how many of the newest its state machine keeps. */
interface Published {
  readonly version: string;
  readonly retained: number;
}

/** Deletes versions of a stack's workflows that nothing needs, each time the stack is done with an update: no part of a deployment, which it can neither hold up nor fail. */
export class Pruning extends Construct {
  /** Prunes the versions of a state machine from now on. */
  static add(stack: Stack, stateMachine: StateMachine, version: CfnStateMachineVersion, retained: number): void {
    for (let n = 1; ; n += 1) {
      const id = `SluicePruning${n === 1 ? '' : n}`;
      const pruning = (stack.node.tryFindChild(id) as Pruning | undefined) ?? new Pruning(stack, id);
      if (pruning.#published.length === MOST) continue;
      pruning.#published.push({ version: version.ref, retained });
      pruning.#statement.addResources(stateMachine.stateMachineArn);
      return;
    }
  }

  readonly #published: Published[] = [];
  readonly #statement = new PolicyStatement({ actions: [...PRUNING] });

  private constructor(scope: Construct, id: string) {
    super(scope, id);
    const stack = Stack.of(this);
    const handler = new Handler(this, 'Handler', {
      handler: 'prune', description: `Deletes versions of workflows of ${stack.stackName} that nothing needs`,
      environment: {}, timeout: Duration.minutes(15), memorySize: 512, permits: [],
    });
    new Policy(this, 'Permits', { statements: [this.#statement] }).attachToRole(handler.role);
    // A stack that was created has one version of each workflow. One that goes back has published another all the same.
    new HandlerRule(this, 'Done', {
      description: `Stack ${stack.stackName} is done with an update`, handler,
      eventPattern: {
        source: ['aws.cloudformation'], 'detail-type': ['CloudFormation Stack Status Change'],
        detail: { 'stack-id': [stack.stackId], 'status-details': { status: ['UPDATE_COMPLETE', 'UPDATE_ROLLBACK_COMPLETE'] } },
      },
      input: Lazy.string({ produce: () => stack.toJsonString({ published: this.#published }) }),
    });
  }
}

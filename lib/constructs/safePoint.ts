import { Duration, Stack } from 'aws-cdk-lib';
import type { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { TaskStateBase, type TaskMetricsConfig, type TaskStateBaseProps } from 'aws-cdk-lib/aws-stepfunctions';
import type { Construct, IConstruct } from 'constructs';
import type { PinHandler } from './pin.ts';
import { publishedVersion } from './pinnedTask.ts';
import type { Place } from './place.ts';
import { register } from './register.ts';

/** Where an execution may take another configuration. */
export interface SafePointProps extends Omit<TaskStateBaseProps, 'resultPath' | 'outputPath' | 'inputPath' | 'resultSelector'> {
  /** The environment of its workflow. */
  readonly environment: Place;
}

/** A `Retry` of a state that asks the pin handler. */
interface PinRetry {
  readonly ErrorEquals: readonly string[];
  readonly IntervalSeconds: number;
  readonly MaxAttempts: number;
  readonly BackoffRate: number;
  readonly MaxDelaySeconds?: number;
}

/** What is worth another try: Lambda's own failures; and, for seven minutes, a first release that is still to come, and agents that still serve what was rolled back. */
export const PIN_RETRY: readonly PinRetry[] = [
  { ErrorEquals: ['Lambda.ServiceException', 'Lambda.AWSLambdaException', 'Lambda.SdkClientException', 'Lambda.TooManyRequestsException'], IntervalSeconds: 1, MaxAttempts: 6, BackoffRate: 2 },
  { ErrorEquals: ['SluiceFault'], IntervalSeconds: 1, MaxAttempts: 12, BackoffRate: 2, MaxDelaySeconds: 60 },
];

/**
 * A state at which an execution may take another configuration: if the epoch it is pinned to was rolled back, it is pinned to the one that is live
 * then, and all that follows reads that one. Otherwise nothing changes. For workflows whose `onRolledBack` is to move or to fail.
 */
export class SafePoint extends TaskStateBase {
  /**
   * The same as a state of the Amazon States Language without `Next` and `End`, for a definition that is written in it: the state of a `CustomState`, or
   * a part of a text. It holds tokens, so a text is made by `stack.toJsonString`.
   */
  static state(scope: Construct, environment: Place): Record<string, unknown> {
    return { Type: 'Task', ...taskOf(handlerOf(scope, environment)), ResultPath: '$.pin', Retry: PIN_RETRY };
  }

  protected readonly taskMetrics: TaskMetricsConfig = {};
  /** None: the workflow may ask this handler already, which draws its pins. */
  protected readonly taskPolicies: PolicyStatement[] = [];
  readonly #handler: PinHandler;

  constructor(scope: Construct, id: string, props: SafePointProps) {
    const { environment, ...rest } = props;
    super(scope, id, { ...rest, resultPath: '$.pin' });
    this.#handler = handlerOf(this, environment);
    for (const { ErrorEquals, IntervalSeconds, MaxAttempts, BackoffRate, MaxDelaySeconds } of PIN_RETRY) {
      this.addRetry({
        errors: [...ErrorEquals], interval: Duration.seconds(IntervalSeconds), maxAttempts: MaxAttempts, backoffRate: BackoffRate,
        ...(MaxDelaySeconds === undefined ? {} : { maxDelay: Duration.seconds(MaxDelaySeconds) }),
      });
    }
  }

  protected _renderTask(): object {
    return taskOf(this.#handler);
  }
}

function taskOf(handler: PinHandler): object {
  return { Resource: publishedVersion(handler.function).functionArn, Parameters: { 'execution.$': '$$.Execution.Id', 'pin.$': '$.pin' } };
}

/** The handlers that safe points of an app ask, so far: a state does not know its workflow. */
export const safeHandlers: (scope: IConstruct) => Set<PinHandler> = register();

function handlerOf(scope: Construct, environment: Place): PinHandler {
  const handler = environment._pin(Stack.of(scope));
  handler.seeRolledBack();
  safeHandlers(scope).add(handler);
  return handler;
}

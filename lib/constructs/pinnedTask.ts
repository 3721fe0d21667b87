import { RemovalPolicy } from 'aws-cdk-lib';
import type { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { Function as LambdaFunction, Version } from 'aws-cdk-lib/aws-lambda';
import { TaskStateBase, type TaskMetricsConfig, type TaskStateBaseProps } from 'aws-cdk-lib/aws-stepfunctions';
import type { Construct, IConstruct } from 'constructs';
import { PURE } from '../core/shadow/pure.ts';
import { statementOf, type Permit } from './permit.ts';
import { asFunction } from './reading.ts';
import { register } from './register.ts';

/** A state that invokes a function with the execution's pin. */
export interface PinnedTaskProps extends Omit<TaskStateBaseProps, 'resultPath'> {
  /** The function; its published version goes into the definition. */
  readonly lambdaFunction: LambdaFunction;
  /** What the function gets beside `pin`. @default - the whole input of the state, which holds the pin */
  readonly payload?: Readonly<Record<string, unknown>>;
  /** Whether the function has no side effects: `sluice shadow` calls it with what a candidate hands it, and answers other tasks from what was recorded. @default false */
  readonly pure?: boolean;
  /** Where the result goes; the input, and so the pin, stays around it. @default - `$.` and the id with a small first letter */
  readonly resultPath?: string;
}

/**
 * A task whose function reads exactly the epoch its execution is pinned to. The definition names a published version that is kept, so that
 * an old version of the workflow goes on running the old code.
 */
export class PinnedTask extends TaskStateBase {
  protected readonly taskMetrics: TaskMetricsConfig = {};
  protected readonly taskPolicies: PolicyStatement[];
  /** The function, to be given its reading. */
  readonly lambdaFunction: LambdaFunction;
  readonly #payload: Readonly<Record<string, unknown>> | undefined;
  readonly #version: Version;

  constructor(scope: Construct, id: string, props: PinnedTaskProps) {
    const { lambdaFunction, payload, pure, ...rest } = props;
    super(scope, id, { ...rest, ...(pure === true && { comment: [props.comment, PURE].filter((part) => part !== undefined).join(' ') }), resultPath: props.resultPath ?? `$.${id.charAt(0).toLowerCase()}${id.slice(1)}` });
    this.lambdaFunction = lambdaFunction;
    this.#payload = payload;
    this.#version = publishedVersion(lambdaFunction);
    this.taskPolicies = [statementOf(invokePermit(lambdaFunction))];
    registered(this).add(this);
  }

  /** The version the definition names. */
  get versionArn(): string {
    return this.#version.functionArn;
  }

  protected _renderTask(): object {
    const payload = this.#payload === undefined ? {} : { Parameters: { ...this.#payload, 'pin.$': '$.pin' } };
    return { Resource: this.versionArn, ...payload };
  }
}

const ANY_VERSION = 'Executions on an old version of the workflow invoke the old version of the function, which no template names any more.';

/** The pinned tasks of an app so far: a state does not know its workflow. */
export const registered: (scope: IConstruct) => Set<PinnedTask> = register();

/** A version of the function as it is now, kept when the next one comes. @throws Fault `SLUICE-CDK-5` for what cannot be published here. */
export function publishedVersion(lambdaFunction: LambdaFunction): Version {
  const version = asFunction(lambdaFunction).currentVersion;
  version.applyRemovalPolicy(RemovalPolicy.RETAIN);
  return version;
}

/** Invoking any version of a function: executions on old versions of the workflow still invoke old versions of its functions. */
export function invokePermit(lambdaFunction: LambdaFunction): Permit {
  return {
    actions: ['lambda:InvokeFunction'], on: [`${lambdaFunction.functionArn}:*`],
    wildcard: ANY_VERSION,
  };
}

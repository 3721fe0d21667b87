import { RemovalPolicy, type Duration } from 'aws-cdk-lib';
import { Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Architecture, Code, Function as LambdaFunction, Runtime } from 'aws-cdk-lib/aws-lambda';
import { LogGroup, RetentionDays } from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';
import { VERSION } from '../core/version.ts';
import { handlerBundle } from './assets.ts';
import { permit, type Permit } from './permit.ts';

/** How one of Sluice's own handlers is deployed. */
export interface HandlerProps {
  /** Its name in lambda/. */
  readonly handler: 'gate' | 'judge' | 'monitor' | 'pin' | 'prune' | 'reconcile' | 'roll-back' | 'seed' | 'settle' | 'shift' | 'shift-route' | 'validate';
  readonly description: string;
  readonly environment: Readonly<Record<string, string>>;
  readonly timeout: Duration;
  /** Lambda gives CPU by memory, and a cold start needs CPU. */
  readonly memorySize: number;
  /** Executions kept free for it when the account is at its limit. @default - none */
  readonly reservedConcurrentExecutions?: number;
  readonly permits: readonly Permit[];
}

/** One of Sluice's own handlers: its built bundle, a role that may do what the handler does, and a log group that ends. */
export class Handler extends Construct {
  readonly function: LambdaFunction;
  readonly role: Role;

  constructor(scope: Construct, id: string, props: HandlerProps) {
    super(scope, id);
    const { folder, hash } = handlerBundle(props.handler);
    this.role = new Role(this, 'Role', { assumedBy: new ServicePrincipal('lambda.amazonaws.com'), description: `Sluice's ${props.handler} handler` });
    this.function = new LambdaFunction(this, 'Function', {
      code: Code.fromAsset(folder, { assetHash: hash }),
      handler: 'index.handler',
      runtime: Runtime.NODEJS_24_X,
      architecture: Architecture.ARM_64,
      description: props.description,
      // By these `sluice doctor` knows what a function is, and whether it is as old as the command line.
      environment: { SLUICE_HANDLER: props.handler, SLUICE_VERSION: VERSION, ...props.environment },
      timeout: props.timeout,
      memorySize: props.memorySize,
      role: this.role,
      ...(props.reservedConcurrentExecutions === undefined ? {} : { reservedConcurrentExecutions: props.reservedConcurrentExecutions }),
    });
    // Named as Lambda would name it; whoever invokes the handler waits for all of this, so Lambda itself never has to make it.
    const logGroup = new LogGroup(this, 'Logs', { logGroupName: `/aws/lambda/${this.function.functionName}`, retention: RetentionDays.ONE_YEAR, removalPolicy: RemovalPolicy.DESTROY });
    const logs: Permit = {
      actions: ['logs:CreateLogStream', 'logs:PutLogEvents'], on: [logGroup.logGroupArn],
      wildcard: 'Log streams are named by Lambda; the log group is the handler\'s own.',
    };
    permit(this, 'Permits', this.role, [logs, ...props.permits]);
  }
}

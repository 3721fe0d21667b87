import { Stack } from 'aws-cdk-lib';
import { CfnRule } from 'aws-cdk-lib/aws-events';
import { CfnPermission } from 'aws-cdk-lib/aws-lambda';
import { Construct } from 'constructs';
import type { Handler } from './handler.ts';

/** What is heard or when, and who is told. */
export interface HandlerRuleProps {
  readonly description: string;
  /** What is heard. @default - nothing but the schedule */
  readonly eventPattern?: object;
  /** When, as EventBridge writes it. @default - only when something is heard */
  readonly scheduleExpression?: string;
  readonly handler: Handler;
  /** What the handler is told, as JSON. @default - the event */
  readonly input?: string;
}

/** An EventBridge rule of the default bus that invokes one handler, and may invoke it from this rule and account only. */
export class HandlerRule extends Construct {
  constructor(scope: Construct, id: string, { handler, input, ...when }: HandlerRuleProps) {
    super(scope, id);
    const rule = new CfnRule(this, 'Rule', { ...when, state: 'ENABLED', targets: [{ id: 'handler', arn: handler.function.functionArn, ...(input === undefined ? {} : { input }) }] });
    new CfnPermission(this, 'Permission', {
      action: 'lambda:InvokeFunction', functionName: handler.function.functionArn, principal: 'events.amazonaws.com',
      sourceAccount: Stack.of(this).account, sourceArn: rule.attrArn,
    });
  }
}

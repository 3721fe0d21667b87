import { CreateRoleCommand, PutRolePolicyCommand } from '@aws-sdk/client-iam';
import { Unsupported, refusalOf } from './refusal.ts';
import type { Target } from './target.ts';

/** Roles of the probe lie below this path. */
export const ROLE_PATH = '/sluice-probe/';

/** The one role of a run: Lambda, AppConfig, EventBridge and Step Functions act with it, on what belongs to the run. */
export async function createRole(target: Target, run: string): Promise<string> {
  const { clients: { iam }, clock, account, region } = target;
  const trust = {
    Version: '2012-10-17',
    Statement: [{ Effect: 'Allow', Action: 'sts:AssumeRole', Principal: { Service: ['lambda', 'appconfig', 'events', 'states'].map((name) => `${name}.amazonaws.com`) } }],
  };
  const allow = (actions: readonly string[], resource: string): object => ({ Effect: 'Allow', Action: actions, Resource: resource });
  const rights = {
    Version: '2012-10-17',
    Statement: [
      allow(['logs:CreateLogStream', 'logs:PutLogEvents'], `arn:aws:logs:${region}:${account}:log-group:/aws/lambda/${run}-*`),
      allow(['lambda:InvokeFunction'], `arn:aws:lambda:${region}:${account}:function:${run}-*`),
      allow(['events:PutEvents'], `arn:aws:events:${region}:${account}:event-bus/default`),
      allow(['cloudwatch:DescribeAlarms'], '*'),
    ],
  };
  try {
    const { Role } = await iam.send(new CreateRoleCommand({
      RoleName: run, Path: ROLE_PATH, AssumeRolePolicyDocument: JSON.stringify(trust), Tags: [{ Key: 'sluice-probe', Value: run }],
    }));
    await iam.send(new PutRolePolicyCommand({ RoleName: run, PolicyName: 'probe', PolicyDocument: JSON.stringify(rights) }));
    await clock.wait(15_000);
    return Role?.Arn ?? '';
  } catch (error) {
    try {
      refusalOf(error);
    } catch (unsupported) {
      // An engine without IAM takes any role.
      if (unsupported instanceof Unsupported) return `arn:aws:iam::${account}:role${ROLE_PATH}${run}`;
    }
    throw error;
  }
}

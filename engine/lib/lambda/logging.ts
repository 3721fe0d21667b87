import type { House, LogsPort } from '../ports.ts';
import type { FunctionVersion } from './functions.ts';

/** Lambda as roles trust it. */
export const PRINCIPAL = 'lambda.amazonaws.com';

/** Writes to a function's log group as its role may; without the right nothing is written and, as on AWS, nobody is told. */
export function writeLog(house: House, { name, configuration }: FunctionVersion, stream: string, events: Parameters<LogsPort['append']>[2]): void {
  const { account, region, ports } = house;
  const group = configuration.logGroup;
  const actor = { kind: 'role', roleArn: configuration.role, service: PRINCIPAL, session: name } as const;
  if (ports.access.guarded(configuration.role)) {
    const resource = `arn:aws:logs:${region}:${account}:log-group:${group}:log-stream:`;
    const needs = [...(ports.logs.exists(group) ? [] : [['logs:CreateLogGroup', resource]]), ...(ports.logs.exists(group, stream) ? [] : [['logs:CreateLogStream', resource + stream]]), ['logs:PutLogEvents', resource + stream]];
    if (needs.some(([action = '', on = '']) => ports.access.denial(actor, action, on) !== undefined)) return;
  }
  ports.logs.append(group, stream, events);
}

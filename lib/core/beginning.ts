import { isObject } from './epoch.ts';
import type { Counted, WorkflowVersion } from './metric.ts';

/** An execution that began on a version of a workflow, as Step Functions' status-change event tells it. */
export interface Beginning extends WorkflowVersion {
  readonly execution: string;
  readonly status: 'RUNNING';
  /** Epoch milliseconds. */
  readonly startedAt: number;
}

/** Reads SLUICE_SHIFTING: the names of the workflows whose versions shift, with commas between them. */
export function shiftingOf(variables: Readonly<Record<string, string | undefined>>): readonly string[] {
  return (variables['SLUICE_SHIFTING'] ?? '').split(',').filter((name) => name !== '');
}

/** The workflow and the version in the ARN of a version; nothing when it is none. */
export function versionIn(versionArn: unknown): WorkflowVersion | undefined {
  const [, workflow, workflowVersion] = typeof versionArn === 'string' ? /:stateMachine:([^:]+):(\d+)$/.exec(versionArn) ?? [] : [];
  return workflow === undefined || workflowVersion === undefined ? undefined : { workflow, workflowVersion };
}

/** What an event tells of an execution that begins on a version of a workflow that shifts; nothing for others. A redriven one has begun before. */
export function beginningOf(event: unknown, shifting: readonly string[]): Beginning | undefined {
  const detail = isObject(event) ? event['detail'] : undefined;
  if (!isObject(detail) || detail['status'] !== 'RUNNING' || Number(detail['redriveCount'] ?? 0) > 0) return undefined;
  const { executionArn, startDate, stateMachineVersionArn } = detail;
  const ran = versionIn(stateMachineVersionArn);
  if (ran === undefined || !shifting.includes(ran.workflow) || typeof executionArn !== 'string' || typeof startDate !== 'number') return undefined;
  return { execution: executionArn, status: 'RUNNING', startedAt: startDate, ...ran };
}

/** The line that counts a beginning: for the version alone, since epoch and environment have it from the pin. */
export function beginningLine({ workflow, workflowVersion, startedAt }: Beginning, place: Pick<Counted, 'application' | 'environment'>): Omit<Counted, 'also'> {
  return { ...place, of: { workflow, workflowVersion }, cohortOnly: true, at: startedAt, counts: { ExecutionsStarted: 1 } };
}

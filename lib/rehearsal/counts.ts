import type { Clients } from './clients.ts';
import { NAMES } from './stage.ts';

/** Executions of one epoch that have been settled so far, and those of them that failed. */
export interface EpochCounts {
  readonly digest: string;
  readonly started: number;
  readonly failed: number;
}

/** Executions of one version of the workflow that have begun so far, and those of them that failed. */
export interface VersionCounts {
  readonly version: string;
  readonly started: number;
  readonly failed: number;
}

/** Asks CloudWatch for the counts by epoch since an instant: the same metrics a dashboard shows. */
export async function countsOf(clients: Clients, digests: readonly string[], since: number, now: number): Promise<EpochCounts[]> {
  const counts = await sums(clients, digests.map((Epoch) => ({ Epoch })), since, now);
  return digests.map((digest, at) => ({ digest, ...counts[at]! }));
}

/** The same by version of a workflow. */
export async function countsOfVersions(clients: Clients, { workflow, versions }: { readonly workflow: string; readonly versions: readonly string[] }, since: number, now: number): Promise<VersionCounts[]> {
  const counts = await sums(clients, versions.map((WorkflowVersion) => ({ Workflow: workflow, WorkflowVersion })), since, now);
  return versions.map((version, at) => ({ version, ...counts[at]! }));
}

async function sums({ cloudwatch, sdk }: Clients, of: readonly Readonly<Record<string, string>>[], since: number, now: number): Promise<{ started: number; failed: number }[]> {
  const queries = of.flatMap((names, at) => (['ExecutionsStarted', 'ExecutionsFailed'] as const).map((MetricName) => ({
    Id: `${MetricName === 'ExecutionsStarted' ? 'started' : 'failed'}${at}`,
    MetricStat: {
      Metric: {
        Namespace: 'Sluice',
        MetricName,
        Dimensions: Object.entries({ Application: NAMES.application, Environment: NAMES.environment, ...names }).map(([Name, Value]) => ({ Name, Value })),
      },
      Period: 60,
      Stat: 'Sum',
    },
  })));
  const minute = 60_000;
  const answer = await cloudwatch.send(new sdk.cloudwatch.GetMetricDataCommand({
    MetricDataQueries: queries,
    StartTime: new Date(Math.floor(since / minute) * minute),
    EndTime: new Date(Math.floor(now / minute) * minute + minute),
  }));
  const sum = (id: string): number => answer.MetricDataResults?.find((result) => result.Id === id)?.Values?.reduce((a, b) => a + b, 0) ?? 0;
  return of.map((_, at) => ({ started: sum(`started${at}`), failed: sum(`failed${at}`) }));
}

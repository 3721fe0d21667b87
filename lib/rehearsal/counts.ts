import type { Clients } from './clients.ts';
import { NAMES } from './stage.ts';

/** Executions of one epoch that have been settled so far, and those of them that failed. */
export interface EpochCounts {
  readonly digest: string;
  readonly started: number;
  readonly failed: number;
}

/** Asks CloudWatch for the counts by epoch since an instant: the same metrics a dashboard shows. */
export async function countsOf({ cloudwatch, sdk }: Clients, digests: readonly string[], since: number, now: number): Promise<EpochCounts[]> {
  const queries = digests.flatMap((digest, at) => (['ExecutionsStarted', 'ExecutionsFailed'] as const).map((MetricName) => ({
    Id: `${MetricName === 'ExecutionsStarted' ? 'started' : 'failed'}${at}`,
    MetricStat: {
      Metric: {
        Namespace: 'Sluice',
        MetricName,
        Dimensions: [{ Name: 'Application', Value: NAMES.application }, { Name: 'Environment', Value: NAMES.environment }, { Name: 'Epoch', Value: digest }],
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
  return digests.map((digest, at) => ({ digest, started: sum(`started${at}`), failed: sum(`failed${at}`) }));
}

import type { CloudWatchClient, MetricDataQuery } from '@aws-sdk/client-cloudwatch';
import { NAMESPACE, type ExecutionMetric } from '../../core/metric.ts';
import type { PlaceNames } from '../../core/place.ts';
import { peer, type ClientOptions } from '../peer.ts';

type Sdk = typeof import('@aws-sdk/client-cloudwatch');

/** Executions over some time. */
export interface Totals {
  readonly started: number;
  /** Those that failed or timed out. */
  readonly failed: number;
  /** Over how many minutes the first and the last of them lie, at least 1; 0 when there were none. */
  readonly minutes: number;
  /** Those that moved away from an epoch that was rolled back. @default 0 */
  readonly moved?: number;
  /** Those that failed since theirs was rolled back. @default 0 */
  readonly recalled?: number;
}

const COUNTED: readonly ExecutionMetric[] = ['ExecutionsStarted', 'ExecutionsFailed', 'ExecutionsMoved', 'ExecutionsRecalled'];
const HOUR = 3600;

/** How many executions ran, as CloudWatch counted them. */
export class Traffic {
  readonly #sdk: Sdk;
  readonly #client: CloudWatchClient;

  private constructor(sdk: Sdk, client: CloudWatchClient) {
    this.#sdk = sdk;
    this.#client = client;
  }

  /** @throws Fault `SLUICE-PEER-1` when `@aws-sdk/client-cloudwatch` is not installed. */
  static async open(options: ClientOptions = {}): Promise<Traffic> {
    const sdk = await peer('@aws-sdk/client-cloudwatch', () => import('@aws-sdk/client-cloudwatch'));
    return new Traffic(sdk, new sdk.CloudWatchClient({ ...options }));
  }

  /** Executions of an environment between two instants (epoch milliseconds): of one epoch, or of all. */
  async totals(names: Pick<PlaceNames, 'application' | 'environment'>, since: number, until: number, epoch?: string): Promise<Totals> {
    // AWS keeps minutes for 15 days and answers at most 100,800 values: days are asked for by the hour.
    const Period = until - since > 86_400_000 ? HOUR : 60;
    const from = Math.floor(since / (Period * 1000)) * Period * 1000;
    const request = { StartTime: new Date(from), EndTime: new Date(until + Period * 1000), MetricDataQueries: COUNTED.map((metric) => queryOf(names, metric, Period, epoch)) };
    const sums = new Map<string, number>();
    const seen: number[] = [];
    for await (const page of this.#sdk.paginateGetMetricData({ client: this.#client }, request)) {
      for (const { Id = '', Values = [], Timestamps = [] } of page.MetricDataResults ?? []) {
        sums.set(Id, Values.reduce((sum, value) => sum + value, sums.get(Id) ?? 0));
        if (Id === idOf('ExecutionsStarted')) seen.push(...Timestamps.map((at) => at.getTime()));
      }
    }
    const minutes = seen.length === 0 ? 0 : (Math.max(...seen) - Math.min(...seen)) / 60_000 + Period / 60;
    const of = (metric: ExecutionMetric): number => sums.get(idOf(metric)) ?? 0;
    const [moved, recalled] = [of('ExecutionsMoved'), of('ExecutionsRecalled')];
    return { started: of('ExecutionsStarted'), failed: of('ExecutionsFailed'), minutes, ...(moved === 0 ? {} : { moved }), ...(recalled === 0 ? {} : { recalled }) };
  }

  /** Lets go of the client's connections. */
  close(): void {
    this.#client.destroy();
  }
}

function idOf(metric: ExecutionMetric): string {
  return `${metric.slice(0, 1).toLowerCase()}${metric.slice(1)}`;
}

function queryOf({ application, environment }: Pick<PlaceNames, 'application' | 'environment'>, metric: ExecutionMetric, Period: number, epoch: string | undefined): MetricDataQuery {
  const Dimensions = [{ Name: 'Application', Value: application }, { Name: 'Environment', Value: environment }, ...(epoch === undefined ? [] : [{ Name: 'Epoch', Value: epoch }])];
  return { Id: idOf(metric), MetricStat: { Metric: { Namespace: NAMESPACE, MetricName: metric, Dimensions }, Period, Stat: 'Sum' } };
}

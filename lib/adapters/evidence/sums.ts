import type { CloudWatchClient, MetricDataQuery } from '@aws-sdk/client-cloudwatch';
import type { Digest } from '../../core/digest.ts';
import type { Sum } from '../../core/evidence.ts';
import { fault } from '../../core/fault.ts';
import { JUDGING } from '../../core/faults/judging.ts';
import { NAMESPACE } from '../../core/metric.ts';
import { peer, type ClientOptions } from '../peer.ts';

type Sdk = typeof import('@aws-sdk/client-cloudwatch');

/** How many series one call of GetMetricData takes. */
const MOST_QUERIES = 500;

/** Which sums are asked for. Times are epoch milliseconds. */
export interface SumsQuestion {
  /** AppConfig's names. */
  readonly application: string;
  readonly environment: string;
  /** Whose sums: epochs by their digests, or versions of a workflow by their numbers. */
  readonly of: { readonly epochs: readonly Digest[] } | { readonly workflow: string; readonly versions: readonly string[] };
  readonly metrics: readonly string[];
  readonly since: number;
  readonly until: number;
  /** Over how long each sum goes, milliseconds: whole minutes. @default a minute */
  readonly stepMs?: number;
}

/** CloudWatch's sums of Sluice's metrics by minute and by epoch, or by version of a workflow, as evidence. */
export class Sums {
  readonly #sdk: Sdk;
  readonly #client: CloudWatchClient;

  private constructor(sdk: Sdk, client: CloudWatchClient) {
    this.#sdk = sdk;
    this.#client = client;
  }

  /** @throws Fault `SLUICE-PEER-1` when `@aws-sdk/client-cloudwatch` is not installed. */
  static async open(options: ClientOptions = {}): Promise<Sums> {
    const sdk = await peer('@aws-sdk/client-cloudwatch', () => import('@aws-sdk/client-cloudwatch'));
    return new Sums(sdk, new sdk.CloudWatchClient({ ...options }));
  }

  /**
   * Every sum that is not 0, in one call, and one more for each 100,800 values.
   * @throws Fault `SLUICE-JUDGE-11` for more series than one call takes, `SLUICE-JUDGE-12` when CloudWatch withholds any.
   */
  async read(question: SumsQuestion): Promise<Sum[]> {
    const cohorts = 'epochs' in question.of ? question.of.epochs : question.of.versions;
    const series = cohorts.flatMap((of) => question.metrics.map((metric) => ({ of, metric })));
    if (series.length > MOST_QUERIES) throw fault(JUDGING, 'SLUICE-JUDGE-11', { count: question.metrics.length, most: Math.floor(MOST_QUERIES / cohorts.length) });
    const request = {
      StartTime: new Date(question.since), EndTime: new Date(question.until),
      MetricDataQueries: series.map(({ of, metric }, index) => queryOf(question, of, metric, `m${index}`)),
    };
    const sums: Sum[] = [];
    for await (const page of this.#sdk.paginateGetMetricData({ client: this.#client }, request)) {
      for (const { Id = '', StatusCode = '', Timestamps = [], Values = [] } of page.MetricDataResults ?? []) {
        const one = series[Number(Id.slice(1))];
        if (one === undefined || (StatusCode !== 'Complete' && StatusCode !== 'PartialData')) throw fault(JUDGING, 'SLUICE-JUDGE-12', { metric: one?.metric ?? Id, status: StatusCode });
        Timestamps.forEach((at, index) => sums.push({ of: one.of, metric: one.metric, at: at.getTime(), sum: Values[index] ?? 0 }));
      }
    }
    return sums;
  }

  /** Lets go of the client's connections. */
  close(): void {
    this.#client.destroy();
  }
}

function queryOf({ application, environment, of, stepMs = 60_000 }: SumsQuestion, cohort: string, MetricName: string, Id: string): MetricDataQuery {
  const kept = 'epochs' in of ? { Epoch: cohort } : { Workflow: of.workflow, WorkflowVersion: cohort };
  const Dimensions = Object.entries({ Application: application, Environment: environment, ...kept }).map(([Name, Value]) => ({ Name, Value }));
  return { Id, MetricStat: { Metric: { Namespace: NAMESPACE, MetricName, Dimensions }, Period: stepMs / 1000, Stat: 'Sum' } };
}

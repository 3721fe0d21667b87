import type { MetricDatum } from '../ports.ts';
import { Aggregate } from './aggregate.ts';
import { Stream, type Contribution } from './series.ts';

/** Which metric: a namespace, a name and its exact set of dimensions. */
export interface MetricIdentity {
  readonly namespace: string;
  readonly name: string;
  readonly dimensions: Readonly<Record<string, string>>;
}

/** A metric's data, by the units it was published in. */
export interface Metric extends MetricIdentity {
  readonly units: Map<string, Stream>;
}

/** Every metric of the account, by identity. */
export class Metrics {
  readonly #metrics: Map<string, Metric> = new Map();

  /** Adds published data; a missing unit is `None`. */
  put(namespace: string, data: readonly MetricDatum[]): void {
    for (const { name, dimensions, timestamp, value, count, unit, storageResolution } of data) {
      this.add({ namespace, name, dimensions }, unit ?? 'None', timestamp, storageResolution === 1, (aggregate) => { aggregate.add(value, count ?? 1); });
    }
  }

  /** Adds samples of any form at an instant, in epoch milliseconds. */
  add(identity: MetricIdentity, unit: string, timestamp: number, highResolution: boolean, contribute: Contribution): void {
    const key = keyOf(identity);
    let metric = this.#metrics.get(key);
    if (!metric) {
      metric = { ...identity, units: new Map() };
      this.#metrics.set(key, metric);
    }
    let stream = metric.units.get(unit);
    if (!stream) {
      stream = new Stream();
      metric.units.set(unit, stream);
    }
    stream.add(Math.floor(timestamp / 1000), highResolution, contribute);
  }

  find(identity: MetricIdentity): Metric | undefined {
    return this.#metrics.get(keyOf(identity));
  }

  /** All metrics, in the order they were first published. */
  all(): IterableIterator<Metric> {
    return this.#metrics.values();
  }
}

/** What is known of a metric in [start, end), epoch seconds, in one unit; without one, in the first by name that has data, as recorded. */
export function aggregateOf(metric: Metric, start: number, end: number, unit?: string): Aggregate {
  let aggregate = new Aggregate();
  for (const name of unit === undefined ? [...metric.units.keys()].sort() : [unit]) {
    metric.units.get(name)?.collect(start, end, aggregate);
    if (aggregate.count > 0) break;
    aggregate = new Aggregate();
  }
  return aggregate;
}

function keyOf({ namespace, name, dimensions }: MetricIdentity): string {
  let key = `${namespace}\u0000${name}`;
  for (const dimension of Object.keys(dimensions).sort()) key += `\u0000${dimension}\u0001${dimensions[dimension]}`;
  return key;
}

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
    // Data that come together share few sets of dimensions.
    const places = new Map<MetricDatum['dimensions'], string>();
    for (const { name, dimensions, timestamp, value, count, unit, storageResolution } of data) {
      let place = places.get(dimensions);
      if (place === undefined) places.set(dimensions, place = placeOf(dimensions));
      this.#add(keyOf(namespace, name, place), { namespace, name, dimensions }, unit ?? 'None', timestamp, storageResolution === 1, (aggregate) => { aggregate.add(value, count ?? 1); });
    }
  }

  /** Adds samples of any form at an instant, in epoch milliseconds. */
  add(identity: MetricIdentity, unit: string, timestamp: number, highResolution: boolean, contribute: Contribution): void {
    this.#add(keyOf(identity.namespace, identity.name, placeOf(identity.dimensions)), identity, unit, timestamp, highResolution, contribute);
  }

  #add(key: string, identity: MetricIdentity, unit: string, timestamp: number, highResolution: boolean, contribute: Contribution): void {
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

  find({ namespace, name, dimensions }: MetricIdentity): Metric | undefined {
    return this.#metrics.get(keyOf(namespace, name, placeOf(dimensions)));
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

function keyOf(namespace: string, name: string, place: string): string {
  return `${namespace}\u0000${name}${place}`;
}

/** A set of dimensions as text, whatever order they were given in. */
function placeOf(dimensions: MetricIdentity['dimensions']): string {
  let place = '';
  for (const dimension of Object.keys(dimensions).sort()) place += `\u0000${dimension}\u0001${dimensions[dimension]}`;
  return place;
}

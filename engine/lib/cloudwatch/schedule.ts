import type { House } from '../ports.ts';
import type { Timer } from '../kernel/kernel.ts';
import type { Alarm, MetricSettings } from './alarm.ts';
import type { AlarmBook } from './alarmBook.ts';
import { evaluate, intervalOf, rangeOf } from './evaluation.ts';
import { aggregateOf, type Metrics } from './metrics.ts';
import { returnedSeries, runQueries } from './query.ts';
import type { Point } from './rule.ts';
import { statisticOf } from './statistic.ts';

/** Evaluates each metric alarm at a phase of its own: every ten seconds or every minute, one timer each. */
export class Schedule {
  readonly #house: House;
  readonly #book: AlarmBook;
  readonly #metrics: Metrics;
  readonly #timers: Map<string, Timer> = new Map();

  constructor(house: House, book: AlarmBook, metrics: Metrics) {
    this.#house = house;
    this.#book = book;
    this.#metrics = metrics;
  }

  /** Starts an alarm's evaluation, or takes up its new settings. */
  start(alarm: Alarm): void {
    this.stop(alarm);
    const { settings } = alarm;
    if (settings.kind !== 'metric') return;
    const { kernel, draws } = this.#house;
    const interval = intervalOf(settings.rule);
    const phase = Math.floor(draws.bucket(`cloudwatch:phase:${alarm.name}`) * interval);
    const now = kernel.now();
    const next = Math.floor((now - phase) / interval) * interval + phase + interval;
    this.#timers.set(alarm.name, kernel.at(next, () => {
      this.#evaluate(alarm, settings);
      this.start(alarm);
    }));
  }

  stop(alarm: Alarm): void {
    this.#timers.get(alarm.name)?.cancel();
    this.#timers.delete(alarm.name);
  }

  #evaluate(alarm: Alarm, settings: MetricSettings): void {
    const now = this.#house.kernel.now();
    const verdict = evaluate(pointsOf(settings, this.#metrics, now), settings.rule, now, alarm.standing.value);
    if (verdict.kind === 'state') this.#book.move(alarm, verdict.state, verdict.reason, verdict.reasonData);
  }
}

/** The values in an alarm's range; a plain metric's come with how many samples they are made of. */
export function pointsOf(settings: MetricSettings, metrics: Metrics, now: number): Point[] {
  const { rule, queries, returned } = settings;
  const { newest, count } = rangeOf(rule, now);
  const end = newest / 1000 + rule.period;
  const start = end - count * rule.period;
  const query = queries.find(({ id }) => id === returned);
  if (!query) return [];
  if (!rule.expression && query.kind === 'metric') {
    const metric = metrics.find(query.metric);
    const points: Point[] = [];
    for (let at = start; metric && at < end; at += rule.period) {
      const aggregate = aggregateOf(metric, at, at + rule.period, query.unit);
      const value = statisticOf(query.statistic, aggregate);
      if (value !== undefined) points.push({ time: at * 1000, value, sampleCount: aggregate.count });
    }
    return points;
  }
  const [series] = returnedSeries(query, runQueries(queries, metrics, () => ({ start, end })).get(returned) ?? new Map());
  return [...series ?? []].map(([time, value]) => ({ time, value }));
}

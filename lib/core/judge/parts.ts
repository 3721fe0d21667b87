import { digestOf, isDigest, type Digest } from '../digest.ts';
import { isObject } from '../epoch.ts';
import { fault } from '../fault.ts';
import { JUDGING } from '../faults/judging.ts';
import type { EpochWindow } from './overTime.ts';
import type { JudgeVerdict } from './verdict.ts';
import type { MetricWindow } from './window.ts';

/** What of a verdict grows with its rollout, and what came before that. */
interface Grown {
  readonly windows: readonly MetricWindow[];
  readonly history: readonly MetricWindow[];
  readonly before: readonly EpochWindow[];
  readonly verdict: Pick<JudgeVerdict, 'course'>;
}

/** A record whose lists begin beside it: in the parts of these digests, in their order. */
export type Apart<T extends Grown> = T & { readonly parts?: readonly Digest[] };

/** The beginning of a record's lists, or what follows the part before, by itself. */
export interface Part {
  readonly digest: Digest;
  /** JSON: an object of the lists. */
  readonly bytes: Uint8Array;
}

/** The lists of a part; those that are empty are left out. */
interface Lists {
  readonly windows?: readonly MetricWindow[];
  readonly history?: readonly MetricWindow[];
  readonly before?: readonly EpochWindow[];
  readonly course?: JudgeVerdict['course'];
}

/** The time of how many windows makes a part. */
const LENGTH = 20;

/**
 * Takes a record apart: what came before the deployment is one part, and so is each stretch of 20 windows' time that a later one follows. Every later tick
 * has the same ones, so the store keeps each once and a record holds what is new.
 */
export function apart<T extends Grown>(record: T): { readonly record: Apart<T>; readonly parts: readonly Part[] } {
  const { windows, history, before, verdict } = record;
  const stretches = stretchesOf(windows).slice(0, -1);
  if (stretches.length === 0 && history.length + before.length < LENGTH) return { record, parts: [] };
  let course = verdict.course;
  const parts = [partOf({ history, before }), ...stretches.map(({ until, windows: own }) => {
    const past = course.filter(({ at }) => at <= until);
    course = course.slice(past.length);
    return partOf({ windows: own, course: past });
  })];
  const rest = windows.slice(stretches.reduce((sum, stretch) => sum + stretch.windows.length, 0));
  return { record: { ...record, windows: rest, history: [], before: [], verdict: { ...verdict, course }, parts: parts.map(({ digest }) => digest) }, parts };
}

/** The windows in stretches of time, in their order, and the end of each. */
function stretchesOf(windows: readonly MetricWindow[]): { readonly until: number; readonly windows: MetricWindow[] }[] {
  const span = LENGTH * Math.max(1, ...windows.slice(0, 1).map(({ start, end }) => end - start));
  const stretches: { until: number; windows: MetricWindow[] }[] = [];
  for (const window of windows) {
    const until = (Math.floor(window.start / span) + 1) * span;
    const last = stretches.at(-1);
    if (last?.until === until) last.windows.push(window);
    else stretches.push({ until, windows: [window] });
  }
  return stretches;
}

function partOf(lists: Lists): Part {
  const bytes = new TextEncoder().encode(JSON.stringify(Object.fromEntries(Object.entries(lists).filter(([, list]) => (list as readonly unknown[]).length > 0))));
  return { digest: digestOf(bytes), bytes };
}

/** The digests of the parts a record names. @throws Fault `SLUICE-JUDGE-8` when it names something else. */
export function partsNamed({ parts = [] }: { readonly parts?: unknown }): readonly Digest[] {
  if (!Array.isArray(parts) || !parts.every(isDigest)) throw fault(JUDGING, 'SLUICE-JUDGE-8', { problem: '"parts" must be a list of digests' });
  return parts;
}

/**
 * Puts a record together again.
 * @throws Fault `SLUICE-JUDGE-8` when a part is missing, or has other bytes than it is named after.
 */
export function together<T extends Grown>({ parts: named, ...record }: Apart<T>, bytesOf: (digest: Digest) => Uint8Array | undefined): T {
  const parts = partsNamed({ parts: named }).map((digest) => listsIn(digest, bytesOf(digest)));
  const { windows, history, before, verdict } = record as unknown as Grown;
  if (parts.length === 0) return record as unknown as T;
  return {
    ...record as unknown as T,
    windows: [...parts.flatMap((part) => part.windows ?? []), ...windows],
    history: [...parts.flatMap((part) => part.history ?? []), ...history],
    before: [...parts.flatMap((part) => part.before ?? []), ...before],
    verdict: { ...verdict, course: [...parts.flatMap((part) => part.course ?? []), ...verdict.course] },
  };
}

/** The lists are those that were written: the digest says so. */
function listsIn(digest: Digest, bytes: Uint8Array | undefined): Lists {
  const wrong = (why: string): Error => fault(JUDGING, 'SLUICE-JUDGE-8', { problem: `its part ${digest} ${why}` });
  if (bytes === undefined) throw wrong('is not in the store');
  if (digestOf(bytes) !== digest) throw wrong('is not what it was');
  const lists: unknown = JSON.parse(new TextDecoder().decode(bytes));
  if (!isObject(lists)) throw wrong('is no object of lists');
  return lists;
}

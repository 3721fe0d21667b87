import type { Datum } from './datum.ts';
import type { Lane, Thread } from './thread.ts';

/** Where a thread stood when its execution ended unsuccessfully: what a redrive goes on from. */
export interface Point {
  readonly state: string;
  readonly received: Datum;
  /** The id of the state's StateEntered event. */
  readonly entered: number;
  readonly variables: ReadonlyMap<string, unknown>;
  /** Of a Parallel's branches or a Map's iterations, by index; one that never started is absent. */
  readonly lanes?: readonly (LanePoint | undefined)[];
}

/** A branch or an iteration: over, with its output, or at a point. */
export type LanePoint = { readonly output: Datum } | { readonly point: Point };

/** The point a thread stands at; undefined before its first state. Lanes that are all over are left out after `error` States.DataLimitExceeded: they run again. */
export function pointOf(thread: Thread, error?: string): Point | undefined {
  const { state, received, entered, lanes } = thread;
  if (state === undefined || received === undefined) return undefined;
  const kept = error === 'States.DataLimitExceeded' && lanes?.every((lane) => lane && 'output' in lane) === true ? undefined : lanes?.map(lanePoint);
  return { state, received, entered, variables: thread.variables.own(), ...(kept && { lanes: kept }) };
}

function lanePoint(lane: Lane | undefined): LanePoint | undefined {
  if (!lane || 'output' in lane) return lane;
  const point = pointOf(lane.thread);
  return point && { point };
}

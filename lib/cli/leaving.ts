import type { Event } from './event.ts';
import { interruption } from './interruption.ts';

type Tell = (event: Event) => void;

/** A command that may be left while AWS goes on with what it began. */
export interface Leavable {
  /** Notes what is under way, and tells everything on. */
  readonly tell: Tell;
  /** Listens for Ctrl-C no more. */
  readonly stop: () => void;
}

/** At the first Ctrl-C it is told which deployments go on without the command, and the process ends with 130. */
export function leavable(tell: Tell): Leavable {
  const underWay = new Map<string, number>();
  const stop = interruption(() => {
    tell({ kind: 'left', underWay: [...underWay].map(([place, deployment]) => ({ place, deployment })) });
    process.exit(130);
  });
  const note = (event: Event): void => {
    if (event.kind !== 'report' || event.report.kind !== 'progress') return;
    const { place, progress } = event.report;
    if (progress.kind === 'started') underWay.set(place, progress.deployment);
    if (progress.kind !== 'rollout') return;
    if (['VALIDATING', 'DEPLOYING', 'BAKING'].includes(progress.deployment.state)) underWay.set(place, progress.deployment.number);
    else underWay.delete(place);
  };
  return { stop, tell: (event) => { note(event); tell(event); } };
}

import { named } from '../../core/winner.ts';
import type { Left } from '../event.ts';
import type { Report, ReleaseReport } from '../report.ts';
import { clock, wrap } from './layout.ts';
import type { Style } from './terminal.ts';

/** One line of what a release does, with AWS's time of day. */
export function progressLine({ place, progress, at }: Extract<Report, { readonly kind: 'progress' }>, style: Style): string {
  const head = `${style.dim(clock(at))}  ${place}  `;
  switch (progress.kind) {
    case 'created': return `${head}version ${progress.version} created`;
    case 'started': return `${head}deployment ${progress.deployment} started`;
    case 'waiting': return `${head}waiting for ${named(progress.winner)}`;
    case 'shifting': return `${head}waiting: ${progress.problem}`;
    case 'rollout': return `${head}${progress.deployment.state} ${progress.deployment.percent ?? 0} %`;
  }
}

/** What goes on without the command that was left, and what can be done about it. */
export function leftLines({ underWay }: Left): string[] {
  if (underWay.length === 0) return ['Nothing is under way; released again it goes on where it was.'];
  return underWay.flatMap(({ place, deployment }) => [
    ...wrap(`AppConfig goes on with deployment ${deployment} of ${place}, its guards with it.`),
    ...wrap('follow it: sluice status --watch; the waves to come: release again', '  '),
    ...wrap(`take it back: sluice roll-back ${place}`, '  '),
  ]);
}

/** How a release ended in each environment. */
export function releaseLines({ results }: ReleaseReport, style: Style): string[] {
  if (results.length === 0) return [`${style.good('no change')}: what is live is what the project says`];
  return results.flatMap(({ place, state, deployment, version, problem }) => {
    const mark = state === 'COMPLETE' ? style.good : problem === undefined ? style.warn : style.bad;
    const what = deployment === undefined ? '' : `: deployment ${deployment} of version ${version ?? ''}`;
    return [`${mark(state)} ${place}${what}`, ...(problem === undefined ? [] : wrap(problem, '  '))];
  });
}

import { named } from '../../core/winner.ts';
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

/** How a release ended in each environment. */
export function releaseLines({ results }: ReleaseReport, style: Style): string[] {
  if (results.length === 0) return [`${style.good('no change')}: what is live is what the project says`];
  return results.flatMap(({ place, state, deployment, version, problem }) => {
    const mark = state === 'COMPLETE' ? style.good : problem === undefined ? style.warn : style.bad;
    const what = deployment === undefined ? '' : `: deployment ${deployment} of version ${version ?? ''}`;
    return [`${mark(state)} ${place}${what}`, ...(problem === undefined ? [] : wrap(problem, '  '))];
  });
}

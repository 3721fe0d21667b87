import type { Report } from '../report.ts';
import { wrap } from './layout.ts';
import { adoptedLines, driftLines } from './drift.ts';
import { examinedLines } from './examination.ts';
import { overrideLines } from './override.ts';
import { planLines, planMarkdown } from './planning.ts';
import { releaseLines, progressLine } from './releasing.ts';
import { shadowLines } from './shadow.ts';
import { askedLines, shiftsLines } from './shift.ts';
import { statusLines } from './status.ts';
import { blameLines, diffLines, historyLines, showLines } from './history.ts';
import type { Style } from './terminal.ts';

/** A report for people. */
export function reportLines(report: Report, style: Style): string[] {
  switch (report.kind) {
    case 'planned': return report.markdown ? [planMarkdown(report)] : planLines(report, style);
    case 'approved': return report.releases.length === 0 ? ['nothing to approve: the plan changes nothing'] : report.releases.flatMap(({ place, label }) => [`${style.good('approved')} ${place}  ${style.dim(label)}`, `  by ${report.by}`]);
    case 'progress': return [progressLine(report, style)];
    case 'released': return releaseLines(report, style);
    case 'status': return statusLines(report, style);
    case 'history': return historyLines(report, style);
    case 'shown': return showLines(report, style);
    case 'compared': return diffLines(report, style);
    case 'blamed': return blameLines(report, style);
    case 'rolled-back': return [`${style.warn(report.state)}: deployment ${report.deployment} of ${report.place}; readers get ${report.serves === null ? 'nothing' : `version ${report.serves}`} again`, ...(report.undeclared ?? []).flatMap((one) => wrap(`but ${one}`, '  ')), ...(report.untold === undefined ? [] : wrap(`executions that are to fail or to move hear of it within five minutes, since the store was not told: ${report.untold}`, '  '))];
    case 'overridden': return overrideLines(report, style);
    case 'revert-made': return [`${style.good('reverted')} in git: branch ${report.branch}, commit ${report.commit.slice(0, 12)}`, '', ...report.message.split('\n').map((line) => (line === '' ? '' : `  ${line}`)), '', 'Push it, and release it once it is merged.'];
    case 'shifts': return shiftsLines(report, style);
    case 'shift-asked': return askedLines(report, style);
    case 'drift': return driftLines(report, style);
    case 'adopted': return adoptedLines(report, style);
    case 'examined': return examinedLines(report, style);
    case 'shadowed': return shadowLines(report, style);
    case 'script': return [report.text];
  }
}

/** A report for scripts; nothing for what only shows that something goes on. */
export function reportObject(report: Report): object | undefined {
  switch (report.kind) {
    case 'progress': return undefined;
    case 'planned': {
      const { plan, entries, unchanged, revision, dirty, out, markdown } = report;
      return {
        plan: plan.digest, commit: plan.commit, dirty, releases: entries, unchanged,
        ...(revision === undefined ? {} : { base: revision }), ...(out === undefined ? {} : { out }), ...(markdown ? { markdown: planMarkdown(report) } : {}),
      };
    }
    case 'shown': {
      const { place, deployment, provenance, digest, leftBehind, changes } = report;
      return { place, deployment, digest: digest ?? null, release: provenance ?? null, ...(leftBehind === undefined ? {} : { leftBehind }), changes };
    }
    case 'status': return report.last ? { now: new Date(report.now).toISOString(), environments: report.statuses } : undefined;
    case 'shifts': return report.last ? { now: new Date(report.now).toISOString(), environments: report.places } : undefined;
    case 'released': return { plan: report.plan, results: report.results };
    case 'shadowed': return { ...report.record, key: report.key ?? null };
    case 'examined': return { ok: !report.sections.some(({ findings }) => findings.some(({ level }) => level === 'fail')), sections: report.sections };
    case 'approved':
    case 'history':
    case 'compared':
    case 'blamed':
    case 'rolled-back':
    case 'overridden':
    case 'revert-made':
    case 'shift-asked':
    case 'drift':
    case 'adopted':
    case 'script': {
      const { kind: _, ...rest } = report;
      return rest;
    }
  }
}

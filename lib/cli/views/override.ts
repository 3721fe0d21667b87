import type { Override, OverrideEntry } from '../../core/override.ts';
import type { OverrideReport } from '../report.ts';
import { WIDTH, wrap } from './layout.ts';
import type { Style } from './terminal.ts';

/** An override that was written or ended, for a person. */
export function overrideLines({ place, alarm, entry }: OverrideReport, style: Style): string[] {
  if (entry.kind === 'end') return wrap(`ended: changes of ${place} are taken back again; the actions of ${alarm} are enabled`).map((line, at) => (at === 0 ? line.replace('ended', style.good) : line));
  return [
    `${style.warn('overridden')}: nothing in ${place} is taken back until ${minute(entry.until)}`,
    ...wrap(`by ${entry.by}: ${entry.why}`, '  '),
    ...wrap(`The actions of ${alarm} are disabled until then. End it earlier with: sluice override ${place} --end`, '  '),
  ];
}

/** The override that is in force, for who looks how an environment stands. */
export function inForceLines({ by, why, until }: Override, style: Style): string[] {
  return wrap(`nothing is taken back until ${minute(until)}: ${by}, ${why}`, '', WIDTH - 14).map((line, at) => (at === 0 ? `  ${style.warn('OVERRIDDEN')}  ${line}` : `              ${line}`));
}

/** Who overrode the taking back of changes, and who ended that, newest first. */
export function overridesLines(entries: readonly OverrideEntry[]): string[] {
  return entries.toReversed().flatMap((entry) => {
    const what = entry.kind === 'override' ? `overridden until ${minute(entry.until)} by ${entry.by}: ${entry.why}` : `override ended${entry.by === null ? ', its time was over' : ` by ${entry.by}`}`;
    return wrap(what, '', WIDTH - 26).map((line, at) => (at === 0 ? `        ${minute(entry.at).slice(0, 16)}  ${line}` : `${' '.repeat(26)}${line}`));
  });
}

function minute(time: string): string {
  return `${time.slice(0, 16).replace('T', ' ')} UTC`;
}

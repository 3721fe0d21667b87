import { overriddenBy } from '../../core/aftermath.ts';
import { rolledBack, type JudgedRecord } from '../../core/judged.ts';
import { differences } from '../../core/judge/record.ts';
import type { Explained } from '../event.ts';
import { evidenceSvg, verdictLines } from './evidence.ts';
import { clock, wrap } from './layout.ts';
import type { Style } from './terminal.ts';

/** The last verdict on a deployment, for a person; or its chart as an image. */
export function explainedLines(event: Explained, style: Style): string[] {
  const { last, ticks, blind, rulesNow, svg, differences } = event;
  if (svg) return [evidenceSvg(last.verdict, title(last)).trimEnd()];
  return [
    style.bold(title(last)),
    ...wrap(`${versions(last)}.`, '  '),
    ...wrap(`Judged ${ticks === 1 ? 'once' : `${ticks} times`}, last on ${last.judgedAt.slice(0, 10)} at ${clock(Date.parse(last.judgedAt))} UTC${last.percent === null ? '' : `, at ${last.percent} %`}, by Sluice ${last.library}${blind === 0 ? '' : `; nothing could be seen ${blind === 1 ? 'once' : `${blind} times`}`}.`, '  '),
    '',
    ...verdictLines(last.verdict, style, deciding(last)),
    ...(last.overTime === null || last.overTime === undefined ? [] : ['', ...wrap(`${last.state === 'COMPLETE' ? 'After completion' : 'At 100 %'}, ${last.overTime.kind === 'roll-back' ? 'ROLL_BACK' : 'CONTINUE'}: ${last.overTime.reason}.`, '  ')]),
    ...(last.override === null || last.override === undefined || rolledBack(last) === undefined ? [] : ['', ...wrap(`It was not carried out: ${overriddenBy(last.override)}.`, '  ')]),
    ...blamedLines(last),
    ...wrap(remarks(last), '  '),
    ...(rulesNow === undefined ? [] : rulesSince(last, rulesNow)),
    ...(differences === undefined ? [] : ['', ...replayed(differences, style)]),
  ];
}

/** Which change the evidence blames, where a workflow has shifted too. */
function blamedLines({ blamed }: JudgedRecord): string[] {
  if (blamed === undefined) return [];
  const done = blamed.stays ? 'It was not carried out, and that shift was taken back instead' : 'The configuration was taken back';
  return ['', ...wrap(`${done}: ${blamed.reason}.`, '  ')];
}

/** What was decided, by whichever comparison did. */
function deciding(record: JudgedRecord): JudgedRecord['verdict']['kind'] {
  return record.verdict.kind === 'promote' ? 'promote' : rolledBack(record) === undefined ? 'continue' : 'roll-back';
}

function title({ application, environment, deployment }: JudgedRecord): string {
  return `Deployment ${deployment} of ${application}/${environment}`;
}

function versions({ canary, control }: JudgedRecord): string {
  return `The canary is version ${canary.version} (${canary.digest.slice(0, 19)}), the control version ${control.version} (${control.digest.slice(0, 19)})`;
}

function remarks({ pending, late, surplus, blind }: JudgedRecord): string {
  const told = [
    ...(blind === null ? [] : [`Nothing could be seen: ${blind}.`]),
    ...(pending === 0 ? [] : [`${pending === 1 ? 'One minute was' : `${pending} minutes were`} not final yet.`]),
    ...(late.canary + late.control === 0 ? [] : [`Not ended in time: ${late.canary} on the canary, ${late.control} on the control; they count as slow.`]),
    ...(surplus === 0 ? [] : [`${surplus} bad ends beyond the starts of their minute are left out.`]),
  ];
  return told.join(' ');
}

/** How the environment's rules have changed since a verdict; nothing when they have not. */
function rulesSince({ rules }: JudgedRecord, now: JudgedRecord['rules'] | null): string[] {
  if (now === null) return wrap('The environment has no judge any more.', '  ');
  const changed = differences(rules, now, 'rules').map((one) => one.slice('rules.'.length));
  return changed.length === 0 ? [] : wrap(`The environment's rules have changed since: ${changed.join('; ')}.`, '  ');
}

function replayed(differences: readonly string[], style: Style): string[] {
  if (differences.length === 0) return [`  ${style.good('Replayed')}: the same verdict for the same reason, numbers within 1e-12.`];
  return [`  ${style.bad('Replayed')}: it differs.`, ...differences.flatMap((one) => wrap(one, '    '))];
}

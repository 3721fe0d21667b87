import type { Outgrown } from '../../documents/index.ts';
import type { PlanEntry, PlanReport } from '../report.ts';
import { changeLines, cut, value } from './change.ts';
import { pathText, type Difference } from '../../documents/difference.ts';
import { duration, WIDTH, wrap } from './layout.ts';
import type { Style } from './terminal.ts';

/** A plan for people. */
export function planLines(report: PlanReport, style: Style): string[] {
  const { entries, unchanged, out, dirty, plan } = report;
  const same = unchanged.length === 0 ? [] : [...wrap(`Unchanged: ${unchanged.join(', ')}.`)];
  if (entries.length === 0) return [...same, `${style.good('no change')}: ${report.revision === undefined ? 'what is live is what the project says' : `the project says what ${report.revision} says`}`];
  return [
    ...entries.flatMap((entry) => [...entryLines(entry, style), '']),
    ...same,
    ...(dirty && report.revision === undefined ? wrap('Some of it is in no commit yet, so `sluice release` would refuse it.') : []),
    `${style.bold('plan')} ${plan.digest.slice(7, 19)}: ${count(entries.length, 'environment')}, ${count(entries.reduce((sum, { changes }) => sum + changes.length, 0), 'document')}${waves(entries)}`,
    ...(report.revision === undefined ? [`Release ${out === undefined ? 'it' : 'exactly this'} with: sluice release${out === undefined ? '' : ` ${out}`}`] : []),
  ];
}

function entryLines({ place, live, base, changes, answerable, exposure, endMinutes, foresight, calls, outgrown, obstacle }: PlanEntry, style: Style): string[] {
  const over = base === undefined ? '' : base.deployment === 0 ? 'the first release' : `over deployment ${base.deployment}, ${live ?? ''}`;
  const note = (document: string): string => {
    const found = answerable.find((one) => one.document === document);
    return found === undefined ? '' : `${found.owners.join(', ')}: ${found.approvals} to approve`;
  };
  return [
    `${style.bold(place)}  ${style.dim(cut(over, WIDTH - place.length - 2))}`.trimEnd(),
    ...changeLines(changes, style, note),
    '',
    ...wrap(`rollout   ${steps(exposure)}; over after ${duration(endMinutes * 60)}`, '  ').map(hang),
    ...(foresight === undefined ? [] : foresightLines(foresight)),
    ...calls.map((call, at) => `  ${at === 0 ? 'calls  ' : '       '}   ${cut(call, WIDTH - 12)}`),
    ...outgrown.flatMap((one) => outgrownLines(one, style)),
    ...(obstacle === undefined ? [] : warned('but       ', obstacle, style)),
  ];
}

function outgrownLines({ document, problems }: Outgrown, style: Style): string[] {
  const [shown, more] = [problems.slice(0, SHOWN), problems.length - SHOWN];
  return [
    ...warned('schema    ', `the new schema of ${document} ${REFUSES}`, style),
    ...shown.flatMap((problem) => wrap(problem, '            ')),
    ...(more > 0 ? [`            and ${more} more`] : []),
  ];
}

/** How many problems are shown of a document. */
const SHOWN = 3;
const REFUSES = 'refuses what is live; readers that rely on it still get that until the rollout is over, and after a rollback';

function warned(head: string, text: string, style: Style): string[] {
  return wrap(`${head}${text}`, '  ').map((line, at) => (at === 0 ? line.replace(head.trim(), style.warn) : hang(line, at)));
}

function hang(line: string, at: number): string {
  return at === 0 ? line : `          ${line}`;
}

function foresightLines({ executions, rate, source, judged, rules, harms }: NonNullable<PlanEntry['foresight']>): string[] {
  return [
    `  traffic   ${trafficText(executions, rate, source)}`,
    ...(rules === undefined ? [] : wrap(`judge     by the environment's ${rules.join('; ')}`, '  ').map(hang)),
    ...(judged ? harmTexts(harms).map((text, at) => `  ${at === 0 ? 'harm' : '    '}      ${text}`) : [`  judge     ${UNJUDGED}`]),
  ];
}

const UNJUDGED = 'switched off: guards alone would see harm';

function trafficText(executions: number, rate: number, source: string): string {
  return `${number(executions)} executions a minute, ${number(rate * 100)} % end badly (${source})`;
}

/** What the judge would see of releases of some harm. */
function harmTexts(harms: NonNullable<PlanEntry['foresight']>['harms']): string[] {
  if (harms.every(({ minutes }) => minutes === null)) return ['the judge would see none before all have it'];
  return harms.map(({ times, minutes, harmed }) => `${number(times)} times as many: ${minutes === null ? 'not seen before 100 %' : `seen after ${duration(minutes * 60)}`}, ${number(Math.ceil(harmed))} harmed`);
}

function steps(exposure: PlanEntry['exposure']): string {
  const shown = exposure.filter(({ percent }) => percent > 0);
  if (shown.length === 1) return 'everybody at once';
  return `${shown.map(({ atMinutes, percent }) => `${number(percent)} % after ${Math.round(atMinutes)}`).join(', ')} min`;
}

function waves(entries: readonly PlanEntry[]): string {
  const numbers = new Set(entries.map(({ wave }) => wave));
  return numbers.size < 2 ? '' : `, in ${numbers.size} waves`;
}

/** One comment for a pull request; the first line finds it again, so that it is updated in place. */
export function planMarkdown({ entries, unchanged, plan, revision }: PlanReport): string {
  const heading = entries.length === 0 ? 'Nothing changes' : `${count(entries.length, 'environment')} ${entries.length === 1 ? 'changes' : 'change'}`;
  return [
    '<!-- sluice-plan -->', `### Sluice: ${heading}`, '',
    ...entries.flatMap((entry) => [...markdownOf(entry), '']),
    ...(unchanged.length === 0 ? [] : [`Unchanged: ${unchanged.map((name) => `\`${name}\``).join(', ')}.`, '']),
    revision === undefined ? `Plan \`${plan.digest.slice(7, 19)}\`.` : `Compared with \`${revision}\`.`,
  ].join('\n');
}

function markdownOf({ place, changes, answerable, exposure, endMinutes, foresight, outgrown, obstacle }: PlanEntry): string[] {
  return [
    `**${place}**: ${steps(exposure)}; over after ${duration(endMinutes * 60)}.`, '',
    '| document | path | old | new |', '|---|---|---|---|',
    ...changes.flatMap(({ name, kind, differences }) => (differences.length === 0 ? [`| ${name} | | ${kind === 'added' ? '' : kind} | ${kind === 'added' ? 'new' : ''} |`] : differences.map((one) => `| ${name} | ${code(pathText(one.path))} | ${old(one)} | ${fresh(one)} |`))),
    ...(answerable.length === 0 ? [] : ['', `To approve: ${answerable.map(({ document, owners, approvals }) => `${approvals} of ${owners.join(', ')} for \`${document}\``).join('; ')}.`]),
    ...(foresight === undefined ? [] : ['', ...foresightMarkdown(foresight)]),
    ...outgrown.flatMap(({ document, problems }) => ['', `The new schema of \`${document}\` ${REFUSES}: ${problems.slice(0, SHOWN).map(code).join('; ')}${problems.length > SHOWN ? `; and ${problems.length - SHOWN} more` : ''}.`]),
    ...(obstacle === undefined ? [] : ['', `But ${obstacle}.`]),
  ];
}

function foresightMarkdown({ executions, rate, source, judged, rules, harms }: NonNullable<PlanEntry['foresight']>): string[] {
  return [
    `- Traffic: ${trafficText(executions, rate, source)}`,
    ...(rules === undefined ? [] : [`- Judge: by the environment's ${rules.map((rule) => `\`${rule}\``).join(', ')}`]),
    judged ? `- Harm: ${harmTexts(harms).join('; ')}` : `- Judge: ${UNJUDGED}`,
  ];
}

function old(one: Difference): string {
  return one.kind === 'changed' || one.kind === 'removed' ? code(value(one.before, 80)) : '';
}

function fresh(one: Difference): string {
  return one.kind === 'moved' ? `place ${one.to + 1}` : one.kind === 'removed' ? '' : code(value(one.after, 80));
}

/** Text that no table and no markup of a comment is broken by. */
function code(text: string): string {
  const safe = text.replaceAll('|', '\\|').replaceAll('\n', ' ');
  return safe.includes('`') ? `\`\` ${safe} \`\`` : `\`${safe}\``;
}

function count(amount: number, noun: string): string {
  return `${amount} ${noun}${amount === 1 ? '' : 's'}`;
}

function number(given: number): string {
  return given >= 100 ? String(Math.round(given)) : String(Number(given.toPrecision(2)));
}

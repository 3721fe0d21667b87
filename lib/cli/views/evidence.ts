import type { CohortVerdict, JudgeVerdict } from '../../core/index.ts';
import { clock, count, WIDTH, wrap } from './layout.ts';
import type { Style } from './terminal.ts';

/** What a chart of evidence is drawn from. */
export type Evidence = Pick<JudgeVerdict, 'course' | 'lnThreshold' | 'crossedAt'>;

const ROWS = 9;
/** Columns left of the chart, for the axis and its labels. */
const AXIS = 10;
const COLUMNS = WIDTH - AXIS;

/** A verdict for a person: what was decided, by it or beside it, why, the counts, how the evidence went, and what would change it. */
export function verdictLines(verdict: JudgeVerdict, style: Style, decided: JudgeVerdict['kind'] = verdict.kind): string[] {
  const marks = { 'continue': style.good('CONTINUE'), 'roll-back': style.bad('ROLL_BACK'), 'promote': style.good('PROMOTE') };
  const seen = Object.entries(verdict.metrics).filter(([, { windows }]) => windows > 0);
  return [
    style.bold(marks[decided]),
    ...wrap(verdict.reason, '  '),
    ...(seen.length === 0 ? [] : ['', ...table(seen)]),
    ...(verdict.course.length === 0 ? [] : ['', ...evidenceChart(verdict, style)]),
    '',
    ...wrap(`What would change this: ${verdict.change.text}.`, '  '),
  ];
}

function table(metrics: readonly (readonly [string, JudgeVerdict['metrics'][string]])[]): string[] {
  const row = (who: string, { starts, bad, rate, interval }: CohortVerdict): string => {
    const rates = rate === null ? '' : `${percent(rate)} %`.padStart(10) + `  (${percent(interval.low)} to ${percent(interval.high)} %)`;
    return `    ${who.padEnd(9)}${`${count(bad)} of ${count(starts)}`.padStart(30)}${rates}`;
  };
  return metrics.flatMap(([name, { canary, control }]) => [...wrap(name, '  '), row('canary', canary), row('control', control)]);
}

/**
 * How the evidence against the canary went: time to the right, E upwards by powers of ten; a rule where it rolls back, dots where it
 * says nothing (E = 1). Where several windows share a column, the greatest counts.
 */
export function evidenceChart({ course, lnThreshold, crossedAt }: Evidence, style: Style): string[] {
  const tens = course.map(({ lnE }) => lnE / Math.LN10);
  const goal = lnThreshold / Math.LN10;
  const [low, high] = [Math.max(-3, Math.min(0, ...tens)), Math.min(3 * goal, Math.max(goal, ...tens) + 0.2)];
  const rowOf = (value: number): number => Math.round(((high - Math.min(high, Math.max(low, value))) / (high - low)) * (ROWS - 1));
  const heights = Array.from({ length: Math.min(COLUMNS, course.length) }, (_, column, all = Math.min(COLUMNS, course.length)) => (
    rowOf(Math.max(...tens.slice(Math.floor((column * tens.length) / all), Math.floor(((column + 1) * tens.length) / all))))));
  const wide = Math.max(1, Math.floor(COLUMNS / Math.max(1, heights.length)));
  const lines = Array.from({ length: ROWS }, (_, row) => {
    const ground = row === rowOf(goal) ? style.glyphs.rule : row === rowOf(0) ? '.' : ' ';
    const cells = heights.map((height) => (height === row ? style.glyphs.full : ground).repeat(wide)).join('');
    return `${label(row, rowOf(goal), rowOf(0), lnThreshold).padStart(AXIS - 2)} |${cells}`.trimEnd();
  });
  const [from, to] = [clock(course[0]?.at ?? 0), clock(course.at(-1)?.at ?? 0)];
  const width = Math.max(heights.length * wide, from.length + to.length + 1);
  const reached = crossedAt === null ? 'has not reached the rule' : `reached the rule at ${clock(crossedAt)}`;
  return [...wrap(`the evidence against the canary, by powers of ten; it ${reached}`, '  '), ...lines, `${' '.repeat(AXIS)}${from}${to.padStart(width - from.length)}`];
}

function label(row: number, goal: number, even: number, lnThreshold: number): string {
  return row === goal ? String(Number(Math.exp(lnThreshold).toPrecision(3))) : row === even ? '1' : '';
}

function percent(rate: number): string {
  return String(Number((100 * rate).toPrecision(2)));
}

const [BROAD, TALL, LEFT, TOP, RIGHT, FOOT] = [720, 320, 64, 48, 24, 40];

/** The same chart as an SVG image, for a page or a message; `title` is shown above it. */
export function evidenceSvg({ course, lnThreshold, crossedAt }: Evidence, title: string): string {
  const times = course.map(({ at }) => at);
  const [from, to] = [Math.min(...times, crossedAt ?? Infinity), Math.max(...times)];
  const [low, high] = [Math.min(0, ...course.map(({ lnE }) => lnE)) - 0.5, Math.max(lnThreshold, ...course.map(({ lnE }) => lnE)) + 0.5];
  const x = (at: number): string => (LEFT + (to > from ? (at - from) / (to - from) : 0.5) * (BROAD - LEFT - RIGHT)).toFixed(1);
  const y = (lnE: number): string => (TOP + ((high - lnE) / (high - low)) * (TALL - TOP - FOOT)).toFixed(1);
  const across = (lnE: number, name: string, extra: string): string => (
    `<line x1="${LEFT}" x2="${BROAD - RIGHT}" y1="${y(lnE)}" y2="${y(lnE)}" ${extra}/><text x="${LEFT - 8}" y="${y(lnE)}" text-anchor="end" dominant-baseline="middle">${name}</text>`);
  const decided = course.find(({ at }) => at === crossedAt);
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${BROAD} ${TALL}" width="${BROAD}" height="${TALL}" role="img" font-family="sans-serif" font-size="12">`,
    `<title>${escaped(title)}</title>`,
    `<rect width="${BROAD}" height="${TALL}" fill="#fff"/>`,
    `<text x="${LEFT}" y="24" font-size="14">${escaped(title)}</text>`,
    across(0, '1', 'stroke="#bbb" stroke-dasharray="2 4"'),
    across(lnThreshold, String(Number(Math.exp(lnThreshold).toPrecision(3))), 'stroke="#b00" stroke-dasharray="6 4"'),
    `<polyline fill="none" stroke="#036" stroke-width="2" points="${course.map(({ at, lnE }) => `${x(at)},${y(lnE)}`).join(' ')}"/>`,
    ...(decided === undefined ? [] : [`<circle cx="${x(decided.at)}" cy="${y(decided.lnE)}" r="5" fill="#b00"/>`]),
    ...(course.length === 0 ? [] : [
      `<text x="${LEFT}" y="${TALL - 14}">${clock(from)}</text>`,
      `<text x="${BROAD - RIGHT}" y="${TALL - 14}" text-anchor="end">${clock(to)}</text>`,
    ]),
    '</svg>',
    '',
  ].join('\n');
}

function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}

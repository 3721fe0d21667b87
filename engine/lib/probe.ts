import { timetableOf, type Growth, type Reading } from './appconfig/growth.ts';
import type { Settings, SettingsGiven } from './settings.ts';

/** Why a record cannot be turned into settings; the message carries the code, what was found and the remedy. */
export class ProbeError extends Error {
  override readonly name = 'ProbeError';
  readonly code: string;

  constructor(code: string, problem: string, remedy: string) {
    super(`${code}: ${problem}; ${remedy}`);
    this.code = code;
  }
}

type Members = Readonly<Record<string, unknown>>;

/** The probes of format 1, with what they say about settings; most record facts for people only. */
const READERS: Readonly<Record<string, (facts: Members, probes: Members) => SettingsGiven>> = {
  'create-hook': nothing, 'start-hook': nothing, validator: nothing, conflicts: nothing, stops: nothing, protection: nothing, quotas: nothing, notifications: nothing,
  sources: sourceArns, tokens: strictTokens, alias: aliasLag, instant: workerLag, monitors: insufficientData, linear: linearSteps, exponential: exponentialSteps, ticks, deadlines,
};

/**
 * The settings that a record of `npm run probe:aws` calls for, given as JSON text or parsed. What it does not tell keeps its default.
 * @throws ProbeError `ENGINE-PROBE-1` for what is no such record, `-2` for a probe this engine does not know, `-3` where a record contradicts
 * itself, `-4` for steps that come at times this engine cannot imitate.
 */
export function settingsFrom(record: unknown): SettingsGiven {
  const probes = members(parsed(record), 'probes', 'the record');
  let appconfig: Partial<Settings['appconfig']> = {};
  let states: Partial<Settings['states']> = {};
  for (const [name, outcome] of Object.entries(probes)) {
    const read = Object.hasOwn(READERS, name) ? READERS[name] : undefined;
    if (!read) throw new ProbeError('ENGINE-PROBE-2', `the record has a probe ${name}, which this engine does not know`, `update sluice-engine, or remove probes.${name}`);
    if (!isMembers(outcome) || !['recorded', 'unsupported', 'failed'].includes(String(outcome['outcome']))) throw malformed(`probes.${name}.outcome`, isMembers(outcome) ? outcome['outcome'] : outcome);
    if (outcome['outcome'] !== 'recorded') continue;
    const given = read(members(outcome, 'facts', `probes.${name}`), probes);
    appconfig = { ...appconfig, ...given.appconfig };
    states = { ...states, ...given.states };
  }
  return { appconfig, states };
}

function nothing(): SettingsGiven {
  return {};
}

/** Strict only when every second use was refused. */
function strictTokens(facts: Members): SettingsGiven {
  if (!('initialTwice' in facts) || !('laterTwice' in facts)) throw malformed('probes.tokens.facts', facts);
  return { appconfig: { strictTokens: facts['initialTwice'] !== null && facts['laterTwice'] !== null } };
}

/**
 * Whether policies see a SourceArn: a validator's one of the application, as the engine gives the profile, an extension's any of AppConfig's. Where
 * the account alone was refused, or a foreign ARN was accepted, something else decided.
 */
function sourceArns(facts: Members): SettingsGiven {
  const seen = (who: string, demand: string): boolean => {
    const where = `probes.sources.facts.${who}`;
    const answers = members(facts, who, 'probes.sources.facts');
    for (const known of ['account', demand, 'foreign']) if (answers[known] === undefined) throw malformed(`${where}.${known}`, undefined);
    if (answers['account'] !== null) throw contradiction('a policy that demands only the account was refused', where);
    if (answers['foreign'] === null) throw contradiction('a policy that demands a foreign ARN was accepted', where);
    return answers[demand] === null;
  };
  return { appconfig: { validatorSourceArn: seen('validator', 'application'), extensionSourceArn: seen('extensionRole', 'appconfig') } };
}

/** The longest time a read was stale. */
function aliasLag({ firstNewMs }: Members): SettingsGiven {
  if (!isList(firstNewMs)) throw malformed('probes.alias.facts.firstNewMs', firstNewMs);
  // Null is longer than the probe was patient.
  if (firstNewMs.length === 0 || firstNewMs.includes(null)) return {};
  return { states: { aliasLagMs: Math.max(...firstNewMs.map((ms) => duration(ms, 'probes.alias.facts.firstNewMs'))) } };
}

function workerLag({ firstChangeMs }: Members): SettingsGiven {
  return firstChangeMs === null ? {} : { appconfig: { workerLagMs: duration(firstChangeMs, 'probes.instant.facts.firstChangeMs') } };
}

function insufficientData(facts: Members): SettingsGiven {
  const rollsBack = facts['insufficientDataRollsBack'];
  if (typeof rollsBack !== 'boolean') throw malformed('probes.monitors.facts.insufficientDataRollsBack', rollsBack);
  const seen = members(members(facts, 'cases', 'probes.monitors.facts'), 'insufficient-data', 'probes.monitors.facts.cases')['state'];
  if ((seen === 'ROLLED_BACK') !== rollsBack) throw contradiction(`insufficientDataRollsBack is ${rollsBack}, and the deployment with such a monitor ended as ${String(seen)}`, 'probes.monitors');
  return { appconfig: { insufficientDataRollsBack: rollsBack } };
}

function linearSteps(facts: Members): SettingsGiven {
  return { appconfig: { linearSteps: readingOf(facts, 'linear') } };
}

function exponentialSteps(facts: Members): SettingsGiven {
  return { appconfig: { exponentialSteps: readingOf(facts, 'exponential') } };
}

/**
 * Ticks are some milliseconds early and late on AWS: to the second when they are slower than that. Their deadline was looked for in
 * coarse steps: where that of the other extensions agrees with it, that one is the better known.
 */
function ticks(facts: Members, probes: Members): SettingsGiven {
  const { intervalMs } = facts;
  const interval = intervalMs === null ? undefined : duration(intervalMs, 'probes.ticks.facts.intervalMs');
  if (interval === 0) throw malformed('probes.ticks.facts.intervalMs', interval);
  const deadline = deadlineOf(facts, 'deadline', 'ticks');
  const others = probes['deadlines'];
  const known = isMembers(others) && isMembers(others['facts']) ? deadlines(others['facts']).appconfig?.extensionDeadlineMs : undefined;
  const answered = members(facts, 'deadline', 'probes.ticks.facts')['longestAnsweredMs'];
  const agrees = deadline !== undefined && known !== undefined && known <= deadline && (typeof answered !== 'number' || known > answered);
  return {
    appconfig: {
      ...(interval !== undefined && { tickMs: interval < 2000 ? interval : Math.round(interval / 1000) * 1000 }),
      ...(deadline !== undefined && !agrees && { tickDeadlineMs: deadline }),
    },
  };
}

function deadlines(facts: Members): SettingsGiven {
  const [create, start, validator] = [deadlineOf(facts, 'preCreate', 'deadlines'), deadlineOf(facts, 'preStart', 'deadlines'), deadlineOf(facts, 'validator', 'deadlines')];
  // The engine has one deadline for both; a step or two of the search apart is noise.
  if (create !== undefined && start !== undefined && Math.abs(create - start) > 500) throw contradiction(`PRE_CREATE extensions have ${create} ms and PRE_START extensions ${start} ms, where this engine has one deadline`, 'probes.deadlines');
  const extension = create ?? start;
  return { appconfig: { ...(extension !== undefined && { extensionDeadlineMs: extension }), ...(validator !== undefined && { validatorDeadlineMs: validator }) } };
}

/** What was refused first; undefined when nothing in the range was. */
function deadlineOf(facts: Members, name: string, probe: string): number | undefined {
  const where = `probes.${probe}.facts.${name}`;
  const { longestAnsweredMs: longest, shortestRefusedMs: shortest } = members(facts, name, `probes.${probe}.facts`);
  const answered = longest === null ? undefined : duration(longest, `${where}.longestAnsweredMs`);
  if (shortest === null) return undefined;
  const refused = duration(shortest, `${where}.shortestRefusedMs`);
  if (answered !== undefined && answered >= refused) throw contradiction(`${answered} ms were answered in time, and ${refused} ms were not`, where);
  return refused;
}

const READINGS: readonly Reading[] = ['observed', 'guide', 'api-reference'];

/** The reading that fits every deployment of a probe, each step within a third of an interval. */
function readingOf({ deployments }: Members, probe: string): Reading {
  if (!isList(deployments) || deployments.length === 0) throw malformed(`probes.${probe}.facts.deployments`, deployments);
  const readings = deployments.map((deployment, index) => {
    const where = `probes.${probe}.facts.deployments[${index}]`;
    if (!isMembers(deployment)) throw malformed(where, deployment);
    const [growth, steps] = [growthIn(members(deployment, 'growth', where), where), stepsIn(deployment['steps'], where)];
    const reading = READINGS.map((name) => ({ name, miss: missOf(growth, name, steps) })).sort((one, other) => one.miss - other.miss)[0];
    if (!reading || reading.miss > 1 / 3) throw new ProbeError('ENGINE-PROBE-4', `${where} has steps that fit no known reading of ${growth.type} growth: ${steps.map(({ at, percentage }) => `${percentage} % after ${at} ms`).join(', ') || 'none'}`, `remove probes.${probe} from the record to keep the default`);
    return reading.name;
  });
  const [first, ...others] = readings;
  const other = others.find((reading) => reading !== first);
  if (first === undefined || other !== undefined) throw contradiction(`one deployment took its steps as ${first}, another as ${other}`, `probes.${probe}`);
  return first;
}

interface SeenStep {
  readonly at: number;
  readonly percentage: number;
}

/** How far the worst step is from where a reading puts it, in intervals. */
function missOf(growth: Growth, reading: Reading, seen: readonly SeenStep[]): number {
  const { steps } = timetableOf(growth, reading, 0);
  if (steps.length !== seen.length || steps.some(({ percentage }, index) => Math.abs(percentage - (seen[index]?.percentage ?? -1)) > 0.01)) return Infinity;
  const [first, second] = steps;
  const interval = first && second ? second.at - first.at : growth.durationMinutes * 60_000;
  return Math.max(...steps.map(({ at }, index) => Math.abs(at - (seen[index]?.at ?? Infinity)))) / interval;
}

function growthIn({ type, factor, minutes, bakeMinutes }: Members, where: string): Growth {
  if ((type !== 'LINEAR' && type !== 'EXPONENTIAL') || typeof factor !== 'number' || factor <= 0 || factor > 100) throw malformed(`${where}.growth`, { type, factor });
  const durationMinutes = duration(minutes, `${where}.growth.minutes`);
  if (durationMinutes === 0) throw malformed(`${where}.growth.minutes`, 0);
  return { type, factor, durationMinutes, bakeMinutes: duration(bakeMinutes, `${where}.growth.bakeMinutes`) };
}

function stepsIn(steps: unknown, where: string): readonly SeenStep[] {
  if (!isList(steps)) throw malformed(`${where}.steps`, steps);
  return steps.map((step) => {
    if (!isMembers(step) || typeof step['percentage'] !== 'number') throw malformed(`${where}.steps`, step);
    return { at: duration(step['afterMs'], `${where}.steps`), percentage: step['percentage'] };
  });
}

function parsed(record: unknown): Members {
  let value = record;
  if (typeof record === 'string') {
    try {
      value = JSON.parse(record);
    } catch (cause) {
      throw malformed('the record', `text that is not JSON (${(cause as Error).message})`);
    }
  }
  if (!isMembers(value) || value['sluiceProbe'] !== 1) throw malformed('sluiceProbe', isMembers(value) ? value['sluiceProbe'] : value);
  return value;
}

function members(of: Members, name: string, where: string): Members {
  const value = of[name];
  if (!isMembers(value)) throw malformed(`${where}.${name}`, value);
  return value;
}

function duration(value: unknown, where: string): number {
  if (typeof value !== 'number' || !Number.isFinite(value) || value < 0) throw malformed(where, value);
  return value;
}

function isMembers(value: unknown): value is Members {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isList(value: unknown): value is readonly unknown[] {
  return Array.isArray(value);
}

function malformed(where: string, got: unknown): ProbeError {
  const text = JSON.stringify(got) ?? 'nothing';
  return new ProbeError('ENGINE-PROBE-1', `${where} is not as a probe's record has it, got ${text.length > 80 ? `${text.slice(0, 77)}...` : text}`, 'give a file that npm run probe:aws wrote, of format 1');
}

function contradiction(problem: string, where: string): ProbeError {
  return new ProbeError('ENGINE-PROBE-3', `the record contradicts itself: ${problem}`, `record again, or remove ${where} to keep the default`);
}

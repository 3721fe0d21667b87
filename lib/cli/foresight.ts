import { Traffic } from '../adapters/evidence/traffic.ts';
import { fault } from '../core/fault.ts';
import { COMMANDING } from '../core/faults/commanding.ts';
import { ownRules, type EnvironmentRecord } from '../core/environmentRecord.ts';
import { foretell, stagesOf } from '../core/judge/index.ts';
import type { Strategy } from '../core/plan.ts';
import type { Connection } from './connection.ts';
import type { Given } from './option.ts';
import type { Foresight } from './report.ts';

const WEEK_MS = 7 * 86_400_000;
/** How many times as often as before the new epoch's executions might end badly. */
const TIMES = [2, 5, 20] as const;
/** What is taken for the share of bad ends where none was seen: the judge compares with something. */
const LEAST_RATE = 0.001;

/** What the judge would see of a harmful release, by given traffic or by last week's; nothing when there is none. */
export async function foreseen(strategy: Strategy, given: Given, connection: Connection | undefined): Promise<Foresight | undefined> {
  const traffic = givenTraffic(given) ?? (connection === undefined ? undefined : await lastWeek(connection));
  if (traffic === undefined) return undefined;
  const { executions, rate } = traffic;
  const record = connection === undefined ? undefined : await recordOf(connection);
  if (record?.judge === null) return { ...traffic, judged: false, harms: [] };
  const rules = record?.judge;
  const harms = TIMES.filter((times) => rate * times < 1).map((times) => {
    const { kind, windows, harmed } = foretell({ executions, controlRate: Math.max(rate, LEAST_RATE), canaryRate: Math.max(rate, LEAST_RATE) * times, stages: stagesOf(strategy), ...(rules === undefined ? {} : { rules }) });
    return { times, minutes: kind === 'seen' ? windows : null, harmed };
  });
  const own = rules === undefined ? [] : ownRules(rules);
  return { ...traffic, judged: true, ...(own.length === 0 ? {} : { rules: own }), harms };
}

/** What the stack says of the environment. That it cannot be read is no reason to make no plan. */
async function recordOf({ epochsIfAny, place }: Connection): Promise<EnvironmentRecord | undefined> {
  return epochsIfAny?.environment(place).catch(() => undefined);
}

function givenTraffic(given: Given): Pick<Foresight, 'executions' | 'rate' | 'source'> | undefined {
  const text = given.text('traffic');
  if (text === undefined) return undefined;
  const [, executions, percent] = /^(\d+(?:\.\d+)?):(\d+(?:\.\d+)?)$/.exec(text) ?? [];
  if (executions === undefined || Number(executions) === 0 || Number(percent) >= 100) {
    throw fault(COMMANDING, 'SLUICE-CLI-3', { option: '--traffic', expected: 'executions a minute above 0 and a percentage below 100, such as 600:0.5', got: text, command: 'sluice plan' });
  }
  return { executions: Number(executions), rate: Number(percent) / 100, source: 'as given' };
}

/** Last week's traffic. That it cannot be read is no reason to make no plan. */
async function lastWeek({ names, plane, options }: Connection): Promise<Pick<Foresight, 'executions' | 'rate' | 'source'> | undefined> {
  try {
    const traffic = await Traffic.open(options);
    try {
      const { started, failed, minutes } = await traffic.totals(names, plane.now - WEEK_MS, plane.now);
      return started === 0 ? undefined : { executions: started / minutes, rate: failed / started, source: 'last week' };
    } finally {
      traffic.close();
    }
  } catch {
    return undefined;
  }
}

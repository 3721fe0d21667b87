import { follow, look, type Followed } from '../course.ts';
import type { Growth } from '../growth.ts';
import type { Probe } from '../probe.ts';
import type { Stage } from '../stage.ts';

const GROWTH: Growth = { type: 'LINEAR', factor: 20, minutes: 5, bakeMinutes: 0 };
const ACTS = ['agree', 'roll-back', 'throw', 'odd'] as const;
/** Delays tried at the same time, each in an environment of its own. */
const DELAYS = [1000, 2000, 2500, 3000, 3500, 4000, 5000, 8000, 15_000] as const;

/** AT_DEPLOYMENT_TICK. */
export const ticks: Probe = {
  name: 'ticks',
  question: 'When do ticks come, what are they told, what do their answers do, and how long may they take?',
  minutes: 7,
  creates: `${ACTS.length + DELAYS.length} environments and profiles, an extension, a deployment of 5 minutes in each`,
  async run(stage) {
    const extension = await stage.extension('tick', ['AT_DEPLOYMENT_TICK']);
    const followed: Followed[] = [];
    for (const act of [...ACTS, ...DELAYS.map((ms) => `sleep:${ms}`)]) {
      const place = await stage.place(act.replace(':', '-'));
      await stage.associate(extension, { environment: place.environment }, act);
      followed.push({ place, number: await stage.start(place, GROWTH) });
    }
    const courses = await follow(stage, followed.slice(0, ACTS.length), GROWTH.minutes + 3);
    // Of these it matters only how they end, and calls are throttled.
    const slowly = await follow(stage, followed.slice(ACTS.length), 3, 30_000);

    const { payload, afterMs } = await ticksOf(stage, followed[0]!);
    const slow = DELAYS.map((ms, index) => ({ ms, complete: slowly[index]?.state === 'COMPLETE' }));
    return {
      payload, afterMs, intervalMs: median(afterMs.slice(1).map((at, index) => at - afterMs[index]!)),
      answers: Object.fromEntries(ACTS.map((act, index) => [act, courses[index]])),
      deadline: {
        longestAnsweredMs: slow.findLast(({ complete }) => complete)?.ms ?? null,
        shortestRefusedMs: slow.find(({ complete }) => !complete)?.ms ?? null,
      },
    };
  },
};

/** The ticks of a deployment that let it go on, in milliseconds since its start. */
async function ticksOf(stage: Stage, followed: Followed): Promise<{ payload: unknown; afterMs: readonly number[] }> {
  const { StartedAt } = await look(stage, followed);
  const told = await stage.lot.recorder.told(({ Type: type, Environment: on }) => /tick/i.test(String(type)) && (on as { Id?: string } | undefined)?.Id === followed.place.environment, 2);
  return { payload: told[0]?.event ?? null, afterMs: told.map(({ at }) => at - (StartedAt?.getTime() ?? 0)) };
}

function median(values: readonly number[]): number | null {
  return values.toSorted((one, other) => one - other)[Math.floor(values.length / 2)] ?? null;
}

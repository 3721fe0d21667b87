import { follow, type Followed } from '../course.ts';
import type { Growth } from '../growth.ts';
import type { Probe } from '../probe.ts';

/** The steps of LINEAR growth: where AWS's log, guide and reference disagree. */
export const linear: Probe = stepsOf('linear', 'When do the steps of LINEAR growth come?', [
  { type: 'LINEAR', factor: 25, minutes: 5, bakeMinutes: 0 },
  { type: 'LINEAR', factor: 50, minutes: 3, bakeMinutes: 1 },
  { type: 'LINEAR', factor: 30, minutes: 4, bakeMinutes: 0 },
]);

/** The steps of EXPONENTIAL growth. */
export const exponential: Probe = stepsOf('exponential', 'Which steps does EXPONENTIAL growth take, and when?', [
  { type: 'EXPONENTIAL', factor: 10, minutes: 5, bakeMinutes: 0 },
  { type: 'EXPONENTIAL', factor: 50, minutes: 3, bakeMinutes: 0 },
]);

function stepsOf(name: string, question: string, growths: readonly Growth[]): Probe {
  return {
    name, question, minutes: 7,
    creates: `${growths.length} environments and profiles, a deployment of 3 to 5 minutes in each`,
    async run(stage) {
      const followed: Followed[] = [];
      for (const [index, growth] of growths.entries()) {
        const place = await stage.place(`growth-${index + 1}`);
        followed.push({ place, number: await stage.start(place, growth) });
      }
      const courses = await follow(stage, followed, 10);
      return {
        deployments: growths.map((growth, index) => ({ growth, steps: courses[index]!.log.filter(({ type }) => type === 'PERCENTAGE_UPDATED').map(({ description, afterMs }) => ({ percentage: percentageIn(description), afterMs })), course: courses[index] })),
      };
    },
  };
}

/** `Configuration available to 25.00% of clients` */
function percentageIn(description: string): number | null {
  const text = /([\d.]+)\s*%/.exec(description)?.[1];
  return text === undefined ? null : Number(text);
}

import { follow } from '../course.ts';
import type { Probe } from '../probe.ts';

/** How late AppConfig's worker is. */
export const instant: Probe = {
  name: 'instant',
  question: 'How late do instant growth and the end of baking come?',
  minutes: 2,
  creates: 'an environment, a profile, a deployment that bakes for one minute',
  async run(stage) {
    const place = await stage.place('instant');
    const number = await stage.start(place, { type: 'LINEAR', factor: 100, minutes: 0, bakeMinutes: 1 });
    const [course] = await follow(stage, [{ place, number }], 4);
    const at = (type: string): number | undefined => course?.log.find((event) => event.type === type)?.afterMs;
    const [grown, baking, complete] = [at('PERCENTAGE_UPDATED'), at('BAKE_TIME_STARTED'), at('DEPLOYMENT_COMPLETED')];
    return {
      firstChangeMs: grown ?? null,
      completionMs: baking === undefined || complete === undefined ? null : complete - baking - 60_000,
      course,
    };
  },
};

import { StopDeploymentCommand } from '@aws-sdk/client-appconfig';
import { follow, logOf, look } from '../course.ts';
import { AT_ONCE } from '../growth.ts';
import type { Probe } from '../probe.ts';
import { refused } from '../refusal.ts';

/** StopDeployment, in each state. */
export const stops: Probe = {
  name: 'stops',
  question: 'What does StopDeployment write, with and without AllowRevert, and when does it refuse?',
  minutes: 1,
  creates: 'an environment, a profile, deployments that take no time or are stopped at once',
  async run(stage) {
    const place = await stage.place('stopped');
    const complete = await stage.start(place, AT_ONCE);
    const stop = (DeploymentNumber: number, AllowRevert: boolean): Promise<unknown> =>
      stage.target.clients.appconfig.send(new StopDeploymentCommand({ ApplicationId: stage.applicationId, EnvironmentId: place.environment, DeploymentNumber, AllowRevert }));
    const completeWithout = await refused(stop(complete, false));

    const running = await stage.start(place, { type: 'LINEAR', factor: 50, minutes: 10, bakeMinutes: 0 });
    await stage.target.clock.wait(10_000);
    await stop(running, false);
    const [rolledBack] = await follow(stage, [{ place, number: running }], 2);
    const again = await refused(stop(running, true));

    await stop(complete, true);
    const reverted = await look(stage, { place, number: complete });
    return { rolledBack, again, completeWithout, reverted: { state: reverted.State ?? '', log: logOf(reverted) } };
  },
};

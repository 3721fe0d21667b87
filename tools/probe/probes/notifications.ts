import { StopDeploymentCommand, type ActionPoint } from '@aws-sdk/client-appconfig';
import { PutRuleCommand, PutTargetsCommand } from '@aws-sdk/client-eventbridge';
import { follow } from '../course.ts';
import type { Growth } from '../growth.ts';
import type { Probe } from '../probe.ts';
import type { Told } from '../recorder.ts';
import { refused } from '../refusal.ts';
import type { Place, Stage } from '../stage.ts';

const POINTS: readonly ActionPoint[] = ['ON_DEPLOYMENT_START', 'ON_DEPLOYMENT_STEP', 'ON_DEPLOYMENT_BAKING', 'ON_DEPLOYMENT_COMPLETE', 'ON_DEPLOYMENT_ROLLED_BACK'];
const GROWTH: Growth = { type: 'LINEAR', factor: 50, minutes: 1, bakeMinutes: 1 };

/** ON_* extensions, and what reaches EventBridge with and without them. */
export const notifications: Probe = {
  name: 'notifications',
  question: 'What are ON_* extensions told, and which events reach EventBridge?',
  minutes: 5,
  creates: 'three environments and profiles, two extensions, a rule, two deployments of 2 minutes in each environment',
  async run(stage) {
    await listenToBus(stage);
    const [lambda, bus, plain] = [await stage.place('lambda'), await stage.place('bus'), await stage.place('plain')];
    await stage.associate(await stage.extension('lambda', POINTS), { environment: lambda.environment });
    const busArn = `arn:aws:events:${stage.target.region}:${stage.target.account}:event-bus/default`;
    const busRefused = await refused(stage.extension('bus', POINTS, busArn).then((extension) => stage.associate(extension, { environment: bus.environment })));

    const places = [lambda, bus, plain];
    const first = await Promise.all(places.map(async (place) => ({ place, number: await stage.start(place, GROWTH) })));
    await follow(stage, first, 5, 20_000);
    const second = await Promise.all(places.map(async (place) => ({ place, number: await stage.start(place, GROWTH) })));
    await stage.target.clock.wait(10_000);
    for (const one of second) await stop(stage, one.place, one.number);
    await stage.target.clock.wait(10_000);
    for (const one of first) await stop(stage, one.place, one.number);
    await stage.target.clock.wait(20_000);

    const told = await stage.lot.recorder.told((event) => JSON.stringify(event).includes(stage.applicationId), 12);
    const byLambda = told.filter(({ event }) => event['source'] === undefined);
    const ofPlace = (place: Place): readonly Told[] => told.filter(({ event }) => event['source'] !== undefined && JSON.stringify(event).includes(place.environment));
    return {
      payloads: firstOf(byLambda, 'Type'), order: byLambda.map(({ event }) => event['Type']),
      busRefused, events: firstOf(ofPlace(bus), 'detail-type'), eventOrder: ofPlace(bus).map(({ event }) => event['detail-type']),
      withoutExtension: ofPlace(plain).map(({ event }) => event['detail-type']),
    };
  },
};

async function listenToBus(stage: Stage): Promise<void> {
  const { events } = stage.target.clients;
  await events.send(new PutRuleCommand({ Name: stage.name, EventPattern: JSON.stringify({ source: ['aws.appconfig'] }), Tags: Object.entries(stage.tags).map(([Key, Value]) => ({ Key, Value })) }));
  await events.send(new PutTargetsCommand({ Rule: stage.name, Targets: [{ Id: 'recorder', Arn: stage.lot.recorder.arn }] }));
}

/** Rolls back what runs, and reverts what is complete. */
async function stop(stage: Stage, place: Place, DeploymentNumber: number): Promise<void> {
  await stage.target.clients.appconfig.send(new StopDeploymentCommand({ ApplicationId: stage.applicationId, EnvironmentId: place.environment, DeploymentNumber, AllowRevert: true }));
}

/** The first event of each kind. */
function firstOf(told: readonly Told[], key: string): Readonly<Record<string, unknown>> {
  const kinds: Record<string, unknown> = {};
  for (const { event } of told) kinds[String(event[key])] ??= event;
  return kinds;
}

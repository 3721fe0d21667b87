import { CreateConfigurationProfileCommand, CreateHostedConfigurationVersionCommand, StartDeploymentCommand, UpdateConfigurationProfileCommand } from '@aws-sdk/client-appconfig';
import { CreateFunctionCommand, InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { Agent, get } from 'node:http';
import { text } from 'node:stream/consumers';
import { afterAll, describe, expect, test } from 'vitest';
import { HOUR, MINUTE, SECOND, startScene, type Scene } from '../appconfig/deploymentScene.ts';
import { zipOf } from '../rig.ts';

const PATH = '/applications/orders/environments/prod/configurations/epoch';

interface Reading { readonly status: number; readonly text: string; readonly headers: ReadonlyMap<string, string> }

/** Thousands of reads, each by a connection that is there already. */
const connections = new Agent({ keepAlive: true });
afterAll(() => { connections.destroy(); });

type Reader = (entity?: string, path?: string) => Promise<Reading>;

/** An agent outside the engine: reads a path, as an entity if one is given. */
async function agentOf(scene: Scene, environment: Record<string, string> = {}): Promise<Reader> {
  const { url } = await scene.engine.serveAgent({ AWS_APPCONFIG_EXTENSION_HTTP_PORT: '0', ...environment });
  return (entity, path = PATH) => new Promise((resolve, reject) => {
    get(url + path, { agent: connections, headers: entity === undefined ? {} : { 'Entity-Id': entity } }, (response) => {
      const headers = new Map(Object.entries(response.headers).map(([name, value]) => [name, String(value)]));
      text(response).then((read) => { resolve({ status: response.statusCode ?? 0, text: read, headers }); }, reject);
    }).on('error', reject);
  });
}

function arn(at: number): string {
  return `arn:aws:states:us-east-1:000000000000:execution:orders:order-${at}`;
}

/** Which of the executions get the new version. */
async function exposed(read: Reader, count: number): Promise<Set<number>> {
  const found = new Set<number>();
  for (let at = 0; at < count; at += 1) if ((await read(arn(at))).text === 'new') found.add(at);
  return found;
}

describe('the agent', () => {
  test('serves exactly the bytes, with version, label and content type', async () => {
    await using scene = await startScene();
    await scene.start(await scene.version('{"é":1}', 'v1.0'), {});
    const read = await agentOf(scene);

    const { status, text, headers } = await read();

    expect(status).toBe(200);
    expect(text).toBe('{"é":1}');
    expect(headers.get('configuration-version')).toBe('1');
    expect(headers.get('version-label')).toBe('v1.0');
    expect(headers.get('content-type')).toBe('application/json');
  });

  test('takes ids and percent-encoded names', async () => {
    await using scene = await startScene();
    await scene.release('{}');
    const read = await agentOf(scene);
    const { ApplicationId, EnvironmentId } = scene.ids;

    expect((await read(undefined, `/applications/${ApplicationId}/environments/${EnvironmentId}/configurations/${scene.profileId}`)).status).toBe(200);
    expect((await read(undefined, '/applications/%6frders/environments/prod/configurations/epoch')).status).toBe(200);
  });

  test('answers 404 for what was never deployed, and serves it as soon as it is', async () => {
    await using scene = await startScene();
    const read = await agentOf(scene);

    expect(await read()).toMatchObject({ status: 404, text: 'ResourceNotFoundException: Deployment not found' });
    await scene.release('{}');
    expect((await read()).status).toBe(200);
  });

  test.each([
    ['an unknown application', '/applications/nowhere-at-all/environments/prod/configurations/epoch', 404],
    ['a path it does not know', '/configuration', 404],
    ['a broken percent-encoding', '/applications/%zz/environments/prod/configurations/epoch', 400],
    ['a flag of a free-form profile', `${PATH}?flag=a`, 400],
  ])('refuses %s', async (_what, path, status) => {
    await using scene = await startScene();
    await scene.release('{}');
    const read = await agentOf(scene);

    expect((await read(undefined, path)).status).toBe(status);
  });

  test('refuses an Entity-Id of more than 2 KB', async () => {
    await using scene = await startScene();
    await scene.release('{}');
    const read = await agentOf(scene);

    expect((await read('x'.repeat(2048))).status).toBe(200);
    expect((await read('x'.repeat(2049))).status).toBe(400);
  });

  test.each([[undefined, 45], ['30', 30]])('with an interval of %s it asks again after %s seconds, and not before', async (interval, seconds) => {
    await using scene = await startScene();
    await scene.release('old');
    const read = await agentOf(scene, interval === undefined ? {} : { AWS_APPCONFIG_EXTENSION_POLL_INTERVAL_SECONDS: interval });
    await read();
    await scene.release('new');

    await scene.rig.advance(seconds * SECOND - 1);
    expect((await read()).text).toBe('old');
    await scene.rig.advance(1);
    expect((await read()).text).toBe('new');
  });

  test('prefetches what its list names', async () => {
    await using scene = await startScene();
    await scene.release('old');
    const read = await agentOf(scene, { AWS_APPCONFIG_EXTENSION_PREFETCH_LIST: `/applications/nowhere/environments/x/configurations/y, ${PATH}` });
    await scene.release('new');

    expect((await read()).text).toBe('old');
  });

  test('keeps serving the old content when a poll finds nothing any more', async () => {
    await using scene = await startScene();
    await scene.release('old');
    const read = await agentOf(scene);
    await read();

    await scene.stop(1, true);
    await scene.rig.advance(MINUTE);

    expect((await read()).text).toBe('old');
  });

  test('keeps serving what it has to itself while a first deployment has not reached it', async () => {
    await using scene = await startScene();
    await scene.release('old');
    const read = await agentOf(scene);
    await read();
    await scene.stop(1, true);

    await scene.start(await scene.version('new'), { minutes: 10 });
    await scene.rig.advance(MINUTE);

    expect((await read()).text).toBe('old');
  });

  test('stays with the profile it found, and looks its name up again after a day without reads', async () => {
    await using scene = await startScene();
    await scene.release('old');
    const read = await agentOf(scene);
    await read();
    await scene.client.send(new UpdateConfigurationProfileCommand({ ApplicationId: scene.ids.ApplicationId, ConfigurationProfileId: scene.profileId, Name: 'former' }));

    await scene.rig.advance(24 * HOUR);
    expect((await read()).text).toBe('old');

    const { Id: ConfigurationProfileId = '' } = await scene.client.send(new CreateConfigurationProfileCommand({ ApplicationId: scene.ids.ApplicationId, Name: 'epoch', LocationUri: 'hosted' }));
    await scene.client.send(new CreateHostedConfigurationVersionCommand({ ApplicationId: scene.ids.ApplicationId, ConfigurationProfileId, Content: Buffer.from('new'), ContentType: 'text/plain' }));
    await scene.start('1', {}, { ConfigurationProfileId });
    await scene.rig.advance(HOUR);
    expect((await read()).text).toBe('old');
    await scene.rig.advance(24 * HOUR);
    expect((await read()).text).toBe('new');
  });

  test('asks again at every read while there is nothing to serve', async () => {
    await using scene = await startScene();
    await scene.release('taken back');
    await scene.stop(1, true);
    const read = await agentOf(scene);

    expect(await read()).toMatchObject({ status: 404, text: 'ResourceNotFoundException: Configuration not found' });
    await scene.release('{}');
    expect((await read()).status).toBe(200);
  });

  test('refuses an environment it cannot work with, by name and value', async () => {
    await using scene = await startScene();

    await expect(agentOf(scene, { AWS_APPCONFIG_EXTENSION_POLL_INTERVAL_SECONDS: 'often' })).rejects.toThrow(/^ENGINE-AGENT-2: .*POLL_INTERVAL_SECONDS.* got often; use 45$/);
    await expect(agentOf(scene, { AWS_APPCONFIG_EXTENSION_MANIFEST: 'file:/m.json' })).rejects.toThrow(/^ENGINE-AGENT-1: .*MANIFEST; unset it$/);
  });
});

describe('entities', () => {
  test('10 % exposure by entity gives 10 % of 2,000 executions, each of them bound for as long as the deployment lasts', async () => {
    await using scene = await startScene();
    await scene.release('old');
    await scene.start(await scene.version('new'), 'AppConfig.Canary10Percent20Minutes');
    await scene.rig.advance(200 * SECOND);

    const canary = await exposed(await agentOf(scene), 2000);
    const again = await exposed(await agentOf(scene), 2000);

    // Binomial with n = 2000 and p = 0.1: mean 200, standard deviation 13.4; four of them either way.
    expect(canary.size).toBeGreaterThan(146);
    expect(canary.size).toBeLessThan(254);
    expect(again).toEqual(canary);
  }, 60_000);

  test('whoever got the new version keeps it while the percentage grows, and loses it with the rollback', async () => {
    await using scene = await startScene();
    await scene.release('old');
    const read = await agentOf(scene);
    await scene.start(await scene.version('new'), { factor: 25, minutes: 5 });

    let before = new Set<number>();
    for (let step = 0; step < 4; step += 1) {
      await scene.rig.advance(MINUTE);
      const now = await exposed(read, 60);
      expect([...before].every((at) => now.has(at))).toBe(true);
      before = now;
    }
    expect(before.size).toBe(60);

    await scene.stop(2);
    await scene.rig.advance(45 * SECOND);
    expect((await exposed(read, 60)).size).toBe(0);
  });

  test('entities of a first deployment that are not exposed have no configuration yet', async () => {
    await using scene = await startScene();
    await scene.start(await scene.version('new'), { factor: 50, minutes: 3 });
    await scene.rig.advance(MINUTE);
    const read = await agentOf(scene);

    const statuses = new Set<number>();
    for (let at = 0; at < 40; at += 1) statuses.add((await read(arn(at))).status);

    expect([...statuses].sort((a, b) => a - b)).toEqual([200, 404]);
  });
});

test('each sandbox of a function with the layer has an agent of its own at port 2772', async () => {
  await using scene = await startScene();
  await scene.release('{"limit":7}');
  const lambda = scene.rig.client(LambdaClient);
  await lambda.send(new CreateFunctionCommand({
    FunctionName: 'reader', Runtime: 'nodejs22.x', Role: 'arn:aws:iam::000000000000:role/lambda', Handler: 'index.handler',
    Layers: ['arn:aws:lambda:us-east-1:027255383542:layer:AWS-AppConfig-Extension:207'],
    Code: { ZipFile: zipOf(`export const handler = async (event) => (await fetch('http://localhost:2772${PATH}', { headers: { 'Entity-Id': event.entity } })).json();\n`) },
  }));

  const { Payload } = await lambda.send(new InvokeCommand({ FunctionName: 'reader', Payload: JSON.stringify({ entity: arn(1) }) }));

  expect(JSON.parse(Buffer.from(Payload ?? []).toString())).toEqual({ limit: 7 });
});

describe('feature flags', () => {
  const FLAGS = '/applications/orders/environments/prod/configurations/switches';

  async function switches(scene: Scene): Promise<Reader> {
    const { ApplicationId } = scene.ids;
    const { Id: ConfigurationProfileId = '' } = await scene.client.send(new CreateConfigurationProfileCommand({ ApplicationId, Name: 'switches', LocationUri: 'hosted', Type: 'AWS.AppConfig.FeatureFlags' }));
    const document = { version: '1', flags: { express: { name: 'express', attributes: { limit: { constraints: { type: 'number' } } } }, gifts: { name: 'gifts' } }, values: { express: { enabled: true, limit: 3 }, gifts: { enabled: false } } };
    await scene.client.send(new CreateHostedConfigurationVersionCommand({ ApplicationId, ConfigurationProfileId, Content: Buffer.from(JSON.stringify(document)), ContentType: 'application/json' }));
    await scene.client.send(new StartDeploymentCommand({ ...scene.ids, ConfigurationProfileId, ConfigurationVersion: '1', DeploymentStrategyId: await scene.strategy({}) }));
    return agentOf(scene);
  }

  test.each([
    ['all of them', '', { express: { enabled: true, limit: 3 }, gifts: { enabled: false } }],
    ['one, by itself', '?flag=express', { enabled: true, limit: 3 }],
    ['several, by name', '?flag=gifts&flag=express', { gifts: { enabled: false }, express: { enabled: true, limit: 3 } }],
  ])('are read: %s', async (_what, query, expected) => {
    await using scene = await startScene();
    const read = await switches(scene);

    const { status, text, headers } = await read(undefined, FLAGS + query);

    expect(status).toBe(200);
    expect(JSON.parse(text)).toEqual(expected);
    expect(headers.get('configuration-version')).toBe('1');
    expect(headers.get('content-type')).toBe('application/json');
  });

  test('rules of variants are not evaluated: a Context is refused by name', async () => {
    await using scene = await startScene();
    await scene.release('{}');
    const { url } = await scene.engine.serveAgent({ AWS_APPCONFIG_EXTENSION_HTTP_PORT: '0' });

    const response = await fetch(url + PATH, { headers: { Context: 'country=NL' } });

    expect(response.status).toBe(501);
    expect(await response.text()).toContain('rules of multi-variant flags');
  });

  test('a flag that is not there is not found', async () => {
    await using scene = await startScene();
    const read = await switches(scene);

    expect((await read(undefined, `${FLAGS}?flag=constructor`)).status).toBe(404);
  });
});

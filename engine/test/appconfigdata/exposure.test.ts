import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { CreateConfigurationProfileCommand, CreateHostedConfigurationVersionCommand, StartDeploymentCommand } from '@aws-sdk/client-appconfig';
import { MINUTE, SECOND, startScene, type Scene } from '../appconfig/deploymentScene.ts';

/** A request of the data plane, without the SDK: there are thousands. */
async function asked(scene: Scene, method: string, path: string, query: Record<string, string>, body: object | undefined): Promise<{ readonly text: string; readonly next: string }> {
  const answer = await scene.engine.dispatch({
    method, path, query: new URLSearchParams(query), body: Buffer.from(body === undefined ? '' : JSON.stringify(body)),
    headers: { 'content-type': 'application/json', authorization: 'AWS4-HMAC-SHA256 Credential=AKIATEST/20260101/us-east-1/appconfig/aws4_request, SignedHeaders=host, Signature=0' },
  });
  const text = Buffer.from(answer.body).toString();
  if (answer.status >= 300) throw new Error(`${method} ${path} was refused: ${text}`);
  return { text, next: answer.headers['next-poll-configuration-token'] ?? '' };
}

async function begun(scene: Scene, seconds = 60): Promise<string> {
  const { text } = await asked(scene, 'POST', '/configurationsessions', {}, {
    ApplicationIdentifier: 'orders', EnvironmentIdentifier: 'prod', ConfigurationProfileIdentifier: 'epoch', RequiredMinimumPollIntervalInSeconds: seconds,
  });
  return (JSON.parse(text) as { InitialConfigurationToken: string }).InitialConfigurationToken;
}

async function poll(scene: Scene, token: string): Promise<{ readonly text: string; readonly token: string }> {
  const { text, next } = await asked(scene, 'GET', '/configuration', { configuration_token: token }, undefined);
  return { text, token: next };
}

/** Sessions that have polled once, each with its next token. */
async function sessions(scene: Scene, count: number): Promise<string[]> {
  const tokens: string[] = [];
  for (let at = 0; at < count; at += 1) tokens.push((await poll(scene, await begun(scene, 15))).token);
  return tokens;
}

/** Polls every session; gives what each was given and its next token. */
async function pollAll(scene: Scene, tokens: readonly string[]): Promise<{ readonly texts: string[]; readonly tokens: string[] }> {
  const polled = [];
  for (const token of tokens) polled.push(await poll(scene, token));
  return { texts: polled.map(({ text }) => text), tokens: polled.map(({ token }) => token) };
}

describe('a growing deployment and its sessions', () => {
  test('exposes about its percentage of new sessions, and nobody before the first step', async () => {
    await using scene = await startScene();
    await scene.release('old');
    await scene.start(await scene.version('new'), { factor: 10, minutes: 11 });

    let before = 0;
    for (let at = 0; at < 50; at += 1) if ((await poll(scene, await begun(scene))).text === 'new') before += 1;
    await scene.rig.advance(MINUTE);
    let after = 0;
    for (let at = 0; at < 600; at += 1) if ((await poll(scene, await begun(scene))).text === 'new') after += 1;

    expect(before).toBe(0);
    // Binomial with n = 600 and p = 0.1: mean 60, standard deviation 7.3; four of them either way.
    expect(after).toBeGreaterThan(30);
    expect(after).toBeLessThan(90);
  });

  test('is sticky: a session that got the new version keeps it, and all have it at the end', async () => {
    await using scene = await startScene();
    await scene.release('old');
    let tokens = await sessions(scene, 40);
    await scene.start(await scene.version('new'), { factor: 25, minutes: 5 });
    const has: string[] = tokens.map(() => 'old');
    const exposed: number[] = [];

    for (let step = 0; step < 4; step += 1) {
      await scene.rig.advance(MINUTE);
      const polled = await pollAll(scene, tokens);
      tokens = polled.tokens;
      polled.texts.forEach((text, at) => {
        // An empty answer says that nothing changed for this session; whoever got the new version never gets the old one again.
        expect(text === '' || (text === 'new' && has[at] === 'old')).toBe(true);
        if (text !== '') has[at] = text;
      });
      exposed.push(has.filter((text) => text === 'new').length);
    }

    expect(exposed.at(-1)).toBe(40);
    expect(exposed[0]).toBeGreaterThan(0);
    expect(exposed[0]).toBeLessThan(exposed[2] ?? 0);
  });

  test('another deployment draws other sessions', async () => {
    await using scene = await startScene();
    await scene.release('old');
    const exposed: string[] = [];
    let tokens = await sessions(scene, 60);
    for (const text of ['one', 'two']) {
      const { DeploymentNumber } = await scene.start(await scene.version(text), { factor: 50, minutes: 3 });
      await scene.rig.advance(MINUTE);
      const polled = await pollAll(scene, tokens);
      exposed.push(polled.texts.map((each) => (each === text ? '1' : '0')).join(''));
      await scene.stop(DeploymentNumber ?? 0);
      await scene.rig.advance(15 * SECOND);
      tokens = (await pollAll(scene, polled.tokens)).tokens;
      await scene.rig.advance(15 * SECOND);
    }

    expect(exposed[0]).toContain('1');
    expect(exposed[1]).toContain('1');
    expect(exposed[0]).not.toBe(exposed[1]);
  });

  test('profiles of one environment are served separately', async () => {
    await using scene = await startScene();
    await scene.release('epoch');
    const { ApplicationId } = scene.ids;
    const { Id = '' } = await scene.client.send(new CreateConfigurationProfileCommand({ ApplicationId, Name: 'other', LocationUri: 'hosted' }));
    await scene.client.send(new CreateHostedConfigurationVersionCommand({ ApplicationId, ConfigurationProfileId: Id, Content: Buffer.from('other'), ContentType: 'text/plain' }));
    const token = await scene.session(15);
    await scene.client.send(new StartDeploymentCommand({ ...scene.ids, ConfigurationProfileId: Id, ConfigurationVersion: '1', DeploymentStrategyId: await scene.strategy({}) }));

    expect((await scene.poll(token)).text).toBe('epoch');
  });
});

const strategies = fc.record({
  growthType: fc.constantFrom('LINEAR' as const, 'EXPONENTIAL' as const),
  factor: fc.integer({ min: 5, max: 100 }),
  minutes: fc.integer({ min: 1, max: 30 }),
  bake: fc.integer({ min: 0, max: 5 }),
});

describe('for any strategy', () => {
  test('exposure is never above what the deployment says, and only grows', async () => {
    await using scene = await startScene();
    await scene.release('old');

    const readers = 40;
    await fc.assert(fc.asyncProperty(strategies, async (strategy) => {
      await scene.release('old');
      let tokens = await sessions(scene, readers);
      const { DeploymentNumber = 0 } = await scene.start(await scene.version('new'), strategy);
      const has = tokens.map(() => false);
      let shown = 0;
      for (let look = 0; look < 6; look += 1) {
        await scene.rig.advance(Math.max(15 * SECOND, Math.round((strategy.minutes * MINUTE) / 5)));
        const { PercentageComplete = 0 } = await scene.get(DeploymentNumber);
        const polled = await pollAll(scene, tokens);
        tokens = polled.tokens;
        polled.texts.forEach((text, at) => {
          expect(text).not.toBe('old');
          if (text === 'new') has[at] = true;
        });
        expect(PercentageComplete).toBeGreaterThanOrEqual(shown);
        shown = PercentageComplete;
        const exposed = has.filter(Boolean).length;
        // Six standard deviations of a binomial draw above the stage; nobody at 0 %, everybody at 100 %.
        const share = shown / 100;
        expect(exposed).toBeLessThanOrEqual(readers * share + 6 * Math.sqrt(readers * share * (1 - share)));
        expect(exposed).toBeGreaterThanOrEqual(shown === 100 ? readers : 0);
      }
      await scene.rig.advance(40 * MINUTE);
      expect((await scene.get(DeploymentNumber)).State).toBe('COMPLETE');
    }), { numRuns: 6 });
  }, 120_000);

  test('a rollback reaches every reader at its next poll', async () => {
    await using scene = await startScene();
    await scene.release('old');

    await fc.assert(fc.asyncProperty(strategies, fc.integer({ min: 1, max: 99 }), async (strategy, stopAt) => {
      const tokens = await sessions(scene, 12);
      const { DeploymentNumber = 0 } = await scene.start(await scene.version('new'), strategy);
      await scene.rig.advance(Math.max(15 * SECOND, Math.round((strategy.minutes * MINUTE * stopAt) / 100)));
      const polled = await pollAll(scene, tokens);
      await scene.stop(DeploymentNumber);
      await scene.rig.advance(15 * SECOND);

      const after = await pollAll(scene, polled.tokens);

      expect(after.texts).toEqual(polled.texts.map((text) => (text === 'new' ? 'old' : '')));
    }), { numRuns: 6 });
  }, 120_000);
});

import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { AssemblyError, deployAssembly, startEngine } from 'sluice-engine';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { startRig } from '../rig.ts';

const APP = new URL('app/app.mjs', import.meta.url).href;

describe('an assembly, deployed without the cdk process', { timeout: 60_000 }, () => {
  let folder = '';
  const assembly = (variant: string): string => join(folder, variant);

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'sluice-assembly-'));
    vi.stubEnv('CDK_OUTDIR', assembly('first'));
    // Here, and not in a process of its own, which would load the CDK again.
    await import(APP);
    vi.unstubAllEnvs();
  }, 60_000);
  afterAll(() => { rmSync(folder, { recursive: true, force: true }); });

  /** A manifest of our own, for what no small app would hold. */
  const manifest = (name: string, artifacts: object, more: object = {}): string => {
    const place = join(folder, name);
    mkdirSync(place);
    writeFileSync(join(place, 'manifest.json'), JSON.stringify({ version: '55.0.0', artifacts, ...more }));
    return place;
  };

  it('works as one that cdk deployed; a second time nothing is done, and a change is an update', async () => {
    await using rig = await startRig();
    const invoked = async (name: string): Promise<unknown> => JSON.parse(Buffer.from((await rig.client(LambdaClient).send(new InvokeCommand({ FunctionName: name }))).Payload!).toString());

    const [first] = await deployAssembly(rig.engine, assembly('first'));
    const answers = [await invoked(first!.outputs['HandlerName']!)];
    const [again] = await deployAssembly(rig.engine, assembly('first'));
    const [second] = await deployAssembly(rig.engine, assembly('second'));
    answers.push(await invoked(first!.outputs['HandlerName']!));

    expect(first).toMatchObject({ name: 'Orders', status: 'CREATE_COMPLETE', id: expect.stringContaining(':stack/Orders/') });
    expect(Object.values(first!.resources)).toContain(first!.outputs['HandlerName']);
    expect(again).toEqual(first);
    expect(second).toEqual({ ...first, status: 'UPDATE_COMPLETE' });
    expect(answers).toEqual([{ code: 'first', limit: '10' }, { code: 'first', limit: '20' }]);
  });

  it('that fails says which resource and why, and may be deployed again', async () => {
    await using rig = await startRig();

    const failure = await deployAssembly(rig.engine, assembly('broken')).catch((error: unknown) => error);
    const [stack] = await deployAssembly(rig.engine, assembly('second'));

    expect(failure).toBeInstanceOf(AssemblyError);
    expect((failure as Error).message).toMatch(/^ENGINE-ASSEMBLY-8: the stack Orders ended as ROLLBACK_COMPLETE: Broken \(AWS::SSM::Parameter\): Resource handler returned message: .*Value 'Wrong' at 'type'/);
    expect(stack!.status).toBe('CREATE_COMPLETE');
  });

  it('leaves the same history each time, in an engine with a port or without, and works in real time too', async () => {
    const run = async (port: number | false): Promise<string> => {
      const engine = await startEngine({ clock: 'virtual', seed: 'same', port });
      await deployAssembly(engine, assembly('first'));
      const digest = engine.history.digest();
      await engine.close();
      return digest;
    };
    const real = await startEngine({ port: false });
    const [stack] = await deployAssembly(real, assembly('first'));
    await real.close();

    expect(await run(false)).toBe(await run(0));
    expect(stack!.status).toBe('CREATE_COMPLETE');
  });

  it('has its stacks deployed after those they depend on', async () => {
    await using rig = await startRig();
    const place = manifest('two', {
      Second: { type: 'aws:cloudformation:stack', environment: 'aws://unknown-account/unknown-region', dependencies: ['First'], properties: { templateFile: 'second.json', stackName: 'Renamed' } },
      First: { type: 'aws:cloudformation:stack', environment: `aws://${rig.engine.account}/${rig.engine.region}`, properties: { templateFile: 'first.json' } },
    });
    const topic = { T: { Type: 'AWS::SNS::Topic', Properties: { TopicName: { Ref: 'Name' } } } };
    const Parameters = { Name: { Type: 'String', Default: 'plain' } };
    writeFileSync(join(place, 'first.json'), JSON.stringify({ Parameters, Resources: topic, Outputs: { O: { Value: { 'Fn::GetAtt': 'T.TopicName' }, Export: { Name: 'topic' } } } }));
    writeFileSync(join(place, 'second.json'), JSON.stringify({ Resources: { P: { Type: 'AWS::SNS::Topic', Properties: { TopicName: { 'Fn::Join': ['-', [{ 'Fn::ImportValue': 'topic' }, 'too']] } } } } }));

    const stacks = await deployAssembly(rig.engine, place, { parameters: { First: { Name: 'chosen' } } });

    expect(stacks.map(({ name }) => name)).toEqual(['First', 'Renamed']);
    expect(stacks[0]!.outputs).toEqual({ O: 'chosen' });
  });

  it.each<[string, object, object, string]>([
    ['empty', {}, {}, 'ENGINE-ASSEMBLY-2: '],
    ['missing', {}, { missing: [{ key: 'vpc-provider' }] }, 'ENGINE-ASSEMBLY-3: the assembly lacks context that only a look-up gives (vpc-provider)'],
    ['elsewhere', { S: { type: 'aws:cloudformation:stack', environment: 'aws://111111111111/us-east-1', properties: { templateFile: 't' } } }, {}, 'ENGINE-ASSEMBLY-4: the stack S is for aws://111111111111/us-east-1, the engine is aws://000000000000/us-east-1'],
  ])('that is %s is refused with the remedy', async (name, artifacts, more, message) => {
    await using rig = await startRig();

    await expect(deployAssembly(rig.engine, manifest(name, artifacts, more))).rejects.toThrow(message);
  });

  it('that is none, or that holds container images, is refused with the remedy', async () => {
    await using rig = await startRig();
    const place = manifest('image', {
      S: { type: 'aws:cloudformation:stack', environment: 'aws://unknown-account/unknown-region', properties: { templateFile: 't.json' } },
      Assets: { type: 'cdk:asset-manifest', properties: { file: 'assets.json' } },
    });
    writeFileSync(join(place, 'assets.json'), JSON.stringify({ dockerImages: { abc: {} } }));

    await expect(deployAssembly(rig.engine, join(folder, 'nowhere'))).rejects.toThrow(/^ENGINE-ASSEMBLY-1: .*nowhere is no cloud assembly: it has no manifest.json; give the folder that cdk synth wrote/);
    await expect(deployAssembly(rig.engine, place)).rejects.toThrow('names the container image abc; sluice-engine runs functions from zip archives only');
  });
});

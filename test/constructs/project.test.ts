import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Stack, type App } from 'aws-cdk-lib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { digestOf } from '../../lib/core/index.ts';
import { Configuration, RolloutPlan, type ConfigurationProps, type EnvironmentOptions } from '../../lib/constructs/index.ts';
import { inShell } from '../cli/shell.ts';
import { directory, quietApp } from './bench.ts';

const root = mkdtempSync(join(tmpdir(), 'sluice-project-'));
const project = join(root, 'orders');

beforeAll(async () => {
  await inShell(['init', 'orders'], {}, root);
  // A second application, with a profile of its own and a schema that two documents share.
  edit('sluice.yaml', 'plans:\n', '  shop:\n    environments:\n      live: { profile: settings, plan: linear }\n    schemas:\n      - { documents: "*", schema: any }\n\nplans:\n');
  mkdirSync(join(project, 'config/shop'));
  for (const [name, text] of Object.entries({ 'b.yaml': 'a: 1\n', 'a.json': '{"b":[1]}', 'any.schema.json': '{"type":"object"}' })) writeFileSync(join(project, 'config/shop', name), text);
});
afterAll(() => { rmSync(root, { recursive: true }); });

function edit(path: string, from: string, to: string, folder = project): void {
  const text = readFileSync(join(folder, path), 'utf8');
  if (!text.includes(from)) throw new Error(`${path} has no ${from}`);
  writeFileSync(join(folder, path), text.replace(from, to));
}

/** What a stack of environments would seed, and by which plan and profile it releases later. */
function synthesised(application: string, props: ConfigurationProps, environments: readonly string[], options: EnvironmentOptions = {}): readonly Record<string, string>[] {
  const stack = new Stack(quietApp(), 'Orders');
  const configuration = new Configuration(stack, application, props);
  const made = environments.map((name) => configuration.addEnvironment(name, options));
  const folder = (stack.node.root as App).synth().directory;
  const { Resources } = JSON.parse(readFileSync(join(folder, 'Orders.template.json'), 'utf8')) as { Resources: Record<string, { Type: string; Properties: Record<string, string> }> };
  const seeds = Object.values(Resources).filter(({ Type }) => Type === 'Custom::SluiceSeed').map(({ Properties }) => Properties);
  return made.map(({ profileName, deploymentStrategyId }) => {
    const { epoch } = JSON.parse(readFileSync(join(folder, `asset.${seeds.find(({ ProfileName }) => ProfileName === profileName)?.['Key']}`), 'utf8')) as { epoch: string };
    const strategy = Object.entries(Resources).find(([id]) => stack.resolve(deploymentStrategyId).Ref === id)?.[1].Properties['Name'];
    return { profile: profileName, digest: digestOf(Buffer.from(epoch)), strategy: strategy ?? deploymentStrategyId };
  });
}

describe('a configuration from a project', () => {
  it('begins in each environment with the bytes, the plan and the profile that a release would take', async () => {
    const { stdout } = await inShell(['validate', '--json'], {}, project);
    const { targets } = JSON.parse(stdout) as { targets: { application: string; environment: string; digest: string }[] };
    const [staging, production, live] = targets.map(({ digest }) => digest);

    expect(synthesised('orders', { project }, ['staging', 'production'])).toEqual([
      { profile: 'orders-staging', digest: staging, strategy: 'AppConfig.AllAtOnce' },
      { profile: 'orders-production', digest: production, strategy: 'sluice-canary-5-percent-40-min-bake-20' },
    ]);
    // From a folder below, under another name.
    expect(synthesised('Shop', { project: join(project, 'config'), applicationName: 'shop' }, ['live'])).toEqual([{ profile: 'settings', digest: live, strategy: 'AppConfig.Linear20PercentEvery6Minutes' }]);
    expect(staging).not.toBe(production);
  });

  it('takes a plan of the stack\'s own over the project\'s', () => {
    const [production] = synthesised('orders', { project }, ['production'], { plan: RolloutPlan.ALL_AT_ONCE });

    expect(production?.['strategy']).toBe('AppConfig.AllAtOnce');
  });

  it.each([
    ['an unknown application', 'payments', {}, 'production', 'SLUICE-PROJECT-13: the application must be one of orders, shop, got payments'],
    ['an unknown environment', 'orders', {}, 'prod', 'SLUICE-CDK-15: sluice.yaml has no environment prod of orders, but staging, production'],
    ['an environment of another application', 'shop', {}, 'staging', 'SLUICE-CDK-15: sluice.yaml has no environment staging of shop, but live'],
    ['a directory beside it', 'orders', { directory: directory() }, 'staging', 'SLUICE-CDK-14: the documents of orders/staging come from both a project and a directory'],
    ['no project at all', 'orders', { project: tmpdir() }, 'staging', 'SLUICE-PROJECT-1: there is no sluice.yaml in'],
  ])('is refused with %s', (_, application, props, environment, message) => {
    expect(() => synthesised(application, { project, ...props }, [environment])).toThrow(message);
  });

  it('is refused with a directory of the environment\'s own, and without any source', () => {
    expect(() => synthesised('orders', { project }, ['staging'], { directory: directory() })).toThrow('SLUICE-CDK-14: the documents of orders/staging come from both');
    expect(() => synthesised('orders', {}, ['staging'])).toThrow('SLUICE-CDK-14: the documents of orders/staging come from nowhere');
    expect(synthesised('orders', {}, ['staging'], { directory: directory() })).toHaveLength(1);
  });

  it('is what a directory of its documents is told to be', () => {
    expect(() => synthesised('orders', { directory: join(project, 'config/orders') }, ['staging'])).toThrow(/SLUICE-CDK-16: .*config\/orders is of the project .*orders, and has the folder production/);
    expect(() => synthesised('orders', { directory: 'test' }, ['staging'])).toThrow('SLUICE-DIR-3');
  });

  it.each([
    ['an overlay that breaks the schema', (folder: string) => { edit('config/orders/production/limits.yaml', '10', 'soon', folder); }, /SLUICE-DOC-10: config\/orders\/production\/limits\.yaml:2:17/],
    ['a broken invariant', (folder: string) => { edit('config/orders/limits.yaml', 'timeoutSeconds: 30', 'timeoutSeconds: 300', folder); }, /SLUICE-RULE-1: sluice\.yaml:\d+:\d+/],
    ['a secret', (folder: string) => { edit('config/orders/limits.yaml', 'secretsmanager:partner/api-key', 'AKIAIOSFODNN7EXAMPLE', folder); }, /SLUICE-SECRET-1/],
    ['a link', (folder: string) => { symlinkSync('limits.yaml', join(folder, 'config/orders/other.yaml')); }, /SLUICE-PROJECT-8: config\/orders\/other\.yaml is no part of a project: it is a link/],
    ['several problems', (folder: string) => { edit('config/orders/limits.yaml', 'retries: 3', 'retries: many\nmore: 1', folder); }, /SLUICE-CDK-4: 2 problems in /],
  ])('is refused as a release is, with %s', async (_, harm, message) => {
    const folder = mkdtempSync(join(root, 'harmed-'));
    cpSync(project, folder, { recursive: true });
    harm(folder);

    expect(() => synthesised('orders', { project: folder }, ['staging'])).toThrow(message);
    expect((await inShell(['validate'], {}, folder)).code).toBe(1);
  });
});

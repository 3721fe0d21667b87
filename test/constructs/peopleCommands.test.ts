import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { AssumeRoleCommand, STSClient, type Credentials } from '@aws-sdk/client-sts';
import { App, CfnOutput, Stack } from 'aws-cdk-lib';
import { AccountPrincipal, Role } from 'aws-cdk-lib/aws-iam';
import { deployAssembly, startEngine, type Engine } from 'sluice-engine';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Configuration, PermissionSets } from '../../lib/constructs/index.ts';
import { sluice, type Ran } from '../cli/sluice.ts';

process.env['CDK_VALIDATION'] = 'false';
const SETS = ['reader', 'releaser', 'approver', 'operator'] as const;
type Person = (typeof SETS)[number];
const ENV = ['--env', 'production'] as const;

const root = mkdtempSync(join(tmpdir(), 'sluice-people-'));
const project = join(root, 'orders');
let engine: Engine;
const people = new Map<Person, Credentials>();

/** A command line in somebody's name. */
function run(person: Person, ...args: string[]): Promise<Ran> {
  const { AccessKeyId = '', SecretAccessKey = '', SessionToken = '' } = people.get(person) ?? {};
  return sluice(args, {
    AWS_ENDPOINT_URL: engine.endpoint, AWS_REGION: engine.region, AWS_ACCESS_KEY_ID: AccessKeyId, AWS_SECRET_ACCESS_KEY: SecretAccessKey, AWS_SESSION_TOKEN: SessionToken,
    HOME: root, GIT_CONFIG_NOSYSTEM: '1',
  }, project);
}

function git(...args: string[]): void {
  execFileSync('git', ['-c', 'user.name=Ada', '-c', 'user.email=ada@example.org', ...args], { cwd: project, env: { PATH: process.env['PATH'], HOME: root, GIT_CONFIG_NOSYSTEM: '1' } });
}

function synthesised(): string {
  const stack = new Stack(new App({ outdir: join(root, 'cdk.out') }), 'People');
  const environment = new Configuration(stack, 'orders', { project }).addEnvironment('production', { judge: { alpha: 0.02 } });
  const sets = new PermissionSets(stack, 'Sets', { environment });
  for (const name of SETS) {
    const role = new Role(stack, name, { assumedBy: new AccountPrincipal(stack.account) });
    role.addManagedPolicy(sets[name]);
    new CfnOutput(stack, `${name}Arn`, { value: role.roleArn });
  }
  return (stack.node.root as App).synth().directory;
}

function pass(minutes: number): Promise<void> {
  return engine.clock.advance(minutes * 60_000);
}

beforeAll(async () => {
  await sluice(['init', 'orders'], {}, root);
  git('init', '--quiet', '--initial-branch', 'main');
  git('add', '.');
  git('commit', '--quiet', '--message', 'Begin');
  engine = await startEngine({ clock: 'virtual', seed: 'people' });
  const folder = synthesised();
  const [stack] = await engine.drive((driver) => driver.park(() => deployAssembly(engine, folder)));
  await pass(30);
  const sts = new STSClient({ region: engine.region, endpoint: engine.endpoint, credentials: { accessKeyId: 'AKIATEST', secretAccessKey: 'test' } });
  for (const name of SETS) people.set(name, (await sts.send(new AssumeRoleCommand({ RoleArn: stack!.outputs[`${name}Arn`], RoleSessionName: name }))).Credentials!);
}, 120_000);

afterAll(async () => {
  await engine.close();
  rmSync(root, { recursive: true });
});

describe('the permission sets, by the commands of those who have them', () => {
  it('let a reader see that the stack began with what git says', async () => {
    const seen = await Promise.all([['plan', '--json'], ['status'], ['history'], ['show', '1'], ['diff', 'live', '.'], ['blame', 'limits', 'timeoutSeconds'], ['drift']].map((args) => run('reader', ...args, ...ENV)));

    expect(seen.map(({ code, stderr }) => [code, stderr])).toEqual(seen.map(() => [0, '']));
    expect(JSON.parse(seen[0]!.stdout)).toMatchObject({ releases: [] });
    expect(seen[1]!.stdout).toContain('judged by alpha 0.02');
  }, 60_000);

  it('let an approver approve, a releaser release, an operator roll back, and everybody see why', async () => {
    writeFileSync(join(project, 'config/orders/limits.yaml'), readFileSync(join(project, 'config/orders/limits.yaml'), 'utf8').replace('retries: 3', 'retries: 4'));
    git('commit', '--quiet', '--all', '--message', 'Try four times');
    const planned = await run('releaser', 'plan', '--out', 'plan.json', '--traffic', '600:0.5', ...ENV);
    const comment = await run('releaser', 'plan', '--markdown', '--traffic', '600:0.5', ...ENV);
    const release = ['release', 'plan.json', '--detach'] as const;
    const approve = ['approve', 'plan.json', '--as', 'ada'] as const;

    const refused = [await run('releaser', ...release), await run('releaser', ...approve)];
    const approved = await run('approver', ...approve);
    refused.push(await run('approver', ...release));
    const released = await run('releaser', ...release);
    await pass(20);
    const explained = await run('reader', 'explain', '2', ...ENV);
    refused.push(await run('releaser', 'roll-back', 'production'));
    const rolledBack = await run('operator', 'roll-back', 'production');
    const history = await run('approver', 'history', ...ENV);

    expect(planned.stdout).toContain("judge     by the environment's alpha 0.02\n");
    expect(comment.stdout).toMatch(/^- Traffic: 600 executions a minute, 0\.5 % end badly \(as given\)\n- Judge: by the environment's `alpha 0\.02`\n- Harm: 2 times as many: .+; 5 times as many: .+ harmed$/m);
    // A plan with changes ends with 2.
    expect([planned, approved, released, explained, rolledBack, history].map(({ code, stderr }) => `${code} ${stderr}`)).toEqual(['2 ', ...Array.from({ length: 5 }, () => '0 ')]);
    // Not approved yet; then what the store and AppConfig deny.
    expect(refused.map(({ code, stdout, stderr }) => `${code} ${/SLUICE-\w+-\d+/.exec(stdout + stderr)?.[0]}`)).toEqual(['1 SLUICE-RELEASE-7', '1 SLUICE-AWS-3', '1 SLUICE-AWS-3', '1 SLUICE-AWS-3']);
    expect(rolledBack.stdout).toContain('ROLLED_BACK');
    expect(history.stdout).toContain('ROLLED_BACK');
  }, 120_000);
});

import { execFileSync } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { understand } from '../../lib/cli/arguments.ts';
import { COMMANDS } from '../../lib/cli/commands.ts';
import { inShell } from './shell.ts';
import { sluice, type Ran } from './sluice.ts';

const ROOT = mkdtempSync(join(tmpdir(), 'sluice-ci-'));
const PROJECT = join(ROOT, 'orders');
const ENVIRONMENT = { PATH: `${join(ROOT, 'bin')}:${process.env['PATH'] ?? ''}`, HOME: ROOT, GITHUB_BASE_REF: 'main', GIT_CONFIG_NOSYSTEM: '1', LANG: 'C.UTF-8' };

interface GitHub { readonly jobs: Readonly<Record<string, { readonly steps: readonly { readonly name?: string; readonly run?: string }[] }>> }
interface GitLab { readonly plan: { readonly script: readonly string[] }; readonly release: { readonly script: readonly string[] } }

const GITHUB = parse(readFileSync('examples/ci/github.yml', 'utf8')) as GitHub;
const GITLAB = parse(readFileSync('examples/ci/gitlab.yml', 'utf8')) as GitLab;
const GITHUB_SCRIPTS = Object.values(GITHUB.jobs).flatMap(({ steps }) => steps.flatMap(({ run }) => (run === undefined ? [] : [run])));

function installed(shell: string): boolean {
  return (process.env['PATH'] ?? '').split(':').some((folder) => existsSync(join(folder, shell)));
}

function git(...args: string[]): void {
  execFileSync('git', ['-c', 'user.name=Ada', '-c', 'user.email=ada@example.org', ...args], { cwd: PROJECT, env: ENVIRONMENT, stdio: 'pipe' });
}

beforeAll(async () => {
  mkdirSync(join(ROOT, 'bin'));
  // What npx would find in an installed project: the built command line.
  writeFileSync(join(ROOT, 'bin', 'npx'), `#!/bin/sh\nshift\nexec ${JSON.stringify(process.execPath)} ${JSON.stringify(resolve('dist/bin/start.cjs'))} "$@"\n`);
  chmodSync(join(ROOT, 'bin', 'npx'), 0o755);
  await inShell(['init', 'orders'], {}, ROOT);
  git('init', '--quiet', '--initial-branch', 'main');
  git('add', '.');
  git('commit', '--quiet', '--message', 'Begin');
  git('update-ref', 'refs/remotes/origin/main', 'HEAD');
  git('update-ref', 'FETCH_HEAD', 'HEAD');
  writeFileSync(join(PROJECT, 'config/orders/limits.yaml'), readFileSync(join(PROJECT, 'config/orders/limits.yaml'), 'utf8').replace('retries: 3', 'retries: 4'));
});

afterAll(() => { rmSync(ROOT, { recursive: true }); });

describe('the examples for CI', () => {
  it.each([
    ['GitHub', GITHUB_SCRIPTS],
    ['GitLab', [...GITLAB.plan.script, ...GITLAB.release.script]],
  ])('of %s call commands and options that are there', (_, scripts) => {
    const lines = scripts.flatMap((script) => script.split('\n')).flatMap((line) => /npx sluice ([^>|;]*)/.exec(line)?.[1] ?? []);

    const kinds = lines.map((line) => understand(line.replaceAll('"', '').trim().split(/\s+/), COMMANDS)).map((invocation) => ('kind' in invocation ? invocation.kind : invocation.message));
    expect(kinds).toEqual(lines.map(() => 'run'));
    expect(lines.length).toBeGreaterThanOrEqual(3);
  });

  it.each([
    ['GitHub', GITHUB.jobs['plan']?.steps.find(({ name }) => name === 'Plan')?.run ?? ''],
    ['GitLab', GITLAB.plan.script.filter((line) => line.includes('sluice plan') || line.startsWith('test ')).join('\n')],
  ])('of %s write a comment that can be found again, and go on although something changes', (_, script) => {
    execFileSync('bash', ['-e', '-c', script], { cwd: PROJECT, env: ENVIRONMENT, stdio: 'pipe' });

    const comment = readFileSync(join(PROJECT, 'plan.md'), 'utf8');
    expect(comment).toMatch(/^<!-- sluice-plan -->\n### Sluice: 2 environments change\n/);
    expect(comment).toContain('| limits | `retries` | `3` | `4` |');
    rmSync(join(PROJECT, 'plan.md'));
  });

  it('fail when the project is refused', () => {
    const file = join(PROJECT, 'config/orders/limits.yaml');
    const text = readFileSync(file, 'utf8');
    writeFileSync(file, text.replace('retries: 4', 'retries: many'));

    const script = GITHUB.jobs['plan']?.steps.find(({ name }) => name === 'Plan')?.run ?? '';
    expect(() => execFileSync('bash', ['-e', '-c', script], { cwd: PROJECT, env: ENVIRONMENT, stdio: 'pipe' })).toThrow('Command failed');
    writeFileSync(file, text);
  });
});

describe('a schema that what was there before does not pass', () => {
  it('is told in the plan and in its comment, with place and value', async () => {
    const file = join(PROJECT, 'config/orders/limits.schema.json');
    const text = readFileSync(file, 'utf8');
    writeFileSync(file, text.replace('"properties": {', '"properties": {\n    "region": { "type": "string" },').replace(/"retries": \{/, '"retries": { "multipleOf": 4,'));

    const [{ code, stdout }, { stdout: json }] = await Promise.all([['--env', 'staging'], ['--env', 'staging', '--json', '--markdown']].map((args) => inShell(['plan', '--base', 'HEAD', ...args], ENVIRONMENT, PROJECT)) as [Promise<Ran>, Promise<Ran>]);
    writeFileSync(file, text);

    expect(code).toBe(2);
    expect(stdout).toContain([
      '  schema    the new schema of limits refuses what is live; readers that rely on',
      '            it still get that until the rollout is over, and after a rollback',
      '            $.retries must be multiple of 4, got 3',
    ].join('\n'));
    const { releases: [release], markdown } = JSON.parse(json) as { releases: { outgrown: object[] }[]; markdown: string };
    expect(release?.outgrown).toEqual([{ document: 'limits', problems: ['$.retries must be multiple of 4, got 3'] }]);
    expect(markdown).toContain('The new schema of `limits` refuses what is live; readers that rely on it still get that until the rollout is over, and after a rollback: `$.retries must be multiple of 4, got 3`.');
  });
});

describe('completion', () => {
  it('completes commands and their options in bash', async () => {
    const { stdout } = await sluice(['completion', 'bash']);
    const completed = (...words: string[]): string[] => execFileSync('bash', ['--norc', '-c', `${stdout}\nCOMP_WORDS=(sluice ${words.map((word) => `'${word}'`).join(' ')}); COMP_CWORD=${words.length}; _sluice; printf '%s\\n' "\${COMPREPLY[@]}"`], { encoding: 'utf8' }).trim().split('\n');

    expect(completed('re')).toEqual(['release', 'revert']);
    expect(completed('plan', '--ma')).toEqual(['--markdown']);
    expect(completed('plan', 'x')).toEqual(['']);
    expect(completed('shift', 'p')).toEqual(['pause', 'promote']);
    expect(completed('shift', '--wh')).toEqual(['--why']);
    expect(completed('up', '--clock', '')).toEqual(['real', 'virtual']);
  });

  it.runIf(installed('fish'))('completes commands, their options and words in fish', async () => {
    const { stdout } = await inShell(['completion', 'fish']);
    const lines = ['sluice re', 'sluice plan --ma', 'sluice shift p', 'sluice up --clock '];
    const completed = execFileSync('fish', ['--no-config', '-c', [stdout, ...lines.map((line) => `complete -C '${line}'; echo`)].join('\n')], { encoding: 'utf8', env: ENVIRONMENT });

    expect(completed.split('\n\n').slice(0, -1).map((part) => part.trim().split('\n').map((line) => line.split('\t')[0]))).toEqual([['release', 'revert'], ['--markdown'], ['pause', 'promote'], ['real', 'virtual']]);
  });

  it.runIf(installed('zsh'))('is understood by zsh', async () => {
    const { stdout } = await inShell(['completion', 'zsh']);

    expect(execFileSync('zsh', ['-f', '-c', `autoload -U compinit; compinit -u -D\n${stdout}\nprint -r -- $_comps[sluice]`], { encoding: 'utf8', env: ENVIRONMENT }).trim()).toBe('_sluice');
  });

  it.each([['zsh', "'roll-back:Take back the newest deployment, now'"], ['fish', "complete -c sluice -n __fish_use_subcommand -f -a roll-back -d 'Take back the newest deployment, now'"]])('names every command in %s', async (shell, line) => {
    const { stdout } = await inShell(['completion', shell]);

    expect(stdout).toContain(line);
    expect(COMMANDS.filter(({ name }) => !stdout.includes(name))).toEqual([]);
  });

  it('of another shell is refused', async () => {
    expect(await inShell(['completion', 'tcsh'])).toEqual({ code: 2, stdout: '', stderr: 'error: SLUICE-CLI-3: the shell must be bash, zsh, fish, got tcsh; see sluice completion --help\n' });
  });
});

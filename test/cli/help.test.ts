import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { inShell } from './shell.ts';

const VERSION = (JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8')) as { version: string }).version;
const PAGE = readFileSync(new URL('../../docs/cli.md', import.meta.url), 'utf8');

describe('help', () => {
  it.each([
    ['all commands', ['--help']],
    ['demo', ['demo', '--help']],
    ['explain', ['explain', '--help']],
    ['init', ['init', '--help']],
    ['types', ['types', '--help']],
    ['up', ['up', '-h']],
    ['validate', ['help', 'validate']],
    ['plan', ['plan', '--help']],
    ['approve', ['approve', '--help']],
    ['release', ['release', '--help']],
    ['status', ['status', '--help']],
    ['history', ['history', '--help']],
    ['show', ['show', '--help']],
    ['diff', ['diff', '--help']],
    ['blame', ['blame', '--help']],
    ['override', ['override', '--help']],
    ['roll-back', ['roll-back', '--help']],
    ['revert', ['revert', '--help']],
    ['shift', ['shift', '--help']],
    ['doctor', ['doctor', '--help']],
    ['completion', ['completion', '--help']],
    ['drift', ['drift', '--help']],
    ['adopt', ['adopt', '--help']],
    ['shadow', ['shadow', '--help']],
  ])('of %s is what docs/cli.md shows, at 80 columns', async (_, args) => {
    const { code, stdout, stderr } = await inShell(args);

    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(PAGE).toContain(`\`\`\`\n${stdout}\`\`\`\n`);
    expect(stdout.split('\n').filter((line) => line.length > 80)).toEqual([]);
  });

  it('goes before what is wrong with the rest of the line', async () => {
    const { code, stdout } = await inShell(['validate', '--help', '--directory', 'x']);

    expect(code).toBe(0);
    expect(stdout).toContain('Usage: sluice validate [directory] [options]');
  });

  it('is printed as an error when no command is given', async () => {
    const { code, stdout, stderr } = await inShell([]);

    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toBe((await inShell(['--help'])).stdout);
  });

  it('is one object with --json, as the version is', async () => {
    const help = await inShell(['--help', '--json']);
    const version = await inShell(['--version', '--json']);

    expect(JSON.parse(help.stdout)).toEqual({ help: (await inShell(['--help'])).stdout.trimEnd() });
    expect(JSON.parse(version.stdout)).toEqual({ version: VERSION });
  });
});

describe('the version', () => {
  it('is that of the package', async () => {
    expect(await inShell(['--version'])).toEqual({ code: 0, stdout: `${VERSION}\n`, stderr: '' });
  });
});

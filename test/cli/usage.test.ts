import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { understand } from '../../lib/cli/arguments.ts';
import type { Command } from '../../lib/cli/command.ts';
import { inShell } from './shell.ts';
import { sluice } from './sluice.ts';

describe('a wrong command line', () => {
  it('that names a plan which is not there is told what makes one', async () => {
    const { code, stderr } = await sluice(['release', 'none.json']);

    expect({ code, stderr }).toEqual({ code: 1, stderr: 'error: SLUICE-PLAN-7: there is no plan none.json; make it with `sluice plan --out none.json`\n' });
  });

  it('in a project whose sluice.yaml is wrong is told what is wrong with that, before AWS is asked', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'sluice-usage-'));
    writeFileSync(join(folder, 'sluice.yaml'), 'sluice: 1\napplications: { orders: { environments: { production: { wave: 0 } } } }\n');

    const ran = await inShell(['status'], {}, folder);
    rmSync(folder, { recursive: true });

    expect(ran).toEqual({ code: 1, stdout: '', stderr: 'error: SLUICE-PROJECT-2: sluice.yaml:2:63: $.applications.orders.environments.production.wave must be at least 1, got 0; correct it\n' });
  });

  it.each<[string, string[], string]>([
    ['an unknown command', ['deploy'], 'SLUICE-CLI-1: there is no command deploy; use one of demo, up, init, validate, types, plan, approve, release, status, history, show, explain, shadow, diff, blame, override, roll-back, revert, shift, drift, adopt, doctor, completion'],
    ['a misspelt command', ['dmeo'], 'SLUICE-CLI-1: there is no command dmeo; did you mean sluice demo?'],
    ['help of an unknown command', ['help', 'valdate'], 'SLUICE-CLI-1: there is no command valdate; did you mean sluice validate?'],
    ['an unknown option', ['demo', '--fast'], 'SLUICE-CLI-2: sluice demo has no option --fast; see sluice demo --help'],
    ['a misspelt option', ['demo', '--sed', '7'], 'SLUICE-CLI-2: sluice demo has no option --sed; did you mean --seed?'],
    ['a misspelt option with its value', ['up', '--prot=1'], 'SLUICE-CLI-2: sluice up has no option --prot; did you mean --port?'],
    ['an unknown short option', ['up', '-p', '1'], 'SLUICE-CLI-2: sluice up has no option -p; see sluice up --help'],
    ['an unknown option before the command', ['--sead', 'demo'], 'SLUICE-CLI-2: sluice has no option --sead; see sluice --help'],
    ['a port that is no number', ['up', '--port', 'x'], 'SLUICE-CLI-3: --port must be a port from 0 to 65535, got x; see sluice up --help'],
    ['a port that is too large', ['up', '--port', '65536'], 'SLUICE-CLI-3: --port must be a port from 0 to 65535, got 65536; see sluice up --help'],
    ['a negative port', ['up', '--port=-1'], 'SLUICE-CLI-3: --port must be a port from 0 to 65535, got -1; see sluice up --help'],
    ['an agent port that is neither', ['up', '--agent-port', 'none'], 'SLUICE-CLI-3: --agent-port must be a port from 0 to 65535, or off, got none; see sluice up --help'],
    ['a clock that is not there', ['up', '--clock', 'fast'], 'SLUICE-CLI-3: --clock must be real or virtual, got fast; see sluice up --help'],
    ['an option without its value', ['demo', '--seed'], 'SLUICE-CLI-3: --seed must be followed by its value, S, got nothing; see sluice demo --help'],
    ['an option without its value before another', ['demo', '--seed', '--ascii'], 'SLUICE-CLI-3: --seed must be followed by its value, S, got nothing; see sluice demo --help'],
    ['an empty value', ['up', '--data='], 'SLUICE-CLI-3: --data must be followed by its value, DIR, got nothing; see sluice up --help'],
    ['a flag with a value', ['demo', '--unpinned=no'], 'SLUICE-CLI-3: --unpinned must be given without a value, got no; see sluice demo --help'],
    ['an option twice', ['demo', '--seed', 'a', '--seed', 'b'], 'SLUICE-CLI-8: --seed is given twice, as a and as b; give it once'],
    ['an argument too many', ['validate', 'one', 'two'], 'SLUICE-CLI-5: sluice validate takes no argument two; see sluice validate --help'],
    ['an empty argument', ['roll-back', ''], 'SLUICE-CLI-4: sluice roll-back needs an environment, or application/environment, got nothing; for example: sluice roll-back production'],
    ['an empty argument that could be left out', ['validate', ''], 'SLUICE-CLI-4: sluice validate needs a project, or a directory of documents, got nothing; for example: sluice validate'],
    ['an argument where there is none', ['demo', 'now'], 'SLUICE-CLI-5: sluice demo takes no argument now; see sluice demo --help'],
    ['an option behind --', ['demo', '--', '--json'], 'SLUICE-CLI-5: sluice demo takes no argument --json; see sluice demo --help'],
  ])('with %s is told with code, value and remedy, and ends with 2', async (_, args, message) => {
    const { code, stdout, stderr } = await inShell(args);

    expect({ code, stdout, stderr }).toEqual({ code: 2, stdout: '', stderr: `error: ${message}\n` });
  });

  it('has the value of an option that may stand alone behind = only', () => {
    const command: Command = { name: 'open', summary: '', about: [], arguments: [{ name: 'door', summary: 'a door' }], options: [{ type: 'text', name: 'key', value: 'NAME', bare: true, summary: '' }], examples: [], run: async () => 0 };
    const keys = (...words: string[]): unknown => {
      const made = understand(['open', ...words], [command]);
      return 'kind' in made && made.kind === 'run' ? [made.given.positionals, made.given.flag('key'), made.given.text('key')] : String(made);
    };

    expect([keys('--key', 'front'), keys('front', '--key=brass'), keys('front')]).toEqual([[['front'], true, undefined], [['front'], false, 'brass'], [['front'], false, undefined]]);
    expect(keys('front', '--key=')).toBe('SluiceFault: SLUICE-CLI-3: --key must be followed by its value, NAME, got nothing; see sluice open --help');
    expect(keys('front', '--key', 'brass')).toBe('SluiceFault: SLUICE-CLI-5: sluice open takes no argument brass; see sluice open --help');
  });

  it('that asks for a branch and for no commit is refused', async () => {
    const { code, stderr } = await inShell(['adopt', 'production', '--branch', '--no-commit']);

    expect({ code, stderr }).toEqual({ code: 2, stderr: 'error: SLUICE-CLI-3: --branch must be given without --no-commit, got both; see sluice adopt --help\n' });
  });

  it('with a missing argument is told with what it needs', () => {
    const command: Command = { name: 'open', summary: '', about: [], arguments: [{ name: 'door', summary: 'a door' }, { name: 'key', summary: 'a key', optional: true }], options: [], examples: [{ line: 'sluice open front', does: '' }], run: async () => 0 };

    expect(String(understand(['open'], [command]))).toBe('SluiceFault: SLUICE-CLI-4: sluice open needs a door, got nothing; for example: sluice open front');
    expect(understand(['open', 'front'], [command])).toMatchObject({ kind: 'run', given: { positionals: ['front'] } });
  });

  it('is one object on stdout with --json', async () => {
    const { code, stdout, stderr } = await inShell(['up', '--port', 'x', '--json']);

    expect({ code, stderr }).toEqual({ code: 2, stderr: '' });
    expect(JSON.parse(stdout)).toEqual({ error: { code: 'SLUICE-CLI-3', message: 'SLUICE-CLI-3: --port must be a port from 0 to 65535, got x; see sluice up --help' } });
  });
});

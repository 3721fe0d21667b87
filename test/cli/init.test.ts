import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { inShell } from './shell.ts';
import { Sluice, sluice } from './sluice.ts';

const ROOT = mkdtempSync(join(tmpdir(), 'sluice-init-'));

afterAll(() => { rmSync(ROOT, { recursive: true }); });

describe('sluice init', () => {
  it('writes a project that is valid as it is', async () => {
    const { code, stdout, stderr } = await sluice(['init', 'orders'], {}, ROOT);

    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout).toBe([
      '  orders/sluice.yaml',
      '  orders/config/orders/limits.yaml',
      '  orders/config/orders/limits.schema.json',
      '  orders/config/orders/production/limits.yaml',
      '',
      'A project to begin with. Next:',
      '',
      '  cd orders',
      '  npm install --save-dev sluice',
      '  npx sluice validate',
      '',
    ].join('\n'));

    const validated = await inShell(['validate'], {}, join(ROOT, 'orders', 'config'));
    expect({ ...validated, stdout: validated.stdout.replaceAll(/sha256:[0-9a-f]{12}/g, 'sha256:<digest>') }).toEqual({ code: 0, stderr: '', stdout: [
      'orders',
      '  staging          1 document        288 bytes  sha256:<digest>',
      '  production       1 document        288 bytes  sha256:<digest>',
      '',
      'valid: 1 application, 2 environments',
      '',
    ].join('\n') });
  });

  it('names the schema that editors complete sluice.yaml by, where npm installs it', () => {
    const [first] = readFileSync(join(ROOT, 'orders', 'sluice.yaml'), 'utf8').split('\n');
    const { version } = JSON.parse(readFileSync('package.json', 'utf8')) as { version: string };

    expect(first).toBe('# yaml-language-server: $schema=./node_modules/sluice/schemas/sluice.schema.json');
    expect(existsSync('schemas/sluice.schema.json'), version).toBe(true);
  });

  it('overwrites nothing, and writes nothing when one file is there', async () => {
    const directory = join(ROOT, 'taken');
    mkdirSync(join(directory, 'config', 'taken'), { recursive: true });
    writeFileSync(join(directory, 'config', 'taken', 'limits.yaml'), 'mine: true\n');

    const { code, stdout, stderr } = await inShell(['init'], {}, directory);

    expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
    expect(stderr).toBe('error: SLUICE-PROJECT-11: config/taken/limits.yaml is there already; sluice init overwrites nothing; use an empty directory, or edit the file\n');
    expect(existsSync(join(directory, 'sluice.yaml'))).toBe(false);
    expect(readFileSync(join(directory, 'config', 'taken', 'limits.yaml'), 'utf8')).toBe('mine: true\n');
  });

  it.each([[['--application', '../up']], [['--application', 'two words']]])('refuses a name that AppConfig does not take: %j', async (options) => {
    const { code, stderr } = await inShell(['init', 'other', ...options], {}, ROOT);

    expect(code).toBe(1);
    expect(stderr).toContain('SLUICE-DIR-7');
    expect(existsSync(join(ROOT, 'other'))).toBe(false);
  });

  it('answers a script with what it wrote', async () => {
    const { stdout } = await inShell(['init', '2 new things', '--json'], {}, ROOT);

    expect(JSON.parse(stdout)).toEqual({ application: 'new-things', files: expect.arrayContaining(['2 new things/sluice.yaml']) });
  });
});

describe('sluice validate of a project', () => {
  it('is refused where no project is', async () => {
    const { code, stderr } = await inShell(['validate'], {}, ROOT);

    expect(code).toBe(1);
    expect(stderr).toMatch(/^error: SLUICE-PROJECT-1: there is no sluice\.yaml in .* or in a directory above it; run sluice init, or name the directory of the project\n$/);
  });

  it('shows one environment, and says which there are when it is none of them', async () => {
    const one = await inShell(['validate', 'orders', '--env', 'production', '--json'], {}, ROOT);
    const none = await inShell(['validate', 'orders', '--env', 'prod'], {}, ROOT);

    expect(JSON.parse(one.stdout)).toEqual({ valid: true, targets: [{ application: 'orders', environment: 'production', digest: expect.stringMatching(/^sha256:/), bytes: 288, documents: [expect.objectContaining({ name: 'limits' })] }] });
    expect({ code: none.code, stderr: none.stderr }).toEqual({ code: 1, stderr: 'error: SLUICE-PROJECT-12: no application has an environment prod, they have staging, production; use one of them, or add it to sluice.yaml\n' });
  });

  it('checks again whenever the project changes, and ends with what the last check said', async () => {
    await using child = new Sluice(['validate', 'orders', '--watch', '--json'], {}, ROOT);
    const limits = join(ROOT, 'orders', 'config', 'orders', 'limits.yaml');
    const good = readFileSync(limits, 'utf8');

    await child.says(/^\{"valid":true.*\n$/);
    writeFileSync(limits, good.replace('30', '3000'));
    await child.says(/\n\{"valid":false.*"line":2.*\n$/);
    writeFileSync(limits, good);
    await child.says(/\n\{"valid":true.*\n$/);
    writeFileSync(join(ROOT, 'orders', 'sluice.yaml.swp'), '');
    writeFileSync(limits, '');
    await child.says(/\n\{"valid":true.*\n\{"valid":false.*\n$/);
    child.process.kill('SIGINT');

    expect((await child.ended).code).toBe(1);
    writeFileSync(limits, good);
  });
});

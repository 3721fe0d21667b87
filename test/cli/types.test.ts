import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { inShell } from './shell.ts';
import { sluice } from './sluice.ts';

const ROOT = mkdtempSync(join(tmpdir(), 'sluice-typed-'));
const FILE = join(ROOT, 'src', 'configuration.ts');

beforeAll(async () => { await inShell(['init', '--application', 'orders'], {}, ROOT); });
afterAll(() => { rmSync(ROOT, { recursive: true }); });

describe('sluice types', () => {
  it('prints a module', async () => {
    const { code, stdout, stderr } = await sluice(['types'], {}, ROOT);

    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout).toBe(`// Made by sluice types from the schemas of orders; edit those instead.

export interface Limits {
  /** Where the key of the partner lies. */
  readonly apiKey: string;
  /** How often a call is tried again. */
  readonly retries: number;
  /** How long one try may take. */
  readonly timeoutSeconds: number;
}

/** The documents of orders by name. */
export interface OrdersDocuments {
  readonly limits: Limits;
}
`);
  });

  it('writes a file, and leaves it alone while it is right', async () => {
    const first = await inShell(['types', '--out', FILE], {}, ROOT);
    const written = statSync(FILE).mtimeMs;
    const again = await inShell(['types', '--out', FILE, '--json'], {}, ROOT);

    expect(first.stdout).toBe(`${FILE} is written\n`);
    expect(JSON.parse(again.stdout)).toEqual({ application: 'orders', file: FILE, changed: false });
    expect(statSync(FILE).mtimeMs).toBe(written);
    expect(readFileSync(FILE, 'utf8')).toBe((await inShell(['types', ROOT, '--app', 'orders'])).stdout);
  });

  it('refuses a project that is not valid, and an application that is not there', async () => {
    const missing = await inShell(['types', '--app', 'order'], {}, ROOT);
    writeFileSync(join(ROOT, 'config', 'orders', 'limits.yaml'), 'timeoutSeconds: often\n');
    const invalid = await inShell(['types'], {}, ROOT);

    expect({ code: missing.code, stderr: missing.stderr }).toEqual({ code: 1, stderr: 'error: SLUICE-PROJECT-13: the application must be one of orders, got order; did you mean orders?\n' });
    expect(invalid.code).toBe(1);
    expect(invalid.stdout).toContain('SLUICE-DOC-10 config/orders/limits.yaml:1:17');
  });
});

import { execFileSync, spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';

const blocks = [...readFileSync('docs/constructs.md', 'utf8').matchAll(/```ts\n(.*?)```/gs)].map(([, code]) => code!);
// Below the project, so that the blocks find the packages it has installed, and itself by its own name.
mkdirSync('dist', { recursive: true });
const folder = mkdtempSync(join('dist', 'docs-'));

afterAll(() => {
  rmSync(folder, { recursive: true });
});

describe('the code of docs/constructs.md', { timeout: 60_000 }, () => {
  it('compiles', () => {
    blocks.forEach((code, at) => writeFileSync(join(folder, `block${at}.ts`), code));
    writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify({ compilerOptions: { target: 'ES2023', module: 'NodeNext', strict: true, skipLibCheck: true, outDir: 'built', rootDir: '.', types: ['node'] }, include: ['*.ts'] }));

    const { status, stdout } = spawnSync(process.execPath, ['node_modules/typescript/bin/tsc', '-p', folder], { encoding: 'utf8' });

    expect(stdout).toBe('');
    expect(status).toBe(0);
    expect(blocks.length).toBeGreaterThan(4);
  });

  it('synthesises, where it is a whole app', () => {
    for (const file of ['config', 'charge']) mkdirSync(join(folder, file), { recursive: true });
    writeFileSync(join(folder, 'charge', 'index.mjs'), 'export const handler = async () => ({});\n');
    writeFileSync(join(folder, 'config', 'limits.yaml'), 'items: 20\n');
    writeFileSync(join(folder, 'config', 'limits.schema.json'), '{"type":"object"}');
    const whole = blocks.map((code, at) => ({ code, at })).filter(({ code }) => code.includes('new App()'));

    for (const { at } of whole) execFileSync(process.execPath, [join('built', `block${at}.js`)], { cwd: folder, env: { ...process.env, CDK_OUTDIR: 'cdk.out', CDK_VALIDATION: 'false' } });

    const template = JSON.parse(readFileSync(join(folder, 'cdk.out', 'Orders.template.json'), 'utf8')) as { Resources: Record<string, { Type: string }> };
    expect(Object.values(template.Resources).map(({ Type }) => Type)).toContain('Custom::SluiceSeed');
  });
});

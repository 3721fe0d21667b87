import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { afterAll, describe, expect, it, vi } from 'vitest';
import { parse } from 'yaml';
import { inShell } from '../cli/shell.ts';
import { surrounded } from './surroundings.ts';

/** A code block of a page, in the language it names. */
interface Block {
  /** The page and the block's place in it. */
  readonly at: string;
  readonly language: string;
  readonly code: string;
}

const PAGES = ['README.md', 'engine/README.md', ...readdirSync('docs', { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.md')).map((name) => join('docs', name))];
const blocks: readonly Block[] = PAGES.flatMap((page) => [...readFileSync(page, 'utf8').matchAll(/^```(\w+)\n(.*?)^```$/gms)]
  .map(([, language = '', code = ''], at) => ({ at: `${page.replaceAll(/\W/g, '-')}-${at}`, language, code })));
const typescript = blocks.filter(({ language }) => language === 'ts');
const constructs = typescript.filter(({ code }) => code.includes("from 'sluice/constructs'"));
const whole = constructs.filter(({ code }) => code.includes('new App()'));
const parts = constructs.filter((block) => !whole.includes(block)).map(({ at, code, ...block }) => ({ ...block, at: `${at}-whole`, code: surrounded(code) }));
// Below the project, so that the blocks find the packages it has installed, and itself by its own name.
mkdirSync('dist', { recursive: true });
const folder = mkdtempSync(join('dist', 'docs-'));

afterAll(() => {
  rmSync(folder, { recursive: true });
});

describe('the code of README.md and docs', { timeout: 60_000 }, () => {
  it('compiles', () => {
    for (const { at, code } of [...typescript, ...parts]) writeFileSync(join(folder, `${at}.ts`), code);
    writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify({ compilerOptions: { target: 'ES2023', module: 'NodeNext', strict: true, skipLibCheck: true, noEmit: true, rootDir: '.', types: ['node'] }, include: ['*.ts'] }));

    const { status, stdout } = spawnSync(process.execPath, ['node_modules/typescript/bin/tsc', '-p', folder], { encoding: 'utf8' });

    expect(stdout).toBe('');
    expect(status).toBe(0);
    expect(typescript.length).toBeGreaterThan(10);
  });

  it('synthesises, the parts of apps too', async () => {
    for (const file of ['config', 'charge']) mkdirSync(join(folder, file), { recursive: true });
    writeFileSync(join(folder, 'charge', 'index.mjs'), 'export const handler = async () => ({});\n');
    writeFileSync(join(folder, 'config', 'limits.yaml'), 'items: 20\n');
    writeFileSync(join(folder, 'config', 'limits.schema.json'), '{"type":"object"}');
    cpSync('examples/orders/config', join(folder, 'examples/orders/config'), { recursive: true });
    const project = join(folder, 'project');
    expect(await inShell(['init', resolve(project), '--application', 'orders'])).toMatchObject({ code: 0 });

    for (const { at, code } of [...whole, ...parts]) await synthesised(at, resolve(code.includes('project:') ? project : folder));

    const types = [...whole, ...parts].map(({ at }) => {
      const { Resources } = JSON.parse(readFileSync(join(folder, `cdk.out-${at}`, 'Orders.template.json'), 'utf8')) as { Resources: Record<string, { Type: string }> };
      return Object.values(Resources).map(({ Type }) => Type);
    });
    expect(whole.length).toBeGreaterThan(1);
    expect(parts.length).toBeGreaterThan(6);
    for (const found of types) expect(found).toEqual(expect.arrayContaining([expect.stringMatching(/^Custom::Sluice(Seed|Monitor)$/)]));
  });

  it.each(blocks.filter(({ language }) => language === 'json' || language === 'yaml').map((block) => [block.at, block] as const))('is what it says it is: %s', (_, { language, code }) => {
    expect(() => (language === 'json' ? JSON.parse(code) : parse(code)) as unknown).not.toThrow();
  });
});

/** Imports a block, in the folder where its app is to be made; what it leaves for the end of the process, as an app that is told where to does, is done then. */
async function synthesised(at: string, within: string): Promise<void> {
  const [home, known] = [process.cwd(), process.listeners('beforeExit')];
  const block = resolve(folder, `${at}.ts`);
  vi.stubEnv('CDK_OUTDIR', resolve(folder, `cdk.out-${at}`));
  process.chdir(within);
  try {
    await import(block);
    for (const listener of process.listeners('beforeExit').filter((one) => !known.includes(one))) {
      process.off('beforeExit', listener);
      listener(0);
    }
  } finally {
    process.chdir(home);
  }
}

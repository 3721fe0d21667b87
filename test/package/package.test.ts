import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { formatMessage } from 'publint/utils';
import { publint } from 'publint';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { BY_NPM, Packed, type PackageName } from './packed.ts';

const PACKAGES: readonly PackageName[] = ['sluice', 'sluice-engine'];
/** What cannot read the packages, who are of ES modules: Node.js before 12, and what is required there. */
const NOT_FOR: readonly string[] = ['node10', 'node16-cjs'];
/** What takes as long as all else here, and is the same by each Node.js: .ci/run asks for it. */
const TYPED = BY_NPM ? PACKAGES : [];

describe('the packages as they are published', () => {
  let packed: Packed;
  let both: string;
  let alone: string;

  beforeAll(() => {
    packed = new Packed();
    both = packed.both('both');
    alone = packed.alone('alone');
  }, 120_000);

  afterAll(() => {
    packed.remove();
  });

  it('answer to each of their public names by import', () => {
    const names = PACKAGES.flatMap((name) => packed.publicNames(name)).filter((name) => name !== 'sluice/constructs');
    const script = `for (const name of ${JSON.stringify(names)}) if (Object.keys(await import(name)).length > 0) console.log(name)`;

    const { stdout, stderr } = packed.node(both, '--input-type=module', '--eval', script);

    expect(stdout.trim().split('\n'), stderr).toEqual(names);
  });

  // With the CDK installed they are tried in test/constructs/packed.test.ts.
  it.each([['import', 'module', "await import('sluice/constructs')"], ['require', 'commonjs', "require('sluice/constructs')"]])('name the command that installs the CDK, by %s', (_way, type, script) => {
    const { code, stderr } = packed.node(both, `--input-type=${type}`, '--eval', script);

    expect(code).not.toBe(0);
    expect(stderr).toContain('SLUICE-PEER-1: not installed: aws-cdk-lib, constructs; run: npm install aws-cdk-lib@2 constructs@10');
  });

  // require() of an ES module came to Node 20 with 20.19 and to 22 with 22.12; before, import() is the way.
  it('answer to require where Node can require an ES module', () => {
    const answer = 'require_module' in process.features ? /^$/ : /ERR_REQUIRE_ESM/;

    const { stderr } = packed.node(both, '--no-warnings', '--input-type=commonjs', '--eval', "require('sluice/core')");

    expect(stderr).toMatch(answer);
  });

  it.each([
    ['sluice', ['LICENSE', 'NOTICE', 'README.md', 'CHANGELOG.md', 'schemas/epoch.schema.json']],
    ['sluice-engine', ['LICENSE', 'NOTICE', 'README.md', 'operations.md', 'models/appconfig.json']],
  ])('hold what is promised beside the code: %s', (name, promised) => {
    const missing = promised.filter((path) => !existsSync(join(both, 'node_modules', name, path)));

    expect(missing).toEqual([]);
  });

  it.each(PACKAGES)('leave publint nothing to say: %s', async (name) => {
    const pkgDir = join(both, 'node_modules', name);

    const { messages, pkg } = await publint({ pkgDir, strict: true, pack: false });

    const said = messages.map((message) => formatMessage(message, pkg, { color: false }) ?? message.code);
    expect(said, said.join('\n')).toEqual([]);
  });

  it.each(TYPED)('have types that agree with their code: %s', async (name) => {
    const { checkPackage, createPackageFromTarballData } = await import('@arethetypeswrong/core');

    const checked = await checkPackage(createPackageFromTarballData(readFileSync(packed.tarball(name))));

    const { types, problems } = checked as Extract<typeof checked, { problems: unknown }>;
    expect(types).toEqual({ kind: 'included' });
    expect(problems.filter((problem) => !('resolutionKind' in problem && NOT_FOR.includes(problem.resolutionKind)))).toEqual([]);
  });

  it('run the command line from an empty project', () => {
    const { code, stdout, stderr } = packed.node(both, bin(both), '--version');

    expect(code, stderr).toBe(0);
    expect(stdout.trim()).toBe(packed.manifest('sluice').version);
  });

  it('take at most 5 MB with all they install, the CDK and the SDK aside', () => {
    const files = readdirSync(join(alone, 'node_modules'), { recursive: true, withFileTypes: true }).filter((file) => file.isFile());
    // On disk, by blocks of 4 kB.
    const bytes = files.reduce((sum, file) => sum + Math.ceil(statSync(join(file.parentPath, file.name)).size / 4096) * 4096, 0);

    expect(bytes).toBeLessThanOrEqual(5_000_000);
    expect(files.filter(({ name, parentPath }) => name.endsWith('.map') && parentPath.includes(join('node_modules', 'sluice', '')))).toEqual([]);
  });

  it('check documents by every draft and in linear time without the packages that are built into them', () => {
    const project = join(alone, 'documents');
    mkdirSync(project);
    const drafts = ['http://json-schema.org/draft-04/schema#', 'http://json-schema.org/draft-07/schema#', 'https://json-schema.org/draft/2019-09/schema', 'https://json-schema.org/draft/2020-12/schema'];
    for (const [at, $schema] of drafts.entries()) {
      writeFileSync(join(project, `d${at}.schema.json`), JSON.stringify({ $schema, type: 'object', properties: { text: { type: 'string', pattern: '^(a+)+$' }, at: { type: 'string', format: 'date' } } }));
      writeFileSync(join(project, `d${at}.yaml`), `text: ${'a'.repeat(40)}!\nat: 2026-13-01\n`);
    }

    const { code, stdout } = packed.node(alone, bin(alone), 'validate', 'documents', '--json');

    const { faults } = JSON.parse(stdout) as { faults: { message: string }[] };
    expect(code).toBe(1);
    expect(faults.map(({ message }) => /(d\d).*\$\.(\w+) must (\w+)/.exec(message)?.slice(1).join(' '))).toEqual(drafts.flatMap((_, at) => [`d${at} text match`, `d${at} at match`]));
  });

  it('ask a project\'s invariants, and bring no other package along', () => {
    const begun = packed.node(alone, bin(alone), 'init', 'ruled');
    const file = join(alone, 'ruled', 'sluice.yaml');
    writeFileSync(file, readFileSync(file, 'utf8').replace('<= 900', '<= 9'));

    const { code, stdout } = packed.node(alone, bin(alone), 'validate', 'ruled', '--json');

    expect([begun.code, code, stdout]).toEqual([0, 1, expect.stringContaining('SLUICE-RULE-1: ') as string]);
    expect(readdirSync(join(alone, 'node_modules')).filter((name) => !name.startsWith('.'))).toEqual(['sluice']);
  });

  it('tell the licences of what is built into them', () => {
    const told = readFileSync(join(alone, 'node_modules', 'sluice', 'dist', 'THIRD-PARTY.txt'), 'utf8');

    for (const name of ['ajv', 'ajv-draft-04', 'ajv-formats', 'fast-uri', 're2js', 'yaml', '@marcbachmann/cel-js']) expect(told).toMatch(new RegExp(`^${name} \\d+\\.\\d+\\.\\d+ \\((MIT|ISC|BSD-3-Clause)\\)\\n\\n[^]*?Copyright`, 'm'));
  });

  it('name the command that installs what is missing', () => {
    const { code, stderr } = packed.node(alone, bin(alone), 'up');

    expect(code).not.toBe(0);
    expect(stderr).toMatch(/SLUICE-PEER-1: .*npm install .*sluice-engine/s);
  });

  it('name all that a command misses at once', () => {
    const { peerDependencies } = packed.manifest('sluice') as unknown as { peerDependencies: Record<string, string> };
    const peers = Object.keys(peerDependencies).sort();
    // Only doctor asks who somebody is and what they may do; and it runs nothing here.
    const doctors = ['@aws-sdk/client-iam', '@aws-sdk/client-sts'];
    const missing = (...args: string[]): string[] => {
      const { code, stderr } = packed.node(alone, bin(alone), ...args);
      expect(code).not.toBe(0);
      const [, installed = ''] = /run: npm install ((?:\S+ ?)+)/.exec(stderr.replaceAll(/\s+/g, ' ')) ?? [];
      return installed.trim().split(' ').map((wanted) => wanted.replace(/(?!^)@.*$/, ''));
    };

    const [demo, doctor] = [missing('demo'), missing('doctor', '--env', 'orders/production')];

    expect(demo).toEqual(peers.filter((name) => !doctors.includes(name)));
    expect(doctor).toEqual(peers.filter((name) => name.startsWith('@aws-sdk/') && name !== '@aws-sdk/client-sfn'));
    expect([...new Set([...demo, ...doctor])].sort()).toEqual(peers);
  });
});

function bin(project: string): string {
  return join(project, 'node_modules', 'sluice', 'dist', 'bin', 'start.cjs');
}

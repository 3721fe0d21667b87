import { existsSync } from 'node:fs';
import { relative } from 'node:path';
import { defineConfig } from 'vitest/config';
import { BaseSequencer, type TestSpecification } from 'vitest/node';

/** What takes longest, longest first: begun first, so that no core waits for the other in the end. What came before is not known in a fresh clone. */
const LONGEST = [
  'test/cli/demo', 'test/grants/grants', 'test/scenario/session', 'test/judge/judge', 'test/constructs/packed', 'test/probe/probe',
  'engine/test/cloudformation/cdk', 'test/scenario/shift', 'test/scenario/drift', 'engine/test/lambda/handlers', 'engine/test/sandbox/isolation', 'test/scenario/exposure', 'test/package/package', 'test/constructs/deploy', 'test/constructs/examples',
  'test/scenario/releasing', 'test/constructs/destroy', 'test/scenario/console', 'engine/test/states/routing', 'test/constructs/api',
].map((name) => `${name}.test.ts`);
for (const path of LONGEST) if (!existsSync(path)) throw new Error(`vitest.config.ts puts ${path} first, which is not there`);

class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const rank = ({ moduleId }: TestSpecification): number => {
      const at = LONGEST.indexOf(relative(import.meta.dirname, moduleId));
      return at === -1 ? LONGEST.length : at;
    };
    return (await super.sort(files)).sort((one, other) => rank(one) - rank(other));
  }
}

export default defineConfig({
  resolve: { conditions: ['source'] },
  ssr: { resolve: { conditions: ['source', 'node', 'import', 'default'] } },
  test: {
    include: ['test/**/*.test.ts', 'engine/test/**/*.test.ts'],
    testTimeout: 30_000,
    globalSetup: 'test/temporary.ts',
    // That templates are valid CloudFormation is tried in test/constructs/deploy.test.ts, which takes longer than all that is done with most of them.
    // And no test asks where in the code a construct was made, which Vite looks up in source maps frame by frame.
    env: { AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: 'true', CDK_VALIDATION: 'false', CDK_CONTEXT_JSON: '{"aws:cdk:disable-creation-stack-traces":true,"aws:cdk:disable-stack-trace":true,"aws:cdk:disable-logicalId-metadata":true}' },
    pool: 'forks',
    // Vitest leaves one core alone, which of two is half the machine.
    maxWorkers: '100%',
    sequence: { sequencer: LongestFirst },
    // A process loads the sources, the SDK and the CDK once and not for each file. What a test puts in their place is put back after it.
    isolate: false,
    restoreMocks: true,
    unstubEnvs: true,
    unstubGlobals: true,
  },
});

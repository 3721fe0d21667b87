import { existsSync } from 'node:fs';
import { relative } from 'node:path';
import { defineConfig } from 'vitest/config';
import { BaseSequencer, type TestSpecification } from 'vitest/node';

/** What takes longest, longest first: begun first, so that no core waits for the other in the end. What came before is not known in a fresh clone. */
const LONGEST = [
  'test/cli/demo', 'test/grants/grants', 'test/judge/judge', 'test/scenario/shift', 'test/scenario/session', 'test/probe/probe',
  'engine/test/cloudformation/cdk', 'engine/test/lambda/handlers', 'test/constructs/packed', 'test/constructs/deploy', 'engine/test/sandbox/isolation', 'test/scenario/releasing',
  'test/scenario/exposure', 'test/cli/release', 'test/judge/after', 'engine/test/wire/roundTrip', 'test/constructs/examples', 'test/scenario/shadow',
  'test/lambda/judge', 'test/constructs/destroy', 'test/core/judge/simulation',
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

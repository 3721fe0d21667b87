import { defineConfig } from 'vitest/config';

export default defineConfig({
  resolve: { conditions: ['source'] },
  ssr: { resolve: { conditions: ['source', 'node', 'import', 'default'] } },
  test: {
    include: ['test/**/*.test.ts', 'engine/test/**/*.test.ts'],
    testTimeout: 30_000,
    pool: 'forks',
  },
});

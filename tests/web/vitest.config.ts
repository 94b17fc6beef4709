import { defineConfig } from 'vitest/config';

// One file after the other: each starts a server and browsers.
export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    fileParallelism: false,
    pool: 'forks',
    testTimeout: 120_000,
    hookTimeout: 240_000,
  },
});

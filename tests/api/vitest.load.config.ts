import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';

// `npm run load`: 10,000 slow connections against a release build (IMMICH_SERVER_BINARY overrides).
export default defineConfig({
  root: fileURLToPath(new URL('..', import.meta.url)),
  test: {
    include: ['load/**/*.test.ts'],
    globals: true,
    fileParallelism: false,
    pool: 'forks',
    testTimeout: 1800_000,
    hookTimeout: 300_000,
    setupFiles: ['api/src/log_on_failure.ts'],
    reporters: ['verbose'],
  },
});

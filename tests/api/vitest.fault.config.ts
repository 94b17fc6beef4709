import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';

// `npm run fault`: the server's processes are killed at random while files are uploaded. Rounds: IMMICH_FAULT_ROUNDS (20).
export default defineConfig({
  root: fileURLToPath(new URL('..', import.meta.url)),
  test: {
    include: ['fault/**/*.test.ts'],
    globals: true,
    fileParallelism: false,
    pool: 'forks',
    testTimeout: 4 * 3600_000,
    hookTimeout: 300_000,
    setupFiles: ['api/src/log_on_failure.ts'],
    reporters: ['verbose'],
  },
});

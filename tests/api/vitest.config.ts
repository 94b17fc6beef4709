import { defineConfig } from 'vitest/config';

// One file after the other: the files share one server (and the machine) and several of them measure behaviour under load.
export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    globalSetup: ['src/shared_server.ts'],
    setupFiles: ['src/log_on_failure.ts'],
    fileParallelism: false,
    pool: 'forks',
    testTimeout: 60_000,
    hookTimeout: 180_000,
    reporters: ['default'],
    server: { deps: { inline: [/@immich\/sdk/] } },
  },
});

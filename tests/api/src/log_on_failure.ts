import { readFileSync, statSync } from 'node:fs';
import { afterEach, beforeEach, inject } from 'vitest';
import type { SharedServer } from './shared_server.ts';
import { watchedLogs } from './watched_logs.ts';

// For every test that fails: show what the servers logged while it ran.
const kLinesShown = 40;
const offsets = new Map<string, number>();

function sizeOf(path: string): number {
  try {
    return statSync(path).size;
  } catch {
    return 0;
  }
}

beforeEach(() => {
  const shared = inject('server') as SharedServer | undefined;
  if (shared) {
    watchedLogs.add(shared.logFile);
  }
  for (const path of watchedLogs) {
    offsets.set(path, sizeOf(path));
  }
});

afterEach((context) => {
  if (context.task.result?.state !== 'fail') {
    return;
  }
  for (const path of watchedLogs) {
    const start = offsets.get(path) ?? 0;
    if (sizeOf(path) > start) {
      const lines = readFileSync(path).subarray(start).toString('utf8').trimEnd().split('\n').slice(-kLinesShown);
      console.log(`--- server log during "${context.task.name}" (last ${lines.length} lines) ---\n${lines.join('\n')}`);
    }
  }
});

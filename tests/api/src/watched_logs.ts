/** Logs of the servers this test process started; `log_on_failure.ts` shows their news when a test fails. */
export const watchedLogs: Set<string> = ((globalThis as { immichWatchedLogs?: Set<string> }).immichWatchedLogs ??=
  new Set());

import { setTimeout as delay } from 'node:timers/promises';

export interface Patience {
  timeoutMs?: number;
  intervalMs?: number;
  what?: string;
}

/**
 * Repeats `probe` until it returns something truthy and hands that back; rejects at the deadline with the last error.
 * For things the server offers no event for; what has an event is awaited with `EventStream.next`.
 */
export async function eventually<T>(probe: () => Promise<T> | T, patience: Patience = {}): Promise<NonNullable<T>> {
  const { timeoutMs = 30_000, intervalMs = 100, what = 'the expected state' } = patience;
  const deadline = Date.now() + timeoutMs;
  let last: unknown = 'never true';
  for (;;) {
    try {
      const value = await probe();
      if (value) {
        return value as NonNullable<T>;
      }
      last = `last value: ${JSON.stringify(value)}`;
    } catch (error) {
      last = error;
    }
    if (Date.now() >= deadline) {
      throw new Error(
        `${what}: not reached within ${timeoutMs} ms (${last instanceof Error ? last.message : String(last)})`,
      );
    }
    await delay(intervalMs);
  }
}

/** Rejects when `promise` takes longer than `timeoutMs`. */
export async function within<T>(timeoutMs: number, what: string, promise: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const limit = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`${what}: not within ${timeoutMs} ms`)), timeoutMs);
  });
  try {
    return await Promise.race([promise, limit]);
  } finally {
    clearTimeout(timer);
  }
}

import { Client, type Json } from './http_client.ts';
import { eventually } from './eventually.ts';
import { expectStatus, type Session } from './session.ts';

export interface JobCounts {
  active: number;
  completed: number;
  failed: number;
  delayed: number;
  waiting: number;
  paused: number;
}
export type Queues = Record<string, { jobCounts: JobCounts; queueStatus: { isActive: boolean; isPaused: boolean } }>;

export async function getQueues(admin: Session | Client): Promise<Queues> {
  const client = admin instanceof Client ? admin : admin.client;
  return expectStatus(await client.get('/jobs'), 200, 'GET /jobs') as Queues;
}

/** Jobs that still have to run. Delayed notifications (five minutes by design) do not count. */
export function unfinished(queues: Queues): number {
  return Object.entries(queues)
    .map(
      ([name, { jobCounts }]) =>
        jobCounts.active + jobCounts.waiting + jobCounts.paused + (name === 'notifications' ? 0 : jobCounts.delayed),
    )
    .reduce((sum, count) => sum + count, 0);
}

/**
 * Waits until `GET /api/jobs` shows no unfinished job in any queue, twice in a row (between two jobs of a chain there may be
 * an instant without any). Bounded by `timeoutMs`; the error names the queues that did not become empty.
 */
export async function waitForQueues(admin: Session | Client, timeoutMs = 180_000): Promise<Queues> {
  let calm = 0;
  let last: Queues = {};
  try {
    return await eventually(
      async () => {
        last = await getQueues(admin);
        calm = unfinished(last) === 0 ? calm + 1 : 0;
        return calm >= 2 ? last : undefined;
      },
      { timeoutMs, intervalMs: 100, what: 'empty queues' },
    );
  } catch (error) {
    const busy = Object.entries(last).filter(
      ([, { jobCounts }]) => jobCounts.active + jobCounts.waiting + jobCounts.paused + jobCounts.delayed > 0,
    );
    throw new Error(
      `${(error as Error).message}; not empty: ${JSON.stringify(Object.fromEntries(busy.map(([name, queue]) => [name, queue.jobCounts])))}`,
    );
  }
}

/** The failed jobs of a queue (`GET /queues/:name/jobs?status=failed`). */
export async function failedJobs(admin: Session, queue: string): Promise<Json[]> {
  return expectStatus(
    await admin.client.get(`/queues/${queue}/jobs`, { query: { status: 'failed' } }),
    200,
    `failed jobs of ${queue}`,
  );
}

import { setTimeout as delay } from 'node:timers/promises';
import { Client } from '../api/src/http_client.ts';
import { picture } from '../api/src/media_samples.ts';
import { residentBytes } from '../api/src/process_tree.ts';
import { waitForQueues } from '../api/src/queues.ts';
import { RawConnection } from '../api/src/raw_connection.ts';
import { serverBinary } from '../api/src/repo_paths.ts';
import { TestServer } from '../api/src/server.ts';
import { createUser, type Session, signUpAdmin } from '../api/src/session.ts';
import { upload } from '../api/src/upload.ts';

// Ten thousand clients that do next to nothing: everybody else must not notice, and they must be cheap.
//   IMMICH_LOAD_CONNECTIONS  how many (10000)
const kConnections = Number(process.env['IMMICH_LOAD_CONNECTIONS'] ?? 10_000);

const quantile = (values: number[], q: number): number =>
  values.toSorted((a, b) => a - b)[Math.min(values.length - 1, Math.trunc(values.length * q))]!;

describe(`${kConnections} slow connections`, () => {
  let server: TestServer;
  let admin: Session;
  let user: Session;
  let photo: string;
  let binary: string;
  const slow: RawConnection[] = [];

  beforeAll(async () => {
    binary = serverBinary(['release', 'debug']);
    server = await TestServer.start({ binary });
    admin = await signUpAdmin(server);
    user = await createUser(admin, 'load');
    photo = await upload(user, await picture({ width: 1600, height: 1200 }));
    await waitForQueues(admin);
  });
  afterAll(async () => {
    for (const connection of slow) {
      connection.destroy();
    }
    await server?.destroy();
  });

  const apiBytes = (): number =>
    server
      .tree()
      .filter(({ role }) => role === 'api')
      .reduce((sum, { pid }) => sum + residentBytes(pid), 0);

  /** Milliseconds of single requests on new connections: ping, a timeline from the database, a thumbnail. */
  async function measure(count: number): Promise<Record<string, number[]>> {
    const times: Record<string, number[]> = { ping: [], timeline: [], thumbnail: [] };
    for (let i = 0; i < count; i++) {
      for (const [what, path] of [
        ['ping', '/server/ping'],
        ['timeline', '/timeline/buckets'],
        ['thumbnail', `/assets/${photo}/thumbnail`],
      ] as const) {
        const client = new Client(server, { ...user.client.headers, connection: 'close' });
        const start = performance.now();
        const reply = await client.get(path);
        expect(reply.status, path).toBe(200);
        times[what]!.push(performance.now() - start);
      }
    }
    return times;
  }
  const report = (title: string, times: Record<string, number[]>): void => {
    const cells = Object.entries(times).map(
      ([what, values]) =>
        `${what} p50 ${quantile(values, 0.5).toFixed(1)} p95 ${quantile(values, 0.95).toFixed(1)} max ${Math.max(...values).toFixed(1)} ms`,
    );
    console.log(`${title}: ${cells.join('; ')}`);
  };

  it('stay open, cost little, and leave the others alone', async () => {
    const release = binary.includes('/release/');
    report('alone', await measure(100));
    const before = apiBytes();
    const head = 'GET /api/server/ping HTTP/1.1\r\nHost: localhost\r\nX-Slow: ';
    while (slow.length < kConnections) {
      const batch = await Promise.all(
        Array.from({ length: Math.min(200, kConnections - slow.length) }, () => RawConnection.open(server)),
      );
      await Promise.all(
        batch.map((connection, i) =>
          connection.write(i % 2 ? head : 'GET /api/server/ping HTTP/1.1\r\nHost: localhost\r\n\r\n'),
        ),
      );
      slow.push(...batch);
    }
    // The kept-alive half has its answer once all bytes of it arrived.
    const idle = slow.filter((_, i) => i % 2 === 0);
    for (const connection of idle) {
      expect((await connection.response())?.status).toBe(200);
    }
    const open = slow.filter(({ socket }) => !socket.destroyed).length;
    const perConnection = (apiBytes() - before) / open;
    console.log(
      `${open} of ${kConnections} open, ${Math.round(perConnection)} bytes of resident memory each (${binary})`,
    );
    const busy = measure(100);
    for (let round = 0; round < 10; round++) {
      await Promise.all(
        slow.filter((_, i) => i % 2 === 1 && i % 20 === round * 2 + 1).map((connection) => connection.write('y')),
      );
      await delay(200);
    }
    const times = await busy;
    report(`beside ${open} slow ones`, times);
    const id = await upload(user, await picture());
    await waitForQueues(admin);
    expect((await user.client.get(`/assets/${id}/thumbnail`)).status, 'uploads go on').toBe(200);
    expect(open).toBeGreaterThan(kConnections * 0.95);
    if (release) {
      expect(perConnection, 'bytes per connection').toBeLessThan(12_000);
    }
    expect(quantile(times['ping']!, 0.5), 'median ping in ms').toBeLessThan(release ? 50 : 500);
    expect(quantile(times['timeline']!, 0.95), 'p95 of the timeline in ms').toBeLessThan(release ? 250 : 2500);
  });

  it('can all go at once', async () => {
    for (const connection of slow) {
      connection.socket.resetAndDestroy();
    }
    slow.length = 0;
    report('after they left', await measure(50));
  });
});

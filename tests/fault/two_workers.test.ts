import { type ChildProcess, spawn } from 'node:child_process';
import { closeSync, openSync } from 'node:fs';
import { join } from 'node:path';
import { eventually } from '../api/src/eventually.ts';
import { picture } from '../api/src/media_samples.ts';
import { environmentOf, isAlive } from '../api/src/process_tree.ts';
import { waitForQueues } from '../api/src/queues.ts';
import { serverBinary } from '../api/src/repo_paths.ts';
import { freePort, TestServer } from '../api/src/server.ts';
import { createUser, type Session, signUpAdmin } from '../api/src/session.ts';
import { upload } from '../api/src/upload.ts';

// Two worker processes on one database and one Redis: each job is done by one of them, and each of them works.
const kUploads = 150;

/** The value of a metric without labels; 0 while it is not there. */
function metric(text: string, name: string): number {
  return Number(new RegExp(`^${name} (\\S+)$`, 'm').exec(text)?.[1] ?? 0);
}

describe('two worker processes', () => {
  let server: TestServer;
  let admin: Session;
  let user: Session;
  let second: ChildProcess;
  const ports: number[] = [];

  beforeAll(async () => {
    ports.push(await freePort(), await freePort(), await freePort());
    server = await TestServer.start({
      binary: serverBinary(['release', 'debug']),
      env: {
        IMMICH_TELEMETRY_INCLUDE: 'job',
        IMMICH_API_METRICS_PORT: String(ports[2]),
        IMMICH_MICROSERVICES_METRICS_PORT: String(ports[0]),
      },
    });
    admin = await signUpAdmin(server);
    user = await createUser(admin, 'two');
    // As on another machine: told where the database and Redis are, and to do nothing but work.
    const [first] = server.processes('microservices');
    const log = openSync(join(server.folder, 'second.log'), 'a');
    second = spawn(serverBinary(['release', 'debug']), [], {
      cwd: server.folder,
      env: {
        ...environmentOf(first!.pid),
        IMMICH_WORKERS_INCLUDE: 'microservices',
        IMMICH_MICROSERVICES_METRICS_PORT: String(ports[1]),
      },
      stdio: ['ignore', log, log],
    });
    closeSync(log);
    await eventually(async () => (await scrape(ports[1]!)).includes('immich_queues_'), {
      timeoutMs: 60_000,
      what: 'the metrics of the second worker',
    });
  });
  afterAll(async () => {
    second?.kill('SIGTERM');
    await eventually(() => !second?.pid || !isAlive(second.pid), { timeoutMs: 30_000, what: 'the end of the second' });
    await server?.destroy();
  });

  const scrape = async (port: number): Promise<string> => {
    const reply = await fetch(`http://127.0.0.1:${port}/metrics`).catch(() => undefined);
    return (await reply?.text()) ?? '';
  };
  const counts = async (name: string): Promise<number[]> =>
    Promise.all([scrape(ports[0]!), scrape(ports[1]!)]).then((texts) => texts.map((text) => metric(text, name)));
  const total = (values: number[]): number => values.reduce((sum, value) => sum + value, 0);

  it('share the jobs and do none twice', async () => {
    const pictures = await Promise.all(Array.from({ length: kUploads }, () => picture({ width: 320, height: 240 })));
    for (let at = 0; at < kUploads; at += 10) {
      await Promise.all(pictures.slice(at, at + 10).map((bytes) => upload(user, bytes)));
    }
    await waitForQueues(admin, 120_000);
    for (const job of ['asset_extract_metadata', 'asset_generate_thumbnails']) {
      const success = await counts(`immich_jobs_${job}_success_total`);
      const failed = await counts(`immich_jobs_${job}_failed_total`);
      console.log(`${job}: ${success.join(' + ')}`);
      expect(total(success), job).toBe(kUploads);
      expect(total(failed), job).toBe(0);
      expect(Math.min(...success), `${job} of each worker`).toBeGreaterThan(0);
    }
  });

  it('go on with the jobs of one that is killed', async () => {
    await Promise.all(Array.from({ length: 20 }, async () => upload(user, await picture({ width: 1600, height: 1200 }))));
    second.kill('SIGKILL');
    const last = await upload(user, await picture());
    await waitForQueues(admin, 120_000);
    expect((await user.client.get(`/assets/${last}/thumbnail`)).status).toBe(200);
    const { assets } = (await user.client.post('/search/metadata', { size: 1000 })).json;
    for (const { id, thumbhash } of assets.items as { id: string; thumbhash: string | null }[]) {
      expect(thumbhash, id).not.toBeNull();
    }
    expect(assets.items.length).toBe(kUploads + 21);
  });

  it('are told apart by nobody: metrics of the API are there, too', async () => {
    expect(await scrape(ports[2]!)).toContain('target_info{');
    expect((await fetch(`http://127.0.0.1:${ports[2]}/other`)).status).toBe(404);
  });
});

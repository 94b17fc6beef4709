import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { eventually, within } from '../api/src/eventually.ts';
import { picture } from '../api/src/media_samples.ts';
import { environmentOf, isAlive, processesUsing, sendSignal } from '../api/src/process_tree.ts';
import { getQueues, unfinished, waitForQueues } from '../api/src/queues.ts';
import { serverBinary } from '../api/src/repo_paths.ts';
import { freePort, TestServer } from '../api/src/server.ts';
import { createUser, type Session, signUpAdmin } from '../api/src/session.ts';
import { upload } from '../api/src/upload.ts';

// A server that is told to stop leaves nothing running and nothing half done; one that is killed leaves nothing in the way of
// the next start.
describe('stopping and starting again', () => {
  let server: TestServer;
  let admin: Session;
  let user: Session;
  const uploaded: string[] = [];

  beforeAll(async () => {
    server = await TestServer.start({ binary: serverBinary(['release', 'debug']) });
    admin = await signUpAdmin(server);
    user = await createUser(admin, 'stop');
  });
  afterAll(() => server?.destroy());

  async function uploadMany(count: number): Promise<void> {
    const size = { width: 2400, height: 1800 };
    const pictures = await Promise.all(Array.from({ length: count }, () => picture(size)));
    uploaded.push(...(await Promise.all(pictures.map((bytes) => upload(user, bytes)))));
  }

  async function expectAllThumbnails(): Promise<void> {
    await waitForQueues(admin);
    for (const id of uploaded) {
      expect((await user.client.get(`/assets/${id}/thumbnail`)).status, id).toBe(200);
    }
    const failed = Object.values(await getQueues(admin)).reduce((sum, { jobCounts }) => sum + jobCounts.failed, 0);
    expect(failed, 'failed jobs').toBe(0);
  }

  for (const signal of ['SIGTERM', 'SIGINT'] as const) {
    it(`finishes or returns the running jobs on ${signal}, and the next start does the rest`, async () => {
      await uploadMany(30);
      expect(unfinished(await getQueues(admin)), 'work in hand').toBeGreaterThan(0);
      const children = server.tree().map(({ pid }) => pid);
      expect(children.length).toBeGreaterThan(4);
      const start = performance.now();
      sendSignal(server.pid, signal);
      await eventually(() => !children.some((pid) => isAlive(pid)) && processesUsing(server.folder).length === 0, {
        timeoutMs: 30_000,
        intervalMs: 20,
        what: 'the end of all processes',
      });
      console.log(`${signal}: all ${children.length} processes ended after ${Math.round(performance.now() - start)} ms`);
      await server.stop();
      await server.launch();
      await expectAllThumbnails();
    });
  }

  it('starts beside what a kill left: pid files, sockets, half-written files', async () => {
    for (let round = 0; round < 3; round++) {
      await uploadMany(5);
      await server.kill();
      expect(readdirSync(join(server.mediaLocation, 'postgres')), 'a stale pid file').toContain('postmaster.pid');
      await server.launch();
    }
    await expectAllThumbnails();
  });

  it('refuses a second server on the same library, and the first goes on', async () => {
    // Not a TestServer: those also end what uses their folder.
    const second = spawn(serverBinary(['release', 'debug']), [], {
      cwd: server.folder,
      env: { ...environmentOf(server.pid), IMMICH_PORT: String(await freePort()) },
      stdio: 'ignore',
    });
    const code = await within(150_000, 'the end of the second server', once(second, 'exit')).finally(() =>
      second.kill('SIGKILL'),
    );
    expect(code[0], 'exit code').toBeGreaterThan(0);
    await uploadMany(2);
    await expectAllThumbnails();
  });
});

import { execFileSync } from 'node:child_process';
import { mkdirSync, rmSync, statfsSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, describe, expect } from 'vitest';
import { it, prepare } from '../src/api_test.ts';
import { eventually, within } from '../src/eventually.ts';
import { sha1Hex } from '../src/http_client.ts';
import { picture } from '../src/media_samples.ts';
import { isAlive, type ProcessRole, sendSignal } from '../src/process_tree.ts';
import { failedJobs, waitForQueues } from '../src/queues.ts';
import { listFiles } from '../src/repo_paths.ts';
import { TestServer } from '../src/server.ts';
import { createUser, type Session, signUpAdmin } from '../src/session.ts';
import { tryUpload, upload } from '../src/upload.ts';

describe('parts that die', () => {
  let server: TestServer;
  let admin: Session;
  let user: Session;
  prepare(async () => {
    server = await TestServer.start();
    admin = await signUpAdmin(server);
    user = await createUser(admin, 'recovery');
  });
  afterAll(() => server?.destroy());

  /** Kills every process of a role and asks on and on until answers are good again; returns the statuses seen meanwhile. */
  async function killAndWatch(role: ProcessRole): Promise<Set<number>> {
    const victims = server.processes(role);
    expect(
      victims.length,
      `a ${role} process among ${server
        .tree()
        .map((info) => info.role)
        .join()}`,
    ).toBeGreaterThan(0);
    const seen = new Set<number>();
    for (const { pid } of victims) {
      sendSignal(pid, 'SIGKILL');
    }
    await eventually(() => victims.every(({ pid }) => !isAlive(pid)), { what: 'the end of the victims' });
    await eventually(
      async () => {
        const reply = await user.client.get('/timeline/buckets', { timeoutMs: 20_000 }).catch(() => undefined);
        seen.add(reply?.status ?? 0);
        return (
          reply?.status === 200 &&
          server.processes(role).some(({ pid }) => !victims.some((victim) => victim.pid === pid))
        );
      },
      { timeoutMs: 60_000, intervalMs: 20, what: `recovery from the death of ${role}` },
    );
    return seen;
  }

  it('comes back by itself when PostgreSQL is killed, and answers 503 meanwhile', async () => {
    const before = await upload(user, await picture());
    await waitForQueues(admin);
    for (const status of await killAndWatch('postgres')) {
      expect([200, 503], `status ${status}`).toContain(status);
    }
    expect((await user.client.get(`/assets/${before}/thumbnail`)).status).toBe(200);
    const after = await upload(user, await picture());
    await waitForQueues(admin);
    expect((await user.client.get(`/assets/${after}/thumbnail`)).status).toBe(200);
  }, 180_000);

  it('explains a 503 in JSON', async () => {
    const [postmaster] = server.processes('postgres');
    sendSignal(postmaster!.pid, 'SIGKILL');
    const reply = await eventually(async () => {
      const answer = await user.client.get('/albums', { timeoutMs: 30_000 });
      return answer.status === 503 || answer.status === 200 ? answer : undefined;
    });
    expect(reply.json).toBeDefined();
    if (reply.status === 503) {
      expect(reply.json.message).toEqual(expect.any(String));
    }
    expect((await user.client.get('/server/ping')).json, 'ping needs no database').toEqual({ res: 'pong' });
    await eventually(async () => (await user.client.get('/albums')).status === 200, {
      timeoutMs: 60_000,
      what: 'recovery',
    });
  }, 180_000);

  it('loses no upload while PostgreSQL dies again and again', async () => {
    const own = await createUser(admin, 'postgres');
    const accepted = new Map<string, Buffer>();
    let stop = false;
    const uploader = async (): Promise<void> => {
      while (!stop) {
        const bytes = await picture();
        const reply = await tryUpload(own, bytes).catch(() => undefined);
        if (reply?.status === 201) {
          accepted.set(reply.json.id, bytes);
        } else if (reply) {
          expect([500, 503], reply.summary).toContain(reply.status);
        }
      }
    };
    const uploaders = [uploader(), uploader(), uploader()];
    for (let round = 0; round < 3; round++) {
      await eventually(() => accepted.size > (round + 1) * 5, { timeoutMs: 60_000, what: 'accepted uploads' });
      await killAndWatch('postgres');
    }
    stop = true;
    await Promise.all(uploaders);
    await waitForQueues(admin);
    for (const [id, bytes] of accepted) {
      const original = await own.client.get(`/assets/${id}/original`);
      expect([original.status, sha1Hex(original.bytes)]).toEqual([200, sha1Hex(bytes)]);
    }
    expect((await own.client.get('/assets/statistics')).json.total).toBeGreaterThanOrEqual(accepted.size);
  }, 300_000);

  it('comes back by itself when Redis is killed; reads go on', async () => {
    const seen = await killAndWatch('redis');
    expect([...seen], 'reads do not need Redis').toEqual([200]);
    const id = await upload(user, await picture());
    await eventually(async () => (await user.client.get(`/assets/${id}/thumbnail`)).status === 200, {
      timeoutMs: 60_000,
      what: 'a thumbnail after the death of Redis',
    });
  }, 180_000);

  it('restarts workers and the API when they are killed', async () => {
    for (const role of ['microservices', 'api'] as const) {
      const seen = await killAndWatch(role);
      if (role === 'microservices') {
        expect([...seen]).toEqual([200]);
      }
      const id = await upload(user, await picture());
      await eventually(async () => (await user.client.get(`/assets/${id}/thumbnail`)).status === 200, {
        timeoutMs: 60_000,
        what: `a thumbnail after the death of ${role}`,
      });
    }
  }, 180_000);

  it('stops cleanly within seconds, also under load', async () => {
    const uploads = Promise.allSettled(
      Array.from({ length: 20 }, async () => tryUpload(user, await picture({ width: 800, height: 600 }))),
    );
    const start = performance.now();
    await server.stop();
    expect(performance.now() - start).toBeLessThan(30_000);
    await uploads;
    await server.launch();
    await waitForQueues(admin);
  }, 180_000);
});

const canMount = ((): boolean => {
  if (process.getuid?.() !== 0) {
    return false;
  }
  const probe = '/tmp/imt-mount-probe';
  mkdirSync(probe, { recursive: true });
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=1m', 'tmpfs', probe], { stdio: 'ignore' });
    execFileSync('umount', [probe], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  } finally {
    rmSync(probe, { recursive: true, force: true });
  }
})();

describe.skipIf(!canMount)(`full disks${canMount ? '' : ' [skipped: needs the right to mount a tmpfs]'}`, () => {
  const mounts: string[] = [];
  const servers: TestServer[] = [];
  const mount = (folder: string, size: string): void => {
    mkdirSync(folder, { recursive: true });
    execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${size}`, 'tmpfs', folder]);
    mounts.push(folder);
  };
  afterAll(async () => {
    for (const server of servers) {
      await server.stop();
    }
    for (const folder of mounts) {
      execFileSync('umount', ['-l', folder]);
    }
    for (const server of servers) {
      server.removeFolder();
    }
  });

  /** A server whose `folder` below the media location is a small file system of its own. */
  async function serverWith(
    folder: string,
    size: string,
  ): Promise<{ server: TestServer; admin: Session; user: Session }> {
    const { mkdtempSync, chmodSync } = await import('node:fs');
    const { tmpdir } = await import('node:os');
    const root = mkdtempSync(join(tmpdir(), 'imt-full-'));
    chmodSync(root, 0o755);
    mount(join(root, folder), size);
    const server = await TestServer.start({ mediaLocation: root });
    servers.push(server);
    const admin = await signUpAdmin(server);
    return { server, admin, user: await createUser(admin, 'full') };
  }

  it('refuses an upload that does not fit, clearly, and keeps nothing of it', async () => {
    const { server, admin, user } = await serverWith('upload', '20m');
    const first = await picture();
    const kept = await upload(user, first);
    await waitForQueues(admin);
    const free = (): number => {
      const { bavail, bsize } = statfsSync(join(server.mediaLocation, 'upload'));
      return bavail * bsize;
    };
    const before = free();
    for (let round = 0; round < 3; round++) {
      const reply = await within(
        60_000,
        'the answer',
        tryUpload(user, Buffer.concat([await picture(), Buffer.alloc(30 << 20, round + 1)])),
      );
      expect([507, 500, 503], reply.summary).toContain(reply.status);
      expect(reply.json.message, 'says what is wrong').toMatch(/space|disk|storage|full/i);
    }
    await eventually(() => free() >= before - 65_536, { what: 'the space of the refused uploads' });
    expect(listFiles(join(server.mediaLocation, 'upload', user.userId))).toHaveLength(1);
    expect((await user.client.get('/assets/statistics')).json.total).toBe(1);
    expect((await user.client.get('/users/me')).json.quotaUsageInBytes).toBe(first.length);
    expect(sha1Hex((await user.client.get(`/assets/${kept}/original`)).bytes)).toBe(sha1Hex(first));
    await upload(user, await picture());
    await waitForQueues(admin);
  }, 180_000);

  it('fails the thumbnail job when there is no room, and makes the thumbnail later', async () => {
    const { server, admin, user } = await serverWith('thumbs', '64k');
    const id = await upload(user, await picture({ width: 2400, height: 1800, quality: 95 }));
    await waitForQueues(admin);
    expect((await user.client.get(`/assets/${id}/thumbnail`, { query: { size: 'preview' } })).status).toBe(404);
    expect((await failedJobs(admin, 'thumbnailGeneration')).map(({ data }) => data.id)).toContain(id);
    expect((await user.client.get(`/assets/${id}/original`)).status).toBe(200);
    execFileSync('mount', ['-o', 'remount,size=20m', join(server.mediaLocation, 'thumbs')]);
    expect((await admin.client.put('/jobs/thumbnailGeneration', { command: 'start', force: false })).status).toBe(200);
    await waitForQueues(admin);
    expect((await user.client.get(`/assets/${id}/thumbnail`, { query: { size: 'preview' } })).status).toBe(200);
  }, 180_000);
});

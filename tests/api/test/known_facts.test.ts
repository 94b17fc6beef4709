import { type ChildProcess, spawn } from 'node:child_process';
import { closeSync, openSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, describe, expect } from 'vitest';
import { it, prepare } from '../src/api_test.ts';
import { EmbeddedDatabase } from '../src/embedded_database.ts';
import { eventually } from '../src/eventually.ts';
import { Client } from '../src/http_client.ts';
import { picture } from '../src/media_samples.ts';
import { environmentOf, isAlive } from '../src/process_tree.ts';
import { waitForQueues } from '../src/queues.ts';
import { serverBinary } from '../src/repo_paths.ts';
import { freePort, TestServer } from '../src/server.ts';
import { createKey, createUser, login, type Session, sessionOf, signUpAdmin } from '../src/session.ts';
import { upload } from '../src/upload.ts';

// Who asks and which file a picture is are kept in memory: whatever changes must show in the next answer.

let server: TestServer;
let admin: Session;
let user: Session;
let stranger: Session;
let database: EmbeddedDatabase;
let photo: string;
let metricsPort: number;
/** Another api process on the same database, Redis and files. */
let second: ChildProcess;
let atSecond: Session;

prepare(async () => {
  metricsPort = await freePort();
  server = await TestServer.start({
    env: { IMMICH_TELEMETRY_INCLUDE: 'repo', IMMICH_API_METRICS_PORT: String(metricsPort) },
  });
  admin = await signUpAdmin(server);
  user = await createUser(admin, 'known');
  stranger = await createUser(admin, 'stranger');
  database = EmbeddedDatabase.of(server.pid)!;
  photo = await upload(user, await picture({ width: 800, height: 600 }));
  await waitForQueues(admin);
  const port = await freePort();
  const secondMetricsPort = await freePort();
  const [first] = server.processes('api');
  const log = openSync(join(server.folder, 'second.log'), 'a');
  second = spawn(serverBinary(), [], {
    cwd: server.folder,
    env: { ...environmentOf(first!.pid), IMMICH_WORKERS_INCLUDE: 'api', IMMICH_PORT: String(port), IMMICH_API_METRICS_PORT: String(secondMetricsPort) },
    stdio: ['ignore', log, log],
  });
  closeSync(log);
  const address = { url: `http://127.0.0.1:${port}`, port };
  atSecond = sessionOf(address, { accessToken: user.token, userId: user.userId, userEmail: user.email });
  await eventually(async () => (await new Client(address).get('/server/ping')).status === 200, {
    timeoutMs: 60_000,
    what: 'the second api process',
  });
});
afterAll(async () => {
  second?.kill('SIGTERM');
  await eventually(() => !second?.pid || !isAlive(second.pid), { timeoutMs: 30_000, what: 'the end of the second' });
  await server?.destroy();
});

const thumbnail = async (session: Session): Promise<number> =>
  (await session.client.get(`/assets/${photo}/thumbnail`)).status;
const original = async (session: Session): Promise<number> =>
  (await session.client.get(`/assets/${photo}/original`)).status;

/** Statements so far by which the first process asked who somebody is and which file a picture is. */
async function questions(): Promise<number> {
  const text = await (await fetch(`http://127.0.0.1:${metricsPort}/metrics`)).text();
  const counts = text.matchAll(/^immich_sql_duration_count\{statement="(?:auth|asset)_[^"]*"\} (\d+)$/gm);
  return [...counts].reduce((sum, [, count]) => sum + Number(count), 0);
}

/** Asks until both processes know the photo and the session. */
async function warmUp(): Promise<void> {
  for (let i = 0; i < 5; i++) {
    expect([await thumbnail(user), await original(user), await thumbnail(atSecond)]).toEqual([200, 200, 200]);
  }
}

describe('the next answer', () => {
  it('knows of a logout by another session', async () => {
    for (let i = 0; i < 10; i++) {
      const other = await login(server, user.email);
      expect((await other.client.get('/users/me')).status).toBe(200);
      expect((await other.client.get('/users/me')).status).toBe(200);
      const sessions = (await user.client.get('/sessions')).json as { id: string; current: boolean }[];
      const ended = sessions.filter(({ current }) => !current);
      for (const { id } of ended) {
        expect((await user.client.delete(`/sessions/${id}`)).status).toBe(204);
      }
      expect((await other.client.get('/users/me')).status).toBe(401);
    }
  });

  it('knows of its own logout, a removed user and a smaller API key', async () => {
    const gone = await createUser(admin, 'gone');
    const again = await login(server, gone.email);
    await again.client.get('/users/me');
    expect((await again.client.post('/auth/logout')).status).toBeLessThan(300);
    expect((await again.client.get('/users/me')).status).toBe(401);
    await gone.client.get('/users/me');
    expect((await admin.client.delete(`/admin/users/${gone.userId}`)).status).toBe(200);
    expect((await gone.client.get('/users/me')).status).toBe(401);

    const key = await createKey(user, ['asset.view', 'user.read']);
    for (let i = 0; i < 3; i++) {
      expect((await key.client.get(`/assets/${photo}/thumbnail`)).status).toBe(200);
    }
    const changed = await user.client.put(`/api-keys/${key.id}`, { name: 'less', permissions: ['user.read'] });
    expect(changed.status).toBe(200);
    expect((await key.client.get(`/assets/${photo}/thumbnail`)).status).toBe(403);
    expect((await user.client.delete(`/api-keys/${key.id}`)).status).toBe(204);
    expect((await key.client.get('/users/me')).status).toBe(401);
  });

  it('knows what was locked, unlocked, renamed and deleted', async () => {
    for (let i = 0; i < 10; i++) {
      await warmUp();
      expect((await user.client.put(`/assets/${photo}`, { visibility: 'locked' })).status).toBe(200);
      expect([await thumbnail(user), await original(user)]).toEqual([400, 400]);
      await database.query(`UPDATE asset SET visibility = 'timeline' WHERE id = '${photo}'`);
    }
    await warmUp();
    const me = await user.client.put('/users/me', { name: 'Known As' });
    expect(me.status).toBe(200);
    const doomed = await upload(user, await picture({ width: 320, height: 200 }));
    await waitForQueues(admin);
    expect((await user.client.get(`/assets/${doomed}/thumbnail`)).status).toBe(200);
    expect((await user.client.get(`/assets/${doomed}/thumbnail`)).status).toBe(200);
    await database.query(`DELETE FROM asset WHERE id = '${doomed}'`);
    expect((await user.client.get(`/assets/${doomed}/thumbnail`)).status).toBe(400);
  });

  it('knows of changes by others: SQL and a second process', async () => {
    for (let i = 0; i < 5; i++) {
      await warmUp();
      await database.query(`UPDATE asset SET "ownerId" = '${stranger.userId}' WHERE id = '${photo}'`);
      expect([await thumbnail(user), await thumbnail(atSecond), await thumbnail(stranger)]).toEqual([400, 400, 200]);
      await database.query(`UPDATE asset SET "ownerId" = '${user.userId}' WHERE id = '${photo}'`);
      expect([await thumbnail(user), await thumbnail(atSecond), await thumbnail(stranger)]).toEqual([200, 200, 400]);
    }
    await warmUp();
    expect((await atSecond.client.put(`/assets/${photo}`, { visibility: 'locked' })).status).toBe(200);
    expect(await thumbnail(atSecond)).toBe(400);
    // The other process hears of it by a notification, which takes about as long as this.
    expect(await thumbnail(user)).toBe(400);
    await database.query(`UPDATE asset SET visibility = 'timeline' WHERE id = '${photo}'`);
    await warmUp();
  });

  it('is right when the listening connections break, and is quick again afterwards', async () => {
    await warmUp();
    const listening = `SELECT count(pg_terminate_backend(pid, 5000)) FROM pg_stat_activity WHERE query LIKE 'LISTEN%'`;
    expect(Number((await database.query(listening))[0])).toBeGreaterThanOrEqual(2);
    await database.query(`UPDATE asset SET "ownerId" = '${stranger.userId}' WHERE id = '${photo}'`);
    expect([await thumbnail(user), await thumbnail(atSecond)]).toEqual([400, 400]);
    await database.query(`UPDATE asset SET "ownerId" = '${user.userId}' WHERE id = '${photo}'`);
    await warmUp();
    await eventually(
      async () => {
        const before = await questions();
        await warmUp();
        return (await questions()) === before;
      },
      { timeoutMs: 30_000, what: 'pictures without a question to the database' },
    );
  });
});

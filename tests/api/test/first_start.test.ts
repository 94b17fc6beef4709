import { afterAll, describe, expect } from 'vitest';
import { it, prepare } from '../src/api_test.ts';
import { EmbeddedDatabase } from '../src/embedded_database.ts';
import { Client } from '../src/http_client.ts';
import { TestServer } from '../src/server.ts';
import { kPassword, login, type Session } from '../src/session.ts';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

// A server nobody has used yet: sign-up, login, cookies, tokens, sessions, passwords.
describe('first start', () => {
  let server: TestServer;
  let anyone: Client;
  let admin: Session;

  prepare(async () => {
    server = await TestServer.start();
    anyone = new Client(server);
  });
  afterAll(() => server?.destroy());

  it('lays out the storage with mount markers', () => {
    for (const folder of ['upload', 'library', 'thumbs', 'profile', 'encoded-video', 'backups']) {
      const marker = join(server.mediaLocation, folder, '.immich');
      expect(existsSync(marker), marker).toBe(true);
      expect(readFileSync(marker, 'utf8')).toMatch(/^\d{13}$/);
    }
  });

  it('answers ping and says that it is not initialized', async () => {
    expect((await anyone.get('/server/ping')).json).toEqual({ res: 'pong' });
    const config = (await anyone.get('/server/config')).json;
    expect(config).toMatchObject({
      loginPageMessage: '',
      trashDays: 30,
      userDeleteDelay: 7,
      oauthButtonText: 'Login with OAuth',
      isInitialized: false,
      isOnboarded: false,
      externalDomain: '',
      publicUsers: true,
      maintenanceMode: false,
      minFaces: 3,
    });
  });

  it('refuses a login while there is no user', async () => {
    const reply = await anyone.post('/auth/login', { email: 'admin@example.com', password: 'x' });
    expect(reply.status).toBe(401);
    expect(reply.json).toEqual({ message: 'Incorrect email or password' });
  });

  it('refuses a sign-up without a valid e-mail address', async () => {
    for (const email of ['', 'nobody', 'a@', '@b.c', 'two words@example.com']) {
      const reply = await anyone.post('/auth/admin-sign-up', { email, password: kPassword, name: 'Admin' });
      expect(reply.status, email).toBe(400);
      expect(reply.json.message).toBe('Validation failed');
      expect(reply.json.errors[0].path).toEqual(['email']);
    }
  });

  it('signs up the admin once', async () => {
    const first = await anyone.post('/auth/admin-sign-up', {
      email: 'Admin@Example.com',
      password: kPassword,
      name: 'Admin',
    });
    expect(first.status, first.text).toBe(201);
    expect(first.json).toMatchObject({
      email: 'admin@example.com',
      name: 'Admin',
      isAdmin: true,
      storageLabel: 'admin',
      status: 'active',
    });
    const second = await anyone.post('/auth/admin-sign-up', {
      email: 'other@example.com',
      password: kPassword,
      name: 'Other',
    });
    expect(second.status).toBe(400);
    expect(second.json).toEqual({ message: 'The server already has an admin' });
    expect((await anyone.get('/server/config')).json).toMatchObject({ isInitialized: true, isOnboarded: false });
  });

  it('logs in with 201, a token and three cookies', async () => {
    const reply = await anyone.post('/auth/login', { email: 'ADMIN@example.com', password: kPassword });
    expect(reply.status).toBe(201);
    const body = reply.json;
    expect(body).toEqual({
      accessToken: expect.stringMatching(/^\w{36,43}$/),
      userId: expect.stringMatching(/^[0-9a-f-]{36}$/),
      userEmail: 'admin@example.com',
      name: 'Admin',
      isAdmin: true,
      profileImagePath: '',
      shouldChangePassword: expect.any(Boolean),
      isOnboarded: false,
    });
    const life =
      'Max-Age=34560000; Path=/; Expires=[A-Z][a-z]{2}, \\d\\d [A-Z][a-z]{2} \\d{4} \\d\\d:\\d\\d:\\d\\d GMT;';
    expect(reply.cookies).toHaveLength(3);
    expect(reply.cookies[0]).toMatch(
      new RegExp(`^immich_access_token=${body.accessToken}; ${life} HttpOnly; SameSite=Lax$`),
    );
    expect(reply.cookies[1]).toMatch(new RegExp(`^immich_auth_type=password; ${life} HttpOnly; SameSite=Lax$`));
    expect(reply.cookies[2]).toMatch(new RegExp(`^immich_is_authenticated=true; ${life} SameSite=Lax$`));
    const expires = Date.parse(/Expires=([^;]+)/.exec(reply.cookies[0]!)![1]!);
    expect(Math.abs(expires - Date.now() - 34_560_000_000)).toBeLessThan(60_000);
    admin = await login(server, 'admin@example.com');
  });

  it('marks cookies Secure behind an https proxy on the loopback', async () => {
    const reply = await anyone.post(
      '/auth/login',
      { email: 'admin@example.com', password: kPassword },
      { headers: { 'x-forwarded-proto': 'https' } },
    );
    expect(reply.status).toBe(201);
    for (const cookie of reply.cookies) {
      expect(cookie).toMatch(/; Secure(;|$)/);
    }
  });

  it('keeps only the SHA-256 of a token', async (context) => {
    const database = EmbeddedDatabase.of(server.pid);
    if (!database) {
      context.skip('the database is not embedded');
      return;
    }
    const { createHash } = await import('node:crypto');
    const hash = createHash('sha256').update(admin.token).digest('hex');
    const rows = await database.query(`select count(*) from session where token = decode('${hash}', 'hex')`);
    expect(rows).toEqual(['1']);
  });

  it('accepts the token in every place and the cookie', async () => {
    const token = admin.token;
    const places: Record<string, string>[] = [
      { authorization: `Bearer ${token}` },
      { 'x-immich-user-token': token },
      { 'x-immich-session-token': token },
      { cookie: `immich_access_token=${token}` },
      { cookie: `a=b; immich_access_token=${encodeURIComponent(token)}; immich_is_authenticated=true` },
    ];
    for (const headers of places) {
      const reply = await anyone.post('/auth/validateToken', undefined, { headers });
      expect(reply.status, JSON.stringify(headers)).toBe(200);
      expect(reply.json).toEqual({ authStatus: true });
    }
    const query = await anyone.get('/users/me', { query: { sessionKey: token } });
    expect(query.status).toBe(200);
    expect(query.json.email).toBe('admin@example.com');
  });

  it('says what is wrong with credentials', async () => {
    const cases: [Record<string, string>, string][] = [
      [{}, 'Authentication required'],
      [{ authorization: 'Bearer nonsense' }, 'Invalid user token'],
      [{ 'x-immich-user-token': 'nonsense' }, 'Invalid user token'],
      [{ cookie: 'immich_access_token=nonsense' }, 'Invalid user token'],
      [{ 'x-api-key': 'nonsense' }, 'Invalid API key'],
      [{ authorization: 'Basic YTpi' }, 'Authentication required'],
    ];
    for (const [headers, message] of cases) {
      const reply = await anyone.get('/users/me', { headers });
      expect([reply.status, reply.json], JSON.stringify(headers)).toEqual([401, { message }]);
    }
    for (const [headers, message] of [
      [{ 'x-immich-share-key': 'nonsense' }, 'Invalid share key'],
      [{ 'x-immich-share-slug': 'nonsense' }, 'Invalid share slug'],
    ] as [Record<string, string>, string][]) {
      const reply = await anyone.get('/timeline/buckets', { headers });
      expect([reply.status, reply.json], JSON.stringify(headers)).toEqual([401, { message }]);
    }
  });

  it('answers wrong password and unknown user alike', async () => {
    const wrong = await anyone.post('/auth/login', { email: 'admin@example.com', password: 'wrong' });
    const unknown = await anyone.post('/auth/login', { email: 'nobody@example.com', password: 'wrong' });
    expect([wrong.status, wrong.json]).toEqual([401, { message: 'Incorrect email or password' }]);
    expect([unknown.status, unknown.json]).toEqual([wrong.status, wrong.json]);
  });

  it('gives the status of the session', async () => {
    const reply = await admin.client.get('/auth/status');
    expect(reply.status).toBe(200);
    expect(reply.json).toMatchObject({ pinCode: false, password: true, isElevated: false });
  });

  it('logs out: body, cleared cookies, dead token', async () => {
    const other = await login(server, 'admin@example.com');
    const reply = await other.client.post('/auth/logout');
    expect(reply.status).toBe(200);
    expect(reply.json).toEqual({ successful: true, redirectUri: '/auth/login?autoLaunch=0' });
    expect(reply.cookies).toEqual(
      ['immich_access_token', 'immich_auth_type', 'immich_is_authenticated'].map(
        (name) => `${name}=; Path=/; Expires=Thu, 01 Jan 1970 00:00:00 GMT`,
      ),
    );
    const after = await other.client.get('/users/me');
    expect([after.status, after.json]).toEqual([401, { message: 'Invalid user token' }]);
    expect((await admin.client.get('/users/me')).status).toBe(200);
  });

  it('changes the password, with the old one only and at least eight characters', async () => {
    const short = await admin.client.post('/auth/change-password', { password: kPassword, newPassword: 'short' });
    expect(short.status).toBe(400);
    expect(short.json).toMatchObject({
      message: 'Validation failed',
      errors: [{ code: 'too_small', path: ['newPassword'] }],
    });
    const wrong = await admin.client.post('/auth/change-password', { password: 'wrong', newPassword: 'long enough 1' });
    expect([wrong.status, wrong.json]).toEqual([400, { message: 'Wrong password' }]);

    const other = await login(server, 'admin@example.com');
    const changed = await admin.client.post('/auth/change-password', {
      password: kPassword,
      newPassword: 'long enough 1',
      invalidateSessions: true,
    });
    expect(changed.status, changed.text).toBe(200);
    expect(changed.json).toMatchObject({ email: 'admin@example.com', isAdmin: true });
    expect((await admin.client.get('/users/me')).status, 'the session that changed it').toBe(200);
    expect((await other.client.get('/users/me')).status, 'another session').toBe(401);
    expect((await anyone.post('/auth/login', { email: 'admin@example.com', password: kPassword })).status).toBe(401);
    admin = await login(server, 'admin@example.com', 'long enough 1');
    await admin.client.post('/auth/change-password', { password: 'long enough 1', newPassword: kPassword });
    admin = await login(server, 'admin@example.com');
  });

  it('keeps everything over a restart', async () => {
    const before = (await admin.client.get('/users/me')).json;
    await server.stop();
    await server.launch();
    const after = await admin.client.get('/users/me');
    expect([after.status, after.json]).toEqual([200, before]);
    expect((await anyone.get('/server/config')).json.isInitialized).toBe(true);
    expect(
      (await anyone.post('/auth/admin-sign-up', { email: 'x@example.com', password: kPassword, name: 'X' })).status,
    ).toBe(400);
  });
});

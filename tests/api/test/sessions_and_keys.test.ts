import { Permission } from '@immich/sdk';
import { describe, expect } from 'vitest';
import { it, prepare } from '../src/api_test.ts';
import { mismatches, responseSchema } from '../src/contract.ts';
import { Client } from '../src/http_client.ts';
import { picture } from '../src/media_samples.ts';
import { sharedFolder } from '../src/repo_paths.ts';
import { createKey, createUser, login, type Session } from '../src/session.ts';
import { sharedAdmin } from '../src/shared_session.ts';
import { upload } from '../src/upload.ts';

let admin: Session;
prepare(() => {
  admin = sharedAdmin();
});

describe('sessions', () => {
  it('lists them with the current one marked, newest first, and device names from the headers', async () => {
    const user = await createUser(admin, 'sessions');
    const phone = await new Client(user.server).post(
      '/auth/login',
      { email: user.email, password: 'correct horse battery' },
      { headers: { 'user-agent': 'immich-android/3.2.1', devicemodel: 'Pixel 9', devicetype: 'Android' } },
    );
    expect(phone.status).toBe(201);
    const list = (await user.client.get('/sessions')).json;
    expect(list).toHaveLength(2);
    expect(list.filter((session: { current: boolean }) => session.current)).toHaveLength(1);
    expect(list.map((session: { updatedAt: string }) => session.updatedAt)).toEqual(
      list
        .map((session: { updatedAt: string }) => session.updatedAt)
        .toSorted()
        .reverse(),
    );
    const other = list.find((session: { current: boolean }) => !session.current);
    expect(other).toMatchObject({
      deviceType: 'Pixel 9',
      deviceOS: 'Android',
      appVersion: '3.2.1',
      isPendingSyncReset: false,
    });
    if (sharedFolder()) {
      expect(mismatches(list, responseSchema('getSessions'))).toEqual([]);
    }
  });

  it('deletes one and refuses a stranger’s', async () => {
    const user = await createUser(admin, 'sessions');
    const stranger = await createUser(admin, 'stranger');
    const second = await login(user.server, user.email);
    const list = (await user.client.get('/sessions')).json;
    const id = list.find((session: { current: boolean }) => !session.current).id;
    const denied = await stranger.client.delete(`/sessions/${id}`);
    expect(denied.status).toBe(400);
    expect(denied.json.message).toMatch(/^Not found or no .* access$/);
    expect((await user.client.delete(`/sessions/${id}`)).status).toBe(204);
    expect((await second.client.get('/users/me')).status).toBe(401);
    expect((await user.client.get('/sessions')).json).toHaveLength(1);
  });

  it('deletes all others', async () => {
    const user = await createUser(admin, 'sessions');
    const others = [await login(user.server, user.email), await login(user.server, user.email)];
    expect((await user.client.delete('/sessions')).status).toBe(204);
    expect((await user.client.get('/sessions')).json).toHaveLength(1);
    for (const other of others) {
      expect((await other.client.get('/users/me')).status).toBe(401);
    }
  });

  it('updates only isPendingSyncReset, through PUT and PATCH', async () => {
    const user = await createUser(admin, 'sessions');
    const [current] = (await user.client.get('/sessions')).json;
    const empty = await user.client.put(`/sessions/${current.id}`, {});
    expect([empty.status, empty.json]).toEqual([400, { message: 'No fields to update' }]);
    const put = await user.client.put(`/sessions/${current.id}`, { isPendingSyncReset: true });
    expect([put.status, put.json.isPendingSyncReset]).toEqual([200, true]);
    const patch = await user.client.patch(`/sessions/${current.id}`, { isPendingSyncReset: false });
    expect([patch.status, patch.json.isPendingSyncReset]).toEqual([200, false]);
  });

  it('makes child sessions that die with their parent', async () => {
    const user = await createUser(admin, 'sessions');
    const parent = await login(user.server, user.email);
    const made = await parent.client.post('/sessions', { duration: 3600, deviceType: 'Chromecast', deviceOS: 'cast' });
    expect(made.status, made.text).toBe(201);
    const { token, id, expiresAt } = made.json;
    expect(Math.abs(Date.parse(expiresAt) - Date.now() - 3_600_000)).toBeLessThan(60_000);
    const child = new Client(user.server, { authorization: `Bearer ${token}` });
    expect((await child.get('/users/me')).json.id).toBe(user.userId);
    expect((await user.client.get('/sessions')).json.map((session: { id: string }) => session.id)).toContain(id);
    await parent.client.post('/auth/logout');
    expect((await child.get('/users/me')).status).toBe(401);
  });

  it('refuses child sessions to API keys', async () => {
    const user = await createUser(admin, 'sessions');
    const { client } = await createKey(user, [Permission.All]);
    const reply = await client.post('/sessions', { duration: 60 });
    expect(reply.status, reply.text).toBeGreaterThanOrEqual(400);
    expect(reply.status).toBeLessThan(500);
  });
});

describe('API keys', () => {
  it('creates one with a secret that is shown once', async () => {
    const user = await createUser(admin, 'keys');
    const made = await user.client.post('/api-keys', { permissions: [Permission.AssetRead, Permission.AlbumRead] });
    expect(made.status, made.text).toBe(201);
    const { secret, apiKey } = made.json;
    expect(secret).toMatch(/^\w{36,43}$/);
    expect(apiKey).toMatchObject({ name: 'API Key', permissions: [Permission.AssetRead, Permission.AlbumRead] });
    expect(made.json).toMatchObject({ id: apiKey.id, name: apiKey.name, permissions: apiKey.permissions });
    const list = (await user.client.get('/api-keys')).json;
    expect(list).toHaveLength(1);
    expect(list[0]).toEqual(apiKey);
    expect(JSON.stringify(list)).not.toContain(secret);
    expect((await user.client.get(`/api-keys/${apiKey.id}`)).json).toEqual(apiKey);
  });

  it('needs at least one known permission', async () => {
    const user = await createUser(admin, 'keys');
    const none = await user.client.post('/api-keys', { permissions: [] });
    expect(none.json).toMatchObject({
      message: 'Validation failed',
      errors: [{ code: 'too_small', path: ['permissions'] }],
    });
    const unknown = await user.client.post('/api-keys', { permissions: ['asset.frobnicate'] });
    expect(unknown.status).toBe(400);
    expect(unknown.json.errors[0]).toMatchObject({ code: 'invalid_value', path: ['permissions', 0] });
  });

  it('accepts every permission of the SDK', async () => {
    const user = await createUser(admin, 'keys');
    const permissions = Object.values(Permission);
    const made = await user.client.post('/api-keys', { name: 'everything', permissions });
    expect(made.status, made.text).toBe(201);
    expect(made.json.apiKey.permissions.toSorted()).toEqual(permissions.toSorted());
  });

  it('lets a key do what it may and names what it lacks', async () => {
    const user = await createUser(admin, 'keys');
    const { client } = await createKey(user, [Permission.UserRead]);
    expect((await client.get('/users/me')).status).toBe(200);
    const denied = await client.get('/assets/statistics');
    expect([denied.status, denied.json]).toEqual([403, { message: 'Missing required permission: asset.statistics' }]);
    expect((await client.post('/auth/validateToken')).json).toEqual({ authStatus: true });
    const query = await new Client(user.server).get('/users/me', {
      query: { apiKey: String(client.headers['x-api-key']) },
    });
    expect(query.status, 'key in the query').toBe(200);
  });

  it('grants nothing it does not have', async () => {
    const user = await createUser(admin, 'keys');
    const { client } = await createKey(user, [
      Permission.ApiKeyCreate,
      Permission.ApiKeyUpdate,
      Permission.ApiKeyRead,
      Permission.AssetRead,
    ]);
    const allowed = await client.post('/api-keys', { permissions: [Permission.AssetRead] });
    expect(allowed.status, allowed.text).toBe(201);
    for (const permissions of [
      [Permission.AssetDelete],
      [Permission.All],
      [Permission.AssetRead, Permission.AlbumRead],
    ]) {
      const more = await client.post('/api-keys', { permissions });
      expect([more.status, more.json], permissions.join()).toEqual([
        400,
        { message: 'Cannot grant permissions you do not have' },
      ]);
    }
    const raised = await client.put(`/api-keys/${allowed.json.apiKey.id}`, { permissions: [Permission.All] });
    expect(raised.status).toBe(400);
    const { client: full } = await createKey(user, [Permission.All]);
    expect((await full.post('/api-keys', { permissions: [Permission.AssetDelete] })).status).toBe(201);
  });

  it('updates, rotates and deletes', async () => {
    const user = await createUser(admin, 'keys');
    const { id, client } = await createKey(user, [Permission.UserRead, Permission.ApiKeyRead]);
    const renamed = await user.client.put(`/api-keys/${id}`, { name: 'new name', permissions: [Permission.UserRead] });
    expect([renamed.status, renamed.json.name, renamed.json.permissions]).toEqual([
      200,
      'new name',
      [Permission.UserRead],
    ]);
    expect((await client.get('/api-keys/me')).json).toMatchObject({ id, name: 'new name' });
    expect((await user.client.get('/api-keys/me')).status, 'a session asking for its key').toBe(403);
    const rotated = await user.client.post(`/api-keys/${id}/rotate`);
    expect(rotated.status, rotated.text).toBe(201);
    expect((await client.get('/users/me')).status, 'old secret').toBe(401);
    expect((await client.with({ 'x-api-key': rotated.json.secret }).get('/users/me')).status, 'new secret').toBe(200);
    const newId = rotated.json.apiKey.id;
    expect((await user.client.delete(`/api-keys/${newId}`)).status).toBe(204);
    const gone = await user.client.get(`/api-keys/${newId}`);
    expect([gone.status, gone.json]).toEqual([400, { message: 'API Key not found' }]);
    expect((await client.with({ 'x-api-key': rotated.json.secret }).get('/users/me')).json).toEqual({
      message: 'Invalid API key',
    });
  });

  it('hides the keys of others', async () => {
    const user = await createUser(admin, 'keys');
    const stranger = await createUser(admin, 'stranger');
    const { id } = await createKey(user, [Permission.All]);
    for (const reply of [
      await stranger.client.get(`/api-keys/${id}`),
      await stranger.client.delete(`/api-keys/${id}`),
      await stranger.client.put(`/api-keys/${id}`, { name: 'x' }),
    ]) {
      expect([reply.status, reply.json]).toEqual([400, { message: 'API Key not found' }]);
    }
  });

  it('never opens admin routes to the key of an ordinary user', async () => {
    const user = await createUser(admin, 'keys');
    const { client } = await createKey(user, [Permission.All]);
    const reply = await client.get('/admin/users');
    expect([reply.status, reply.json]).toEqual([403, { message: 'Forbidden' }]);
  });
});

describe('credential precedence', () => {
  it('takes the session token before the API key, whatever either is worth', async () => {
    const first = await createUser(admin, 'first');
    const second = await createUser(admin, 'second');
    const { secret } = await createKey(second, [Permission.All]);
    const both = await new Client(first.server, { authorization: `Bearer ${first.token}`, 'x-api-key': secret }).get(
      '/users/me',
    );
    expect(both.json.id).toBe(first.userId);
    const badToken = await new Client(first.server, { authorization: 'Bearer wrong', 'x-api-key': secret }).get(
      '/users/me',
    );
    expect([badToken.status, badToken.json]).toEqual([401, { message: 'Invalid user token' }]);
  });

  it('orders the places of a session token: user header, session header, query, bearer, cookie', async () => {
    const users = await Promise.all(['one', 'two', 'three', 'four', 'five'].map((name) => createUser(admin, name)));
    const tokens = users.map((user) => user.token);
    const places = (
      from: number,
    ): { headers: Record<string, string | undefined>; query: Record<string, string | undefined> } => ({
      headers: {
        'x-immich-user-token': from <= 0 ? tokens[0] : undefined,
        'x-immich-session-token': from <= 1 ? tokens[1] : undefined,
        authorization: from <= 3 ? `Bearer ${tokens[3]}` : undefined,
        cookie: `immich_access_token=${tokens[4]}`,
      },
      query: { sessionKey: from <= 2 ? tokens[2] : undefined },
    });
    for (let i = 0; i < users.length; i++) {
      const reply = await new Client(admin.server).get('/users/me', places(i));
      expect([reply.status, reply.json.id], `place ${i}`).toEqual([200, users[i]!.userId]);
    }
  });

  it('looks at a share key first: the owner becomes a visitor', async () => {
    const reply = await admin.client.get('/timeline/buckets', { headers: { 'x-immich-share-key': 'nonsense' } });
    expect([reply.status, reply.json]).toEqual([401, { message: 'Invalid share key' }]);
    const query = await admin.client.get('/timeline/buckets', { query: { key: 'nonsense' } });
    expect([query.status, query.json]).toEqual([401, { message: 'Invalid share key' }]);
    const slug = await admin.client.get('/timeline/buckets', { query: { slug: 'nonsense' } });
    expect([slug.status, slug.json]).toEqual([401, { message: 'Invalid share slug' }]);
  });
});

describe('PIN code and the locked folder', () => {
  it('sets, changes and resets the PIN', async () => {
    const user = await createUser(admin, 'pin');
    for (const pinCode of ['12345', '1234567', 'abcdef', '']) {
      expect((await user.client.post('/auth/pin-code', { pinCode })).status, pinCode).toBe(400);
    }
    const early = await user.client.put('/auth/pin-code', { pinCode: '111111', newPinCode: '222222' });
    expect([early.status, early.json]).toEqual([400, { message: 'User does not have a PIN code' }]);
    expect((await user.client.post('/auth/pin-code', { pinCode: '123456' })).status).toBe(204);
    expect((await user.client.post('/auth/pin-code', { pinCode: '123456' })).status, 'a second time').toBe(400);
    expect((await user.client.get('/auth/status')).json).toMatchObject({ pinCode: true, isElevated: false });

    const wrong = await user.client.put('/auth/pin-code', { pinCode: '000000', newPinCode: '222222' });
    expect([wrong.status, wrong.json]).toEqual([400, { message: 'Wrong PIN code' }]);
    const neither = await user.client.put('/auth/pin-code', { newPinCode: '222222' });
    expect([neither.status, neither.json]).toEqual([400, { message: 'Either password or pinCode is required' }]);
    expect((await user.client.put('/auth/pin-code', { pinCode: '123456', newPinCode: '222222' })).status).toBe(204);
    expect(
      (await user.client.put('/auth/pin-code', { password: 'correct horse battery', newPinCode: '333333' })).status,
    ).toBe(204);
    const wrongPassword = await user.client.delete('/auth/pin-code', { password: 'wrong' });
    expect([wrongPassword.status, wrongPassword.json]).toEqual([400, { message: 'Wrong password' }]);
    expect((await user.client.delete('/auth/pin-code', { pinCode: '333333' })).status).toBe(204);
    expect((await user.client.get('/auth/status')).json).toMatchObject({ pinCode: false });
  });

  it('unlocks one session for fifteen minutes and locks it again', async () => {
    const user = await createUser(admin, 'pin');
    const other = await login(user.server, user.email);
    await user.client.post('/auth/pin-code', { pinCode: '123456' });
    const wrong = await user.client.post('/auth/session/unlock', { pinCode: '654321' });
    expect([wrong.status, wrong.json]).toEqual([400, { message: 'Wrong PIN code' }]);
    expect((await user.client.post('/auth/session/unlock', { pinCode: '123456' })).status).toBe(204);
    const status = (await user.client.get('/auth/status')).json;
    expect(status.isElevated).toBe(true);
    expect(Math.abs(Date.parse(status.pinExpiresAt) - Date.now() - 15 * 60_000)).toBeLessThan(60_000);
    expect((await other.client.get('/auth/status')).json.isElevated, 'another session').toBe(false);
    expect((await user.client.post('/auth/session/lock')).status).toBe(204);
    expect((await user.client.get('/auth/status')).json.isElevated).toBe(false);
  });

  it('locks another own session by its id', async () => {
    const user = await createUser(admin, 'pin');
    await user.client.post('/auth/pin-code', { pinCode: '123456' });
    await user.client.post('/auth/session/unlock', { pinCode: '123456' });
    const [current] = (await user.client.get('/sessions')).json;
    expect((await user.client.post(`/sessions/${current.id}/lock`)).status).toBe(204);
    expect((await user.client.get('/auth/status')).json.isElevated).toBe(false);
  });

  it('never elevates API keys', async () => {
    const user = await createUser(admin, 'pin');
    await user.client.post('/auth/pin-code', { pinCode: '123456' });
    const { client } = await createKey(user, [Permission.All]);
    for (const path of ['/auth/session/unlock', '/auth/session/lock']) {
      const reply = await client.post(path, path.endsWith('unlock') ? { pinCode: '123456' } : undefined);
      expect([reply.status, reply.json], path).toEqual([
        400,
        { message: 'This endpoint can only be used with a session token' },
      ]);
    }
  });

  it('shows the locked folder to elevated sessions only', async () => {
    const user = await createUser(admin, 'pin');
    await user.client.post('/auth/pin-code', { pinCode: '123456' });
    const id = await upload(user, await picture(), { fields: { visibility: 'locked' } });
    const routes: [string, string, unknown][] = [
      ['GET', '/timeline/buckets?visibility=locked', undefined],
      ['GET', '/timeline/bucket?timeBucket=2024-03-01&visibility=locked', undefined],
      ['GET', '/assets/statistics?visibility=locked', undefined],
      ['POST', '/search/metadata', { visibility: 'locked' }],
    ];
    for (const [method, path, body] of routes) {
      const reply = await user.client.send(method, path, { body });
      expect([reply.status, reply.json], path).toEqual([401, { message: 'Elevated permission is required' }]);
    }
    const denied = await user.client.get(`/assets/${id}`);
    expect([denied.status, denied.json]).toEqual([400, { message: 'Not found or no asset.read access' }]);
    await user.client.post('/auth/session/unlock', { pinCode: '123456' });
    for (const [method, path, body] of routes) {
      expect((await user.client.send(method, path, { body })).status, path).toBe(200);
    }
    expect((await user.client.get(`/assets/${id}`)).json.visibility).toBe('locked');
    expect((await user.client.get('/timeline/buckets', { query: { visibility: 'locked' } })).json).toEqual([
      { timeBucket: '2024-03-01', count: 1 },
    ]);
    expect((await user.client.get('/timeline/buckets')).json, 'not in the timeline').toEqual([]);
  });
});

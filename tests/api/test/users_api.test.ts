import { randomUUID } from 'node:crypto';
import { describe, expect } from 'vitest';
import { it, prepare } from '../src/api_test.ts';
import { mismatches, responseSchema } from '../src/contract.ts';
import { Client, type Json } from '../src/http_client.ts';
import { picture } from '../src/media_samples.ts';
import { waitForQueues } from '../src/queues.ts';
import { sharedFolder } from '../src/repo_paths.ts';
import { createUser, kPassword, login, type Session } from '../src/session.ts';
import { sharedAdmin } from '../src/shared_session.ts';
import { upload } from '../src/upload.ts';

let admin: Session;
prepare(() => {
  admin = sharedAdmin();
});

const kAvatarColours = ['primary', 'pink', 'red', 'yellow', 'blue', 'green', 'purple', 'orange', 'gray', 'amber'];
const defaultColour = (email: string): string =>
  kAvatarColours[[...email].reduce((sum, letter) => sum + letter.codePointAt(0)!, 0) % 10]!;
const newEmail = (): string => `user-${randomUUID().slice(0, 8)}@example.com`;

describe('my user', () => {
  it('answers with everything an owner may know', async () => {
    const user = await createUser(admin, 'Me Myself');
    const me = (await user.client.get('/users/me')).json;
    expect(me).toMatchObject({
      id: user.userId,
      email: user.email,
      name: 'Me Myself',
      isAdmin: false,
      status: 'active',
      oauthId: '',
      profileImagePath: '',
      storageLabel: null,
      quotaSizeInBytes: null,
      quotaUsageInBytes: 0,
      deletedAt: null,
      license: null,
      avatarColor: defaultColour(user.email),
    });
    expect(me).not.toHaveProperty('password');
    expect(me).not.toHaveProperty('pinCode');
    if (sharedFolder()) {
      expect(mismatches(me, responseSchema('getMyUser'))).toEqual([]);
    }
  });

  it('changes name, e-mail address and colour, through PUT and PATCH', async () => {
    const user = await createUser(admin, 'me');
    const email = newEmail();
    const changed = await user.client.put('/users/me', { name: 'Nëw', email: email.toUpperCase(), avatarColor: 'red' });
    expect([changed.status, changed.json.name, changed.json.email, changed.json.avatarColor]).toEqual([
      200,
      'Nëw',
      email,
      'red',
    ]);
    await login(user.server, email);
    expect((await user.client.patch('/users/me', { avatarColor: null })).json.avatarColor).toBe(defaultColour(email));
    const taken = await user.client.put('/users/me', { email: 'admin@example.com' });
    expect(taken.status, taken.text).toBe(400);
    for (const body of [{ email: 'no address' }, { avatarColor: 'beige' }, { name: 5 }]) {
      expect((await user.client.put('/users/me', body)).json.message, JSON.stringify(body)).toBe('Validation failed');
    }
    const admins = await user.client.put('/users/me', { isAdmin: true, quotaSizeInBytes: 1, storageLabel: 'x' });
    expect(admins.json).toMatchObject({ isAdmin: false, quotaSizeInBytes: null, storageLabel: null });
  });

  it('has preferences: defaults, deep merges, differences', async () => {
    const user = await createUser(admin, 'preferences');
    const defaults = (await user.client.get('/users/me/preferences')).json;
    expect(defaults).toMatchObject({
      albums: { defaultAssetOrder: 'desc' },
      folders: { enabled: false },
      memories: { enabled: true, duration: 5 },
      people: { enabled: true, minimumFaces: 3 },
      sharedLinks: { enabled: true },
      ratings: { enabled: false },
      tags: { enabled: false },
      emailNotifications: { enabled: true, albumInvite: true, albumUpdate: true },
      download: { archiveSize: 4 * 1024 ** 3, includeEmbeddedVideos: false },
      purchase: { showSupportBadge: true },
      cast: { gCastEnabled: false },
      recentlyAdded: { sidebarWeb: false },
    });
    const changed = await user.client.put('/users/me/preferences', {
      memories: { enabled: false },
      download: { archiveSize: 1234 },
    });
    expect([changed.status, changed.json.memories, changed.json.download]).toEqual([
      200,
      { ...defaults.memories, enabled: false },
      { archiveSize: 1234, includeEmbeddedVideos: false },
    ]);
    await user.client.patch('/users/me/preferences', { ratings: { enabled: true } });
    expect((await user.client.get('/users/me/preferences')).json).toEqual({
      ...changed.json,
      ratings: { enabled: true },
    });
    expect(
      (await user.client.put('/users/me/preferences', { download: { archiveSize: 0 } })).json.errors[0].path,
    ).toEqual(['download', 'archiveSize']);
    expect((await admin.client.get(`/admin/users/${user.userId}/preferences`)).json.memories.enabled).toBe(false);
  });

  it('has onboarding', async () => {
    const user = await createUser(admin, 'onboarding');
    expect((await user.client.get('/users/me/onboarding')).json).toEqual({ isOnboarded: false });
    expect((await user.client.put('/users/me/onboarding', { isOnboarded: true })).json).toEqual({ isOnboarded: true });
    const reply = await new Client(user.server).post('/auth/login', { email: user.email, password: kPassword });
    expect(reply.json.isOnboarded).toBe(true);
    expect((await user.client.delete('/users/me/onboarding')).status).toBe(204);
    expect((await user.client.get('/users/me/onboarding')).json).toEqual({ isOnboarded: false });
  });

  it('has no licence', async () => {
    const user = await createUser(admin, 'licence');
    expect((await user.client.get('/users/me/license')).status).toBe(404);
    const wrong = await user.client.put('/users/me/license', { licenseKey: 'nonsense', activationKey: 'x' });
    expect(wrong.json).toMatchObject({ message: 'Validation failed', errors: [{ path: ['licenseKey'] }] });
  });
});

describe('other users', () => {
  it('shows their public part', async () => {
    const [one, two] = [await createUser(admin, 'one'), await createUser(admin, 'two')];
    const seen = (await one.client.get(`/users/${two.userId}`)).json;
    expect(Object.keys(seen).toSorted()).toEqual([
      'avatarColor',
      'email',
      'id',
      'name',
      'profileChangedAt',
      'profileImagePath',
    ]);
    expect((await one.client.get('/users')).json.map(({ id }: Json) => id)).toEqual(
      expect.arrayContaining([one.userId, two.userId, admin.userId]),
    );
    expect((await one.client.get(`/users/${randomUUID()}`)).status).toBe(400);
  });
});

describe('profile images', () => {
  it('are uploaded, shown and deleted', async () => {
    const { multipart } = await import('../src/multipart_body.ts');
    const user = await createUser(admin, 'profile');
    const form = multipart([
      {
        name: 'file',
        value: await picture({ width: 300, height: 300 }),
        filename: 'me.jpg',
        contentType: 'image/jpeg',
      },
    ]);
    const reply = await user.client.post('/users/profile-image', form.body, {
      headers: { 'content-type': form.contentType },
    });
    expect(reply.status, reply.text).toBe(201);
    expect(reply.json).toMatchObject({ userId: user.userId, profileImagePath: expect.stringContaining('/profile/') });
    const image = await admin.client.get(`/users/${user.userId}/profile-image`);
    expect(image.status).toBe(200);
    expect(image.headers['content-type']).toMatch(/^image\//);
    const wrong = multipart([{ name: 'file', value: 'text', filename: 'me.txt' }]);
    expect(
      (await user.client.post('/users/profile-image', wrong.body, { headers: { 'content-type': wrong.contentType } }))
        .status,
    ).toBe(400);
    expect((await user.client.delete('/users/profile-image')).status).toBe(204);
    expect((await admin.client.get(`/users/${user.userId}/profile-image`)).status).toBeGreaterThanOrEqual(400);
  });
});

describe('administration of users', () => {
  it('creates with everything and answers in full', async () => {
    const email = newEmail();
    const reply = await admin.client.post('/admin/users', {
      email: email.toUpperCase(),
      password: kPassword,
      name: 'New',
      quotaSizeInBytes: 5000,
      shouldChangePassword: true,
      storageLabel: `La.bel-${email.slice(5, 9)}`,
      isAdmin: false,
      notify: false,
    });
    expect(reply.status, reply.text).toBe(201);
    expect(reply.json).toMatchObject({
      email,
      name: 'New',
      quotaSizeInBytes: 5000,
      shouldChangePassword: true,
      isAdmin: false,
      storageLabel: `Label-${email.slice(5, 9)}`,
    });
    expect(reply.json.clusterGroupId).toMatch(/^[0-9a-f-]{36}$/);
    if (sharedFolder()) {
      expect(mismatches(reply.json, responseSchema('createUserAdmin'))).toEqual([]);
    }
    const again = await admin.client.post('/admin/users', { email, password: kPassword, name: 'New' });
    expect(again.status, again.text).toBe(400);
    const label = await admin.client.post('/admin/users', {
      email: newEmail(),
      password: kPassword,
      name: 'New',
      storageLabel: reply.json.storageLabel,
    });
    expect(label.status, label.text).toBe(400);
  });

  it('validates', async () => {
    const good = { email: newEmail(), password: kPassword, name: 'x' };
    for (const [change, path] of [
      [{ email: 'x' }, 'email'],
      [{ name: undefined }, 'name'],
      [{ password: undefined }, 'password'],
      [{ quotaSizeInBytes: -1 }, 'quotaSizeInBytes'],
      [{ avatarColor: 'x' }, 'avatarColor'],
      [{ pinCode: '12' }, 'pinCode'],
    ] as [Json, string][]) {
      const reply = await admin.client.post('/admin/users', { ...good, ...change });
      expect([reply.status, reply.json.message, reply.json.errors?.[0]?.path], path).toEqual([
        400,
        'Validation failed',
        [path],
      ]);
    }
  });

  it('reads, lists and updates', async () => {
    const user = await createUser(admin, 'managed');
    expect((await admin.client.get(`/admin/users/${user.userId}`)).json.email).toBe(user.email);
    expect((await admin.client.get('/admin/users')).json.map(({ id }: Json) => id)).toContain(user.userId);
    const reply = await admin.client.put(`/admin/users/${user.userId}`, {
      name: 'Renamed',
      quotaSizeInBytes: 77,
      password: 'new password 1',
      pinCode: '123456',
      storageLabel: '',
    });
    expect([reply.status, reply.json.name, reply.json.quotaSizeInBytes, reply.json.storageLabel], reply.text).toEqual([
      200,
      'Renamed',
      77,
      null,
    ]);
    const again = await login(user.server, user.email, 'new password 1');
    expect((await again.client.get('/auth/status')).json.pinCode).toBe(true);
    expect((await admin.client.get(`/admin/users/${randomUUID()}`)).status).toBe(400);
    expect((await admin.client.get(`/admin/users/${user.userId}/sessions`)).json.length).toBeGreaterThan(0);
    expect((await admin.client.get(`/admin/users/${user.userId}/statistics`)).json).toEqual({
      images: 0,
      videos: 0,
      total: 0,
    });
  });

  it('forbids all of it to others', async () => {
    const user = await createUser(admin, 'user');
    for (const [method, path] of [
      ['GET', ''],
      ['POST', ''],
      ['GET', `/${admin.userId}`],
      ['PUT', `/${admin.userId}`],
      ['DELETE', `/${admin.userId}`],
      ['POST', `/${admin.userId}/restore`],
    ] as const) {
      const reply = await user.client.send(method, `/admin/users${path}`, { body: method === 'GET' ? undefined : {} });
      expect([reply.status, reply.json], `${method} ${path}`).toEqual([403, { message: 'Forbidden' }]);
    }
  });

  it('deletes softly, restores, and deletes for good', async () => {
    const user = await createUser(admin, 'leaving');
    const id = await upload(user, await picture());
    await waitForQueues(admin);
    const deleted = await admin.client.delete(`/admin/users/${user.userId}`, {});
    expect([deleted.status, deleted.json.status], deleted.text).toEqual([200, 'deleted']);
    expect((await user.client.get('/users/me')).status, 'its sessions').toBe(401);
    expect((await new Client(user.server).post('/auth/login', { email: user.email, password: kPassword })).status).toBe(
      401,
    );
    expect((await admin.client.get('/admin/users')).json.map(({ id }: Json) => id)).not.toContain(user.userId);
    expect(
      (await admin.client.get('/admin/users', { query: { withDeleted: 'true' } })).json.map(({ id }: Json) => id),
    ).toContain(user.userId);
    const restored = await admin.client.post(`/admin/users/${user.userId}/restore`);
    expect([restored.status, restored.json.status, restored.json.deletedAt], restored.text).toEqual([
      200,
      'active',
      null,
    ]);
    const again = await login(user.server, user.email);
    expect((await again.client.get(`/assets/${id}`)).status).toBe(200);

    const forced = await admin.client.delete(`/admin/users/${user.userId}`, { force: true });
    expect([forced.status, forced.json.status]).toEqual([200, 'removing']);
    await waitForQueues(admin);
    expect(
      (await admin.client.get('/admin/users', { query: { withDeleted: 'true' } })).json.map(({ id }: Json) => id),
    ).not.toContain(user.userId);
  });

  it('never deletes the admin who asks', async () => {
    const reply = await admin.client.delete(`/admin/users/${admin.userId}`, {});
    expect(reply.status, reply.text).toBe(403);
  });
});

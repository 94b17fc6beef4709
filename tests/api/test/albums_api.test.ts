import { randomUUID } from 'node:crypto';
import { describe, expect } from 'vitest';
import { it, prepare } from '../src/api_test.ts';
import { mismatches, responseSchema } from '../src/contract.ts';
import { EventStream } from '../src/event_stream.ts';
import type { Json } from '../src/http_client.ts';
import { picture, withTags } from '../src/media_samples.ts';
import { waitForQueues } from '../src/queues.ts';
import { sharedFolder } from '../src/repo_paths.ts';
import { createUser, type Session } from '../src/session.ts';
import { sharedAdmin } from '../src/shared_session.ts';
import { upload } from '../src/upload.ts';

let admin: Session;
let owner: Session;
let editor: Session;
let viewer: Session;
let stranger: Session;
let photos: string[];

prepare(async () => {
  admin = sharedAdmin();
  [owner, editor, viewer, stranger] = (await Promise.all(
    ['owner', 'editor', 'viewer', 'stranger'].map((name) => createUser(admin, name)),
  )) as [Session, Session, Session, Session];
  photos = [];
  for (const date of ['2021:01:01 10:00:00', '2022:06:15 10:00:00', '2023:12:31 10:00:00']) {
    photos.push(await upload(owner, await withTags(await picture(), { DateTimeOriginal: date })));
  }
  await waitForQueues(admin);
});

const create = async (body: Json = {}, session = owner): Promise<Json> => {
  const reply = await session.client.post('/albums', { albumName: 'album', ...body });
  expect(reply.status, reply.text).toBe(201);
  return reply.json;
};
const shared = (extra: Json = {}): Promise<Json> =>
  create({
    albumUsers: [
      { userId: editor.userId, role: 'editor' },
      { userId: viewer.userId, role: 'viewer' },
    ],
    assetIds: photos,
    ...extra,
  });

describe('create and read', () => {
  it('creates an empty album', async () => {
    const album = await create({ albumName: 'Ümläut & <b>', description: 'words' });
    expect(album).toMatchObject({
      albumName: 'Ümläut & <b>',
      description: 'words',
      assetCount: 0,
      shared: false,
      hasSharedLink: false,
      isActivityEnabled: true,
      order: 'desc',
      albumThumbnailAssetId: null,
    });
    expect(album.albumUsers).toEqual([
      { role: 'owner', user: expect.objectContaining({ id: owner.userId, email: owner.email }) },
    ]);
    expect(album).not.toHaveProperty('ownerId');
    expect(album).not.toHaveProperty('assets');
    if (sharedFolder()) {
      expect(mismatches(album, responseSchema('createAlbum'))).toEqual([]);
    }
    expect((await owner.client.get(`/albums/${album.id}`)).json).toMatchObject({
      id: album.id,
      albumName: album.albumName,
    });
  });

  it('takes assets and members along and knows dates and cover', async () => {
    const { id } = await shared();
    const album = (await owner.client.get(`/albums/${id}`)).json;
    expect(album).toMatchObject({
      assetCount: 3,
      shared: true,
      startDate: '2021-01-01T10:00:00.000Z',
      endDate: '2023-12-31T10:00:00.000Z',
    });
    expect(photos).toContain(album.albumThumbnailAssetId);
    expect(album.lastModifiedAssetTimestamp).toEqual(expect.any(String));
    expect(album.albumUsers.map(({ user, role }: Json) => [user.id, role])).toEqual([
      [owner.userId, 'owner'],
      [editor.userId, 'editor'],
      [viewer.userId, 'viewer'],
    ]);
    expect(album.contributorCounts).toEqual([{ userId: owner.userId, assetCount: 3 }]);
    const seen = (await viewer.client.get(`/albums/${id}`)).json;
    expect(
      seen.albumUsers.map(({ user }: Json) => user.id),
      'owner, then me, then the others',
    ).toEqual([owner.userId, viewer.userId, editor.userId]);
  });

  it('skips assets that may not be added and refuses unknown members', async () => {
    const foreign = await upload(stranger, await picture());
    const album = await create({ assetIds: [photos[0], foreign] });
    expect((await owner.client.get(`/albums/${album.id}`)).json.assetCount).toBe(1);
    const reply = await owner.client.post('/albums', {
      albumName: 'x',
      albumUsers: [{ userId: randomUUID(), role: 'editor' }],
    });
    expect(reply.status, reply.text).toBe(400);
  });

  it('validates', async () => {
    for (const [body, path] of [
      [{}, ['albumName']],
      [{ albumName: 1 }, ['albumName']],
      [{ albumName: 'x', assetIds: ['y'] }, ['assetIds', 0]],
      [{ albumName: 'x', albumUsers: [{ userId: owner.userId, role: 'god' }] }, ['albumUsers', 0, 'role']],
    ] as [Json, Json][]) {
      const reply = await owner.client.post('/albums', body);
      expect([reply.status, reply.json.message, reply.json.errors?.[0]?.path], JSON.stringify(body)).toEqual([
        400,
        'Validation failed',
        path,
      ]);
    }
  });

  it('lists by ownership, sharing, asset, id and name', async () => {
    const [one, two] = [await createUser(admin, 'lister'), await createUser(admin, 'lister')];
    const asset = await upload(one, await picture());
    const own = await create({ albumName: 'own', assetIds: [asset] }, one);
    const given = await create({ albumName: 'given', albumUsers: [{ userId: two.userId, role: 'viewer' }] }, one);
    const received = await create({ albumName: 'received', albumUsers: [{ userId: one.userId, role: 'editor' }] }, two);
    const list = async (query: Record<string, string> = {}): Promise<string[]> => {
      const reply = await one.client.get('/albums', { query });
      expect(reply.status, reply.text).toBe(200);
      return reply.json.map(({ albumName }: Json) => albumName);
    };
    expect(await list(), 'newest first').toEqual(['received', 'given', 'own']);
    expect(await list({ isOwned: 'true' })).toEqual(['given', 'own']);
    expect(await list({ isOwned: 'false' })).toEqual(['received']);
    expect(await list({ isShared: 'true' })).toEqual(['received', 'given']);
    expect(await list({ isShared: 'false' })).toEqual(['own']);
    expect(await list({ isOwned: 'true', isShared: 'true' })).toEqual(['given']);
    expect(await list({ assetId: asset })).toEqual(['own']);
    expect(await list({ id: given.id })).toEqual(['given']);
    expect(await list({ name: 'own' })).toEqual(['own']);
    expect(await list({ name: 'ow' })).toEqual([]);
    expect((await one.client.get('/albums/statistics')).json).toEqual({ owned: 2, shared: 2, notShared: 1 });
    const [entry] = (await one.client.get('/albums', { query: { id: own.id } })).json;
    expect(entry).toMatchObject({ assetCount: 1, albumThumbnailAssetId: asset });
    expect(received.id).toBeTruthy();
  });
});

describe('rights', () => {
  it('shows members the album and strangers nothing', async () => {
    const { id } = await shared();
    for (const member of [owner, editor, viewer]) {
      expect((await member.client.get(`/albums/${id}`)).status).toBe(200);
      expect((await member.client.get(`/assets/${photos[0]}/thumbnail`)).status).toBe(200);
      expect((await member.client.get(`/assets/${photos[0]}/original`)).status).toBe(200);
    }
    for (const outsider of [stranger, admin]) {
      const reply = await outsider.client.get(`/albums/${id}`);
      expect([reply.status, reply.json]).toEqual([400, { message: 'Not found or no album.read access' }]);
      expect((await outsider.client.get(`/assets/${photos[0]}/thumbnail`)).status).toBe(400);
    }
    expect((await viewer.client.get(`/assets/${photos[0]}`)).json.isFavorite).toBe(false);
  });

  it('lets owner and editor change it, only the owner delete it', async () => {
    const { id } = await shared();
    const changed = await editor.client.patch(`/albums/${id}`, {
      albumName: 'by editor',
      description: 'd',
      order: 'asc',
      isActivityEnabled: false,
    });
    expect([changed.status, changed.json.albumName, changed.json.order, changed.json.isActivityEnabled]).toEqual([
      200,
      'by editor',
      'asc',
      false,
    ]);
    const denied = await viewer.client.patch(`/albums/${id}`, { albumName: 'by viewer' });
    expect([denied.status, denied.json]).toEqual([400, { message: 'Not found or no album.update access' }]);
    for (const member of [editor, viewer]) {
      const reply = await member.client.delete(`/albums/${id}`);
      expect([reply.status, reply.json]).toEqual([400, { message: 'Not found or no album.delete access' }]);
    }
    expect((await owner.client.delete(`/albums/${id}`)).status).toBe(204);
    expect((await owner.client.get(`/albums/${id}`)).status).toBe(400);
    expect((await owner.client.get(`/assets/${photos[0]}`)).status, 'the assets stay').toBe(200);
  });

  it('accepts a cover from the album only', async () => {
    const { id } = await create({ assetIds: photos.slice(0, 2) });
    const good = await owner.client.patch(`/albums/${id}`, { albumThumbnailAssetId: photos[1] });
    expect([good.status, good.json.albumThumbnailAssetId]).toEqual([200, photos[1]]);
    const bad = await owner.client.patch(`/albums/${id}`, { albumThumbnailAssetId: photos[2] });
    expect([bad.status, bad.json]).toEqual([400, { message: 'Invalid album thumbnail' }]);
  });
});

describe('assets of an album', () => {
  it('reports each id', async () => {
    const { id } = await create({ assetIds: [photos[0]] });
    const foreign = await upload(stranger, await picture());
    const absent = randomUUID();
    const added = await owner.client.put(`/albums/${id}/assets`, { ids: [photos[0], photos[1], foreign, absent] });
    expect(added.status).toBe(200);
    expect(added.json).toEqual([
      { id: photos[0], success: false, error: 'duplicate' },
      { id: photos[1], success: true },
      { id: foreign, success: false, error: 'no_permission' },
      { id: absent, success: false, error: 'no_permission' },
    ]);
    const removed = await owner.client.delete(`/albums/${id}/assets`, { ids: [photos[1], photos[2]] });
    expect(removed.json).toEqual([
      { id: photos[1], success: true },
      { id: photos[2], success: false, error: 'not_found' },
    ]);
    expect((await owner.client.get(`/albums/${id}`)).json.assetCount).toBe(1);
  });

  it('lets editors add their own and remove only their own, owners remove any', async () => {
    const { id } = await shared();
    const own = await upload(editor, await picture());
    expect((await editor.client.put(`/albums/${id}/assets`, { ids: [own] })).json).toEqual([
      { id: own, success: true },
    ]);
    expect((await owner.client.get(`/assets/${own}`)).status, 'the owner sees it').toBe(200);
    const counts = (await owner.client.get(`/albums/${id}`)).json.contributorCounts;
    expect(counts.toSorted((a: Json, b: Json) => b.assetCount - a.assetCount)).toEqual([
      { userId: owner.userId, assetCount: 3 },
      { userId: editor.userId, assetCount: 1 },
    ]);
    expect((await editor.client.delete(`/albums/${id}/assets`, { ids: [photos[0]] })).json).toMatchObject([
      { success: false, error: 'no_permission' },
    ]);
    expect((await viewer.client.put(`/albums/${id}/assets`, { ids: [own] })).status).toBe(400);
    expect((await owner.client.delete(`/albums/${id}/assets`, { ids: [own] })).json).toEqual([
      { id: own, success: true },
    ]);
    expect((await owner.client.get(`/assets/${own}`)).status, 'and no longer').toBe(400);
  });

  it('adds to several albums at once', async () => {
    const [one, two] = [await create(), await create()];
    const reply = await owner.client.put('/albums/assets', { albumIds: [one.id, two.id], assetIds: photos });
    expect([reply.status, reply.json]).toEqual([200, { success: true }]);
    expect((await owner.client.get(`/albums/${two.id}`)).json.assetCount).toBe(3);
    const again = await owner.client.put('/albums/assets', { albumIds: [one.id, two.id], assetIds: photos });
    expect([again.status, again.json]).toEqual([200, { success: false, error: 'duplicate' }]);
  });

  it('repairs the cover when it is removed', async () => {
    const { id } = await create({ assetIds: photos });
    const { albumThumbnailAssetId: cover } = (await owner.client.get(`/albums/${id}`)).json;
    await owner.client.delete(`/albums/${id}/assets`, { ids: [cover] });
    const list = (await owner.client.get('/albums', { query: { id } })).json;
    expect(photos.filter((photo) => photo !== cover)).toContain(list[0].albumThumbnailAssetId);
  });

  it('takes a thousand assets in one call', async () => {
    const { id } = await create();
    const many = Array.from({ length: 1000 }, () => randomUUID());
    const reply = await owner.client.put(`/albums/${id}/assets`, { ids: [...many, photos[0]] });
    expect(reply.json.filter(({ success }: Json) => success)).toEqual([{ id: photos[0], success: true }]);
    expect(reply.json).toHaveLength(1001);
  });

  it('tells the members', async () => {
    const { id } = await shared({ assetIds: [] });
    const events = await EventStream.connect(viewer);
    await owner.client.put(`/albums/${id}/assets`, { ids: [photos[0]] });
    expect(await events.next('on_album_update')).toEqual([id]);
    events.close();
  });
});

describe('members of an album', () => {
  it('adds with editor as the default role and skips members', async () => {
    const { id } = await create();
    const reply = await owner.client.put(`/albums/${id}/users`, {
      albumUsers: [{ userId: editor.userId }, { userId: viewer.userId, role: 'viewer' }],
    });
    expect(reply.status, reply.text).toBe(200);
    expect(reply.json.albumUsers.map(({ user, role }: Json) => [user.id, role])).toEqual([
      [owner.userId, 'owner'],
      [editor.userId, 'editor'],
      [viewer.userId, 'viewer'],
    ]);
    expect(
      (await owner.client.put(`/albums/${id}/users`, { albumUsers: [{ userId: editor.userId, role: 'viewer' }] }))
        .status,
    ).toBe(200);
    const album = (await owner.client.get(`/albums/${id}`)).json;
    expect(album.albumUsers.find(({ user }: Json) => user.id === editor.userId).role, 'silently skipped').toBe(
      'editor',
    );
  });

  it('refuses a second owner, strangers to the server and empty lists', async () => {
    const { id } = await create();
    const second = await owner.client.put(`/albums/${id}/users`, {
      albumUsers: [{ userId: editor.userId, role: 'owner' }],
    });
    expect([second.status, second.json]).toEqual([400, { message: 'Cannot add another owner' }]);
    const unknown = await owner.client.put(`/albums/${id}/users`, { albumUsers: [{ userId: randomUUID() }] });
    expect([unknown.status, unknown.json]).toEqual([400, { message: 'Invalid user' }]);
    expect((await owner.client.put(`/albums/${id}/users`, { albumUsers: [] })).status).toBe(400);
    expect((await viewer.client.put(`/albums/${id}/users`, { albumUsers: [{ userId: viewer.userId }] })).status).toBe(
      400,
    );
  });

  it('changes roles but not the owner’s', async () => {
    const { id } = await shared();
    expect((await owner.client.put(`/albums/${id}/user/${viewer.userId}`, { role: 'editor' })).status).toBe(204);
    expect((await viewer.client.patch(`/albums/${id}`, { description: 'now I may' })).status).toBe(200);
    const reply = await owner.client.put(`/albums/${id}/user/${owner.userId}`, { role: 'viewer' });
    expect([reply.status, reply.json]).toEqual([400, { message: 'User is owner' }]);
  });

  it('lets members leave and the owner remove them, but not the owner leave', async () => {
    const { id } = await shared();
    expect((await viewer.client.delete(`/albums/${id}/user/me`)).status).toBe(204);
    expect((await viewer.client.get(`/albums/${id}`)).status).toBe(400);
    expect((await owner.client.delete(`/albums/${id}/user/${editor.userId}`)).status).toBe(204);
    expect((await editor.client.get(`/albums/${id}`)).status).toBe(400);
    expect((await owner.client.delete(`/albums/${id}/user/me`)).status).toBe(400);
    expect((await owner.client.get(`/albums/${id}`)).json.shared).toBe(false);
  });
});

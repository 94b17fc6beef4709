import { randomUUID } from 'node:crypto';
import { existsSync } from 'node:fs';
import { unzipSync } from 'fflate';
import { describe, expect } from 'vitest';
import { it, prepare } from '../src/api_test.ts';
import { EventStream } from '../src/event_stream.ts';
import { type Json, type Reply, sha1Hex } from '../src/http_client.ts';
import { clip, picture } from '../src/media_samples.ts';
import { waitForQueues } from '../src/queues.ts';
import { createUser, type Session } from '../src/session.ts';
import { sharedAdmin } from '../src/shared_session.ts';
import { upload } from '../src/upload.ts';

let admin: Session;
prepare(() => {
  admin = sharedAdmin();
});

const get = async (session: Session, id: string): Promise<Json> => (await session.client.get(`/assets/${id}`)).json;
const total = async (session: Session, query = {}): Promise<number> =>
  (await session.client.get('/assets/statistics', { query })).json.total;

describe('trash', () => {
  it('moves assets to the trash and back, telling the owner', async () => {
    const user = await createUser(admin, 'trash');
    const events = await EventStream.connect(user);
    const ids = [
      await upload(user, await picture()),
      await upload(user, await picture()),
      await upload(user, await picture()),
    ];
    const reply = await user.client.delete('/assets', { ids: ids.slice(0, 2) });
    expect([reply.status, reply.text]).toEqual([204, '']);
    const [trashed] = await events.next('on_asset_trash');
    expect([trashed].flat().toSorted()).toEqual(ids.slice(0, 2).toSorted());
    expect(await get(user, ids[0]!)).toMatchObject({ isTrashed: true });
    expect(await total(user, { isTrashed: 'true' })).toBe(2);
    expect(await total(user, { isTrashed: 'false' })).toBe(1);

    expect((await user.client.post('/trash/restore/assets', { ids: [ids[0]] })).json).toEqual({ count: 1 });
    expect((await events.next('on_asset_restore'))[0]).toEqual([ids[0]]);
    expect((await get(user, ids[0]!)).isTrashed).toBe(false);
    const all = await user.client.post('/trash/restore');
    expect([all.status, all.json]).toEqual([200, { count: 1 }]);
    expect((await user.client.post('/trash/restore')).json).toEqual({ count: 0 });
    expect(await total(user, { isTrashed: 'true' })).toBe(0);
    events.close();
  });

  it('empties the trash: rows, files and quota go', async () => {
    const user = await createUser(admin, 'trash');
    const bytes = await picture();
    const gone = await upload(user, bytes);
    const kept = await upload(user, await picture());
    await waitForQueues(admin);
    const { originalPath } = await get(user, gone);
    const events = await EventStream.connect(user);
    await user.client.delete('/assets', { ids: [gone] });
    expect(existsSync(originalPath), 'still there while in the trash').toBe(true);
    const reply = await user.client.post('/trash/empty');
    expect([reply.status, reply.json]).toEqual([200, { count: 1 }]);
    expect(await events.next('on_asset_delete')).toEqual([gone]);
    await waitForQueues(admin);
    expect((await user.client.get(`/assets/${gone}`)).status).toBe(400);
    expect(existsSync(originalPath)).toBe(false);
    expect((await user.client.get('/users/me')).json.quotaUsageInBytes).toBe(
      (await user.client.get(`/assets/${kept}/original`)).bytes.length,
    );
    expect(
      (await user.client.post('/assets/bulk-upload-check', { assets: [{ id: 'x', checksum: sha1Hex(bytes) }] })).json
        .results[0].action,
    ).toBe('accept');
    await upload(user, bytes);
    events.close();
  });

  it('deletes at once with force', async () => {
    const user = await createUser(admin, 'trash');
    const id = await upload(user, await picture());
    await waitForQueues(admin);
    const { originalPath } = await get(user, id);
    expect((await user.client.delete('/assets', { ids: [id], force: true })).status).toBe(204);
    await waitForQueues(admin);
    expect((await user.client.get(`/assets/${id}`)).status).toBe(400);
    expect(existsSync(originalPath)).toBe(false);
  });

  it('touches nobody else’s assets', async () => {
    const [user, stranger] = [await createUser(admin, 'trash'), await createUser(admin, 'stranger')];
    const id = await upload(user, await picture());
    const denied = await stranger.client.delete('/assets', { ids: [id] });
    expect([denied.status, denied.json]).toEqual([400, { message: 'Not found or no asset.delete access' }]);
    await user.client.delete('/assets', { ids: [id] });
    expect((await stranger.client.post('/trash/empty')).json).toEqual({ count: 0 });
    const restore = await stranger.client.post('/trash/restore/assets', { ids: [id] });
    expect(restore.status, restore.text).toBe(400);
    expect((await get(user, id)).isTrashed).toBe(true);
    expect((await user.client.delete('/assets', { ids: [randomUUID()] })).status).toBe(400);
    expect((await user.client.delete('/assets', { ids: ['x'] })).json.errors[0].path).toEqual(['ids', 0]);
    expect((await user.client.delete('/assets', { ids: [] })).status).toBeLessThan(500);
  });
});

/** Names and contents of a zip; every entry must be stored, not deflated. */
function unzip(reply: Reply): Record<string, Buffer> {
  expect(reply.status, reply.status === 200 ? '' : reply.text).toBe(200);
  expect(reply.headers['content-type']).toBe('application/octet-stream');
  const methods: number[] = [];
  const entries = unzipSync(reply.bytes, {
    filter: (file) => {
      methods.push(file.compression);
      return true;
    },
  });
  expect(
    methods.every((method) => method === 0),
    'stored',
  ).toBe(true);
  return Object.fromEntries(Object.entries(entries).map(([name, bytes]) => [name, Buffer.from(bytes)]));
}

describe('download', () => {
  it('packs originals with unique names', async () => {
    const user = await createUser(admin, 'download');
    const pictures: Buffer[] = [];
    const ids: string[] = [];
    for (const name of ['same.jpg', 'same.jpg', 'same.jpg', 'other ü 東京.jpg']) {
      pictures.push(await picture());
      ids.push(await upload(user, pictures.at(-1)!, { name }));
    }
    const reply = await user.client.post('/download/archive', { assetIds: ids });
    expect(reply.headers['transfer-encoding']).toBe('chunked');
    const entries = unzip(reply);
    expect(Object.keys(entries).toSorted()).toEqual(['other ü 東京.jpg', 'same+1.jpg', 'same+2.jpg', 'same.jpg']);
    expect(new Set(Object.values(entries).map((bytes) => sha1Hex(bytes)))).toEqual(
      new Set(pictures.map((bytes) => sha1Hex(bytes))),
    );
  });

  it('packs a large file intact', async () => {
    const user = await createUser(admin, 'download');
    const bytes = Buffer.concat([await picture(), Buffer.alloc(20 << 20, 'pattern')]);
    const id = await upload(user, bytes, { name: 'large.jpg' });
    const entries = unzip(await user.client.post('/download/archive', { assetIds: [id] }));
    expect(sha1Hex(entries['large.jpg']!)).toBe(sha1Hex(bytes));
  });

  it('plans archives by size', async () => {
    const user = await createUser(admin, 'download');
    const pictures = [await picture(), await picture(), await picture()];
    const ids: string[] = [];
    for (const bytes of pictures) {
      ids.push(await upload(user, bytes));
    }
    await waitForQueues(admin);
    const sizes = pictures.map(({ length }) => length);
    const sum = sizes.reduce((a, b) => a + b, 0);
    const whole = await user.client.post('/download/info', { assetIds: ids });
    expect(whole.status, whole.text).toBe(201);
    expect(whole.json.totalSize).toBe(sum);
    expect(whole.json.archives).toHaveLength(1);
    expect(whole.json.archives[0].assetIds.toSorted()).toEqual(ids.toSorted());
    // An archive is closed once its size exceeds the target: the file that overflows stays in it.
    const split = (await user.client.post('/download/info', { assetIds: ids, archiveSize: 1 })).json;
    expect(split.archives.map(({ assetIds }: Json) => assetIds.length)).toEqual([1, 1, 1]);
    expect(split.totalSize).toBe(sum);
    const two = (await user.client.post('/download/info', { assetIds: ids, archiveSize: Math.max(...sizes) + 1 })).json;
    expect(two.archives.map(({ assetIds }: Json) => assetIds.length)).toEqual([2, 1]);
    expect((await user.client.post('/download/info', { userId: user.userId })).json.totalSize).toBe(sum);
    const album = (await user.client.post('/albums', { albumName: 'd', assetIds: ids.slice(0, 2) })).json;
    expect(
      (await user.client.post('/download/info', { albumId: album.id })).json.archives[0].assetIds.toSorted(),
    ).toEqual(ids.slice(0, 2).toSorted());
  });

  it('adds the video of a live photo', async () => {
    const user = await createUser(admin, 'download');
    const video = await upload(user, await clip(), { name: 'live.mov' });
    const still = await upload(user, await picture(), { name: 'live.jpg', fields: { livePhotoVideoId: video } });
    await waitForQueues(admin);
    const { archives } = (await user.client.post('/download/info', { assetIds: [still] })).json;
    expect(archives.flatMap(({ assetIds }: Json) => assetIds).toSorted()).toEqual([still, video].toSorted());
  });

  it('gives strangers nothing', async () => {
    const [user, stranger] = [await createUser(admin, 'download'), await createUser(admin, 'stranger')];
    const mine = await upload(user, await picture());
    const theirs = await upload(stranger, await picture());
    for (const path of ['/download/archive', '/download/info']) {
      const reply = await stranger.client.post(path, { assetIds: [theirs, mine] });
      expect([reply.status, reply.json], path).toEqual([400, { message: 'Not found or no asset.download access' }]);
    }
    expect((await stranger.client.post('/download/info', { userId: user.userId })).status).toBe(400);
    expect((await user.client.post('/download/info', {})).status).toBe(400);
    expect((await user.client.post('/download/archive', { assetIds: 'all' })).json.errors[0].path).toEqual([
      'assetIds',
    ]);
  });

  it('survives a client that hangs up in the middle', async () => {
    const { RawConnection } = await import('../src/raw_connection.ts');
    const user = await createUser(admin, 'download');
    const id = await upload(user, Buffer.concat([await picture(), Buffer.alloc(32 << 20, 'x')]), { name: 'big.jpg' });
    for (let round = 0; round < 5; round++) {
      const connection = await RawConnection.open(user.server);
      const body = JSON.stringify({ assetIds: [id] });
      await connection.write(
        `POST /api/download/archive HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer ${user.token}\r\nContent-Type: application/json\r\nContent-Length: ${body.length}\r\n\r\n${body}`,
      );
      await new Promise((resolve) => connection.socket.once('data', resolve));
      connection.destroy();
    }
    expect((await user.client.get('/server/ping')).status).toBe(200);
  });
});

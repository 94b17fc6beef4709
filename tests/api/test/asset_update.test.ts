import { randomUUID } from 'node:crypto';
import { existsSync } from 'node:fs';
import { describe, expect } from 'vitest';
import { it, prepare } from '../src/api_test.ts';
import { EventStream } from '../src/event_stream.ts';
import { sha1Base64 } from '../src/http_client.ts';
import { clip, exiftoolTags, picture, withTags } from '../src/media_samples.ts';
import { waitForQueues } from '../src/queues.ts';
import { createUser, type Session } from '../src/session.ts';
import { sharedAdmin } from '../src/shared_session.ts';
import { tryUpload, upload } from '../src/upload.ts';

let admin: Session;
let user: Session;
let stranger: Session;
prepare(async () => {
  admin = sharedAdmin();
  user = await createUser(admin, 'assets');
  stranger = await createUser(admin, 'stranger');
});

const get = async (id: string, session = user) => (await session.client.get(`/assets/${id}`)).json;

describe('GET /assets/:id', () => {
  it('answers 400 for what is absent or another user’s', async () => {
    const id = await upload(user, await picture());
    for (const [session, target] of [
      [user, randomUUID()],
      [stranger, id],
      [admin, id],
    ] as const) {
      const reply = await session.client.get(`/assets/${target}`);
      expect([reply.status, reply.json]).toEqual([400, { message: 'Not found or no asset.read access' }]);
    }
  });

  it('answers 400 with the issue for an id that is no UUID v4', async () => {
    for (const id of [
      'not-a-uuid',
      '0',
      '00000000-0000-0000-0000-000000000000',
      '018f2f6e-7d3a-7000-8000-000000000000',
      `${randomUUID()}x`,
    ]) {
      const reply = await user.client.get(`/assets/${id}`);
      expect(reply.status, id).toBe(400);
      expect(reply.json).toEqual({
        message: 'Validation failed',
        errors: [
          {
            origin: 'string',
            code: 'invalid_format',
            format: 'uuid',
            pattern: '/^([0-9a-fA-F]{8}-[0-9a-fA-F]{4}-4[0-9a-fA-F]{3}-[89abAB][0-9a-fA-F]{3}-[0-9a-fA-F]{12})$/',
            path: ['id'],
            message: 'Invalid UUID',
          },
        ],
      });
    }
  });

  it('accepts upper-case UUIDs', async () => {
    const id = await upload(user, await picture());
    expect((await user.client.get(`/assets/${id.toUpperCase()}`)).json.id).toBe(id);
  });
});

describe('PUT /assets/:id', () => {
  it('changes favourite, visibility and description', async () => {
    const id = await upload(user, await picture());
    await waitForQueues(admin);
    const favourite = await user.client.put(`/assets/${id}`, { isFavorite: true });
    expect([favourite.status, favourite.json.isFavorite]).toEqual([200, true]);
    const archived = await user.client.put(`/assets/${id}`, { visibility: 'archive' });
    expect(archived.json).toMatchObject({ visibility: 'archive', isArchived: true, isFavorite: true });
    const described = await user.client.put(`/assets/${id}`, { description: 'Grüße <b>&</b> "quotes" 🏔️' });
    expect(described.json.exifInfo.description).toBe('Grüße <b>&</b> "quotes" 🏔️');
    expect((await get(id)).exifInfo.description).toBe('Grüße <b>&</b> "quotes" 🏔️');
  });

  it('works as PATCH as well', async () => {
    const id = await upload(user, await picture());
    const reply = await user.client.patch(`/assets/${id}`, { isFavorite: true });
    expect([reply.status, reply.json.isFavorite]).toEqual([200, true]);
  });

  it('knows the rules of ratings', async () => {
    const id = await upload(user, await picture());
    await waitForQueues(admin);
    for (const rating of [1, 5, -1, null, 3]) {
      const reply = await user.client.put(`/assets/${id}`, { rating });
      expect(reply.status, `${rating}: ${reply.summary}`).toBe(200);
      if (rating !== -1) {
        expect(reply.json.exifInfo.rating).toBe(rating);
      }
    }
    for (const rating of [0, 6, -2, 2.5, '3', true]) {
      const reply = await user.client.put(`/assets/${id}`, { rating });
      expect([reply.status, reply.json.message], String(rating)).toEqual([400, 'Validation failed']);
      expect(reply.json.errors[0].path).toEqual(['rating']);
    }
    expect((await get(id)).exifInfo.rating).toBe(3);
  });

  it('takes both coordinates or none, within the globe', async () => {
    const id = await upload(user, await picture());
    await waitForQueues(admin);
    const both = await user.client.put(`/assets/${id}`, { latitude: -33.8568, longitude: 151.2153 });
    expect(both.status, both.text).toBe(200);
    for (const body of [
      { latitude: 1 },
      { longitude: 1 },
      { latitude: 90.1, longitude: 0 },
      { latitude: 0, longitude: -180.1 },
      { latitude: 'x', longitude: 0 },
    ]) {
      const reply = await user.client.put(`/assets/${id}`, body);
      expect([reply.status, reply.json.message], JSON.stringify(body)).toEqual([400, expect.any(String)]);
    }
    await waitForQueues(admin);
    const { exifInfo } = await get(id);
    expect(exifInfo.latitude).toBeCloseTo(-33.8568, 4);
    expect(exifInfo.longitude).toBeCloseTo(151.2153, 4);
  });

  it('moves the date with its wall clock', async () => {
    const id = await upload(user, await picture());
    await waitForQueues(admin);
    const reply = await user.client.put(`/assets/${id}`, { dateTimeOriginal: '2020-05-06T07:08:09.000+02:00' });
    expect(reply.status, reply.text).toBe(200);
    await waitForQueues(admin);
    expect(await get(id)).toMatchObject({
      localDateTime: '2020-05-06T07:08:09.000Z',
      fileCreatedAt: '2020-05-06T05:08:09.000Z',
    });
  });

  it('writes edits into a sidecar, keeps the original and survives a re-extraction', async () => {
    const bytes = await withTags(await picture(), { ImageDescription: 'from the camera', 'XMP:Rating': 2 });
    const id = await upload(user, bytes);
    await waitForQueues(admin);
    const events = await EventStream.connect(user);
    await user.client.put(`/assets/${id}`, { description: 'by hand', rating: 5, latitude: 10, longitude: 20 });
    await events.next('on_asset_update', (asset) => asset?.id === id);
    events.close();
    await waitForQueues(admin);
    await user.client.post('/assets/jobs', { assetIds: [id], name: 'refresh-metadata' });
    await waitForQueues(admin);
    const asset = await get(id);
    expect(asset.exifInfo).toMatchObject({ description: 'by hand', rating: 5, latitude: 10, longitude: 20 });
    expect(sha1Base64((await user.client.get(`/assets/${id}/original`)).bytes)).toBe(sha1Base64(bytes));
    const sidecar = `${asset.originalPath}.xmp`;
    expect(existsSync(sidecar), sidecar).toBe(true);
    const tags = await exiftoolTags(sidecar);
    expect(tags).toMatchObject({ Description: 'by hand', Rating: 5 });
    expect(Number(tags['GPSLatitude'])).toBeCloseTo(10, 5);
  });

  it('refuses strangers and drops unknown members', async () => {
    const id = await upload(user, await picture());
    const denied = await stranger.client.put(`/assets/${id}`, { isFavorite: true });
    expect([denied.status, denied.json]).toEqual([400, { message: 'Not found or no asset.update access' }]);
    const reply = await user.client.put(`/assets/${id}`, {
      isFavorite: true,
      ownerId: stranger.userId,
      originalFileName: 'x',
    });
    expect(reply.status).toBe(200);
    expect(reply.json).toMatchObject({ ownerId: user.userId, originalFileName: 'photo.jpg', isFavorite: true });
  });

  it('removes assets from albums when they are locked', async () => {
    const id = await upload(user, await picture());
    const album = (await user.client.post('/albums', { albumName: 'open', assetIds: [id] })).json;
    expect((await user.client.put('/assets', { ids: [id], visibility: 'locked' })).status).toBe(204);
    expect((await user.client.get(`/albums/${album.id}`)).json.assetCount).toBe(0);
  });
});

describe('PUT /assets', () => {
  it('changes many at once', async () => {
    const ids = [await upload(user, await picture()), await upload(user, await picture())];
    await waitForQueues(admin);
    const reply = await user.client.put('/assets', {
      ids,
      isFavorite: true,
      description: 'both',
      rating: 4,
      visibility: 'archive',
      latitude: 1,
      longitude: 2,
    });
    expect([reply.status, reply.text]).toEqual([204, '']);
    await waitForQueues(admin);
    for (const id of ids) {
      expect(await get(id)).toMatchObject({
        isFavorite: true,
        visibility: 'archive',
        exifInfo: { description: 'both', rating: 4, latitude: 1, longitude: 2 },
      });
    }
  });

  it('shifts dates by minutes, and not together with an absolute date', async () => {
    const id = await upload(user, await withTags(await picture(), { DateTimeOriginal: '2022:01:01 00:30:00' }));
    await waitForQueues(admin);
    expect((await get(id)).localDateTime).toBe('2022-01-01T00:30:00.000Z');
    expect((await user.client.put('/assets', { ids: [id], dateTimeRelative: -60 })).status).toBe(204);
    await waitForQueues(admin);
    expect((await get(id)).localDateTime).toBe('2021-12-31T23:30:00.000Z');
    const both = await user.client.put('/assets', {
      ids: [id],
      dateTimeRelative: 5,
      dateTimeOriginal: '2020-01-01T00:00:00Z',
    });
    expect(both.status, both.summary).toBe(400);
    expect((await user.client.put('/assets', { ids: [id], dateTimeRelative: 1.5 })).status).toBe(400);
  });

  it('changes all or none', async () => {
    const own = await upload(user, await picture());
    const foreign = await upload(stranger, await picture());
    const reply = await user.client.put('/assets', { ids: [own, foreign], isFavorite: true });
    expect([reply.status, reply.json]).toEqual([400, { message: 'Not found or no asset.update access' }]);
    expect((await get(own)).isFavorite).toBe(false);
    expect((await user.client.put('/assets', { ids: ['x'], isFavorite: true })).json.errors[0].path).toEqual([
      'ids',
      0,
    ]);
  });
});

describe('statistics', () => {
  it('counts by favourite, visibility and trash', async () => {
    const own = await createUser(admin, 'statistics');
    const images = await Promise.all([1, 2, 3, 4].map(async () => upload(own, await picture())));
    await upload(own, await clip(), { name: 'a.mp4' });
    await own.client.put('/assets', { ids: [images[0]], isFavorite: true });
    await own.client.put('/assets', { ids: [images[1]], visibility: 'archive' });
    await own.client.delete('/assets', { ids: [images[2]] });
    const statistics = async (query: Record<string, string>) =>
      (await own.client.get('/assets/statistics', { query })).json;
    expect(await statistics({ isTrashed: 'false' })).toEqual({ images: 3, videos: 1, total: 4 });
    expect(await statistics({ isTrashed: 'true' })).toEqual({ images: 1, videos: 0, total: 1 });
    expect(await statistics({ isFavorite: 'true' })).toMatchObject({ images: 1, videos: 0 });
    expect(await statistics({ visibility: 'archive' })).toEqual({ images: 1, videos: 0, total: 1 });
    expect(await statistics({ visibility: 'timeline' })).toMatchObject({ videos: 1 });
    for (const query of [{ isFavorite: '1' }, { isFavorite: 'TRUE' }, { visibility: 'x' }]) {
      const reply = await own.client.get('/assets/statistics', { query: query as Record<string, string | undefined> });
      expect([reply.status, reply.json.message], JSON.stringify(query)).toEqual([400, 'Validation failed']);
    }
  });
});

describe('key-value metadata of assets', () => {
  it('sets, reads, replaces and deletes', async () => {
    const id = await upload(user, await picture());
    const first = await user.client.put(`/assets/${id}/metadata`, {
      items: [
        { key: 'a', value: { x: 1 } },
        { key: 'b', value: {} },
      ],
    });
    expect(first.status, first.text).toBe(200);
    expect(
      (await user.client.get(`/assets/${id}/metadata`)).json.map(({ key }: { key: string }) => key).toSorted(),
    ).toEqual(['a', 'b']);
    await user.client.put(`/assets/${id}/metadata`, { items: [{ key: 'a', value: { y: 'new' } }] });
    expect((await user.client.get(`/assets/${id}/metadata/a`)).json).toMatchObject({ key: 'a', value: { y: 'new' } });
    expect((await user.client.delete(`/assets/${id}/metadata/a`)).status).toBe(204);
    const gone = await user.client.get(`/assets/${id}/metadata/a`);
    expect(gone.status, gone.text).toBeGreaterThanOrEqual(400);
    expect(gone.status).toBeLessThan(500);
  });

  it('refuses the same key twice and values that are no objects', async () => {
    const id = await upload(user, await picture());
    const twice = await user.client.put(`/assets/${id}/metadata`, {
      items: [
        { key: 'a', value: {} },
        { key: 'a', value: { z: 1 } },
      ],
    });
    expect(twice.status, twice.text).toBe(400);
    for (const value of [1, 'text', null, [1]]) {
      expect(
        (await user.client.put(`/assets/${id}/metadata`, { items: [{ key: 'a', value }] })).status,
        JSON.stringify(value),
      ).toBe(400);
    }
    expect((await stranger.client.get(`/assets/${id}/metadata`)).status).toBe(400);
  });

  it('does it in bulk', async () => {
    const ids = [await upload(user, await picture()), await upload(user, await picture())];
    const items = ids.map((assetId, i) => ({ assetId, key: 'bulk', value: { i } }));
    const reply = await user.client.put('/assets/metadata', { items });
    expect(reply.status, reply.text).toBe(200);
    expect(
      reply.json.map(({ assetId, key, value }: { assetId: string; key: string; value: unknown }) => ({
        assetId,
        key,
        value,
      })),
    ).toEqual(items);
    expect((await user.client.put('/assets/metadata', { items: [items[0], items[0]] })).status, 'twice the same').toBe(
      400,
    );
    expect(
      (await user.client.delete('/assets/metadata', { items: items.map(({ assetId, key }) => ({ assetId, key })) }))
        .status,
    ).toBe(204);
    expect((await user.client.get(`/assets/${ids[0]}/metadata`)).json).toEqual([]);
  });
});

describe('PUT /assets/copy', () => {
  it('copies albums and favourite to the replacement', async () => {
    const source = await upload(user, await picture());
    const target = await upload(user, await picture());
    await user.client.put(`/assets/${source}`, { isFavorite: true });
    const album = (await user.client.post('/albums', { albumName: 'copied', assetIds: [source] })).json;
    const reply = await user.client.put('/assets/copy', { sourceId: source, targetId: target });
    expect([reply.status, reply.text]).toEqual([204, '']);
    expect((await get(target)).isFavorite).toBe(true);
    expect((await user.client.get(`/albums/${album.id}`)).json.assetCount).toBe(2);
  });

  it('leaves out what is switched off and refuses nonsense', async () => {
    const source = await upload(user, await picture());
    const target = await upload(user, await picture());
    await user.client.put(`/assets/${source}`, { isFavorite: true });
    const album = (await user.client.post('/albums', { albumName: 'not copied', assetIds: [source] })).json;
    await user.client.put('/assets/copy', { sourceId: source, targetId: target, favorite: false, albums: false });
    expect((await get(target)).isFavorite).toBe(false);
    expect((await user.client.get(`/albums/${album.id}`)).json.assetCount).toBe(1);
    expect((await user.client.put('/assets/copy', { sourceId: source, targetId: source })).status).toBe(400);
    const foreign = await upload(stranger, await picture());
    expect((await user.client.put('/assets/copy', { sourceId: source, targetId: foreign })).status).toBe(400);
  });
});

describe('POST /assets/jobs', () => {
  it('runs each job of the contract', async () => {
    const image = await upload(user, await picture());
    const video = await upload(user, await clip(), { name: 'a.mp4' });
    await waitForQueues(admin);
    for (const name of ['refresh-metadata', 'regenerate-thumbnail', 'refresh-faces', 'transcode-video']) {
      const reply = await user.client.post('/assets/jobs', { assetIds: [image, video], name });
      expect([reply.status, reply.text], name).toEqual([204, '']);
    }
    await waitForQueues(admin);
    for (const id of [image, video]) {
      expect((await user.client.get(`/assets/${id}/thumbnail`)).status).toBe(200);
    }
    expect((await user.client.post('/assets/jobs', { assetIds: [image], name: 'dance' })).json.errors[0].path).toEqual([
      'name',
    ]);
    expect((await stranger.client.post('/assets/jobs', { assetIds: [image], name: 'refresh-metadata' })).status).toBe(
      400,
    );
  });

  it('makes a new thumbnail when the old file is lost', async () => {
    const { rmSync } = await import('node:fs');
    const { inject } = await import('vitest');
    const id = await upload(user, await picture());
    await waitForQueues(admin);
    const { listFiles } = await import('../src/repo_paths.ts');
    const files = listFiles(
      `${inject('server').mediaLocation}/thumbs/${user.userId}/${id.slice(0, 2)}/${id.slice(2, 4)}`,
    ).filter((path) => path.includes(id));
    expect(files.map((path) => path.replace(/.*_/, '')).toSorted()).toEqual(['preview.jpeg', 'thumbnail.webp']);
    for (const path of files) {
      rmSync(path);
    }
    expect((await user.client.get(`/assets/${id}/thumbnail`)).status).toBe(404);
    await user.client.post('/assets/jobs', { assetIds: [id], name: 'regenerate-thumbnail' });
    await waitForQueues(admin);
    expect((await user.client.get(`/assets/${id}/thumbnail`)).status).toBe(200);
  });
});

describe('stays usable under load', () => {
  it('answers reads while fifty uploads are processed', async () => {
    const own = await createUser(admin, 'busy');
    const uploads = Promise.all(
      Array.from({ length: 50 }, async () => tryUpload(own, await picture({ width: 640, height: 480 }))),
    );
    const times: number[] = [];
    let done = false;
    void uploads.finally(() => (done = true));
    while (!done) {
      const start = performance.now();
      expect((await own.client.get('/timeline/buckets')).status).toBe(200);
      times.push(performance.now() - start);
    }
    for (const reply of await uploads) {
      expect(reply.status, reply.text).toBe(201);
    }
    await waitForQueues(admin);
    expect((await own.client.get('/assets/statistics')).json.total).toBe(50);
    expect(Math.max(...times), 'slowest read in ms').toBeLessThan(10_000);
  });
});

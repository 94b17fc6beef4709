import { describe, expect } from 'vitest';
import { it, prepare } from '../src/api_test.ts';
import { mismatches, responseSchema } from '../src/contract.ts';
import type { Json } from '../src/http_client.ts';
import { clip, picture, withTags } from '../src/media_samples.ts';
import { waitForQueues } from '../src/queues.ts';
import { sharedFolder } from '../src/repo_paths.ts';
import { createUser, type Session } from '../src/session.ts';
import { sharedAdmin } from '../src/shared_session.ts';
import { upload } from '../src/upload.ts';

const kColumns = [
  'id',
  'ownerId',
  'ratio',
  'isFavorite',
  'visibility',
  'isTrashed',
  'isImage',
  'thumbhash',
  'fileCreatedAt',
  'createdAt',
  'localOffsetHours',
  'duration',
  'projectionType',
  'livePhotoVideoId',
  'city',
  'country',
];

let admin: Session;
let user: Session;
const ids: Record<string, string> = {};

async function tagged(
  name: string,
  tags: Record<string, string | number>,
  size = { width: 64, height: 48 },
): Promise<void> {
  ids[name] = await upload(user, await withTags(await picture(size), tags), { name: `${name}.jpg` });
}

prepare(async () => {
  admin = sharedAdmin();
  user = await createUser(admin, 'timeline');
  const gps = (latitude: number, longitude: number) => ({
    GPSLatitude: Math.abs(latitude),
    GPSLatitudeRef: latitude < 0 ? 'S' : 'N',
    GPSLongitude: Math.abs(longitude),
    GPSLongitudeRef: longitude < 0 ? 'W' : 'E',
  });
  await tagged(
    'wide',
    { DateTimeOriginal: '2023:05:10 12:00:00', OffsetTimeOriginal: '+02:00' },
    { width: 1000, height: 300 },
  );
  await tagged('tall', { DateTimeOriginal: '2023:05:10 08:00:00' }, { width: 300, height: 1000 });
  await tagged('newYear', { DateTimeOriginal: '2023:12:31 23:59:59', OffsetTimeOriginal: '-10:00' });
  await tagged('fiji', { DateTimeOriginal: '2022:08:01 10:00:00', ...gps(-17.7, 178.1) });
  await tagged('samoa', { DateTimeOriginal: '2022:08:02 10:00:00', ...gps(-13.8, -171.8) });
  await tagged('berlin', { DateTimeOriginal: '2022:08:03 10:00:00', ...gps(52.52, 13.405) });
  ids['clip'] = await upload(user, await clip({ seconds: 2, createdAt: '2021-06-07T08:09:10Z' }), { name: 'clip.mp4' });
  await tagged('archived', { DateTimeOriginal: '2020:01:01 10:00:00' });
  await tagged('favourite', { DateTimeOriginal: '2020:01:02 10:00:00' });
  await tagged('trashed', { DateTimeOriginal: '2020:01:03 10:00:00' });
  await tagged('hidden', { DateTimeOriginal: '2020:01:04 10:00:00' });
  await waitForQueues(admin);
  await user.client.put('/assets', { ids: [ids['archived']], visibility: 'archive' });
  await user.client.put('/assets', { ids: [ids['favourite']], isFavorite: true });
  await user.client.put('/assets', { ids: [ids['hidden']], visibility: 'hidden' });
  await user.client.delete('/assets', { ids: [ids['trashed']] });
  await waitForQueues(admin);
}, 240_000);

type Query = Record<string, string>;
const buckets = async (query: Query = {}, session = user): Promise<Json> => {
  const reply = await session.client.get('/timeline/buckets', { query });
  expect(reply.status, reply.text).toBe(200);
  return reply.json;
};
const bucket = async (timeBucket: string, query: Query = {}, session = user): Promise<Json> => {
  const reply = await session.client.get('/timeline/bucket', { query: { timeBucket, ...query } });
  expect(reply.status, reply.text).toBe(200);
  return reply.json;
};
const names = (list: string[]): string[] =>
  list.map((id) => Object.entries(ids).find(([, value]) => value === id)?.[0] ?? id);
/** Names of all assets of a filtered timeline, in its order. */
const listed = async (query: Query = {}, session = user): Promise<string[]> => {
  const all: string[] = [];
  for (const { timeBucket, count } of await buckets(query, session)) {
    const { id } = await bucket(timeBucket, query, session);
    expect(id, timeBucket).toHaveLength(count);
    all.push(...id);
  }
  return names(all);
};

describe('buckets', () => {
  it('counts by month of the local date, newest first, archive included when no visibility is given', async () => {
    expect(await buckets()).toEqual([
      { timeBucket: '2023-12-01', count: 1 },
      { timeBucket: '2023-05-01', count: 2 },
      { timeBucket: '2022-08-01', count: 3 },
      { timeBucket: '2021-06-01', count: 1 },
      { timeBucket: '2020-01-01', count: 2 },
    ]);
    expect((await buckets({ order: 'asc' })).map(({ timeBucket }: { timeBucket: string }) => timeBucket)).toEqual([
      '2020-01-01',
      '2021-06-01',
      '2022-08-01',
      '2023-05-01',
      '2023-12-01',
    ]);
  });

  it('groups by upload time with orderBy=createdAt', async () => {
    const now = new Date().toISOString().slice(0, 7);
    const list = await buckets({ orderBy: 'createdAt' });
    expect(list.reduce((sum: number, { count }: { count: number }) => sum + count, 0)).toBe(9);
    expect(list[0].timeBucket).toBe(`${now}-01`);
    const { createdAt } = await bucket(list[0].timeBucket, { orderBy: 'createdAt' });
    expect(createdAt).toEqual(createdAt.toSorted().reverse());
  });

  it('is empty for a new user', async () => {
    const fresh = await createUser(admin, 'fresh');
    expect(await buckets({}, fresh)).toEqual([]);
    const empty = await bucket('2024-01-01', {}, fresh);
    for (const column of kColumns) {
      expect(empty[column], column).toEqual([]);
    }
  });
});

describe('one bucket', () => {
  it('has parallel columns of equal length', async () => {
    for (const { timeBucket, count } of await buckets()) {
      const columns = await bucket(timeBucket);
      for (const column of kColumns) {
        expect(columns[column], `${column} of ${timeBucket}`).toHaveLength(count);
      }
      expect(Object.keys(columns).filter((column) => ![...kColumns, 'status', 'stack'].includes(column))).toEqual([]);
      if (sharedFolder()) {
        const { status: _status, ...declared } = columns;
        expect(mismatches(declared, responseSchema('getTimeBucket'))).toEqual([]);
      }
    }
  });

  it('orders by local day, then by instant, in the direction asked for', async () => {
    // wide: 12:00+02:00 = 10:00Z, tall: 08:00 without a zone = 08:00Z.
    expect(names((await bucket('2023-05-01')).id)).toEqual(['wide', 'tall']);
    expect(names((await bucket('2023-05-01', { order: 'asc' })).id)).toEqual(['tall', 'wide']);
  });

  it('says ratio, offset, kind and times', async () => {
    const may = await bucket('2023-05-01');
    expect(may.ratio).toEqual([3.333, 0.3]);
    expect(may.localOffsetHours).toEqual([2, 0]);
    expect(may.isImage).toEqual([true, true]);
    expect(may.ownerId).toEqual([user.userId, user.userId]);
    expect(may.visibility).toEqual(['timeline', 'timeline']);
    expect(may.isTrashed).toEqual([false, false]);
    expect(may.duration).toEqual([null, null]);
    expect(may.thumbhash).toEqual([expect.any(String), expect.any(String)]);
    for (const text of [...may.fileCreatedAt, ...may.createdAt]) {
      expect(text).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?$/);
    }
    expect(may.fileCreatedAt[0]).toMatch(/^2023-05-10T10:00:00/);
    expect((await bucket('2023-12-01')).localOffsetHours).toEqual([-10]);
    expect((await bucket('2023-12-01')).fileCreatedAt[0]).toMatch(/^2024-01-01T09:59:59/);
    const video = await bucket('2021-06-01');
    expect(video.isImage).toEqual([false]);
    expect(video.duration[0]).toBeGreaterThan(1900);
  });

  it('strips a sign before the bucket and answers nothing for another month', async () => {
    expect(names((await bucket('+2021-06-01')).id)).toEqual(['clip']);
    expect(names((await bucket('-2021-06-01')).id)).toEqual(['clip']);
    expect((await bucket('1999-01-01')).id).toEqual([]);
  });

  it('shows coordinates on demand', async () => {
    expect(await bucket('2022-08-01')).not.toHaveProperty('latitude');
    const columns = await bucket('2022-08-01', { withCoordinates: 'true' });
    expect(names(columns.id)).toEqual(['berlin', 'samoa', 'fiji']);
    expect(columns.latitude[0]).toBeCloseTo(52.52, 4);
    expect(columns.longitude[1]).toBeCloseTo(-171.8, 4);
    expect((await bucket('2023-05-01', { withCoordinates: 'true' })).latitude).toEqual([null, null]);
  });
});

describe('filters', () => {
  it('filters by visibility, favourite and trash', async () => {
    expect(await listed({ visibility: 'archive' })).toEqual(['archived']);
    expect(await listed({ visibility: 'timeline' })).not.toContain('archived');
    expect(await listed({ visibility: 'hidden' })).toEqual(['hidden']);
    expect(await listed({ isFavorite: 'true' })).toEqual(['favourite']);
    expect(await listed({ isFavorite: 'false' })).not.toContain('favourite');
    expect(await listed({ isTrashed: 'true' })).toEqual(['trashed']);
    expect((await bucket('2020-01-01', { isTrashed: 'true' })).isTrashed).toEqual([true]);
    expect((await bucket('2020-01-01', { isFavorite: 'true' })).isFavorite).toEqual([true]);
  });

  it('filters by a box, also across the antimeridian', async () => {
    expect(await listed({ bbox: '10,50,15,55' })).toEqual(['berlin']);
    expect((await listed({ bbox: '170,-20,-170,-10' })).toSorted()).toEqual(['fiji', 'samoa']);
    expect(await listed({ bbox: '-10,-10,10,10' })).toEqual([]);
    for (const bbox of ['1,2,3', 'a,b,c,d', '1,2,3,4,5', '0,60,10,50', '0,-95,10,0', '-200,0,0,10']) {
      expect((await user.client.get('/timeline/buckets', { query: { bbox } })).status, bbox).toBe(400);
    }
  });

  it('filters by album', async () => {
    const album = (await user.client.post('/albums', { albumName: 'two', assetIds: [ids['berlin'], ids['archived']] }))
      .json;
    expect(await listed({ albumId: album.id })).toEqual(['berlin', 'archived']);
    const stranger = await createUser(admin, 'stranger');
    const denied = await stranger.client.get('/timeline/buckets', { query: { albumId: album.id } });
    expect([denied.status, denied.json]).toEqual([400, { message: 'Not found or no album.read access' }]);
  });

  it('filters by tag with its children', async () => {
    const [parent, child] = (await user.client.put('/tags', { tags: ['trip', 'trip/berlin'] })).json;
    await user.client.put(`/tags/${child.id}/assets`, { ids: [ids['berlin']] });
    expect(await listed({ tagId: child.id })).toEqual(['berlin']);
    expect(await listed({ tagId: parent.id })).toEqual(['berlin']);
  });

  it('shows only the primary of a stack with withStacked', async () => {
    const own = await createUser(admin, 'stacks');
    const members = [
      await upload(own, await picture()),
      await upload(own, await picture()),
      await upload(own, await picture()),
    ];
    await waitForQueues(admin);
    const stack = (await own.client.post('/stacks', { assetIds: members })).json;
    const columns = await bucket('2024-03-01', { withStacked: 'true' }, own);
    expect(columns.id).toEqual([members[0]]);
    expect(columns.stack).toEqual([[stack.id, '3']]);
    expect(await buckets({ withStacked: 'true' }, own)).toEqual([{ timeBucket: '2024-03-01', count: 1 }]);
    expect(await buckets({}, own)).toEqual([{ timeBucket: '2024-03-01', count: 3 }]);
  });
});

describe('errors', () => {
  it('refuses wrong parameters', async () => {
    const wrong: Query[] = [
      { order: 'up' },
      { orderBy: 'name' },
      { visibility: 'all' },
      { isFavorite: '1' },
      { isTrashed: 'True' },
      { withStacked: 'yes' },
      { albumId: 'x' },
      { userId: 'x' },
    ];
    for (const query of wrong) {
      const reply = await user.client.get('/timeline/buckets', { query });
      expect([reply.status, reply.json.message], JSON.stringify(query)).toEqual([400, 'Validation failed']);
      expect(reply.json.errors[0].path, JSON.stringify(query)).toEqual(Object.keys(query));
    }
    expect((await user.client.get('/timeline/bucket')).status, 'without timeBucket').toBe(400);
    for (const timeBucket of [
      '',
      'yesterday',
      '2024',
      '2024-99-01',
      "2024-01-01'; drop table asset",
      '99999999-01-01',
    ]) {
      const reply = await user.client.get('/timeline/bucket', { query: { timeBucket } });
      expect([200, 400], `${timeBucket}: ${reply.summary}`).toContain(reply.status);
      expect(reply.status === 400 || reply.json.id.length === 0, timeBucket).toBe(true);
    }
  });

  it('allows partners only with visibility=timeline and without favourite or trash', async () => {
    for (const query of [
      { withPartners: 'true' },
      { withPartners: 'true', visibility: 'archive' },
      { withPartners: 'true', visibility: 'timeline', isFavorite: 'true' },
      { withPartners: 'true', visibility: 'timeline', isTrashed: 'true' },
    ] as Query[]) {
      const reply = await user.client.get('/timeline/buckets', { query });
      expect([reply.status, reply.json.message], JSON.stringify(query)).toEqual([400, expect.any(String)]);
    }
    expect((await listed({ withPartners: 'true', visibility: 'timeline' })).length).toBe(8);
  });

  it('shows the timeline of a partner who shares, and of nobody else', async () => {
    const partner = await createUser(admin, 'partner');
    const denied = await partner.client.get('/timeline/buckets', { query: { userId: user.userId } });
    expect(denied.status, denied.text).toBe(400);
    await user.client.post('/partners', { sharedWithId: partner.userId });
    expect((await listed({ userId: user.userId, visibility: 'timeline' }, partner)).length).toBe(8);
    expect(await listed({ visibility: 'timeline', withPartners: 'true' }, partner), 'not before inTimeline').toEqual(
      [],
    );
    await partner.client.put(`/partners/${user.userId}`, { inTimeline: true });
    const shown = await listed({ visibility: 'timeline', withPartners: 'true' }, partner);
    expect(shown.length).toBe(8);
    expect(
      (await bucket('2020-01-01', { visibility: 'timeline', withPartners: 'true' }, partner)).isFavorite,
      'favourites are personal',
    ).toEqual([false]);
    const locked = await partner.client.get('/timeline/buckets', {
      query: { userId: user.userId, visibility: 'locked' },
    });
    expect([400, 401]).toContain(locked.status);
  });
});

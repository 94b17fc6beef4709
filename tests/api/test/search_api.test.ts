import { describe, expect } from 'vitest';
import { it, prepare } from '../src/api_test.ts';
import { mismatches, responseSchema } from '../src/contract.ts';
import { type Json, sha1Base64, sha1Hex } from '../src/http_client.ts';
import { clip, picture, withTags } from '../src/media_samples.ts';
import { waitForQueues } from '../src/queues.ts';
import { buildData, sharedFolder } from '../src/repo_paths.ts';
import { createUser, type Session } from '../src/session.ts';
import { sharedAdmin } from '../src/shared_session.ts';
import { upload } from '../src/upload.ts';

let admin: Session;
let user: Session;
const ids: Record<string, string> = {};
const bytesOf: Record<string, Buffer> = {};

prepare(async () => {
  admin = sharedAdmin();
  user = await createUser(admin, 'search');
  const add = async (name: string, tags: Record<string, string | number>): Promise<void> => {
    bytesOf[name] = await withTags(await picture(), tags);
    ids[name] = await upload(user, bytesOf[name], { name: `${name}.jpg` });
  };
  await add('Zürich', {
    DateTimeOriginal: '2020:03:01 10:00:00',
    OffsetTimeOriginal: '+00:00',
    Make: 'Canon',
    Model: 'EOS R6',
    LensModel: 'RF 24-70mm',
    ImageDescription: 'Blühende Bäume am See',
    'XMP:Rating': 5,
    GPSLatitude: 47.3769,
    GPSLatitudeRef: 'N',
    GPSLongitude: 8.5417,
    GPSLongitudeRef: 'E',
  });
  await add('paris', {
    DateTimeOriginal: '2021:03:01 10:00:00',
    OffsetTimeOriginal: '+00:00',
    Make: 'NIKON CORPORATION',
    Model: 'NIKON Z 6',
    ImageDescription: 'Tower',
    'XMP:Rating': 3,
    GPSLatitude: 48.8584,
    GPSLatitudeRef: 'N',
    GPSLongitude: 2.2945,
    GPSLongitudeRef: 'E',
  });
  await add('IMG_0100%', {
    DateTimeOriginal: '2022:03:01 10:00:00',
    OffsetTimeOriginal: '+00:00',
    Make: 'Canon',
    Model: 'EOS 5D',
  });
  await add('plain', { DateTimeOriginal: '2023:03:01 10:00:00', OffsetTimeOriginal: '+00:00' });
  await add('archived', { DateTimeOriginal: '2019:03:01 10:00:00', OffsetTimeOriginal: '+00:00' });
  await add('trashed', { DateTimeOriginal: '2018:03:01 10:00:00', OffsetTimeOriginal: '+00:00' });
  ids['clip'] = await upload(user, await clip({ createdAt: '2017-03-01T10:00:00Z' }), { name: 'clip.mp4' });
  await waitForQueues(admin);
  await user.client.put('/assets', { ids: [ids['archived']], visibility: 'archive' });
  await user.client.put('/assets', { ids: [ids['paris']], isFavorite: true });
  await user.client.delete('/assets', { ids: [ids['trashed']] });
  await waitForQueues(admin);
}, 240_000);

const search = async (body: Json, session = user): Promise<Json> => {
  const reply = await session.client.post('/search/metadata', body);
  expect(reply.status, `${JSON.stringify(body)}: ${reply.summary}`).toBe(200);
  return reply.json;
};
const names = (items: Json[]): string[] =>
  items.map(({ id }) => Object.entries(ids).find(([, value]) => value === id)?.[0] ?? id);
const found = async (body: Json, session = user): Promise<string[]> =>
  names((await search(body, session)).assets.items);
const kAll = ['plain', 'IMG_0100%', 'paris', 'Zürich', 'archived', 'clip'];

describe('POST /search/metadata', () => {
  it('finds everything but trash and locked, newest first', async () => {
    expect(await found({})).toEqual(kAll);
    expect(await found({ order: 'asc' })).toEqual(kAll.toReversed());
  });

  it('has the shape of the contract', async () => {
    const answer = await search({ withExif: true, withPeople: true });
    expect(answer.albums).toEqual({ total: 0, count: 0, items: [], facets: [] });
    expect(answer.assets).toMatchObject({ total: 6, count: 6, facets: [], nextPage: null });
    expect(answer.assets.items[2].exifInfo).toMatchObject({ make: 'NIKON CORPORATION' });
    if (sharedFolder()) {
      expect(mismatches(answer, responseSchema('searchAssets'))).toEqual([]);
    }
    expect((await search({})).assets.items[2].exifInfo, 'only with withExif').toBeUndefined();
  });

  it('pages with a string', async () => {
    const seen: string[] = [];
    let page: string | null = '1';
    while (page) {
      const { assets }: Json = await search({ size: 4, page: Number(page) });
      expect(assets.count).toBe(assets.items.length);
      expect(assets.total).toBe(assets.items.length);
      seen.push(...names(assets.items));
      page = assets.nextPage;
      expect([null, '2']).toContain(page);
    }
    expect(seen).toEqual(kAll);
    expect((await search({ size: 6 })).assets.nextPage).toBe(null);
    expect((await search({ page: 99 })).assets).toMatchObject({ count: 0, items: [], nextPage: null });
  });

  const filters: [string, () => Json, string[]][] = [
    ['id', () => ({ id: ids['paris'] }), ['paris']],
    ['checksum in base64', () => ({ checksum: sha1Base64(bytesOf['paris']!) }), ['paris']],
    ['checksum in hex', () => ({ checksum: sha1Hex(bytesOf['paris']!) }), ['paris']],
    ['type', () => ({ type: 'VIDEO' }), ['clip']],
    ['favourite', () => ({ isFavorite: true }), ['paris']],
    ['no favourite', () => ({ isFavorite: false }), kAll.filter((name) => name !== 'paris')],
    ['visibility', () => ({ visibility: 'archive' }), ['archived']],
    ['make', () => ({ make: 'Canon' }), ['IMG_0100%', 'Zürich']],
    ['make in another case', () => ({ make: 'canon' }), []],
    ['no make', () => ({ make: null }), ['plain', 'archived', 'clip']],
    ['model', () => ({ model: 'EOS R6' }), ['Zürich']],
    ['make and model', () => ({ make: 'NIKON CORPORATION', model: 'EOS R6' }), []],
    ['lens', () => ({ lensModel: 'RF 24-70mm' }), ['Zürich']],
    ['rating', () => ({ rating: 5 }), ['Zürich']],
    ['no rating', () => ({ rating: null }), ['plain', 'IMG_0100%', 'archived', 'clip']],
    ['taken after', () => ({ takenAfter: '2021-03-01T10:00:00Z' }), ['plain', 'IMG_0100%', 'paris']],
    ['taken before', () => ({ takenBefore: '2019-12-31T00:00:00Z' }), ['archived', 'clip']],
    [
      'taken between, with an offset',
      () => ({ takenAfter: '2020-01-01T00:00:00+02:00', takenBefore: '2020-12-31T00:00:00-02:00' }),
      ['Zürich'],
    ],
    ['created after', () => ({ createdAfter: '2100-01-01T00:00:00Z' }), []],
    ['updated after', () => ({ updatedAfter: '2000-01-01T00:00:00Z' }), kAll],
    ['name, part of it', () => ({ originalFileName: 'ari' }), ['paris']],
    ['name without accents', () => ({ originalFileName: 'zurich' }), ['Zürich']],
    ['name with a percent sign', () => ({ originalFileName: '0%' }), ['IMG_0100%']],
    ['name with an underscore', () => ({ originalFileName: 'G_0' }), ['IMG_0100%']],
    ['name with only a wildcard', () => ({ originalFileName: '_' }), ['IMG_0100%']],
    ['description without case and accents', () => ({ description: 'BLUHENDE BAUME' }), ['Zürich']],
    ['path', () => ({ originalPath: `/upload/${user.userId}/` }), kAll],
    ['trash', () => ({ trashedAfter: '2000-01-01T00:00:00Z' }), ['trashed']],
    ['with deleted', () => ({ withDeleted: true, takenBefore: '2018-12-31T00:00:00Z' }), ['trashed', 'clip']],
    ['not in an album', () => ({ isNotInAlbum: true }), kAll],
    ['motion', () => ({ isMotion: true }), []],
    ['offline', () => ({ isOffline: true }), []],
  ];
  for (const [what, body, expected] of filters) {
    it(`filters by ${what}`, async () => {
      expect(await found(body())).toEqual(expected);
    });
  }

  it.skipIf(!buildData())('filters by place', async () => {
    expect(await found({ country: 'France' })).toEqual(['paris']);
    expect(await found({ country: 'Switzerland' })).toEqual(['Zürich']);
    expect(await found({ country: null })).toEqual(['plain', 'IMG_0100%', 'archived', 'clip']);
    const { items } = (await search({ country: 'France', withExif: true })).assets;
    const { city, state } = items[0].exifInfo;
    expect(await found({ city })).toEqual(['paris']);
    expect(await found({ state })).toEqual(['paris']);
  });

  it('filters by album and tag', async () => {
    const album = (await user.client.post('/albums', { albumName: 's', assetIds: [ids['paris'], ids['plain']] })).json;
    const other = (await user.client.post('/albums', { albumName: 't', assetIds: [ids['paris']] })).json;
    expect(await found({ albumIds: [album.id] })).toEqual(['plain', 'paris']);
    expect(await found({ albumIds: [album.id, other.id] })).toEqual(['paris']);
    expect(await found({ isNotInAlbum: true })).toEqual(['IMG_0100%', 'Zürich', 'archived', 'clip']);
    await user.client.delete(`/albums/${album.id}`);
    await user.client.delete(`/albums/${other.id}`);
    const [tag] = (await user.client.put('/tags', { tags: ['searched'] })).json;
    await user.client.put(`/tags/${tag.id}/assets`, { ids: [ids['Zürich']] });
    expect(await found({ tagIds: [tag.id] })).toEqual(['Zürich']);
    expect(await found({ tagIds: null })).toEqual(kAll.filter((name) => name !== 'Zürich'));
  });

  it('shows an album of somebody else to its members only', async () => {
    const [member, stranger] = [await createUser(admin, 'member'), await createUser(admin, 'stranger')];
    const album = (
      await user.client.post('/albums', {
        albumName: 's',
        assetIds: [ids['paris']],
        albumUsers: [{ userId: member.userId, role: 'viewer' }],
      })
    ).json;
    expect(await found({ albumIds: [album.id] }, member)).toEqual(['paris']);
    expect(await found({}, member)).toEqual([]);
    const denied = await stranger.client.post('/search/metadata', { albumIds: [album.id] });
    expect([denied.status, denied.json]).toEqual([400, { message: 'Not found or no album.read access' }]);
    await user.client.delete(`/albums/${album.id}`);
  });

  it('understands structured filters and cursors of 3.2', async () => {
    expect(await found({ filter: { make: { eq: 'Canon' } } })).toEqual(['IMG_0100%', 'Zürich']);
    expect(await found({ filter: { rating: { gte: 3 }, isFavorite: { eq: true } } })).toEqual(['paris']);
    expect(
      await found({ filter: { or: [{ type: { eq: 'VIDEO' } }, { originalFileName: { startsWith: 'pl' } }] } }),
    ).toEqual(['plain', 'clip']);
    const seen: string[] = [];
    let cursor: string | undefined;
    do {
      const { assets }: Json = await search({
        filter: {},
        orderBy: { field: 'fileCreatedAt', direction: 'asc' },
        size: 4,
        ...(cursor ? { cursor } : {}),
      });
      seen.push(...names(assets.items));
      cursor = assets.nextCursor ?? undefined;
    } while (cursor && seen.length < 20);
    expect(seen.filter((name) => kAll.includes(name))).toEqual(kAll.toReversed());
    const empty = await user.client.post('/search/metadata', { filter: { make: {} } });
    expect(empty.status, 'an empty operator object').toBe(400);
  });

  it('refuses nonsense', async () => {
    const wrong: [Json, string][] = [
      [{ size: 0 }, 'size'],
      [{ size: 1001 }, 'size'],
      [{ size: '5' }, 'size'],
      [{ page: 0 }, 'page'],
      [{ page: 1.5 }, 'page'],
      [{ order: 'up' }, 'order'],
      [{ type: 'PHOTO' }, 'type'],
      [{ takenAfter: 'soon' }, 'takenAfter'],
      [{ takenAfter: '2020-01-01' }, 'takenAfter'],
      [{ isFavorite: 'true' }, 'isFavorite'],
      [{ id: 'x' }, 'id'],
      [{ rating: 0 }, 'rating'],
      [{ rating: 6 }, 'rating'],
      [{ albumIds: ['x'] }, 'albumIds'],
      [{ visibility: 'secret' }, 'visibility'],
    ];
    for (const [body, path] of wrong) {
      const reply = await user.client.post('/search/metadata', body);
      expect([reply.status, reply.json.message, reply.json.errors?.[0]?.path[0]], JSON.stringify(body)).toEqual([
        400,
        'Validation failed',
        path,
      ]);
    }
    for (const text of ["'; drop table asset; --", '\\', '"', '%', '\u0000', '🏔️', 'x'.repeat(100_000)]) {
      const reply = await user.client.post('/search/metadata', { originalFileName: text, description: text });
      expect([200, 400], `${JSON.stringify(text).slice(0, 40)}: ${reply.summary}`).toContain(reply.status);
    }
  });
});

describe('POST /search/statistics', () => {
  it('counts with the same filters', async () => {
    const count = async (body: Json): Promise<number> => {
      const reply = await user.client.post('/search/statistics', body);
      expect(reply.status, reply.text).toBe(200);
      return reply.json.total;
    };
    expect(await count({})).toBe(6);
    expect(await count({ make: 'Canon' })).toBe(2);
    expect(await count({ isFavorite: true })).toBe(1);
    expect(await count({ takenBefore: '2000-01-01T00:00:00Z' })).toBe(0);
  });
});

describe('other searches', () => {
  it('picks random assets', async () => {
    const reply = await user.client.post('/search/random', { size: 3 });
    expect(reply.status, reply.text).toBe(200);
    expect(new Set(reply.json.map(({ id }: Json) => id)).size).toBe(3);
    expect((await user.client.post('/search/random', { make: 'Canon' })).json).toHaveLength(2);
  });

  it('lists large assets by size', async () => {
    const reply = await user.client.send('POST', '/search/large-assets', { query: { minFileSize: 0, size: 3 } });
    expect(reply.status, reply.text).toBe(200);
    const sizes = reply.json.map(({ exifInfo }: Json) => exifInfo.fileSizeInByte);
    expect(sizes).toEqual(sizes.toSorted((a: number, b: number) => b - a));
  });

  it('suggests values', async () => {
    const suggest = async (query: Record<string, string>): Promise<Json> =>
      (await user.client.get('/search/suggestions', { query })).json;
    expect(await suggest({ type: 'camera-make' })).toEqual(['Canon', 'NIKON CORPORATION']);
    expect(await suggest({ type: 'camera-model', make: 'Canon' })).toEqual(['EOS 5D', 'EOS R6']);
    expect(await suggest({ type: 'camera-make', includeNull: 'true' })).toEqual(['Canon', 'NIKON CORPORATION', null]);
    if (buildData()) {
      expect(await suggest({ type: 'country' })).toEqual(['France', 'Switzerland']);
    }
    expect((await user.client.get('/search/suggestions', { query: { type: 'shoe-size' } })).status).toBe(400);
  });

  it('says that smart search is off without machine learning', async () => {
    const reply = await user.client.post('/search/smart', { query: 'a tree' });
    expect([reply.status, reply.json]).toEqual([400, { message: 'Smart search is not enabled' }]);
  });
});

import { afterEach, describe, expect, it, vi } from 'vitest';
import { settings } from '$lib/api';
import { countOf, markerQuery, readFilter } from './map_filter';
import { parsePlace, placeHash } from './map_place';
import { markerSource, queriesFor } from './map_source';

describe('the place in the address', () => {
  it('is read and written', () => {
    expect(parsePlace('#14/47.37/8.54')).toEqual({ zoom: 14, lat: 47.37, lon: 8.54 });
    expect(parsePlace(placeHash({ zoom: 14, lat: 47.37001, lon: 8.54321 }))).toEqual({ zoom: 14, lat: 47.37001, lon: 8.54321 });
    expect(placeHash({ zoom: 3, lat: 1, lon: 190 })).toBe('#3/1.0/-170.0');
  });

  it('is left alone when it is nonsense', () => {
    for (const hash of ['', '#', '#1/2', '#a/b/c', '#1/91/0', '#1/0/181', '#-1/0/0', '#//']) expect(parsePlace(hash)).toBeUndefined();
  });
});

describe('the filter', () => {
  it('survives nonsense', () => {
    expect(readFilter(null)).toEqual({});
    expect(readFilter('[{')).toEqual({});
    expect(readFilter('{"favorites":"yes","from":"soon","type":"X","to":"2024-05-01"}')).toEqual({ to: '2024-05-01' });
  });

  it('is asked in the words of the server', () => {
    expect(markerQuery({})).toEqual({});
    const query = markerQuery({ favorites: true, partners: true, from: '2024-05-01', to: '2024-05-02' })!;
    expect(query).toMatchObject({ isFavorite: true, withPartners: true });
    expect(Date.parse(query.fileCreatedBefore!) - Date.parse(query.fileCreatedAfter!)).toBe(2 * 86_400_000 - 1);
    expect(countOf({ favorites: true, archived: false, from: '' })).toBe(1);
  });
});

describe('the photos of a cluster', () => {
  afterEach(() => vi.restoreAllMocks());
  const places = [
    { id: 'new', lon: 8, lat: 47 },
    { id: 'old', lon: 8.1, lat: 47.1 },
    { id: 'theirs', lon: 8.05, lat: 47.05 },
  ];
  const columns = (ids: string[], date: string) => ({
    id: ids,
    ratio: ids.map(() => 1.5),
    fileCreatedAt: ids.map(() => date),
    localOffsetHours: ids.map(() => 0),
    isFavorite: ids.map(() => false),
    isImage: ids.map(() => true),
    isTrashed: ids.map(() => false),
    livePhotoVideoId: ids.map(() => null),
    projectionType: ids.map(() => null),
    ownerId: ids.map(() => 'me'),
    visibility: ids.map(() => 'timeline'),
    duration: ids.map(() => null),
    thumbhash: ids.map(() => null),
    city: ids.map(() => null),
    country: ids.map(() => null),
  });

  it('are those of the box that were wanted, month by month, then those of no timeline', async () => {
    const asked: string[] = [];
    vi.spyOn(settings, 'fetch').mockImplementation(async (input) => {
      const url = new URL(String(input), 'http://x');
      asked.push(url.pathname.replace(/^.*\/api/, '') + (url.searchParams.get('timeBucket') ?? ''));
      const month = url.searchParams.get('timeBucket');
      const body = url.pathname.endsWith('/timeline/buckets')
        ? ['2024-05-01', '2024-04-01', '2023-01-01'].map((timeBucket) => ({ timeBucket, count: 2 }))
        : url.pathname.endsWith('/timeline/bucket')
          ? month === '2024-05-01'
            ? columns(['new', 'neighbour'], '2024-05-02T10:00:00')
            : month === '2024-04-01'
              ? columns(['neighbour2'], '2024-04-02T10:00:00')
              : columns(['old'], '2023-01-02T10:00:00')
          : { id: 'theirs', localDateTime: '2020-01-01T00:00:00', width: 3, height: 2, type: 'IMAGE', ownerId: 'you', thumbhash: null };
      return Response.json(body);
    });
    const source = markerSource('k', places, queriesFor(places, {}), 'me');
    const signal = new AbortController().signal;
    expect(await source.buckets(signal)).toEqual([{ id: '1', count: 2 }]);
    const own = await source.bucket('1', signal);
    expect([own.id, [...own.ratio], [...own.day]]).toEqual([['new', 'old'], [1.5, 1.5], [19845, 19359]]);
    expect(await source.more!(signal)).toEqual([{ id: '2', count: 1 }]);
    expect((await source.bucket('2', signal)).id).toEqual(['theirs']);
    expect(await source.more!(signal)).toEqual([]);
    expect(asked).toHaveLength(1 + 3 + 1);
  });

  it('ask the timeline, and the archive only when it is wanted', () => {
    expect(queriesFor([], {})).toEqual([]);
    const [query, ...rest] = queriesFor(places, { partners: true });
    expect(rest).toEqual([]);
    expect(query).toMatchObject({ visibility: 'timeline', withPartners: true, bbox: '7.999,46.999,8.101,47.101' });
    expect(queriesFor(places, { favorites: true, archived: true }).map(({ visibility, isFavorite }) => [visibility, isFavorite])).toEqual([
      ['timeline', true],
      ['archive', true],
    ]);
    expect(queriesFor(places, { favorites: true }, 'album')).toEqual([{ albumId: 'album', bbox: '7.999,46.999,8.101,47.101' }]);
  });
});

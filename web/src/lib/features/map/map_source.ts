import { AssetVisibility, getAssetInfo, getTimeBucket, getTimeBuckets, type AssetResponseDto } from '$lib/api';
import { assetsToColumns, pickColumns, toColumns, type AssetColumns, type BucketInfo, type TimelineQuery, type TimelineSource } from '$lib/features/timeline/timeline_source';
import { boundsOf } from './clusters';
import type { MapFilter } from './map_filter';

/** Photos are put into the list in pieces of about this size. */
const PIECE = 60;
/** Months read at the same time. */
const AT_ONCE = 4;
/** Around a place, as it comes rounded from the database; degrees. */
const MARGIN = 0.001;

/** The timelines in which the photos of a map can be; a box at the date line crosses nothing, as places are in order. */
export function queriesFor(markers: readonly { lon: number; lat: number }[], filter: MapFilter, albumId?: string): TimelineQuery[] {
  const bounds = boundsOf(markers);
  if (!bounds) return [];
  const at = (value: number, limit: number) => Number(Math.max(-limit, Math.min(limit, value)).toFixed(6));
  const bbox = [at(bounds.west - MARGIN, 180), at(bounds.south - MARGIN, 90), at(bounds.east + MARGIN, 180), at(bounds.north + MARGIN, 90)].join(',');
  if (albumId) return [{ albumId, bbox }];
  // The server does not mix partners with favourites.
  const timeline: TimelineQuery = { bbox, visibility: AssetVisibility.Timeline };
  if (filter.favorites) timeline.isFavorite = true;
  else if (filter.partners) timeline.withPartners = true;
  const archive: TimelineQuery = { bbox, visibility: AssetVisibility.Archive, isFavorite: filter.favorites };
  return filter.archived ? [timeline, archive] : [timeline];
}

function joinColumns(lists: AssetColumns[]): AssetColumns {
  const out = assetsToColumns([]);
  const numbers = <T extends Float32Array | Int32Array | Uint8Array | Uint16Array>(of: (one: AssetColumns) => T) => lists.flatMap((one) => [...of(one)]);
  for (const one of lists) {
    out.id.push(...one.id);
    out.thumbhash.push(...one.thumbhash);
    out.livePhotoVideoId.push(...one.livePhotoVideoId);
    out.place.push(...one.place);
  }
  out.ratio = Float32Array.from(numbers((one) => one.ratio));
  out.day = Int32Array.from(numbers((one) => one.day));
  out.flags = Uint8Array.from(numbers((one) => one.flags));
  out.duration = Int32Array.from(numbers((one) => one.duration));
  out.stack = Uint16Array.from(numbers((one) => one.stack));
  return out;
}

/**
 * Exactly the photos of some markers, newest first. They are read month by month from the timelines with a box around
 * them, as the grid asks for more; what those timelines do not have is asked for one by one at the end.
 */
export function markerSource(key: string, markers: readonly { id: string; lon: number; lat: number }[], queries: TimelineQuery[], userId?: string): TimelineSource {
  const wanted = new Set(markers.map((marker) => marker.id));
  let missing = new Set(wanted);
  let months: { query: TimelineQuery; timeBucket: string }[] | undefined;
  const loaded = new Map<string, AssetColumns>();

  async function listMonths(signal: AbortSignal) {
    const lists = await Promise.all(
      queries.map(async (query) => (await getTimeBuckets(query, { signal })).map(({ timeBucket }) => ({ query, timeBucket }))),
    );
    return lists.flat().sort((a, b) => b.timeBucket.localeCompare(a.timeBucket));
  }

  function keep(lists: AssetColumns[]): BucketInfo[] {
    const picked = lists.map((columns) => {
      const own = pickColumns(columns, (id) => missing.has(id));
      for (const id of own.id) missing.delete(id);
      return own;
    });
    const columns = joinColumns(picked);
    if (columns.id.length === 0) return [];
    const id = String(loaded.size + 1);
    loaded.set(id, columns);
    return [{ id, count: columns.id.length }];
  }

  /** The next months, until there are enough photos to look at; then those that no timeline has. */
  async function more(signal: AbortSignal): Promise<BucketInfo[]> {
    months ??= await listMonths(signal);
    const read: AssetColumns[] = [];
    let found = 0;
    let next = 0;
    while (next < months.length && found < Math.min(PIECE, missing.size)) {
      const some = months.slice(next, next + AT_ONCE);
      const answers = await Promise.all(some.map(({ query, timeBucket }) => getTimeBucket({ ...query, timeBucket }, { signal })));
      for (const answer of answers) read.push(toColumns(answer, userId));
      found = read.reduce((sum, columns) => sum + columns.id.filter((id) => missing.has(id)).length, 0);
      next += some.length;
    }
    months = months.slice(next);
    if (found > 0) return keep(read);
    while (missing.size > 0) {
      const ids = [...missing].slice(0, PIECE);
      const answers = await Promise.allSettled(ids.map((id) => getAssetInfo({ id }, { signal })));
      signal.throwIfAborted();
      const assets = answers.flatMap((one): AssetResponseDto[] => (one.status === 'fulfilled' ? [one.value] : []));
      const kept = keep([assetsToColumns(assets, userId)]);
      for (const id of ids) missing.delete(id);
      if (kept.length > 0) return kept;
    }
    return [];
  }

  return {
    key,
    hasDates: false,
    buckets: (signal) => {
      missing = new Set(wanted);
      months = undefined;
      loaded.clear();
      return more(signal);
    },
    bucket: async (id) => loaded.get(id) ?? assetsToColumns([]),
    more,
    accepts: () => false,
  };
}

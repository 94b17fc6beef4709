import {
  AssetOrder,
  AssetVisibility,
  getAssetInfo,
  getTimeBucket,
  getTimeBuckets,
  type AssetResponseDto,
  type TimeBucketAssetResponseDto,
} from '$lib/api';

/** Marks of a photo, one bit each. */
export const Flag = { favorite: 1, video: 2, trashed: 4, live: 8, panorama: 16, foreign: 32, archived: 64 } as const;

/** The photos of one bucket, column by column. */
export interface AssetColumns {
  id: string[];
  ratio: Float32Array;
  /** Days since 1970 of the wall clock where the photo was taken. */
  day: Int32Array;
  flags: Uint8Array;
  thumbhash: (string | null)[];
  /** Milliseconds; 0 for stills. */
  duration: Int32Array;
  /** Photos of the stack it stands for; 0 without. */
  stack: Uint16Array;
  livePhotoVideoId: (string | null)[];
  place: (string | null)[];
}

/** One photo out of the columns. */
export interface AssetRef {
  id: string;
  ratio: number;
  day: number;
  flags: number;
  thumbhash: string | null;
  duration: number;
  stack: number;
  livePhotoVideoId: string | null;
  place: string | null;
}

export interface BucketInfo {
  /** First day of the month for a timeline; anything unique else. */
  id: string;
  count: number;
}

/**
 * Where a grid gets its photos from: the timeline with a filter, an album, the pages of a search. A grid loads the list
 * of buckets first and the buckets when they come near.
 */
export interface TimelineSource {
  /** Names the place to go back to. Two sources with the same photos have the same key. */
  readonly key: string;
  /** Month and day titles; without, one grid in the given order. */
  readonly hasDates: boolean;
  buckets(signal: AbortSignal): Promise<BucketInfo[]>;
  bucket(id: string, signal: AbortSignal): Promise<AssetColumns>;
  /** The bucket a photo is in, for addresses of photos; undefined when it is not in this source. */
  bucketOf?(assetId: string): Promise<string | undefined>;
  /** Buckets beyond those known, for searches: called when the end comes near; empty at the end. */
  more?(signal: AbortSignal): Promise<BucketInfo[]>;
  /** Whether a new or changed photo belongs here, so that the grid asks again. */
  accepts(asset: AssetResponseDto): boolean;
}

export interface TimelineQuery {
  albumId?: string;
  personId?: string;
  tagId?: string;
  userId?: string;
  isFavorite?: boolean;
  isTrashed?: boolean;
  visibility?: AssetVisibility;
  withPartners?: boolean;
  withStacked?: boolean;
  order?: AssetOrder;
  bbox?: string;
}

const DAY_MS = 86_400_000;

/** A timeline by months with a filter. `userId`: whose photos are not marked as somebody else's. */
export function timelineSource(key: string, query: TimelineQuery, userId?: string): TimelineSource {
  return {
    key,
    hasDates: true,
    buckets: async (signal) => (await getTimeBuckets(query, { signal })).map((one) => ({ id: one.timeBucket, count: one.count })),
    bucket: async (id, signal) => toColumns(await getTimeBucket({ ...query, timeBucket: id }, { signal }), userId),
    bucketOf: async (assetId) => `${(await getAssetInfo({ id: assetId })).localDateTime.slice(0, 7)}-01`,
    accepts: (asset) => accepts(query, asset),
  };
}

function accepts(query: TimelineQuery, asset: AssetResponseDto): boolean {
  if (query.albumId || query.personId || query.tagId) return true;
  if ((query.isTrashed ?? false) !== asset.isTrashed) return false;
  if (query.isFavorite && !asset.isFavorite) return false;
  return !query.visibility || query.visibility === asset.visibility;
}

/** Columns of a bucket of the API in the form a grid works with. */
export function toColumns(from: TimeBucketAssetResponseDto, userId?: string): AssetColumns {
  const count = from.id.length;
  const to = emptyColumns(from.id, count);
  to.thumbhash = from.thumbhash;
  to.livePhotoVideoId = from.livePhotoVideoId;
  for (let i = 0; i < count; i++) {
    // Extreme shapes would make rows of one pixel or one photo.
    to.ratio[i] = Math.min(5, Math.max(0.3, from.ratio[i] || 1));
    const local_ms = Date.parse(`${from.fileCreatedAt[i]}Z`.replace('ZZ', 'Z')) + from.localOffsetHours[i] * 3_600_000;
    to.day[i] = Math.floor(local_ms / DAY_MS);
    to.flags[i] =
      (from.isFavorite[i] ? Flag.favorite : 0) |
      (from.isImage[i] ? 0 : Flag.video) |
      (from.isTrashed[i] ? Flag.trashed : 0) |
      (from.livePhotoVideoId[i] ? Flag.live : 0) |
      (from.projectionType[i] === 'EQUIRECTANGULAR' ? Flag.panorama : 0) |
      (userId && from.ownerId[i] !== userId ? Flag.foreign : 0) |
      (from.visibility[i] === AssetVisibility.Archive ? Flag.archived : 0);
    to.duration[i] = from.duration[i] ?? 0;
    to.stack[i] = Number(from.stack?.[i]?.[1] ?? 0);
    to.place[i] = placeName(from.city?.[i], from.country?.[i]);
  }
  return to;
}

function emptyColumns(id: string[], count: number): AssetColumns {
  return {
    id,
    ratio: new Float32Array(count),
    day: new Int32Array(count),
    flags: new Uint8Array(count),
    thumbhash: [],
    duration: new Int32Array(count),
    stack: new Uint16Array(count),
    livePhotoVideoId: [],
    place: new Array<string | null>(count).fill(null),
  };
}

/** Some of the photos, in their order. */
export function pickColumns(columns: AssetColumns, isWanted: (id: string) => boolean): AssetColumns {
  const keep: number[] = [];
  columns.id.forEach((id, i) => isWanted(id) && keep.push(i));
  return {
    id: keep.map((i) => columns.id[i]),
    ratio: Float32Array.from(keep, (i) => columns.ratio[i]),
    day: Int32Array.from(keep, (i) => columns.day[i]),
    flags: Uint8Array.from(keep, (i) => columns.flags[i]),
    thumbhash: keep.map((i) => columns.thumbhash[i]),
    duration: Int32Array.from(keep, (i) => columns.duration[i]),
    stack: Uint16Array.from(keep, (i) => columns.stack[i]),
    livePhotoVideoId: keep.map((i) => columns.livePhotoVideoId[i]),
    place: keep.map((i) => columns.place[i]),
  };
}

function placeName(city?: string | null, country?: string | null): string | null {
  return city && country ? `${city}, ${country}` : (city ?? country ?? null);
}

/** Assets of a search or a folder in the same form. */
export function assetsToColumns(assets: AssetResponseDto[], userId?: string): AssetColumns {
  const to = emptyColumns(assets.map((asset) => asset.id), assets.length);
  assets.forEach((asset, i) => {
    const [width, height] = [asset.width ?? 0, asset.height ?? 0];
    to.ratio[i] = width > 0 && height > 0 ? Math.min(5, Math.max(0.3, width / height)) : 1;
    to.day[i] = Math.floor(Date.parse(`${asset.localDateTime.slice(0, 19)}Z`) / DAY_MS);
    to.flags[i] =
      (asset.isFavorite ? Flag.favorite : 0) |
      (asset.type === 'VIDEO' ? Flag.video : 0) |
      (asset.isTrashed ? Flag.trashed : 0) |
      (asset.livePhotoVideoId ? Flag.live : 0) |
      (asset.exifInfo?.projectionType === 'EQUIRECTANGULAR' ? Flag.panorama : 0) |
      (userId && asset.ownerId !== userId ? Flag.foreign : 0) |
      (asset.isArchived ? Flag.archived : 0);
    to.thumbhash[i] = asset.thumbhash;
    to.livePhotoVideoId[i] = asset.livePhotoVideoId ?? null;
    to.duration[i] = asset.duration ?? 0;
    to.stack[i] = asset.stack?.assetCount ?? 0;
    to.place[i] = placeName(asset.exifInfo?.city, asset.exifInfo?.country);
  });
  return to;
}

/**
 * Pages of a search as a source. `page(n)` gives the photos of page `n` (from 1) and whether there is another; pages are
 * kept, as the server's order may change between two questions.
 */
export function pagedSource(
  key: string,
  page: (number: number, signal: AbortSignal) => Promise<{ assets: AssetResponseDto[]; hasMore: boolean }>,
  userId?: string,
): TimelineSource {
  const loaded = new Map<string, AssetColumns>();
  let hasMore = true;
  const next = async (signal: AbortSignal): Promise<BucketInfo[]> => {
    if (!hasMore) return [];
    const id = String(loaded.size + 1);
    const found = await page(loaded.size + 1, signal);
    hasMore = found.hasMore;
    loaded.set(id, assetsToColumns(found.assets, userId));
    return [{ id, count: found.assets.length }];
  };
  return {
    key,
    hasDates: false,
    buckets: (signal) => {
      loaded.clear();
      hasMore = true;
      return next(signal);
    },
    bucket: async (id) => loaded.get(id) ?? assetsToColumns([]),
    more: next,
    accepts: () => false,
  };
}

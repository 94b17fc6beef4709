import { isAbort } from '$lib/errors';
import { estimateHeight, layoutBucket, type BucketLayout, type LayoutOptions } from './justified';
import { pickColumns, type AssetColumns, type AssetRef, type BucketInfo, type TimelineSource } from './timeline_source';

export interface Bucket extends BucketInfo {
  /** Number of its first photo in the whole timeline. */
  first: number;
  top: number;
  height: number;
  columns?: AssetColumns;
  layout?: BucketLayout;
  /** Running request, and whether the columns are older than the server's. */
  request?: { abort: AbortController; done: Promise<void>; isPinned: boolean };
  isStale?: boolean;
  failures?: number;
  usedAt: number;
}

/** Loaded photos that are kept: enough for ten screens in both directions, and a bound for the heap. */
const KEPT_PHOTOS = 20_000;
/** A bucket that could not be loaded is asked for again after this, doubled each time. */
const RETRY_MS = 1000;

/**
 * All photos of a source by their place: which buckets there are, how high each is (exactly when loaded, estimated
 * before), and which photo is where. Knows nothing of the page; `onchange` says that places or photos are new.
 */
export class TimelineModel {
  buckets: Bucket[] = [];
  total = 0;
  height = 0;
  isLoaded = false;
  hasMore: boolean;
  options: LayoutOptions = { width_px: 0, row_px: 200, gap_px: 4, monthTitle_px: 0, dayTitle_px: 0 };
  onchange: () => void = () => {};
  onerror: (error: unknown) => void = () => {};

  #list: { abort: AbortController; done: Promise<void> } | undefined;
  #correction = 1;
  #clock = 0;
  #isClosed = false;

  constructor(readonly source: TimelineSource) {
    this.hasMore = source.more !== undefined;
  }

  close(): void {
    this.#isClosed = true;
    this.#list?.abort.abort();
    for (const bucket of this.buckets) bucket.request?.abort.abort();
  }

  setOptions(options: LayoutOptions): void {
    this.options = options;
    this.#correction = 1;
    for (const bucket of this.buckets) if (bucket.columns) this.#layOut(bucket);
    this.#place();
  }

  /** Loads the list of buckets; again: keeps what is loaded, and marks what has another size as stale. */
  load(): Promise<void> {
    this.#list?.abort.abort();
    const abort = new AbortController();
    const done = this.source.buckets(abort.signal).then((list) => {
      if (!abort.signal.aborted) this.#take(list);
    });
    this.#list = { abort, done };
    return done;
  }

  #take(list: BucketInfo[]): void {
    const known = new Map(this.buckets.map((bucket) => [bucket.id, bucket]));
    this.buckets = list
      .filter((info) => info.count > 0)
      .map(({ id, count }) => {
        const bucket = known.get(id);
        if (!bucket) return { id, count, first: 0, top: 0, height: 0, usedAt: 0 };
        known.delete(id);
        if (bucket.count !== count) bucket.isStale = true;
        if (!bucket.columns) bucket.count = count;
        return bucket;
      });
    for (const gone of known.values()) gone.request?.abort.abort();
    this.hasMore = this.source.more !== undefined;
    this.isLoaded = true;
    this.#place();
    this.onchange();
  }

  /** More buckets of a search. */
  async loadMore(): Promise<void> {
    if (!this.hasMore || !this.source.more || !this.isLoaded) return;
    this.hasMore = false;
    const abort = new AbortController();
    this.#list = { abort, done: Promise.resolve() };
    try {
      const list = await this.source.more(abort.signal);
      if (abort.signal.aborted || this.#isClosed) return;
      for (const { id, count } of list) this.buckets.push({ id, count, first: 0, top: 0, height: 0, usedAt: 0 });
      this.hasMore = list.length > 0;
      this.#place();
      this.onchange();
    } catch (error) {
      this.hasMore = true;
      if (!isAbort(error)) this.onerror(error);
    }
  }

  /** The buckets that a piece of the height touches. */
  between(top: number, bottom: number): Bucket[] {
    const out: Bucket[] = [];
    for (let i = this.bucketIndexAt(top); i < this.buckets.length && this.buckets[i].top < bottom; i++) out.push(this.buckets[i]);
    return out;
  }

  bucketIndexAt(y: number): number {
    let low = 0;
    let high = this.buckets.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if (this.buckets[middle].top <= y) low = middle;
      else high = middle - 1;
    }
    return low;
  }

  /**
   * Loads the wanted buckets in order and gives up requests for others, as they are out of sight. `near`: those that are
   * not asked for yet, but whose requests go on and whose photos stay.
   */
  want(wanted: Bucket[], near: Bucket[] = []): void {
    const set = new Set([...wanted, ...near]);
    for (const bucket of this.buckets) {
      if (bucket.request && !bucket.request.isPinned && !set.has(bucket) && !bucket.columns) {
        bucket.request.abort.abort();
        bucket.request = undefined;
      }
    }
    for (const bucket of wanted) {
      bucket.usedAt = ++this.#clock;
      if ((!bucket.columns || bucket.isStale) && !bucket.request) void this.loadBucket(bucket, false).catch(() => {});
    }
    this.#evict(set);
  }

  /** The bucket's photos; rejects when they cannot be had. A pinned request is not given up when the bucket is out of sight. */
  loadBucket(bucket: Bucket, isPinned = true): Promise<void> {
    if (bucket.columns && !bucket.isStale) return Promise.resolve();
    if (bucket.request) {
      bucket.request.isPinned ||= isPinned;
      return bucket.request.done;
    }
    const abort = new AbortController();
    const done = this.source.bucket(bucket.id, abort.signal).then(
      (columns) => {
        if (abort.signal.aborted) return;
        bucket.request = undefined;
        bucket.isStale = false;
        bucket.failures = 0;
        this.#fill(bucket, columns);
      },
      (error: unknown) => {
        if (abort.signal.aborted || isAbort(error)) throw error;
        bucket.failures = (bucket.failures ?? 0) + 1;
        if (bucket.failures === 1) this.onerror(error);
        setTimeout(() => {
          bucket.request = undefined;
          if (!this.#isClosed) this.onchange();
        }, RETRY_MS * 2 ** Math.min(5, bucket.failures));
        throw error;
      },
    );
    bucket.request = { abort, done, isPinned };
    return done;
  }

  #fill(bucket: Bucket, columns: AssetColumns): void {
    bucket.columns = columns;
    bucket.count = columns.id.length;
    this.#layOut(bucket);
    this.#place();
    this.onchange();
  }

  #layOut(bucket: Bucket): void {
    const columns = bucket.columns!;
    bucket.layout = layoutBucket(columns.ratio, columns.day, this.options);
    const estimate = estimateHeight(bucket.count, this.options, 1) - this.options.monthTitle_px;
    if (bucket.count > 20 && estimate > 0) {
      const seen = (bucket.layout.height_px - this.options.monthTitle_px) / estimate;
      this.#correction += (seen - this.#correction) * 0.2;
    }
  }

  #place(): void {
    let top = 0;
    let first = 0;
    for (const bucket of this.buckets) {
      // An estimate stays what it was: only loading a bucket moves what is below it.
      if (bucket.layout) bucket.height = bucket.layout.height_px;
      else if (bucket.height === 0 || this.#estimatedFor !== this.options) {
        bucket.height = estimateHeight(bucket.count, this.options, this.#correction);
      }
      bucket.top = top;
      bucket.first = first;
      top += bucket.height;
      first += bucket.count;
    }
    this.#estimatedFor = this.options;
    this.height = top;
    this.total = first;
  }
  #estimatedFor: LayoutOptions | undefined;

  /** Forgets photos of the buckets looked at longest ago; their heights stay. */
  #evict(wanted: Set<Bucket>): void {
    let kept = 0;
    for (const bucket of this.buckets) if (bucket.columns) kept += bucket.count;
    if (kept <= KEPT_PHOTOS || this.source.more) return;
    const loaded = this.buckets.filter((bucket) => bucket.columns && !wanted.has(bucket)).sort((a, b) => a.usedAt - b.usedAt);
    for (const bucket of loaded) {
      if (kept <= KEPT_PHOTOS * 0.75) break;
      kept -= bucket.count;
      bucket.height = bucket.layout?.height_px ?? bucket.height;
      bucket.columns = undefined;
      bucket.layout = undefined;
    }
  }

  /** Where a photo is among the loaded ones. */
  find(assetId: string): { bucket: Bucket; index: number } | undefined {
    for (const bucket of this.buckets) {
      const index = bucket.columns?.id.indexOf(assetId) ?? -1;
      if (index >= 0) return { bucket, index };
    }
    return undefined;
  }

  /** The number of a photo in the whole timeline; asks the source when its bucket is not loaded. -1: not here. */
  async locate(assetId: string): Promise<number> {
    if (!this.isLoaded) await this.#list?.done;
    const found = this.find(assetId);
    if (found) return found.bucket.first + found.index;
    const id = await this.source.bucketOf?.(assetId);
    const bucket = this.buckets.find((one) => one.id === id);
    if (!bucket) return -1;
    await this.loadBucket(bucket);
    const index = bucket.columns?.id.indexOf(assetId) ?? -1;
    return index < 0 ? -1 : bucket.first + index;
  }

  bucketOfNumber(number: number): Bucket | undefined {
    let low = 0;
    let high = this.buckets.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if (this.buckets[middle].first <= number) low = middle;
      else high = middle - 1;
    }
    return this.buckets[low];
  }

  /** A photo by its number, when it is loaded. */
  peek(number: number): AssetRef | undefined {
    const bucket = this.bucketOfNumber(number);
    const i = bucket ? number - bucket.first : -1;
    return bucket?.columns && i >= 0 && i < bucket.count ? refOf(bucket.columns, i) : undefined;
  }

  async at(number: number): Promise<AssetRef | undefined> {
    if (number >= this.total && this.hasMore) await this.loadMore();
    if (number < 0 || number >= this.total) return undefined;
    const bucket = this.bucketOfNumber(number);
    if (bucket && !bucket.columns) await this.loadBucket(bucket);
    return this.peek(number);
  }

  /** Ids from one number to another, both included; loads what is missing. */
  async idsBetween(from: number, to: number): Promise<string[]> {
    const ids: string[] = [];
    for (const bucket of this.buckets) {
      if (bucket.first + bucket.count <= from || bucket.first > to) continue;
      await this.loadBucket(bucket);
      ids.push(...(bucket.columns?.id.slice(Math.max(0, from - bucket.first), to - bucket.first + 1) ?? []));
    }
    return ids;
  }

  /** Takes photos out at once; the server is asked for the rest later. */
  remove(ids: readonly string[]): void {
    const gone = new Set(ids);
    let hasChanged = false;
    for (const bucket of this.buckets) {
      if (!bucket.columns?.id.some((id) => gone.has(id))) continue;
      bucket.columns = pickColumns(bucket.columns, (id) => !gone.has(id));
      bucket.count = bucket.columns.id.length;
      this.#layOut(bucket);
      hasChanged = true;
    }
    if (!hasChanged) return;
    this.buckets = this.buckets.filter((bucket) => bucket.count > 0);
    this.#place();
    this.onchange();
  }

  /** Sets or clears a mark of photos. */
  mark(ids: readonly string[], flag: number, isSet: boolean): void {
    for (const id of ids) {
      const found = this.find(id);
      if (!found) continue;
      const flags = found.bucket.columns!.flags;
      flags[found.index] = isSet ? flags[found.index] | flag : flags[found.index] & ~flag;
    }
    this.onchange();
  }

  /** Asks the server again for the buckets with these photos, and for the list. */
  async refresh(ids: readonly string[] = []): Promise<void> {
    for (const id of ids) {
      const found = this.find(id);
      if (found) found.bucket.isStale = true;
    }
    await this.load();
  }

  /** Everything loaded may be old. */
  async refreshAll(): Promise<void> {
    for (const bucket of this.buckets) if (bucket.columns) bucket.isStale = true;
    await this.load();
  }
}

export function refOf(columns: AssetColumns, i: number): AssetRef {
  return {
    id: columns.id[i],
    ratio: columns.ratio[i],
    day: columns.day[i],
    flags: columns.flags[i],
    thumbhash: columns.thumbhash[i],
    duration: columns.duration[i],
    stack: columns.stack[i],
    livePhotoVideoId: columns.livePhotoVideoId[i],
    place: columns.place[i],
  };
}

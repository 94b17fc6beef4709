import { media } from '$lib/urls';
import { firstBelow, type DayBlock } from './justified';
import { newTileImage, type PhotoLoader } from './photo_loader';
import { averageColour, drawThumbhash } from './thumbhash';
import { refOf, type Bucket, type TimelineModel } from './timeline_model';
import { Flag, type AssetRef } from './timeline_source';

/** What a tile asks the grid around it. */
export interface TileContext {
  model: TimelineModel;
  loader: PhotoLoader;
  isSelected(id: string): boolean;
  href(id: string): string;
  label(asset: AssetRef): string;
  dayTitle(day: number): string;
  monthTitle(day: number): string;
  duration(duration_ms: number): string;
  words: { select: string; selectDay: string };
  /** Every picture in sight is there. */
  onloaded(): void;
  /** The photo that Tab reaches. */
  focused(): string | undefined;
}

interface Tile {
  root: HTMLDivElement;
  link: HTMLAnchorElement;
  image: HTMLImageElement;
  check: HTMLButtonElement;
  badges: HTMLSpanElement;
  id: string;
  number: number;
  badgeText: string;
  /** Of the picture that is shown; another one means that the server has made a new thumbnail. */
  hash: string | null;
}

interface Title {
  root: HTMLDivElement;
  text: HTMLElement;
  check?: HTMLButtonElement;
}

/** A thumbnail that takes longer than this gets its blurred picture meanwhile. */
const SLOW_MS = 150;
/** The layer's own top moves in such steps, so that positions in it stay small numbers. */
const ORIGIN_STEP_PX = 20_000;

/**
 * The elements of the photos in sight. Plain DOM on purpose: while somebody flings through the years, every frame shows
 * other photos, and 30 elements that are refilled cost a tenth of components that are made and destroyed.
 */
export class TileLayer {
  #tiles = new Map<string, Tile>();
  #pool: Tile[] = [];
  #titles = new Map<string, Title>();
  #titlePool: Title[] = [];
  #monthPool: Title[] = [];
  #skeletons: HTMLDivElement[] = [];
  #loading = new Set<HTMLImageElement>();
  #origin = 0;
  #version = -1;
  #top = 0;

  constructor(
    readonly root: HTMLElement,
    readonly context: TileContext,
  ) {}

  /**
   * Shows what lies between two heights. `version` changes with the layout; what is in `sight` loads at once, the rest
   * takes what the loader brings. Nothing is in sight while photos fly by that would be gone before they were loaded.
   */
  render(top: number, bottom: number, version: number, sight?: { top: number; bottom: number }): void {
    const origin = Math.max(0, Math.floor(top / ORIGIN_STEP_PX) * ORIGIN_STEP_PX);
    const isMoved = version !== this.#version || origin !== this.#origin;
    if (origin !== this.#origin) this.root.style.top = `${origin}px`;
    this.#origin = origin;
    this.#version = version;
    const wanted = this.#wantedTiles(top, bottom);
    for (const [id, tile] of this.#tiles) if (!wanted.has(id)) this.#release(id, tile);
    let previous: Element | null = null;
    for (const [id, place] of wanted) {
      let tile = this.#tiles.get(id);
      const isNew = tile === undefined;
      tile ??= this.#obtain(id, place);
      if (isNew || isMoved) this.#position(tile, place);
      if (!isNew && isMoved && tile.hash !== place.bucket.columns!.thumbhash[place.i]) this.#renew(tile);
      if (isNew || tile.image.dataset.waits) this.#load(tile, place, sight !== undefined && isWithin(place, sight));
      const next: Element | null = previous ? previous.nextElementSibling : this.root.firstElementChild;
      if (next !== tile.root) this.root.insertBefore(tile.root, next);
      previous = tile.root;
    }
    this.#renderTitles(top, bottom, isMoved);
    this.#renderSkeletons(top, bottom);
  }

  /** Marks, selection and focus of the tiles in sight. */
  refresh(): void {
    for (const [id, tile] of this.#tiles) {
      const found = this.context.model.find(id);
      if (found?.bucket.columns) this.#describe(tile, refOf(found.bucket.columns, found.index));
    }
    for (const title of this.#titles.values()) this.#markDay(title);
    this.ensureFocusable(this.#top);
  }

  /** Tab must reach one photo, even when the one it was at is out of sight. */
  ensureFocusable(top: number): void {
    this.#top = top;
    const focused = this.context.focused();
    if (focused && this.#tiles.has(focused)) return;
    let found = false;
    for (const tile of this.#tiles.values()) {
      const bucket = this.context.model.bucketOfNumber(tile.number);
      const isFirst: boolean = !found && bucket?.layout !== undefined && bucket.top + bucket.layout.y[tile.number - bucket.first] >= top;
      found ||= isFirst;
      const index = isFirst ? 0 : -1;
      if (tile.link.tabIndex !== index) tile.link.tabIndex = index;
    }
  }

  /** Whether pictures in sight are still on their way. */
  get isLoading(): boolean {
    return this.#loading.size > 0;
  }

  /** The loader has a picture that a tile may be waiting for. */
  arrived(id: string): void {
    const tile = this.#tiles.get(id);
    if (tile?.image.dataset.waits) this.#takeLoaded(tile);
  }

  element(id: string): HTMLElement | undefined {
    return this.#tiles.get(id)?.link;
  }

  #wantedTiles(top: number, bottom: number): Map<string, { bucket: Bucket; i: number }> {
    const wanted = new Map<string, { bucket: Bucket; i: number }>();
    for (const bucket of this.context.model.between(top, bottom)) {
      const { layout, columns } = bucket;
      if (!layout || !columns) continue;
      const end = bottom - bucket.top;
      for (let i = firstBelow(layout, top - bucket.top); i < columns.id.length && layout.y[i] < end; i++) {
        wanted.set(columns.id[i], { bucket, i });
      }
    }
    return wanted;
  }

  #obtain(id: string, { bucket, i }: { bucket: Bucket; i: number }): Tile {
    const tile = this.#pool.pop() ?? makeTile(this.context.words.select);
    tile.id = id;
    tile.root.dataset.asset = id;
    tile.link.href = this.context.href(id);
    const hash = bucket.columns!.thumbhash[i];
    tile.root.style.backgroundColor = hash ? averageColour(hash) : '';
    this.#describe(tile, refOf(bucket.columns!, i));
    this.#tiles.set(id, tile);
    return tile;
  }

  #describe(tile: Tile, asset: AssetRef): void {
    const isSelected = this.context.isSelected(asset.id);
    tile.root.classList.toggle('is-selected', isSelected);
    tile.check.setAttribute('aria-pressed', String(isSelected));
    tile.link.tabIndex = this.context.focused() === asset.id ? 0 : -1;
    tile.link.setAttribute('aria-label', this.context.label(asset));
    const text = `${asset.flags}/${asset.stack}/${asset.duration}`;
    if (tile.badgeText === text) return;
    tile.badgeText = text;
    tile.badges.replaceChildren(...badgesOf(asset, this.context.duration));
  }

  #position(tile: Tile, { bucket, i }: { bucket: Bucket; i: number }): void {
    const { x, y, width, height } = bucket.layout!;
    tile.number = bucket.first + i;
    const { style } = tile.root;
    style.transform = `translate(${x[i]}px, ${bucket.top - this.#origin + y[i]}px)`;
    style.width = `${width[i]}px`;
    style.height = `${height[i]}px`;
  }

  /** The next load fetches the picture again. */
  #renew(tile: Tile): void {
    tile.root.classList.remove('is-broken');
    const fresh = newTileImage();
    fresh.dataset.waits = '1';
    tile.link.replaceChildren(fresh);
    tile.image = fresh;
  }

  #load(tile: Tile, { bucket, i }: { bucket: Bucket; i: number }, mayLoad: boolean): void {
    tile.hash = bucket.columns!.thumbhash[i];
    if (this.#takeLoaded(tile)) return;
    if (!mayLoad) {
      tile.image.dataset.waits = '1';
      return;
    }
    const { image, id } = tile;
    delete image.dataset.waits;
    const hash = bucket.columns!.thumbhash[i];
    const slow = setTimeout(() => {
      const canvas = tile.id === id && hash && !image.complete ? drawThumbhash(hash) : undefined;
      if (!canvas) return;
      canvas.className = 'tile-blur';
      tile.link.prepend(canvas);
    }, SLOW_MS);
    this.#loading.add(image);
    image.onload = () => {
      clearTimeout(slow);
      this.#ended(image);
      if (tile.link.firstElementChild !== image) tile.link.firstElementChild?.remove();
    };
    image.onerror = () => {
      clearTimeout(slow);
      this.#ended(image);
      if (tile.id === id && image.getAttribute('src')) tile.root.classList.add('is-broken');
    };
    image.src = media.thumbnail(id, hash);
  }

  #takeLoaded(tile: Tile): boolean {
    const ahead = this.context.loader.take(tile.id);
    if (!ahead) return false;
    tile.link.replaceChildren(ahead);
    tile.image = ahead;
    return true;
  }

  #ended(image: HTMLImageElement): void {
    if (this.#loading.delete(image) && this.#loading.size === 0) this.context.onloaded();
  }

  #release(id: string, tile: Tile): void {
    this.#tiles.delete(id);
    tile.root.remove();
    tile.id = '';
    tile.root.classList.remove('is-broken', 'is-selected');
    const { image } = tile;
    image.onload = image.onerror = null;
    this.#loading.delete(image);
    // A picture on its way is given up; one that is there would flash in the next tile.
    if (image.hasAttribute('src')) {
      if (!image.complete) image.src = '';
      const fresh = newTileImage();
      tile.link.replaceChildren(fresh);
      tile.image = fresh;
    }
    delete tile.image.dataset.waits;
    if (this.#pool.length < 80) this.#pool.push(tile);
  }

  #renderTitles(top: number, bottom: number, isMoved: boolean): void {
    const { model } = this.context;
    const wanted = new Map<string, { bucket: Bucket; day?: DayBlock }>();
    for (const bucket of model.between(top, bottom)) {
      const first = bucket.layout?.days[0];
      if (!first || !bucket.layout) continue;
      if (model.options.monthTitle_px && bucket.top + model.options.monthTitle_px > top) wanted.set(bucket.id, { bucket });
      if (!model.options.dayTitle_px) continue;
      for (const day of bucket.layout.days) {
        const y = bucket.top + day.y;
        if (y + model.options.dayTitle_px > top && y < bottom) wanted.set(`${bucket.id}/${day.start}`, { bucket, day });
      }
    }
    for (const [key, title] of this.#titles) {
      if (wanted.has(key)) continue;
      this.#titles.delete(key);
      title.root.remove();
      (title.check ? this.#titlePool : this.#monthPool).push(title);
    }
    for (const [key, { bucket, day }] of wanted) {
      let title = this.#titles.get(key);
      if (title && !isMoved) continue;
      title ??= (day ? this.#titlePool : this.#monthPool).pop() ?? makeTitle(day !== undefined, this.context.words.selectDay);
      this.#fillTitle(title, bucket, day);
      this.#titles.set(key, title);
      if (!title.root.isConnected) this.root.append(title.root);
    }
  }

  #fillTitle(title: Title, bucket: Bucket, day?: DayBlock): void {
    const block = day ?? bucket.layout!.days[0];
    const text = day ? this.context.dayTitle(block.day) : this.context.monthTitle(block.day);
    if (title.text.textContent !== text) title.text.textContent = text;
    const { style } = title.root;
    style.transform = `translate(${day?.x ?? 0}px, ${bucket.top - this.#origin + (day?.y ?? 0)}px)`;
    style.width = day ? `${Math.max(day.width, 60)}px` : '';
    if (!day) return;
    title.root.dataset.bucket = bucket.id;
    title.root.dataset.start = String(day.start);
    title.root.dataset.end = String(day.end);
    this.#markDay(title);
  }

  #markDay(title: Title): void {
    if (!title.check) return;
    const { bucket, start, end } = title.root.dataset;
    const ids = this.context.model.buckets.find((one) => one.id === bucket)?.columns?.id.slice(Number(start), Number(end)) ?? [];
    title.check.setAttribute('aria-pressed', String(ids.length > 0 && ids.every((id) => this.context.isSelected(id))));
  }

  #renderSkeletons(top: number, bottom: number): void {
    let used = 0;
    for (const bucket of this.context.model.between(top, bottom)) {
      if (bucket.layout) continue;
      const element = (this.#skeletons[used] ??= makeSkeleton());
      const from = Math.max(bucket.top, top);
      element.style.transform = `translateY(${from - this.#origin}px)`;
      element.style.height = `${Math.min(bucket.top + bucket.height, bottom) - from}px`;
      if (!element.isConnected) this.root.append(element);
      used++;
    }
    for (const element of this.#skeletons.splice(used)) element.remove();
  }
}

function isWithin({ bucket, i }: { bucket: Bucket; i: number }, { top, bottom }: { top: number; bottom: number }): boolean {
  const y = bucket.top + bucket.layout!.y[i];
  return y < bottom && y + bucket.layout!.height[i] > top;
}

function makeTile(select: string): Tile {
  const root = document.createElement('div');
  root.className = 'tile';
  const link = document.createElement('a');
  link.className = 'tile-link';
  const image = newTileImage();
  link.append(image);
  const check = document.createElement('button');
  check.type = 'button';
  check.className = 'tile-check';
  check.tabIndex = -1;
  check.setAttribute('aria-label', select);
  const badges = document.createElement('span');
  badges.className = 'tile-badges';
  root.append(link, check, badges);
  return { root, link, image, check, badges, id: '', number: 0, badgeText: '', hash: null };
}

function makeTitle(isDay: boolean, select: string): Title {
  const root = document.createElement('div');
  root.className = isDay ? 'day-title' : 'month-title';
  const text = document.createElement(isDay ? 'h3' : 'h2');
  root.append(text);
  if (!isDay) return { root, text };
  const check = document.createElement('button');
  check.type = 'button';
  check.className = 'day-check';
  check.setAttribute('aria-label', select);
  root.prepend(check);
  return { root, text, check };
}

function makeSkeleton(): HTMLDivElement {
  const element = document.createElement('div');
  element.className = 'tile-skeleton';
  element.dataset.skeleton = '';
  element.setAttribute('aria-hidden', 'true');
  return element;
}

function badgesOf(asset: AssetRef, duration: (duration_ms: number) => string): HTMLElement[] {
  const badges: HTMLElement[] = [];
  const add = (name: string, text = '') => {
    const badge = document.createElement('span');
    badge.className = `badge badge-${name}`;
    badge.textContent = text;
    badges.push(badge);
  };
  if (asset.stack > 1) add('stack', String(asset.stack));
  if (asset.flags & Flag.panorama) add('panorama');
  if (asset.flags & Flag.video) add('video', asset.duration > 0 ? duration(asset.duration) : '');
  else if (asset.flags & Flag.live) add('live');
  if (asset.flags & Flag.favorite) add('favorite');
  return badges;
}

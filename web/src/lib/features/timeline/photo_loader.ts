/**
 * Loads thumbnails ahead of the place where they will be seen. A browser has six connections to a server: what is asked
 * for first comes first, so only as much is asked for at a time, and what has passed out of sight is given up.
 */
const PARALLEL = 8;
/** Pictures that are loaded and kept for tiles to come. */
const KEPT = 240;

export class PhotoLoader {
  #ready = new Map<string, HTMLImageElement>();
  #running = new Map<string, HTMLImageElement>();
  #queue: { id: string; url: string }[] = [];
  #latency_ms = 40;
  /** A picture has arrived; whoever shows it now takes it. */
  onready: (id: string) => void = () => {};

  /** A loaded picture for a tile, which owns it from now on. */
  take(id: string): HTMLImageElement | undefined {
    const image = this.#ready.get(id);
    this.#ready.delete(id);
    return image;
  }

  has(id: string): boolean {
    return this.#ready.has(id);
  }

  /** What to load next, in this order; what waited and is not wanted any more is dropped, what is on its way arrives. */
  want(list: { id: string; url: string }[]): void {
    this.#queue = list.filter(({ id }) => !this.#ready.has(id) && !this.#running.has(id));
    this.#next();
  }

  /** Gives up what is on its way and not among these. */
  keep(ids: ReadonlySet<string>): void {
    for (const [id, image] of this.#running) {
      if (ids.has(id)) continue;
      this.#running.delete(id);
      image.onload = image.onerror = null;
      image.src = '';
    }
  }

  /** A picture that is on its way. */
  running(id: string): HTMLImageElement | undefined {
    return this.#running.get(id);
  }

  get isRunning(): boolean {
    return this.#running.size > 0;
  }

  /** How long a picture takes at the moment, from being asked for to being there. */
  get latency_ms(): number {
    return this.#latency_ms;
  }

  #next(): void {
    while (this.#running.size < PARALLEL) {
      const job = this.#queue.shift();
      if (!job) return;
      const image = newTileImage();
      this.#running.set(job.id, image);
      const start = performance.now();
      image.onload = () => {
        this.#latency_ms += (performance.now() - start - this.#latency_ms) * 0.2;
        this.#finish(job.id, image, true);
      };
      image.onerror = () => this.#finish(job.id, image, false);
      image.src = job.url;
    }
  }

  #finish(id: string, image: HTMLImageElement, isLoaded: boolean): void {
    image.onload = image.onerror = null;
    this.#running.delete(id);
    if (isLoaded) {
      this.#ready.set(id, image);
      if (this.#ready.size > KEPT) {
        const oldest = this.#ready.keys().next().value;
        if (oldest !== undefined) this.#ready.delete(oldest);
      }
      this.onready(id);
    }
    this.#next();
  }

  clear(): void {
    this.want([]);
    this.keep(new Set());
    this.#ready.clear();
  }
}

export function newTileImage(): HTMLImageElement {
  const image = document.createElement('img');
  image.className = 'tile-image';
  image.alt = '';
  image.draggable = false;
  image.decoding = 'async';
  return image;
}

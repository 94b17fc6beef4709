import type { Bucket, TimelineModel } from './timeline_model';

/** A place in a timeline that stays right when heights change: a bucket and how far into it, from 0 to 1. */
export interface Anchor {
  bucket: string;
  part: number;
}

const places = new Map<string, Anchor>();

/** Where somebody was in a timeline, for coming back to it. */
export function rememberPlace(key: string, anchor: Anchor | undefined): void {
  if (anchor) places.set(key, anchor);
  else places.delete(key);
}

export function rememberedPlace(key: string): Anchor | undefined {
  return places.get(key);
}

export function anchorAt(model: TimelineModel, top: number): Anchor | undefined {
  const bucket = model.buckets[model.bucketIndexAt(Math.max(0, top))];
  if (!bucket || top <= 0) return undefined;
  return { bucket: bucket.id, part: (top - bucket.top) / Math.max(1, bucket.height) };
}

export function topOf(model: TimelineModel, anchor: Anchor): number | undefined {
  const bucket = model.buckets.find((one) => one.id === anchor.bucket);
  return bucket && bucket.top + anchor.part * bucket.height;
}

/** Movements that are looked at for telling whether a wheel moves in steps. */
const STEPS_SEEN = 4;
/** A movement after a rest as long as this is a jump; after a shorter one the page was only late. */
const JUMP_AFTER_MS = 300;

/**
 * How somebody scrolls, out of the movements since the last rest. The first movement has no speed: from a rest it is a
 * jump, and what follows tells more.
 */
export class ScrollSpeed {
  #top = 0;
  #time = -Infinity;
  #isResting = true;
  #moves: { by: number; ms: number }[] = [];
  /** px/ms; 0 at rest. */
  current = 0;

  update(top: number, now: number): number {
    const by = top - this.#top;
    const ms = now - this.#time;
    if (this.#isResting && ms > JUMP_AFTER_MS) {
      this.#isResting = false;
      this.#moves = [];
    } else if (ms > 0 && by !== 0) {
      this.#isResting = false;
      this.current = this.current * 0.4 + (by / ms) * 0.6;
      this.#moves = [...this.#moves.slice(1 - STEPS_SEEN), { by, ms }];
    } else {
      return this.current;
    }
    this.#top = top;
    this.#time = now;
    return this.current;
  }

  /** Nothing has moved for a while. */
  stop(): void {
    this.current = 0;
    this.#isResting = true;
  }

  /** The page has moved what is in sight, which is not somebody scrolling. */
  shift(by: number): void {
    this.#top += by;
  }

  /**
   * Where the view will be in `ms`. A wheel moves in equal steps, and what lies between them is never seen: with steps
   * it is one of the places where the view will stand.
   */
  ahead(ms: number): number {
    const step = this.#step();
    if (!step) return this.#top + this.current * ms;
    return this.#top + step.by * Math.max(1, Math.ceil(ms / step.ms));
  }

  /** The step of a wheel and the time between two; a late frame shows several at once. */
  #step(): { by: number; ms: number } | undefined {
    if (this.#moves.length < STEPS_SEEN) return undefined;
    const by = this.#moves.map((move) => move.by).reduce((a, b) => (Math.abs(b) < Math.abs(a) ? b : a));
    let count = 0;
    for (const move of this.#moves) {
      const times = Math.round(move.by / by);
      if (Math.abs(move.by / by - times) > 0.02) return undefined;
      count += times;
    }
    return { by, ms: this.#moves.reduce((sum, move) => sum + move.ms, 0) / count };
  }
}

/** The buckets to have: those in sight first, then where the movement goes, then a screen on both sides. */
export function bucketsNear(model: TimelineModel, top: number, view_px: number, speed: number): Bucket[] {
  const ahead = speed * 600;
  const seen = new Set(model.between(top, top + view_px));
  const from = top + Math.min(0, ahead) - view_px;
  const to = top + Math.max(0, ahead) + 2 * view_px;
  for (const bucket of model.between(Math.max(0, from), to)) seen.add(bucket);
  return [...seen];
}

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

/** Speed of scrolling in px/ms out of the last movements; 0 when nothing has moved for a while. */
export class ScrollSpeed {
  #top = 0;
  #time = 0;
  current = 0;

  update(top: number, now: number): number {
    const elapsed = now - this.#time;
    if (elapsed > 0) {
      const latest = elapsed > 120 ? 0 : (top - this.#top) / elapsed;
      this.current = elapsed > 120 ? 0 : this.current * 0.4 + latest * 0.6;
    }
    this.#top = top;
    this.#time = now;
    return this.current;
  }

  stop(): void {
    this.current = 0;
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

import type { QueueStatisticsDto } from '$lib/api';

/** Jobs of a queue at one moment. */
export interface QueueSample {
  /** Milliseconds since 1970. */
  at: number;
  active: number;
  waiting: number;
}

/** The samples with one more; those older than `span_ms` go. */
export function withSample(samples: readonly QueueSample[], counts: QueueStatisticsDto, at: number, span_ms: number): QueueSample[] {
  const sample = { at, active: counts.active, waiting: counts.waiting + counts.paused + counts.delayed };
  return [...samples.filter((one) => one.at >= at - span_ms), sample];
}

/** Points of an SVG polyline of 100 × 100: time to the right, `peak` at the top. The newest sample is at the right edge. */
export function polyline(samples: readonly QueueSample[], value: (sample: QueueSample) => number, peak: number, span_ms: number): string {
  const end = samples.at(-1)?.at ?? 0;
  const round = (part: number) => Math.round(part * 10_000) / 100;
  return samples.map((one) => `${round(1 - (end - one.at) / span_ms)},${round(1 - value(one) / Math.max(1, peak))}`).join(' ');
}

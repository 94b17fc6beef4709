import { describe, expect, it } from 'vitest';
import { estimateHeight, firstBelow, layoutBucket, type LayoutOptions } from './justified';

const options: LayoutOptions = { width_px: 1000, row_px: 200, gap_px: 4, monthTitle_px: 50, dayTitle_px: 30 };
const days = (...list: number[]) => Int32Array.from(list);

describe('layoutBucket', () => {
  it('fills the width of every full row and keeps shapes', () => {
    const ratio = Float32Array.from({ length: 40 }, (_, i) => [1.5, 0.667, 1, 1.778][i % 4]);
    const layout = layoutBucket(ratio, new Int32Array(40), options);
    const rows = new Map<number, number[]>();
    layout.y.forEach((y, i) => rows.set(y, [...(rows.get(y) ?? []), i]));
    const all = [...rows.values()];
    for (const row of all.slice(0, -1)) {
      const last = row.at(-1)!;
      expect(layout.x[last] + layout.width[last]).toBeCloseTo(1000, 0);
      expect(layout.height[last]).toBeGreaterThan(140);
      expect(layout.height[last]).toBeLessThan(290);
    }
    for (let i = 0; i < 40; i++) expect(layout.width[i] / layout.height[i]).toBeCloseTo(ratio[i], 2);
    expect(layout.height_px).toBeGreaterThan(layout.y[39] + layout.height[39]);
  });

  it('puts short days side by side under their own titles', () => {
    const layout = layoutBucket(Float32Array.from([1.5, 1.5, 1, 1.5]), days(3, 2, 2, 1), options);
    expect(layout.days.map((one) => [one.start, one.end])).toEqual([[0, 1], [1, 3], [3, 4]]);
    expect(layout.days[0].y).toBe(50);
    expect(layout.days[1].y).toBe(50);
    expect(layout.days[1].x).toBeGreaterThan(layout.days[0].x + layout.days[0].width);
    expect(layout.y[0]).toBe(80);
  });

  it('never leaves the width, whatever the shapes', () => {
    const ratio = Float32Array.from({ length: 300 }, (_, i) => [0.1, 20, 1.5, 3, 0.5][(i * 7) % 5]);
    const layout = layoutBucket(ratio, Int32Array.from(ratio, (_, i) => 100 - Math.floor(i / 9)), options);
    for (let i = 0; i < 300; i++) expect(layout.x[i] + layout.width[i]).toBeLessThanOrEqual(1001);
  });

  it('is empty for nothing', () => {
    expect(layoutBucket(new Float32Array(0), new Int32Array(0), options).height_px).toBe(50);
  });
});

describe('firstBelow', () => {
  it('finds the row at a height', () => {
    const layout = layoutBucket(new Float32Array(50).fill(1.5), new Int32Array(50), options);
    expect(firstBelow(layout, 0)).toBe(0);
    const i = firstBelow(layout, layout.y[20] + 1);
    expect(layout.y[i]).toBe(layout.y[20]);
    expect(firstBelow(layout, 1e9)).toBe(50);
  });
});

describe('estimateHeight', () => {
  it('is near what 1,000 ordinary photos take', () => {
    const ratio = new Float32Array(1000).fill(1.4);
    const real = layoutBucket(ratio, Int32Array.from(ratio, (_, i) => 31 - Math.floor(i / 33)), options).height_px;
    expect(estimateHeight(1000, options, 1) / real).toBeGreaterThan(0.7);
    expect(estimateHeight(1000, options, 1) / real).toBeLessThan(1.4);
  });
});

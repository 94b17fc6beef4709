import { describe, expect, it } from 'vitest';
import { FIT, fitBox, keepInView, pan, zoomAt } from './zoom';

const view = { width: 1000, height: 600 };
const picture = fitBox(1.5, view);

describe('zoom', () => {
  it('fits a picture into the view', () => {
    expect(picture).toEqual({ width: 900, height: 600 });
    expect(fitBox(4, view)).toEqual({ width: 1000, height: 250 });
  });

  it('keeps the point under the pointer in its place', () => {
    const zoomed = zoomAt(FIT, 4, 100, 50, picture, view);
    expect(zoomed.scale).toBe(4);
    expect((100 - zoomed.x) / 4).toBeCloseTo(100);
    expect((50 - zoomed.y) / 4).toBeCloseTo(50);
  });

  it('goes back to the middle when it is whole again', () => {
    const zoomed = pan(zoomAt(FIT, 4, 0, 0, picture, view), 5000, -5000, picture, view);
    expect(zoomed.x).toBe((900 * 4 - 1000) / 2);
    expect(zoomed.y).toBe(-(600 * 4 - 600) / 2);
    expect(zoomAt(zoomed, 0.01, 0, 0, picture, view)).toEqual(FIT);
  });

  it('does not move a side that is shorter than the view', () => {
    expect(keepInView({ scale: 1.05, x: 40, y: 0 }, picture, view).x).toBe(0);
  });
});

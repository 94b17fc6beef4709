import { describe, expect, it } from 'vitest';
import { ScrollSpeed } from './timeline_scroll';

/** Movements of a scroller, each `ms` after the one before. */
function moved(...moves: { by: number; ms: number }[]): { speed: ScrollSpeed; top: number } {
  const speed = new ScrollSpeed();
  let top = 0;
  let now = 1000;
  speed.update(top, now);
  for (const { by, ms } of moves) speed.update((top += by), (now += ms));
  return { speed, top };
}

describe('ScrollSpeed', () => {
  it('takes the first movement after a rest for a jump', () => {
    const { speed, top } = moved({ by: 100, ms: 16 }, { by: 100, ms: 16 });
    expect(speed.current).toBeGreaterThan(4);
    speed.stop();
    expect(speed.update(top + 90_000, 1500)).toBe(0);
    expect(speed.update(top + 90_500, 1516)).toBeGreaterThan(4);
  });

  it('goes on after a pause that was only a late frame', () => {
    const { speed, top } = moved({ by: 1500, ms: 50 }, { by: 1500, ms: 50 });
    speed.stop();
    expect(speed.current).toBe(0);
    expect(speed.update(top + 4500, 1250)).toBeGreaterThan(4);
  });

  it('stays fast when frames are late', () => {
    const { speed } = moved({ by: 1500, ms: 50 }, { by: 6000, ms: 200 }, { by: 9000, ms: 300 });
    expect(speed.current).toBeGreaterThan(20);
  });

  it('does not take corrections of the page for scrolling', () => {
    const { speed, top } = moved({ by: 0, ms: 16 });
    speed.shift(20_000);
    expect(speed.update(top + 20_000, 1032)).toBe(0);
  });

  it('knows where a wheel with steps will stand', () => {
    const step = { by: 1500, ms: 50 };
    const { speed, top } = moved(step, step, { by: 3000, ms: 100 }, step);
    expect(speed.ahead(40)).toBe(top + 1500);
    expect(speed.ahead(70)).toBe(top + 3000);
    const back = moved(...Array.from({ length: 5 }, () => ({ by: -1500, ms: 50 })));
    expect(back.speed.ahead(70)).toBe(back.top - 3000);
  });

  it('goes on at the same speed without steps', () => {
    const { speed, top } = moved({ by: 400, ms: 16 }, { by: 391, ms: 16 }, { by: 380, ms: 16 }, { by: 372, ms: 16 });
    expect(speed.ahead(100)).toBeCloseTo(top + speed.current * 100);
  });
});

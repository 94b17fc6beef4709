import { describe, expect, it } from 'vitest';
import { polyline, withSample } from './queue_history';

const counts = (active: number, waiting: number) => ({ active, waiting, paused: 1, delayed: 1, completed: 0, failed: 0 });

describe('history of a queue', () => {
  it('keeps what is young enough and counts everything that waits', () => {
    const old = [{ at: 1000, active: 1, waiting: 1 }, { at: 5000, active: 2, waiting: 2 }];
    expect(withSample(old, counts(3, 4), 7000, 3000)).toEqual([old[1], { at: 7000, active: 3, waiting: 6 }]);
  });

  it('draws time to the right and the peak at the top', () => {
    const samples = [{ at: 0, active: 0, waiting: 10 }, { at: 500, active: 2, waiting: 5 }, { at: 1000, active: 0, waiting: 0 }];
    expect(polyline(samples, (one) => one.waiting, 10, 1000)).toBe('0,0 50,50 100,100');
    expect(polyline(samples, (one) => one.active, 0, 2000)).toBe('50,100 75,-100 100,100');
    expect(polyline([], (one) => one.active, 1, 1000)).toBe('');
  });
});

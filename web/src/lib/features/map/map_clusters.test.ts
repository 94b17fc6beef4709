import { describe, expect, it } from 'vitest';
import type { MapMarkerResponseDto } from '$lib/api';
import { boundsOf, latOf, lonOf, MarkerIndex, townsOf, xOf, yOf } from './clusters';

const WORLD = { west: -180, south: -85, east: 180, north: 85 };
const marker = (id: string, lon: number, lat: number, city: string | null = null): MapMarkerResponseDto => ({ id, lon, lat, city, country: city && 'X', state: null });

/** Places spread evenly, the same in every run. */
function many(count: number): MapMarkerResponseDto[] {
  let seed = 7;
  const next = () => (seed = (seed * 16807) % 2147483647) / 2147483647;
  return Array.from({ length: count }, (_, i) => marker(String(i), next() * 360 - 180, next() * 160 - 80));
}

describe('the projection', () => {
  it('goes there and back', () => {
    for (const [lon, lat] of [[0, 0], [8.54, 47.37], [-179.9, -84], [179.9, 84]]) {
      expect(lonOf(xOf(lon))).toBeCloseTo(lon, 9);
      expect(latOf(yOf(lat))).toBeCloseTo(lat, 9);
    }
    expect(yOf(90)).toBeCloseTo(0, 6);
  });
});

describe('clusters', () => {
  it('hold every photo once, whatever the zoom', () => {
    const index = new MarkerIndex(many(500));
    for (const zoom of [0, 1.5, 4, 9, 18]) {
      const clusters = index.within(WORLD, zoom);
      expect(clusters.reduce((sum, one) => sum + one.count, 0)).toBe(500);
      const ids = clusters.flatMap((one) => index.membersOf(one).map((member) => member.id));
      expect(new Set(ids).size).toBe(500);
      for (const one of clusters.slice(0, 20)) expect(index.membersOf(one)).toHaveLength(one.count);
    }
  });

  it('come apart when the map comes nearer', () => {
    const index = new MarkerIndex([marker('a', 8.54, 47.37, 'Zürich'), marker('b', 8.541, 47.371), marker('c', 7.44, 46.95)]);
    expect(index.within(WORLD, 3).map((one) => one.count)).toEqual([3]);
    const [all] = index.within(WORLD, 3);
    expect(all).toMatchObject({ id: 'a', city: 'Zürich' });
    expect([index.holds(all, { lon: 7.44, lat: 46.95 }), index.holds(all, { lon: 100, lat: 0 })]).toEqual([true, false]);
    expect(index.within(WORLD, 9).map((one) => one.count).sort()).toEqual([1, 2]);
    expect(index.within(WORLD, 18).map((one) => one.count)).toEqual([1, 1, 1]);
  });

  it('join photos on both sides of a line of the grid', () => {
    // At zoom 0 the world has eight columns; the fourth ends at the zeroth meridian.
    const [one] = new MarkerIndex([marker('a', -0.001, 10), marker('b', 0.001, 10)]).within(WORLD, 0);
    expect(one.count).toBe(2);
    expect(one.lon).toBeCloseTo(0, 6);
  });

  it('stay what they are when the map moves', () => {
    const index = new MarkerIndex(many(3000));
    const keys = (west: number) => new Set(index.within({ west, south: -40, east: west + 120, north: 40 }, 3).map((one) => one.key));
    const [here, there] = [keys(-60), keys(-50)];
    const inBoth = index.within({ west: -40, south: -30, east: 50, north: 30 }, 3).filter((one) => one.lon > -35 && one.lon < 45 && Math.abs(one.lat) < 25);
    expect(inBoth.length).toBeGreaterThan(20);
    for (const { key } of inBoth) expect([here.has(key), there.has(key)]).toEqual([true, true]);
  });

  it('are found beyond the date line, and not out of sight', () => {
    const index = new MarkerIndex([marker('fiji', 179, -17), marker('bern', 7.4, 47)]);
    expect(index.within({ west: -190, south: -30, east: -170, north: 0 }, 5).map((one) => one.id)).toEqual(['fiji']);
  });
});

it('frames places', () => {
  expect(boundsOf([])).toBeUndefined();
  expect(boundsOf([marker('a', 8, 47), marker('b', -3, 50)])).toEqual({ west: -3, south: 47, east: 8, north: 50 });
});

it('gathers towns', () => {
  expect(townsOf([marker('a', 8, 47, 'Bern'), marker('b', 10, 49, 'Bern'), marker('c', 0, 0)])).toEqual([{ name: 'Bern', lon: 9, lat: 48, count: 2 }]);
});

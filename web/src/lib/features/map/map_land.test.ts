import { describe, expect, it } from 'vitest';
import atlas from 'world-atlas/countries-110m.json';
import { countryNames, graticule, landOf, type Topology } from './land';

describe('the land', () => {
  const { countries, labels } = landOf(atlas as unknown as Topology);

  it('has closed rings on earth', () => {
    expect(countries.features.length).toBeGreaterThan(170);
    for (const { geometry } of countries.features) {
      for (const ring of geometry.coordinates.flat()) {
        expect(ring[0]).toEqual(ring.at(-1));
        for (const [lon, lat] of ring) expect(Math.abs(lon) <= 360 && Math.abs(lat) <= 90.001).toBe(true);
        // No edge goes once around the earth, but for the one along the pole.
        for (let i = 1; i < ring.length; i++) expect(Math.abs(ring[i][0] - ring[i - 1][0]) < 180 || ring[i][1] === -90).toBe(true);
      }
    }
  });

  it('goes on beyond the date line', () => {
    const russia = countries.features.find((one) => one.properties.name === 'Russia')!.geometry.coordinates.flat(2);
    expect(Math.max(...russia.map(([lon]) => lon))).toBeGreaterThan(185);
    const antarctica = countries.features.find((one) => one.properties.name === 'Antarctica')!.geometry.coordinates.flat(2);
    expect(Math.min(...antarctica.map(([, lat]) => lat))).toBe(-90);
  });

  it('names a country in its largest part', () => {
    const at = (name: string) => labels.features.find((one) => one.properties.name === name)!.geometry.coordinates;
    const [lon, lat] = at('France');
    expect(lon).toBeGreaterThan(0);
    expect(lon).toBeLessThan(5);
    expect(lat).toBeGreaterThan(44);
    expect(lat).toBeLessThan(49);
    const [westLon] = at('United States of America');
    expect(westLon).toBeGreaterThan(-115);
    expect(westLon).toBeLessThan(-90);
  });
});

it('names countries in other languages', () => {
  expect(countryNames('de')('Germany')).toBe('Deutschland');
  expect(countryNames('de')('Dem. Rep. Congo')).toBe('Dem. Rep. Congo');
  expect(countryNames('en')('Germany')).toBe('Germany');
});

it('draws lines every ten degrees', () => {
  expect(graticule().coordinates).toHaveLength(36 + 17);
});

import atlasUrl from 'world-atlas/countries-50m.json?url';
import type * as GeoJSON from 'geojson';

/** Countries as GeoJSON and a point for each name: Natural Earth 1:50m, public domain, from the package world-atlas. */
export interface Land {
  countries: GeoJSON.FeatureCollection<GeoJSON.MultiPolygon, { name: string }>;
  labels: GeoJSON.FeatureCollection<GeoJSON.Point, { name: string; size: number }>;
}

type Ring = GeoJSON.Position[];
/** The part of TopoJSON that the file uses: arcs in whole steps, each point relative to the one before. */
export interface Topology {
  arcs: [number, number][][];
  transform: { scale: [number, number]; translate: [number, number] };
  objects: { countries: { geometries: Shape[] } };
}
type Shape = { properties: { name: string } } & ({ type: 'Polygon'; arcs: number[][] } | { type: 'MultiPolygon'; arcs: number[][][] });

let loaded: Promise<Land> | undefined;

/** Fetched once, when the first map is shown. */
export function loadLand(): Promise<Land> {
  loaded ??= fetch(atlasUrl)
    .then((answer) => answer.json())
    .then((topology: Topology) => landOf(topology))
    .catch((error: unknown) => {
      loaded = undefined;
      throw error;
    });
  return loaded;
}

export function landOf({ arcs, transform, objects }: Topology): Land {
  const { scale, translate } = transform;
  const lines = arcs.map((arc) => {
    let [x, y] = [0, 0];
    return arc.map(([dx, dy]): GeoJSON.Position => {
      x += dx;
      y += dy;
      return [x * scale[0] + translate[0], y * scale[1] + translate[1]];
    });
  });
  // A negative number is the same arc backwards; arcs share their ends.
  const ringOf = (numbers: number[]): Ring =>
    withoutJump(
      numbers.flatMap((n, i) => {
        const line = n < 0 ? lines[~n].toReversed() : lines[n];
        return i === 0 ? line : line.slice(1);
      }),
    );
  const countries: Land['countries'] = { type: 'FeatureCollection', features: [] };
  const labels: Land['labels'] = { type: 'FeatureCollection', features: [] };
  for (const shape of objects.countries.geometries) {
    const { name } = shape.properties;
    const polygons = (shape.type === 'Polygon' ? [shape.arcs] : shape.arcs).map((rings) => rings.map(ringOf));
    countries.features.push({ type: 'Feature', properties: { name }, geometry: { type: 'MultiPolygon', coordinates: polygons } });
    const largest = polygons.map((rings) => middleOf(rings[0])).reduce((a, b) => (b.size > a.size ? b : a));
    labels.features.push({ type: 'Feature', properties: { name, size: largest.size }, geometry: { type: 'Point', coordinates: largest.at } });
  }
  return { countries, labels };
}

/** The file has no edges along the date line: what crosses it goes on beyond 180 degrees, and Antarctica ends at the pole. */
function withoutJump(ring: Ring): Ring {
  let turns = 0;
  const out = ring.map(([lon, lat], i): GeoJSON.Position => {
    const step = i > 0 ? lon - ring[i - 1][0] : 0;
    if (Math.abs(step) > 180) turns -= Math.sign(step);
    return [lon + turns * 360, lat];
  });
  if (turns !== 0) out.push([out.at(-1)![0], -90], [out[0][0], -90], out[0]);
  return out;
}

/** Centre of gravity and area, in square degrees. */
function middleOf(ring: Ring): { at: GeoJSON.Position; size: number } {
  let [doubled, x, y] = [0, 0, 0];
  for (let i = 1; i < ring.length; i++) {
    const [[ax, ay], [bx, by]] = [ring[i - 1], ring[i]];
    const cross = ax * by - bx * ay;
    doubled += cross;
    x += (ax + bx) * cross;
    y += (ay + by) * cross;
  }
  return doubled === 0 ? { at: ring[0], size: 0 } : { at: [x / (3 * doubled), y / (3 * doubled)], size: Math.abs(doubled) / 2 };
}

/** A line every ten degrees. */
export function graticule(): GeoJSON.MultiLineString {
  const coordinates: Ring[] = [];
  for (let lon = -180; lon < 180; lon += 10) coordinates.push([[lon, -85], [lon, 85]]);
  for (let lat = -80; lat <= 80; lat += 10) coordinates.push([[-180, lat], [0, lat], [180, lat]]);
  return { type: 'MultiLineString', coordinates };
}

/**
 * Names of countries in a language: the browser knows them by their codes of two letters, the file has English names
 * only, so the codes are found by the English names. A name the browser spells otherwise stays English.
 */
export function countryNames(language: string): (english: string) => string {
  if (language === 'en') return (name) => name;
  const [english, wanted] = ['en', language].map((one) => new Intl.DisplayNames(one, { type: 'region', fallback: 'none' }));
  const names = new Map<string, string>();
  const letters = [...'ABCDEFGHIJKLMNOPQRSTUVWXYZ'];
  for (const code of letters.flatMap((a) => letters.map((b) => a + b))) {
    const name = english.of(code);
    if (name) names.set(name, wanted.of(code) ?? name);
  }
  return (name) => names.get(name) ?? name;
}

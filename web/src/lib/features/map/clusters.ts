import type { MapMarkerResponseDto } from '$lib/api';

/** Photos that would cover each other on the map, drawn as one. */
export interface Cluster {
  /** The same photos at the same magnification have the same key. */
  key: string;
  lon: number;
  lat: number;
  count: number;
  /** The photo that stands for all: the first in the order of the server. */
  id: string;
  /** City of that photo. */
  city: string | null;
  cells: number[];
  zoom: number;
}

export interface Bounds {
  west: number;
  south: number;
  east: number;
  north: number;
}

/** Pixels of the world at zoom 0. */
const WORLD_PX = 512;
/** Markers are this far apart, at least. */
const APART_PX = 72;
/** Latitudes beyond are not on a map of this projection. */
const LAST_LATITUDE = 85.051129;

export const xOf = (lon: number): number => (lon + 180) / 360;
export function yOf(lat: number): number {
  const sin = Math.sin((Math.max(-LAST_LATITUDE, Math.min(LAST_LATITUDE, lat)) * Math.PI) / 180);
  return 0.5 - Math.log((1 + sin) / (1 - sin)) / (4 * Math.PI);
}
export const lonOf = (x: number): number => x * 360 - 180;
export const latOf = (y: number): number => (Math.atan(Math.sinh(Math.PI * (1 - 2 * y))) * 180) / Math.PI;

/** Cells of a grid in the projected world, with the points in them. */
interface Cell {
  number: number;
  count: number;
  x: number;
  y: number;
  first: number;
}

/**
 * All places of photos, and which of them are drawn as one at a magnification. Clusters are those of a grid that stays
 * where it is on earth, so that moving the map changes none; neighbours that come too near each other are joined.
 * 200,000 places take about 20 ms when all are in sight.
 */
export class MarkerIndex {
  readonly #x: Float64Array;
  readonly #y: Float64Array;

  constructor(readonly markers: readonly MapMarkerResponseDto[]) {
    this.#x = Float64Array.from(markers, (marker) => xOf(marker.lon));
    this.#y = Float64Array.from(markers, (marker) => yOf(marker.lat));
  }

  get size(): number {
    return this.markers.length;
  }

  /** What is to be drawn; `bounds` may reach beyond ±180 degrees. */
  within(bounds: Bounds, zoom: number): Cluster[] {
    const level = Math.max(0, Math.floor(zoom));
    const cells = this.#cellsWithin(bounds, level);
    const perRow = perRowAt(level);
    const near = 1 / perRow;
    const taken = new Set<number>();
    const clusters: Cluster[] = [];
    for (const cell of [...cells.values()].sort((a, b) => b.count - a.count || a.number - b.number)) {
      if (taken.has(cell.number)) continue;
      taken.add(cell.number);
      const joined = [cell];
      for (const offset of [-perRow - 1, -perRow, -perRow + 1, -1, 1, perRow - 1, perRow, perRow + 1]) {
        const other = cells.get(cell.number + offset);
        if (!other || taken.has(other.number)) continue;
        if (Math.hypot(other.x / other.count - cell.x / cell.count, other.y / other.count - cell.y / cell.count) >= near) continue;
        taken.add(other.number);
        joined.push(other);
      }
      clusters.push(this.#clusterOf(joined, level));
    }
    return clusters;
  }

  #cellsWithin({ west, south, east, north }: Bounds, level: number): Map<number, Cell> {
    const perRow = perRowAt(level);
    // Two cells more on each side: what is half in sight is joined as if it all were.
    const margin = 2 / perRow;
    const [left, right] = [xOf(west) - margin, xOf(east) + margin];
    const [top, bottom] = [yOf(north) - margin, yOf(south) + margin];
    const cells = new Map<number, Cell>();
    for (let i = 0; i < this.#x.length; i++) {
      const [x, y] = [this.#x[i], this.#y[i]];
      if (y < top || y > bottom) continue;
      if (!(x >= left && x <= right) && !(x + 1 >= left && x + 1 <= right) && !(x - 1 >= left && x - 1 <= right)) continue;
      const number = cellOf(x, y, perRow);
      const cell = cells.get(number);
      if (!cell) cells.set(number, { number, count: 1, x, y, first: i });
      else {
        cell.count++;
        cell.x += x;
        cell.y += y;
      }
    }
    return cells;
  }

  #clusterOf(cells: Cell[], level: number): Cluster {
    let [count, x, y, first] = [0, 0, 0, Infinity];
    for (const cell of cells) {
      count += cell.count;
      x += cell.x;
      y += cell.y;
      first = Math.min(first, cell.first);
    }
    const { id, city } = this.markers[first];
    const numbers = cells.map((cell) => cell.number);
    return { key: `${level}:${id}:${count}`, lon: lonOf(x / count), lat: latOf(y / count), count, id, city, cells: numbers, zoom: level };
  }

  /** The places of a cluster, in the order of the server. */
  membersOf(cluster: Cluster): MapMarkerResponseDto[] {
    const perRow = perRowAt(cluster.zoom);
    const cells = new Set(cluster.cells);
    return this.markers.filter((_, i) => cells.has(cellOf(this.#x[i], this.#y[i], perRow)));
  }

  /** Whether a place is part of a cluster. */
  holds(cluster: Cluster, { lon, lat }: { lon: number; lat: number }): boolean {
    return cluster.cells.includes(cellOf(xOf(lon), yOf(lat), perRowAt(cluster.zoom)));
  }

  find(id: string): MapMarkerResponseDto | undefined {
    return this.markers.find((marker) => marker.id === id);
  }
}

function perRowAt(level: number): number {
  return Math.ceil((WORLD_PX * 2 ** level) / APART_PX);
}

function cellOf(x: number, y: number, perRow: number): number {
  const at = (value: number) => Math.max(0, Math.min(perRow - 1, Math.floor(value * perRow)));
  return at(y) * perRow + at(x);
}

/** The smallest frame around places; undefined without any. */
export function boundsOf(markers: readonly { lon: number; lat: number }[]): Bounds | undefined {
  if (markers.length === 0) return undefined;
  const bounds = { west: 180, south: 90, east: -180, north: -90 };
  for (const { lon, lat } of markers) {
    bounds.west = Math.min(bounds.west, lon);
    bounds.east = Math.max(bounds.east, lon);
    bounds.south = Math.min(bounds.south, lat);
    bounds.north = Math.max(bounds.north, lat);
  }
  return bounds;
}

/** Towns where photos were taken, with the number of photos, for their names on the map. */
export function townsOf(markers: readonly MapMarkerResponseDto[]): { name: string; lon: number; lat: number; count: number }[] {
  const towns = new Map<string, { name: string; lon: number; lat: number; count: number }>();
  for (const { city, country, lon, lat } of markers) {
    if (!city) continue;
    const key = `${city}|${country}`;
    const town = towns.get(key);
    if (!town) towns.set(key, { name: city, lon, lat, count: 1 });
    else {
      town.lon += (lon - town.lon) / ++town.count;
      town.lat += (lat - town.lat) / town.count;
    }
  }
  return [...towns.values()];
}

import type * as GeoJSON from 'geojson';
import type { LayerSpecification, StyleSpecification } from 'maplibre-gl';
import type { townsOf } from './clusters';
import { countryNames, graticule, type Land } from './land';

/** Colours of the map, by the names of app.css. */
export type MapColours = Record<'water' | 'land' | 'line' | 'border' | 'country' | 'town' | 'halo', string>;

export function coloursOf(element: Element): MapColours {
  const style = getComputedStyle(element);
  const read = (name: string) => style.getPropertyValue(name).trim();
  return {
    water: read('--map-water'),
    land: read('--map-land'),
    line: read('--map-line'),
    border: read('--map-border'),
    country: read('--muted'),
    town: read('--text'),
    halo: read('--map-land'),
  };
}

const FONT = ['ui-sans-serif', 'system-ui', 'sans-serif'];

/** The colours by layer and property; also used to change them when the theme does. */
export function paintOf(colours: MapColours): Record<string, Record<string, unknown>> {
  return {
    water: { 'background-color': colours.water },
    graticule: { 'line-color': colours.line },
    land: { 'fill-color': colours.land },
    borders: { 'line-color': colours.border },
    countries: { 'text-color': colours.country, 'text-halo-color': colours.halo },
    towns: { 'text-color': colours.town, 'text-halo-color': colours.halo },
  };
}

/** The whole style: nothing in it is loaded from anywhere, and letters are drawn with the fonts of the system. */
export function mapStyle(colours: MapColours, land: Land, towns: ReturnType<typeof townsOf>, language: string): StyleSpecification {
  const layers: Record<string, Omit<LayerSpecification, 'id'>> = {
    water: { type: 'background' },
    graticule: { type: 'line', source: 'graticule', paint: { 'line-width': 0.6 } },
    land: { type: 'fill', source: 'land', paint: { 'fill-antialias': false } },
    borders: { type: 'line', source: 'land', paint: { 'line-width': ['interpolate', ['linear'], ['zoom'], 1, 0.5, 8, 1.6] } },
    countries: {
      type: 'symbol',
      source: 'countries',
      // From far only large ones have room for their names.
      filter: ['>=', ['get', 'size'], ['step', ['zoom'], 25, 2, 8, 3, 3, 4, 0.5, 5, 0.02, 6, 0]],
      layout: {
        'text-field': ['get', 'name'],
        'text-font': FONT,
        'text-size': ['interpolate', ['linear'], ['zoom'], 1, 10, 6, 17],
        'text-max-width': 7,
        'symbol-sort-key': ['-', 0, ['get', 'size']],
      },
      paint: { 'text-halo-width': 1.2 },
    },
    towns: {
      type: 'symbol',
      source: 'towns',
      minzoom: 6,
      layout: {
        'text-field': ['get', 'name'],
        'text-font': FONT,
        'text-size': ['interpolate', ['linear'], ['zoom'], 6, 11, 12, 14],
        'text-anchor': 'top',
        'text-offset': [0, 2.2],
        'symbol-sort-key': ['-', 0, ['get', 'count']],
      },
      paint: { 'text-halo-width': 1.4 },
    },
  } as Record<string, Omit<LayerSpecification, 'id'>>;
  const nameOf = countryNames(language);
  const paint = paintOf(colours);
  return {
    version: 8,
    sources: {
      graticule: { type: 'geojson', data: { type: 'Feature', properties: {}, geometry: graticule() } },
      land: { type: 'geojson', data: land.countries, tolerance: 0.2, maxzoom: 8, attribution: 'Natural Earth' },
      countries: {
        type: 'geojson',
        data: { ...land.labels, features: land.labels.features.map((one) => ({ ...one, properties: { ...one.properties, name: nameOf(one.properties.name) } })) },
      },
      towns: { type: 'geojson', data: townData(towns) },
    },
    layers: Object.entries(layers).map(([id, layer]) => ({ ...layer, id, paint: { ...('paint' in layer ? layer.paint : {}), ...paint[id] } }) as LayerSpecification),
  };
}

export function townData(towns: ReturnType<typeof townsOf>): GeoJSON.FeatureCollection<GeoJSON.Point> {
  return {
    type: 'FeatureCollection',
    features: towns.map(({ name, count, lon, lat }) => ({ type: 'Feature', properties: { name, count }, geometry: { type: 'Point', coordinates: [lon, lat] } })),
  };
}

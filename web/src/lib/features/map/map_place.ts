/** The part of the earth a map shows. */
export interface MapPlace {
  lon: number;
  lat: number;
  zoom: number;
}

/** `#14/47.37/8.54`: zoom, latitude, longitude, as other maps write it. Undefined for anything else. */
export function parsePlace(hash: string): MapPlace | undefined {
  const parts = hash.replace(/^#/, '').split('/');
  if (parts.length !== 3 || parts.some((part) => part.trim() === '')) return undefined;
  const [zoom, lat, lon] = parts.map(Number);
  if (![zoom, lat, lon].every(Number.isFinite) || Math.abs(lat) > 90 || Math.abs(lon) > 180 || zoom < 0 || zoom > 22) return undefined;
  return { lon, lat, zoom };
}

/** As many digits as a pixel of the zoom is worth. */
export function placeHash({ lon, lat, zoom }: MapPlace): string {
  const digits = Math.max(1, Math.ceil(zoom / 3));
  const within = ((((lon + 180) % 360) + 360) % 360) - 180;
  return `#${Number(zoom.toFixed(2))}/${lat.toFixed(digits)}/${within.toFixed(digits)}`;
}

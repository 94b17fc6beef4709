/** Edges of what stays, as parts of the picture from 0 to 1. */
export interface Crop {
  left: number;
  top: number;
  right: number;
  bottom: number;
}

/** The largest crop of a shape in the middle; the whole picture without a shape. */
export function cropTo(ratio: number | undefined, size: { width: number; height: number }): Crop {
  if (!ratio) return { left: 0, top: 0, right: 1, bottom: 1 };
  const own = size.width / size.height;
  const wide = own < 1 ? 1 / ratio : ratio;
  const width = own > wide ? wide / own : 1;
  const height = own > wide ? 1 : own / wide;
  return { left: (1 - width) / 2, top: (1 - height) / 2, right: (1 + width) / 2, bottom: (1 + height) / 2 };
}

/** In whole pixels, never outside and never empty. */
export function cropPixels(crop: Crop, size: { width: number; height: number }): { x: number; y: number; width: number; height: number } {
  const x = Math.min(size.width - 1, Math.round(crop.left * size.width));
  const y = Math.min(size.height - 1, Math.round(crop.top * size.height));
  return {
    x,
    y,
    width: Math.max(1, Math.round(crop.right * size.width) - x),
    height: Math.max(1, Math.round(crop.bottom * size.height) - y),
  };
}

/** The transformation for the preview; mirrored after turning, as the server does. */
export function combine(angle: number, mirrorH: boolean, mirrorV: boolean): string {
  return `scale(${mirrorH ? -1 : 1}, ${mirrorV ? -1 : 1}) rotate(${angle}deg)`;
}

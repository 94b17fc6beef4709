/** How a picture is shown: enlarged by `scale` around its middle, then moved. */
export interface Zoom {
  scale: number;
  x: number;
  y: number;
}

export const FIT: Zoom = { scale: 1, x: 0, y: 0 };
const SCALE_MAX = 12;

export interface Box {
  width: number;
  height: number;
}

/** Enlarges so that the point at (x, y) from the middle of the view stays where it is. */
export function zoomAt(zoom: Zoom, factor: number, x: number, y: number, picture: Box, view: Box): Zoom {
  const scale = Math.min(SCALE_MAX, Math.max(1, zoom.scale * factor));
  const real = scale / zoom.scale;
  return keepInView({ scale, x: x - (x - zoom.x) * real, y: y - (y - zoom.y) * real }, picture, view);
}

export function pan(zoom: Zoom, dx: number, dy: number, picture: Box, view: Box): Zoom {
  return keepInView({ scale: zoom.scale, x: zoom.x + dx, y: zoom.y + dy }, picture, view);
}

/** No side of the picture comes further in than the edge of the view, and a side shorter than it stays in the middle. */
export function keepInView(zoom: Zoom, picture: Box, view: Box): Zoom {
  const room = (length: number, side: number) => Math.max(0, (length * zoom.scale - side) / 2);
  const limit = (value: number, most: number) => Math.max(-most, Math.min(most, value)) || 0;
  return {
    scale: zoom.scale,
    x: limit(zoom.x, room(picture.width, view.width)),
    y: limit(zoom.y, room(picture.height, view.height)),
  };
}

/** The box of a picture that is shown whole in a view. */
export function fitBox(ratio: number, view: Box): Box {
  const isWide = ratio > view.width / Math.max(1, view.height);
  return isWide ? { width: view.width, height: view.width / ratio } : { width: view.height * ratio, height: view.height };
}

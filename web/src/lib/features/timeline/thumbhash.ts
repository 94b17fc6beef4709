/** Colours out of a thumbhash (format: evanw/thumbhash, MIT), as far as a placeholder needs them. */

/** Average colour as `rgb(…)`; only the first three bytes are read, so it costs next to nothing. */
export function averageColour(hash: string): string {
  const bytes = atob(hash.slice(0, 4));
  const header = bytes.charCodeAt(0) | (bytes.charCodeAt(1) << 8) | (bytes.charCodeAt(2) << 16);
  const l = (header & 63) / 63;
  const p = ((header >> 6) & 63) / 31.5 - 1;
  const q = ((header >> 12) & 63) / 31.5 - 1;
  const b = l - (2 / 3) * p;
  const r = (3 * l - b + q) / 2;
  const g = r - q;
  const byte = (value: number) => Math.round(255 * Math.max(0, Math.min(1, value)));
  return `rgb(${byte(r)} ${byte(g)} ${byte(b)})`;
}

interface Channel {
  dc: number;
  nx: number;
  ny: number;
  ac: number[];
}

/** The blurred picture, at most 32 px on its longer side. About 0.3 ms: for the viewer and tiles that wait. */
export function drawThumbhash(hash: string): HTMLCanvasElement | undefined {
  const bytes = Uint8Array.from(atob(hash), (letter) => letter.charCodeAt(0));
  if (bytes.length < 5 || typeof document === 'undefined') return undefined;
  const { channels, width, height } = readHash(bytes);
  const canvas = document.createElement('canvas');
  canvas.width = width;
  canvas.height = height;
  const context = canvas.getContext('2d');
  if (!context) return undefined;
  const image = context.createImageData(width, height);
  paint(image.data, channels, width, height);
  context.putImageData(image, 0, 0);
  return canvas;
}

function readHash(bytes: Uint8Array): { channels: Channel[]; width: number; height: number } {
  const head = bytes[0] | (bytes[1] << 8) | (bytes[2] << 16);
  const tail = bytes[3] | (bytes[4] << 8);
  const hasAlpha = head >> 23 !== 0;
  const isLandscape = tail >> 15 !== 0;
  const lx = Math.max(3, isLandscape ? (hasAlpha ? 5 : 7) : tail & 7);
  const ly = Math.max(3, isLandscape ? tail & 7 : hasAlpha ? 5 : 7);
  let at = hasAlpha ? 12 : 10;
  const nibble = () => {
    const value = (bytes[at >> 1] >> ((at & 1) * 4)) & 15;
    at++;
    return value / 7.5 - 1;
  };
  const channel = (dc: number, scale: number, nx: number, ny: number): Channel => {
    const ac: number[] = [];
    for (let y = 0; y < ny; y++) for (let x = y ? 0 : 1; x * ny < nx * (ny - y); x++) ac.push(nibble() * scale);
    return { dc, nx, ny, ac };
  };
  const channels = [
    channel((head & 63) / 63, ((head >> 18) & 31) / 31, lx, ly),
    channel(((head >> 6) & 63) / 31.5 - 1, (((tail >> 3) & 63) / 63) * 1.25, 3, 3),
    channel(((head >> 12) & 63) / 31.5 - 1, (((tail >> 9) & 63) / 63) * 1.25, 3, 3),
  ];
  const ratio = (isLandscape ? 7 : tail & 7) / (isLandscape ? tail & 7 : 7) || 1;
  const width = Math.max(1, Math.round(ratio > 1 ? 32 : 32 * ratio));
  const height = Math.max(1, Math.round(ratio > 1 ? 32 / ratio : 32));
  return { channels, width, height };
}

function paint(data: Uint8ClampedArray, channels: Channel[], width: number, height: number): void {
  for (let y = 0, i = 0; y < height; y++) {
    for (let x = 0; x < width; x++, i += 4) {
      const [l, p, q] = channels.map((one) => valueAt(one, (x + 0.5) / width, (y + 0.5) / height));
      const b = l - (2 / 3) * p;
      const r = (3 * l - b + q) / 2;
      data[i] = 255 * r;
      data[i + 1] = 255 * (r - q);
      data[i + 2] = 255 * b;
      data[i + 3] = 255;
    }
  }
}

function valueAt({ dc, nx, ny, ac }: Channel, u: number, v: number): number {
  let value = dc;
  for (let y = 0, i = 0; y < ny; y++) {
    const fy = Math.cos(Math.PI * v * y) * 2;
    for (let x = y ? 0 : 1; x * ny < nx * (ny - y); x++, i++) value += ac[i] * Math.cos(Math.PI * u * x) * fy;
  }
  return value;
}

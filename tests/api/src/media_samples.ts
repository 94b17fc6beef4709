import { execFile } from 'node:child_process';
import { randomInt } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import sharp from 'sharp';

const run = promisify(execFile);
let nextSeed = randomInt(1, 1 << 30);

/** A folder for generated files: below the one of the run (removed by shared_server.ts), else removed when the process exits. */
export const sampleFolder: string = mkdtempSync(join(process.env['IMMICH_TEST_SAMPLES'] ?? tmpdir(), 'imt-media-'));
process.on('exit', () => rmSync(sampleFolder, { recursive: true, force: true }));

export interface PictureOptions {
  width?: number;
  height?: number;
  format?: 'jpeg' | 'png' | 'webp' | 'avif' | 'tiff' | 'gif';
  quality?: number;
  /** EXIF orientation 1…8. */
  orientation?: number;
}

/** Pixels of a picture that is never the same twice: colour gradients with coarse noise, 3 bytes a pixel. */
function pixels(width: number, height: number): Buffer {
  const seed = nextSeed++;
  const data = Buffer.alloc(width * height * 3);
  const [a, b, c] = [seed % 251, (seed >> 8) % 241, (seed >> 16) % 239];
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const at = (y * width + x) * 3;
      const noise = ((x >> 2) * 73 + (y >> 2) * 151 + seed) & 31;
      data[at] = (a + (x * 200) / width + noise) & 255;
      data[at + 1] = (b + (y * 200) / height + noise) & 255;
      data[at + 2] = (c + noise * 3) & 255;
    }
  }
  return data;
}

/** An encoded picture with its own, never repeated content (so its own checksum). */
export async function picture(options: PictureOptions = {}): Promise<Buffer> {
  const { width = 64, height = 48, format = 'jpeg', quality = 85 } = options;
  let image = sharp(pixels(width, height), { raw: { width, height, channels: 3 } });
  if (options.orientation) {
    image = image.withMetadata({ orientation: options.orientation });
  }
  return image.toFormat(format, { quality }).toBuffer();
}

/** Writes `bytes` to a file of the sample folder and returns its path. */
export function sampleFile(name: string, bytes: Buffer | string): string {
  const path = join(mkdtempSync(join(sampleFolder, 'f-')), name);
  writeFileSync(path, bytes);
  return path;
}

/** The same file with tags set by ExifTool, e.g. `{ Make: 'Canon', GPSLatitude: '48.1', GPSLatitudeRef: 'N' }`. */
export async function withTags(
  bytes: Buffer,
  tags: Record<string, string | number>,
  extension = 'jpg',
): Promise<Buffer> {
  const path = sampleFile(`tagged.${extension}`, bytes);
  const assignments = Object.entries(tags).map(([tag, value]) => `-${tag}=${value}`);
  await run('exiftool', ['-q', '-q', '-overwrite_original', '-n', ...assignments, path]);
  return readFileSync(path);
}

export interface VideoOptions {
  width?: number;
  height?: number;
  seconds?: number;
  codec?: 'libx264' | 'mpeg4' | 'libvpx-vp9';
  extension?: 'mp4' | 'mov' | 'mkv' | 'webm';
  audio?: boolean;
  /** Creation time written into the container, ISO. */
  createdAt?: string;
}

/** A short test clip by ffmpeg, with unique content. */
export async function clip(options: VideoOptions = {}): Promise<Buffer> {
  const { width = 320, height = 240, seconds = 1, codec = 'libx264', extension = 'mp4', audio = false } = options;
  const seed = nextSeed++;
  const path = sampleFile(`clip.${extension}`, '');
  const source = `testsrc2=size=${width}x${height}:rate=25:duration=${seconds},hue=h=${seed % 360}`;
  const arguments_ = ['-v', 'error', '-y', '-f', 'lavfi', '-i', source];
  if (audio) {
    arguments_.push(
      '-f',
      'lavfi',
      '-i',
      `sine=frequency=${300 + (seed % 500)}:duration=${seconds}`,
      '-c:a',
      'aac',
      '-shortest',
    );
  }
  arguments_.push('-c:v', codec, '-pix_fmt', 'yuv420p', '-threads', '1', '-metadata', `comment=clip ${seed}`);
  if (options.createdAt) {
    arguments_.push('-metadata', `creation_time=${options.createdAt}`);
  }
  await run('ffmpeg', [...arguments_, path]);
  return readFileSync(path);
}

/** What ExifTool says about a file (numbers as numbers). */
export async function exiftoolTags(path: string): Promise<Record<string, string | number | boolean>> {
  const { stdout } = await run('exiftool', ['-json', '-n', '-api', 'LargeFileSupport=1', path], {
    maxBuffer: 16 << 20,
  });
  return (JSON.parse(stdout) as Record<string, string | number | boolean>[])[0]!;
}

/** Size and channels of an encoded picture; decoding the whole of it proves that it is intact. */
export async function decode(
  bytes: Buffer,
): Promise<{ width: number; height: number; format: string; channels: number }> {
  const { info } = await sharp(bytes, { failOn: 'error', limitInputPixels: false })
    .raw()
    .toBuffer({ resolveWithObject: true });
  const { format } = await sharp(bytes).metadata();
  return { width: info.width, height: info.height, format: format ?? '', channels: info.channels };
}

/** Mean colour (0…255 per channel) of a rectangle given in fractions of the picture. */
export async function meanColour(
  bytes: Buffer,
  box: { left: number; top: number; width: number; height: number },
): Promise<number[]> {
  const { width = 0, height = 0 } = await sharp(bytes).metadata();
  const region = {
    left: Math.floor(box.left * width),
    top: Math.floor(box.top * height),
    width: Math.max(1, Math.floor(box.width * width)),
    height: Math.max(1, Math.floor(box.height * height)),
  };
  const { channels } = await sharp(await sharp(bytes).extract(region).removeAlpha().png().toBuffer()).stats();
  return channels.map((channel) => channel.mean);
}

/** Four coloured quarters (red, green / blue, white): tells whether a rotation was applied. */
export async function quarters(width = 400, height = 300, orientation = 1): Promise<Buffer> {
  const data = Buffer.alloc(width * height * 3);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const colour = [
        [255, 0, 0],
        [0, 255, 0],
        [0, 0, 255],
        [255, 255, 255],
      ][(y < height / 2 ? 0 : 2) + (x < width / 2 ? 0 : 1)]!;
      data.set(colour, (y * width + x) * 3);
    }
  }
  const image = sharp(data, { raw: { width, height, channels: 3 } }).jpeg({ quality: 95 });
  const tagged = orientation === 1 ? image : image.withMetadata({ orientation });
  return withTags(await tagged.toBuffer(), { Comment: `quarters ${nextSeed++}` });
}

import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { promisify } from 'node:util';
import { describe, expect } from 'vitest';
import { it, prepare } from '../src/api_test.ts';
import type { Json } from '../src/http_client.ts';
import { decode, sampleFile, sampleFolder } from '../src/media_samples.ts';
import { failedJobs, waitForQueues } from '../src/queues.ts';
import { sharedMediaFiles } from '../src/repo_paths.ts';
import { createUser, type Session } from '../src/session.ts';
import { sharedAdmin } from '../src/shared_session.ts';
import { tryUpload, upload } from '../src/upload.ts';

const run = promisify(execFile);

interface Format {
  /** Arguments of ffmpeg between the source and the name of the file. */
  make: string[];
  width?: number;
  height?: number;
  /** As shown, when the file is turned. */
  shown?: [number, number];
  /** Milliseconds; the tolerance covers containers that count frames or audio differently. */
  duration?: number | null;
  /** The container keeps the moment of recording. */
  dated?: boolean;
  /** Exif orientation the answer names. */
  orientation?: string;
}

const kRecorded = '2022-03-04T05:06:07Z';
const kUploaded = '2001-02-03T04:05:06.000Z';
const h264 = ['-c:v', 'libx264', '-pix_fmt', 'yuv420p'];
const bt2100 = ['-color_primaries', 'bt2020', '-color_trc', 'smpte2084', '-colorspace', 'bt2020nc'];
const hevc = ['-c:v', 'libx265', '-x265-params', 'log-level=none'];

/** Two seconds of test picture in each container and codec a phone, camera or screen recorder leaves. */
const kVideos: Record<string, Format> = {
  'h264.mp4': { make: h264, dated: true },
  'h264.m4v': { make: h264, dated: true },
  'h264.mkv': { make: h264, dated: true },
  'h264.flv': { make: h264, dated: true },
  'h264.ts': { make: h264 },
  'h264.mts': { make: [...h264, '-f', 'mpegts', '-mpegts_m2ts_mode', '1'] },
  'h264.m2t': { make: [...h264, '-g', '5', '-f', 'mpegts'] },
  'fragmented.mp4': { make: [...h264, '-movflags', 'frag_keyframe+empty_moov'], dated: true },
  'turned.mov': { make: h264, dated: true, shown: [270, 480], orientation: '6' },
  'hevc.mov': { make: [...hevc, '-tag:v', 'hvc1', '-pix_fmt', 'yuv420p'], dated: true },
  'hdr.mp4': {
    make: [...hevc, '-pix_fmt', 'yuv420p10le', ...bt2100],
    dated: true,
  },
  'av1.mp4': { make: ['-c:v', 'libsvtav1', '-preset', '12', '-pix_fmt', 'yuv420p'], dated: true },
  'vp9.webm': { make: ['-c:v', 'libvpx-vp9', '-deadline', 'realtime', '-cpu-used', '8'], dated: true },
  'vp8.webm': { make: ['-c:v', 'libvpx', '-deadline', 'realtime'], dated: true },
  'prores.mov': { make: ['-c:v', 'prores_ks'], dated: true },
  'mjpeg.mov': { make: ['-c:v', 'mjpeg', '-pix_fmt', 'yuvj422p'], dated: true },
  'mjpeg.avi': { make: ['-c:v', 'mjpeg', '-pix_fmt', 'yuvj420p'] },
  'mpeg4.avi': { make: ['-c:v', 'mpeg4'] },
  'mpeg2.mpg': { make: ['-c:v', 'mpeg2video'] },
  'mpeg2.vob': { make: ['-c:v', 'mpeg2video', '-f', 'vob'] },
  'wmv2.wmv': { make: ['-c:v', 'wmv2'], dated: true },
  'h263.3gp': { make: ['-c:v', 'h263', '-s', '352x288'], width: 352, height: 288, dated: true },
};

const still = ['-frames:v', '1'];
const kStills: Record<string, Format> = {
  'a.jpg': { make: still },
  'a.insp': { make: [...still, '-q:v', '5', '-f', 'mjpeg'] },
  'a.png': { make: still },
  'deep.png': { make: [...still, '-pix_fmt', 'rgb48be'] },
  'palette.png': { make: [...still, '-pix_fmt', 'pal8'] },
  'transparent.png': { make: [...still, '-pix_fmt', 'rgba64be'] },
  'a.bmp': { make: still },
  'a.tiff': { make: [...still, '-pix_fmt', 'rgb24'] },
  'deep.tif': { make: [...still, '-pix_fmt', 'rgb48le'] },
  'a.webp': { make: [...still, '-c:v', 'libwebp'] },
  'a.jp2': { make: [...still, '-c:v', 'libopenjpeg'] },
  'a.jxl': { make: [...still, '-c:v', 'libjxl'] },
  'deep.jxl': { make: [...still, '-c:v', 'libjxl', '-pix_fmt', 'rgb48le'] },
  'a.avif': { make: [...still, '-c:v', 'libaom-av1', '-still-picture', '1', '-cpu-used', '8'] },
  'deep.avif': {
    make: [...still, '-c:v', 'libaom-av1', '-still-picture', '1', '-cpu-used', '8', '-pix_fmt', 'yuv420p10le'],
  },
  'moving.gif': { make: ['-r', '10'], duration: 2000, orientation: '1' },
  'moving.webp': { make: ['-r', '10', '-c:v', 'libwebp_anim'], duration: 2000 },
};

/** Makes the file; undefined when this ffmpeg has not got the encoder. */
async function make(name: string, { make: options }: Format): Promise<Buffer | undefined> {
  const path = join(mkdtempSync(join(sampleFolder, 'format-')), name);
  const source = ['-f', 'lavfi', '-i', 'testsrc2=size=480x270:rate=25:duration=2'];
  // No two files may be the same, or the second is a duplicate.
  const tags = ['-metadata', `creation_time=${kRecorded}`, '-metadata', `comment=${name}`];
  try {
    await run('ffmpeg', ['-v', 'error', '-y', ...source, ...options, '-threads', '1', ...tags, path]);
  } catch {
    return undefined;
  }
  if (name.startsWith('turned')) {
    await run('exiftool', ['-q', '-overwrite_original', '-Rotation=90', path]);
  }
  return readFileSync(path);
}

const svg =
  '<svg xmlns="http://www.w3.org/2000/svg" width="480" height="270"><rect width="240" height="135" fill="red"/></svg>';

/** A Photoshop file: 8 bits, RGB, not compressed, one colour. */
function photoshop(width: number, height: number): Buffer {
  const head = Buffer.alloc(40);
  head.write('8BPS');
  head.writeUInt16BE(1, 4);
  head.writeUInt16BE(3, 12);
  head.writeUInt32BE(height, 14);
  head.writeUInt32BE(width, 18);
  head.writeUInt16BE(8, 22);
  head.writeUInt16BE(3, 24);
  return Buffer.concat([head, ...[200, 30, 30].map((value) => Buffer.alloc(width * height, value))]);
}

let admin: Session;
let user: Session;
const ids = new Map<string, string>();

prepare(async () => {
  admin = sharedAdmin();
  user = await createUser(admin, 'formats');
  const send = async (name: string, bytes: Buffer): Promise<void> => {
    ids.set(name, await upload(user, bytes, { name, fields: { fileCreatedAt: kUploaded } }));
  };
  for (const [name, format] of Object.entries({ ...kVideos, ...kStills })) {
    const bytes = await make(name, format);
    if (bytes) {
      await send(name, bytes);
    }
  }
  await send('a.svg', Buffer.from(svg));
  await send('a.psd', photoshop(480, 270));
  for (const file of sharedMediaFiles()) {
    // The same photograph may be there twice.
    const reply = await tryUpload(user, readFileSync(file), { name: basename(file) });
    expect([200, 201], `${basename(file)}: ${reply.summary}`).toContain(reply.status);
    ids.set(file, reply.json.id);
  }
  await waitForQueues(admin, 300_000);
}, 480_000);

async function assetOf(name: string): Promise<Json> {
  return (await user.client.get(`/assets/${ids.get(name)!}`)).json;
}

/** Thumbnail and preview decode and keep the proportions of the shown picture. */
async function expectRenditions(name: string, shown: [number, number]): Promise<void> {
  const ratio = shown[0] / shown[1];
  for (const [size, edge] of [
    ['thumbnail', 250],
    ['preview', 1440],
  ] as const) {
    const reply = await user.client.get(`/assets/${ids.get(name)!}/thumbnail`, { query: { size } });
    expect(reply.status, `${size} of ${name}`).toBe(200);
    const { width, height } = await decode(reply.bytes);
    const shorter = Math.min(edge, ...shown);
    const found = `${size} of ${name}: ${width}x${height}`;
    expect(Math.abs(Math.min(width, height) - shorter), found).toBeLessThanOrEqual(2);
    expect(Math.abs(width / height / ratio - 1), found).toBeLessThan(0.02);
  }
}

describe('formats', () => {
  for (const [name, format] of Object.entries({ ...kVideos, ...kStills })) {
    it(`reads ${name}`, async (context) => {
      if (!ids.has(name)) {
        context.skip('this ffmpeg cannot make it');
      }
      const isVideo = name in kVideos;
      const stored: [number, number] = [format.width ?? 480, format.height ?? 270];
      const shown = format.shown ?? stored;
      const asset = await assetOf(name);
      expect([asset.type, asset.width, asset.height]).toEqual([isVideo ? 'VIDEO' : 'IMAGE', ...shown]);
      expect([asset.exifInfo.exifImageWidth, asset.exifInfo.exifImageHeight]).toEqual(stored);
      expect(asset.thumbhash).toEqual(expect.any(String));
      const duration = format.duration === undefined && isVideo ? 2000 : (format.duration ?? null);
      if (duration === null) {
        expect(asset.duration).toBeNull();
      } else {
        expect(Math.abs(asset.duration - duration), `${asset.duration} ms`).toBeLessThanOrEqual(100);
      }
      if (format.orientation) {
        expect(asset.exifInfo.orientation).toBe(format.orientation);
      }
      const taken = new Date(format.dated ? kRecorded : kUploaded).toISOString();
      expect([asset.fileCreatedAt, asset.localDateTime]).toEqual([taken, taken]);
      await expectRenditions(name, shown);
    });
  }

  it('draws SVG and reads Photoshop files', async () => {
    for (const name of ['a.svg', 'a.psd']) {
      const asset = await assetOf(name);
      expect([name, asset.type, asset.width, asset.height]).toEqual([name, 'IMAGE', 480, 270]);
      await expectRenditions(name, [480, 270]);
    }
  });

  it.skipIf(sharedMediaFiles().length === 0)('reads every file of the shared photographs', async () => {
    for (const file of sharedMediaFiles()) {
      const { width, height } = await assetOf(file);
      expect([basename(file), width > 0, height > 0]).toEqual([basename(file), true, true]);
      await expectRenditions(file, [width, height]);
    }
  });

  it('fails none of their jobs', async () => {
    const own = new Set(ids.values());
    for (const queue of ['metadataExtraction', 'thumbnailGeneration', 'sidecar']) {
      const failed = (await failedJobs(admin, queue)).filter(({ data }) => own.has(data.id));
      expect(failed, queue).toEqual([]);
    }
  });
});

describe('files without a picture', () => {
  it('keeps sound alone and cut-off videos as originals, with a failed job', async () => {
    const path = sampleFile('sound.mp4', '');
    const tone = ['-f', 'lavfi', '-i', 'sine=frequency=440:duration=1', '-c:a', 'aac'];
    await run('ffmpeg', ['-v', 'error', '-y', ...tone, path]);
    const clip = (await make('cut.mp4', kVideos['h264.mp4']!))!;
    for (const [queue, name, bytes] of [
      ['thumbnailGeneration', 'sound.mp4', readFileSync(path)],
      ['metadataExtraction', 'cut.mp4', clip.subarray(0, clip.length / 2)],
    ] as const) {
      const id = await upload(user, bytes, { name });
      await waitForQueues(admin);
      expect((await failedJobs(admin, queue)).map(({ data }) => data.id), name).toContain(id);
      expect((await user.client.get(`/assets/${id}/thumbnail`)).status, name).toBe(404);
      const original = await user.client.get(`/assets/${id}/original`);
      expect([name, original.status, original.bytes.equals(bytes)]).toEqual([name, 200, true]);
    }
  });
});

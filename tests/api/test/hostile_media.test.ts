import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, describe, expect } from 'vitest';
import { it, prepare } from '../src/api_test.ts';
import {
  damaged,
  gifBomb,
  hostileSidecars,
  hostileSvgs,
  jpegClaim,
  pngBomb,
  pngClaim,
} from '../src/hostile_samples.ts';
import { sha1Hex } from '../src/http_client.ts';
import { clip, picture, withTags } from '../src/media_samples.ts';
import { residentBytes } from '../src/process_tree.ts';
import { failedJobs, waitForQueues } from '../src/queues.ts';
import { TestServer } from '../src/server.ts';
import { createUser, type Session, signUpAdmin } from '../src/session.ts';
import { tryUpload } from '../src/upload.ts';

const kPatienceMs = 240_000;

let server: TestServer;
let admin: Session;
let user: Session;
let trap: Server;
let trapPort: number;
const visits: string[] = [];

prepare(async () => {
  server = await TestServer.start();
  admin = await signUpAdmin(server);
  user = await createUser(admin, 'media');
  trap = createServer((request, response) => {
    visits.push(request.url ?? '');
    response.end('caught');
  });
  await new Promise<void>((resolve) => trap.listen(0, '127.0.0.1', resolve));
  trapPort = (trap.address() as AddressInfo).port;
});
afterAll(async () => {
  trap?.close();
  await server?.destroy();
});

interface Sample {
  what: string;
  name: string;
  bytes: Buffer;
  sidecar?: Buffer;
}

/**
 * Uploads everything, waits until the queues are empty, and checks what must hold for any file: the asset is there, its original
 * comes back byte by byte, and it has a thumbnail or a failed job that says so. Returns the ids by sample.
 */
async function digest(samples: Sample[]): Promise<Map<string, string>> {
  const apiPids = server.processes('api').map(({ pid }) => pid);
  const ids = new Map<string, string>();
  for (const { what, name, bytes, sidecar } of samples) {
    const reply = await tryUpload(user, bytes, { name, ...(sidecar ? { sidecar } : {}) });
    expect(reply.status, `${what}: ${reply.summary}`).toBe(201);
    ids.set(what, reply.json.id);
  }
  await waitForQueues(admin, kPatienceMs);
  const failed = new Set(
    [...(await failedJobs(admin, 'thumbnailGeneration')), ...(await failedJobs(admin, 'metadataExtraction'))].map(
      ({ data }) => data.id,
    ),
  );
  for (const { what, bytes } of samples) {
    const id = ids.get(what)!;
    const asset = await user.client.get(`/assets/${id}`);
    expect(asset.status, what).toBe(200);
    const original = await user.client.get(`/assets/${id}/original`);
    expect([original.status, sha1Hex(original.bytes)], what).toEqual([200, sha1Hex(bytes)]);
    const thumbnail = await user.client.get(`/assets/${id}/thumbnail`);
    expect([200, 404], `${what}: ${thumbnail.status}`).toContain(thumbnail.status);
    expect(thumbnail.status === 200 || failed.has(id), `${what}: a thumbnail or a failed job`).toBe(true);
  }
  expect(
    server.processes('api').map(({ pid }) => pid),
    'the API process lived through it',
  ).toEqual(apiPids);
  return ids;
}

describe('broken files', () => {
  it('keeps them, with a failed job and the original', async () => {
    const [jpeg, png, webp, mp4] = [
      await picture({ width: 400, height: 300 }),
      await picture({ format: 'png' }),
      await picture({ format: 'webp' }),
      await clip(),
    ];
    const names = [
      'jpg',
      'heic',
      'heif',
      'avif',
      'jxl',
      'webp',
      'png',
      'gif',
      'tif',
      'dng',
      'cr2',
      'cr3',
      'nef',
      'arw',
      'raf',
      'svg',
      'bmp',
      'psd',
      'mp4',
      'mov',
      'mkv',
      'webm',
      'avi',
      'mts',
      'insv',
    ];
    const samples: Sample[] = names.flatMap((extension) => [
      { what: `text as ${extension}`, name: `text.${extension}`, bytes: Buffer.from(`just text, ${extension}`) },
      { what: `one byte as ${extension}`, name: `one.${extension}`, bytes: Buffer.from([names.indexOf(extension)]) },
    ]);
    samples.push(
      { what: 'half a JPEG', name: 'half.jpg', bytes: jpeg.subarray(0, jpeg.length >> 1) },
      { what: 'a JPEG head', name: 'head.jpg', bytes: jpeg.subarray(0, 100) },
      { what: 'half a PNG', name: 'half.png', bytes: png.subarray(0, png.length >> 1) },
      { what: 'half a WebP', name: 'half.webp', bytes: webp.subarray(0, webp.length >> 1) },
      { what: 'half an MP4', name: 'half.mp4', bytes: mp4.subarray(0, mp4.length >> 1) },
      { what: 'an MP4 head', name: 'head.mp4', bytes: mp4.subarray(0, 64) },
      { what: 'a JPEG named HEIC', name: 'really.heic', bytes: await picture() },
      { what: 'a JPEG named MP4', name: 'really.mp4', bytes: await picture() },
      { what: 'an MP4 named JPEG', name: 'really.jpg', bytes: await clip() },
      { what: 'a PNG named JPEG', name: 'png.jpg', bytes: await picture({ format: 'png' }) },
      {
        what: 'a JPEG with bytes after its end',
        name: 'tail.jpg',
        bytes: Buffer.concat([await picture(), Buffer.alloc(100_000, 'tail')]),
      },
    );
    const ids = await digest(samples);
    for (const what of ['a JPEG with bytes after its end', 'a PNG named JPEG']) {
      expect((await user.client.get(`/assets/${ids.get(what)}/thumbnail`)).status, what).toBe(200);
    }
  }, 420_000);

  it('lives through damaged files', async () => {
    const originals: [string, Buffer][] = [
      ['jpg', await picture({ width: 200, height: 150 })],
      ['png', await picture({ format: 'png', width: 200, height: 150 })],
      ['webp', await picture({ format: 'webp', width: 200, height: 150 })],
      ['avif', await picture({ format: 'avif', width: 200, height: 150 })],
      ['tif', await picture({ format: 'tiff', width: 200, height: 150 })],
      ['gif', await picture({ format: 'gif', width: 200, height: 150 })],
      ['mp4', await clip({ audio: true })],
      ['webm', await clip({ extension: 'webm', codec: 'libvpx-vp9' })],
    ];
    const samples = originals.flatMap(([extension, bytes]) =>
      [1, 2, 3, 4].map((seed) => ({
        what: `${extension} ${seed}`,
        name: `${seed}.${extension}`,
        bytes: damaged(bytes, seed * 7919 + bytes.length, 4 ** seed),
      })),
    );
    await digest(samples);
  }, 420_000);
});

describe('bombs', () => {
  it('keeps memory and time bounded', async () => {
    let peak = 0;
    const watch = setInterval(() => {
      peak = Math.max(
        peak,
        server
          .tree()
          .filter(({ role }) => !role.startsWith('postgres') && role !== 'redis')
          .reduce((sum, { pid }) => sum + residentBytes(pid), 0),
      );
    }, 50);
    try {
      await digest([
        { what: 'PNG of 30,000 × 30,000', name: 'bomb.png', bytes: pngBomb(30_000, 30_000) },
        { what: 'PNG that claims 2^31 − 1', name: 'claim.png', bytes: pngClaim(0x7fffffff, 0x7fffffff) },
        { what: 'PNG that claims 100,000 × 100,000', name: 'claim2.png', bytes: pngClaim(100_000, 100_000) },
        { what: 'GIF with a giant screen', name: 'bomb.gif', bytes: gifBomb(1000) },
        { what: 'JPEG that claims 65,500 × 65,500', name: 'claim.jpg', bytes: jpegClaim() },
      ]);
    } finally {
      clearInterval(watch);
    }
    expect(peak, `peak resident memory of the server's own processes: ${Math.round(peak / 2 ** 20)} MiB`).toBeLessThan(
      4 * 2 ** 30,
    );
  }, 420_000);

  it('never follows what an SVG points to', async () => {
    const samples = Object.entries(hostileSvgs(trapPort)).map(([what, text]) => ({
      what,
      name: `${what}.svg`,
      bytes: Buffer.from(text),
    }));
    await digest(samples);
    expect(visits).toEqual([]);
  }, 420_000);

  it('reads sidecars with care', async () => {
    const samples: Sample[] = [];
    for (const [what, sidecar] of Object.entries(hostileSidecars())) {
      if (sidecar.length > 0) {
        samples.push({ what, name: 'with-sidecar.jpg', bytes: await picture(), sidecar });
      }
    }
    const ids = await digest(samples);
    for (const [what, id] of ids) {
      const asset = (await user.client.get(`/assets/${id}`)).json;
      expect(JSON.stringify(asset), what).not.toContain('root:');
      expect((await user.client.get(`/assets/${id}/thumbnail`)).status, what).toBe(200);
    }
    expect((await user.client.get(`/assets/${ids.get('UTF-16')}`)).json.exifInfo.rating).toBe(4);
  }, 420_000);
});

describe('strange tags', () => {
  it('stores what makes sense and drops the rest', async () => {
    const cases: Record<string, Record<string, string | number>> = {
      'dates that do not exist': { DateTimeOriginal: '2023:02:31 25:61:61', CreateDate: '0000:00:00 00:00:00' },
      'a year with five digits': { DateTimeOriginal: '99999:01:01 00:00:00' },
      'a very long description': { ImageDescription: 'ü'.repeat(20_000) },
      'control characters': { ImageDescription: 'a\u0001b\u0007c', Make: 'M\u0008' },
      'invalid UTF-8': { ImageDescription: '\udcff' },
      'orientation 99': { Orientation: 99 },
      'a rating of 77': { 'XMP:Rating': 77 },
      'an ISO beyond 32 bits': { 'XMP-exif:ISO': 99_999_999_999 },
      'a focal length of zero': { FocalLength: 0 },
      'coordinates beyond the globe': { 'XMP-exif:GPSLatitude': 123, 'XMP-exif:GPSLongitude': 456 },
      'coordinates of zero': { GPSLatitude: 0, GPSLatitudeRef: 'N', GPSLongitude: 0, GPSLongitudeRef: 'E' },
      'options of a command line': {
        ImageDescription: '-o /tmp/evil',
        Make: '$(touch /tmp/evil)',
        Model: '`touch /tmp/evil`',
      },
    };
    const samples: Sample[] = [];
    for (const [what, tags] of Object.entries(cases)) {
      samples.push({
        what,
        name: '-overwrite_original $(touch evil).jpg',
        bytes: await withTags(await picture(), tags).catch(() => picture()),
      });
    }
    const ids = await digest(samples);
    for (const [what, id] of ids) {
      const asset = (await user.client.get(`/assets/${id}`)).json;
      expect(
        [asset.width, asset.height].toSorted((a, b) => b - a),
        what,
      ).toEqual([64, 48]);
      expect(asset.exifInfo.fileSizeInByte, what).toBeGreaterThan(0);
    }
    const of = async (what: string) => (await user.client.get(`/assets/${ids.get(what)}`)).json.exifInfo;
    expect((await of('a rating of 77')).rating).toBe(null);
    expect((await of('an ISO beyond 32 bits')).iso).toBe(null);
    expect([(await of('coordinates of zero')).latitude, (await of('coordinates of zero')).longitude]).toEqual([
      null,
      null,
    ]);
    const { existsSync } = await import('node:fs');
    expect(existsSync('/tmp/evil')).toBe(false);
  }, 420_000);
});

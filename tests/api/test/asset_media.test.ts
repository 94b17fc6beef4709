import { randomUUID } from 'node:crypto';
import { describe, expect } from 'vitest';
import { it, prepare } from '../src/api_test.ts';
import { bodyEtag, type Reply, sha1Hex } from '../src/http_client.ts';
import { clip, decode, meanColour, picture, quarters } from '../src/media_samples.ts';
import { waitForQueues } from '../src/queues.ts';
import { createUser, type Session } from '../src/session.ts';
import { sharedAdmin } from '../src/shared_session.ts';
import { kModifiedAt, upload } from '../src/upload.ts';

const kMediaCache = 'private, max-age=86400, no-transform, stale-while-revalidate=2592000, stale-if-error=2592000';
const kModifiedMs = Date.parse(kModifiedAt);

let admin: Session;
let user: Session;
let stranger: Session;
let photo: { id: string; bytes: Buffer };
let video: { id: string; bytes: Buffer };

prepare(async () => {
  admin = sharedAdmin();
  user = await createUser(admin, 'media');
  stranger = await createUser(admin, 'stranger');
  const [photoBytes, videoBytes] = [await picture({ width: 2000, height: 1500 }), await clip({ seconds: 2 })];
  photo = { bytes: photoBytes, id: await upload(user, photoBytes, { name: 'Holiday Ö.jpg' }) };
  video = { bytes: videoBytes, id: await upload(user, videoBytes, { name: 'walk.mp4' }) };
  await waitForQueues(admin);
});

describe('headers of media', () => {
  it('sends the original as captured from Immich', async () => {
    const reply = await user.client.get(`/assets/${photo.id}/original`);
    expect(reply.status).toBe(200);
    expect(reply.headers).toMatchObject({
      'cache-control': kMediaCache,
      'content-type': 'image/jpeg',
      'content-disposition': `inline; filename*=UTF-8''Holiday%20%C3%96.jpg`,
      'accept-ranges': 'bytes',
      'last-modified': new Date(kModifiedMs).toUTCString(),
      etag: `W/"${photo.bytes.length.toString(16)}-${kModifiedMs.toString(16)}"`,
      'content-length': String(photo.bytes.length),
      connection: 'keep-alive',
    });
    expect(reply.headers['x-correlation-id']).toMatch(/^[a-z0-9]{6,10}$/);
    expect(reply.headers['date']).toMatch(/GMT$/);
    expect(reply.headers['content-encoding']).toBeUndefined();
    expect(sha1Hex(reply.bytes)).toBe(sha1Hex(photo.bytes));
  });

  for (const [size, type, extension] of [
    ['thumbnail', 'image/webp', 'webp'],
    ['preview', 'image/jpeg', 'jpeg'],
  ] as const) {
    it(`sends the ${size} as captured from Immich`, async () => {
      const reply = await user.client.get(`/assets/${photo.id}/thumbnail`, { query: { size } });
      expect(reply.status).toBe(200);
      expect(reply.headers).toMatchObject({
        'cache-control': kMediaCache,
        'content-type': type,
        'content-disposition': `inline; filename*=UTF-8''Holiday%20%C3%96_${size}.${extension}`,
        'accept-ranges': 'bytes',
        'content-length': String(reply.bytes.length),
      });
      const [, length, time] = /^W\/"([0-9a-f]+)-([0-9a-f]+)"$/.exec(reply.headers.etag!)!;
      expect(Number.parseInt(length!, 16)).toBe(reply.bytes.length);
      expect(new Date(Math.floor(Number.parseInt(time!, 16) / 1000) * 1000).toUTCString()).toBe(
        reply.headers['last-modified'],
      );
      expect(await decode(reply.bytes)).toMatchObject(
        size === 'thumbnail' ? { width: 333, height: 250 } : { width: 1920, height: 1440 },
      );
    });
  }

  it('takes thumbnail as the default size and ignores the cache key', async () => {
    const [plain, keyed, named] = await Promise.all([
      user.client.get(`/assets/${photo.id}/thumbnail`),
      user.client.get(`/assets/${photo.id}/thumbnail`, { query: { c: 'abc', size: 'thumbnail' } }),
      user.client.get(`/assets/${photo.id}/thumbnail`, { query: { size: 'thumbnail' } }),
    ]);
    expect(plain.bytes.equals(keyed.bytes) && keyed.bytes.equals(named.bytes)).toBe(true);
    expect(plain.headers.etag).toBe(keyed.headers.etag);
    const unknown = await user.client.get(`/assets/${photo.id}/thumbnail`, { query: { size: 'huge' } });
    expect([unknown.status, unknown.json.message]).toEqual([400, 'Validation failed']);
  });

  it('redirects fullsize and original', async () => {
    const fullsize = await user.client.get(`/assets/${photo.id}/thumbnail`, { query: { size: 'fullsize' } });
    expect(fullsize.status).toBe(302);
    expect(fullsize.headers.location).toMatch(/^original(\?|$)/);
    const original = await user.client.get(`/assets/${photo.id}/thumbnail`, { query: { size: 'original' } });
    expect(original.status).toBe(302);
    expect(original.headers.location).toMatch(/^original(\?|$)/);
    const kept = await user.client.get(`/assets/${photo.id}/thumbnail`, { query: { size: 'fullsize', c: 'xyz' } });
    expect(kept.headers.location).toContain('c=xyz');
  });

  it('redirects fullsize to the preview when there is none and the original is no web format', async () => {
    const id = await upload(user, await picture({ width: 300, height: 200, format: 'tiff' }), { name: 'scan.tif' });
    await waitForQueues(admin);
    const reply = await user.client.get(`/assets/${id}/thumbnail`, { query: { size: 'fullsize' } });
    expect(reply.status, reply.text).toBe(302);
    expect(reply.headers.location).toContain('size=preview');
    expect((await user.client.get(`/assets/${id}/original`)).headers['content-type']).toBe('image/tiff');
  });

  it('plays videos without a Content-Disposition', async () => {
    const reply = await user.client.get(`/assets/${video.id}/video/playback`);
    expect(reply.status).toBe(200);
    expect(reply.headers).toMatchObject({
      'cache-control': kMediaCache,
      'content-type': 'video/mp4',
      'accept-ranges': 'bytes',
    });
    expect(sha1Hex(reply.bytes), 'an h264 mp4 is played as it is').toBe(sha1Hex(video.bytes));
    const image = await user.client.get(`/assets/${photo.id}/video/playback`);
    expect(image.status, image.text).toBe(404);
  });

  it('answers 404 for a thumbnail that does not exist yet and 400 without access', async () => {
    const rubbish = await upload(user, Buffer.from('not a picture'), { name: 'broken.jpg' });
    await waitForQueues(admin);
    const missing = await user.client.get(`/assets/${rubbish}/thumbnail`);
    expect([missing.status, missing.json]).toEqual([404, { message: 'Asset media not found' }]);
    for (const [path, permission] of [
      ['original', 'asset.download'],
      ['thumbnail', 'asset.view'],
      ['video/playback', 'asset.view'],
    ] as const) {
      for (const id of [photo.id, randomUUID()]) {
        const reply = await stranger.client.get(`/assets/${id}/${path}`);
        expect([reply.status, reply.json], path).toEqual([400, { message: `Not found or no ${permission} access` }]);
      }
    }
  });
});

interface RangeCase {
  range: string;
  status: number[];
  slice?: [number, number];
}

describe('byte ranges', () => {
  const check = (reply: Reply, whole: Buffer, { range, status, slice }: RangeCase): void => {
    expect(status, `${range}: ${reply.status}`).toContain(reply.status);
    if (reply.status === 206) {
      const [from, to] = slice!;
      expect(reply.headers['content-range'], range).toBe(`bytes ${from}-${to - 1}/${whole.length}`);
      expect(reply.bytes.equals(whole.subarray(from, to)), range).toBe(true);
      expect(reply.headers['content-length']).toBe(String(to - from));
    } else if (reply.status === 200) {
      expect(reply.headers['content-range']).toBeUndefined();
      expect(reply.bytes.equals(whole), range).toBe(true);
    } else {
      expect(reply.headers['content-range'], range).toBe(`bytes */${whole.length}`);
    }
  };
  const cases = (size: number): RangeCase[] => [
    { range: 'bytes=0-0', status: [206], slice: [0, 1] },
    { range: 'bytes=0-99', status: [206], slice: [0, 100] },
    { range: 'bytes=100-', status: [206], slice: [100, size] },
    { range: `bytes=${size - 1}-`, status: [206], slice: [size - 1, size] },
    { range: 'bytes=-1', status: [206], slice: [size - 1, size] },
    { range: 'bytes=-100', status: [206], slice: [size - 100, size] },
    { range: `bytes=-${size * 2}`, status: [206, 416, 404], slice: [0, size] },
    { range: `bytes=10-${size * 2}`, status: [206], slice: [10, size] },
    { range: 'bytes=0-', status: [206], slice: [0, size] },
    { range: `bytes=${size}-`, status: [416, 404] },
    { range: `bytes=${size + 1000}-${size + 2000}`, status: [416, 404] },
    { range: 'bytes=99999999999999999999-', status: [416, 404, 200] },
    { range: 'bytes=5-2', status: [416, 404, 200] },
    { range: 'bytes=-0', status: [416, 404, 200] },
    { range: 'bytes=0-1,5-6', status: [200] },
    { range: 'bytes=abc', status: [200, 416, 404] },
    { range: 'bytes=', status: [200, 416, 404] },
    { range: 'items=0-5', status: [200] },
    { range: 'bytes=1-2x', status: [200, 206, 416, 404], slice: [1, 3] },
  ];

  it('works for originals', async () => {
    for (const one of cases(photo.bytes.length)) {
      check(await user.client.get(`/assets/${photo.id}/original`, { headers: { range: one.range } }), photo.bytes, one);
    }
  });

  it('works for videos and small thumbnails', async () => {
    const thumbnail = (await user.client.get(`/assets/${photo.id}/thumbnail`)).bytes;
    for (const one of cases(video.bytes.length)) {
      check(
        await user.client.get(`/assets/${video.id}/video/playback`, { headers: { range: one.range } }),
        video.bytes,
        one,
      );
    }
    for (const one of cases(thumbnail.length)) {
      check(await user.client.get(`/assets/${photo.id}/thumbnail`, { headers: { range: one.range } }), thumbnail, one);
    }
  });

  it('honours If-Range', async () => {
    const { etag, 'last-modified': modified } = (await user.client.get(`/assets/${video.id}/video/playback`)).headers;
    const get = (ifRange: string): Promise<Reply> =>
      user.client.get(`/assets/${video.id}/video/playback`, { headers: { range: 'bytes=0-9', 'if-range': ifRange } });
    expect((await get(modified!)).status).toBe(206);
    expect((await get('"other"')).status).toBe(200);
    expect((await get('Mon, 01 Jan 2001 00:00:00 GMT')).status).toBe(200);
    expect([200, 206], 'a weak validator').toContain((await get(etag!)).status);
  });

  it('survives players that ask for many pieces at once', async () => {
    const size = video.bytes.length;
    const pieces = await Promise.all(
      Array.from({ length: 40 }, (_, i) => {
        const from = Math.trunc((size * i) / 40);
        const to = Math.trunc((size * (i + 1)) / 40);
        return user.client.get(`/assets/${video.id}/video/playback`, { headers: { range: `bytes=${from}-${to - 1}` } });
      }),
    );
    expect(sha1Hex(Buffer.concat(pieces.map(({ bytes }) => bytes)))).toBe(sha1Hex(video.bytes));
  });
});

describe('conditional requests', () => {
  const paths = () => [
    `/assets/${photo.id}/original`,
    `/assets/${photo.id}/thumbnail`,
    `/assets/${video.id}/video/playback`,
  ];

  it('answers 304 to a matching ETag or date, for media', async () => {
    for (const path of paths()) {
      const { etag, 'last-modified': modified } = (await user.client.get(path)).headers;
      for (const headers of [
        { 'if-none-match': etag! },
        { 'if-none-match': `"x", ${etag}` },
        { 'if-none-match': '*' },
        { 'if-none-match': etag!.slice(2) },
        { 'if-modified-since': modified! },
      ] as Record<string, string>[]) {
        const reply = await user.client.get(path, { headers });
        expect([reply.status, reply.bytes.length], `${path} ${JSON.stringify(headers)}`).toEqual([304, 0]);
        expect(reply.headers.etag).toBe(etag);
      }
      for (const headers of [
        { 'if-none-match': '"other"' },
        { 'if-modified-since': 'Mon, 01 Jan 2001 00:00:00 GMT' },
      ] as Record<string, string>[]) {
        expect((await user.client.get(path, { headers })).status, JSON.stringify(headers)).toBe(200);
      }
    }
  });

  it('gives buffered JSON a strong ETag of its bytes', async () => {
    const reply = await user.client.get('/users/me');
    expect(reply.headers.etag).toBe(bodyEtag(reply.bytes));
    expect(reply.headers['content-type']).toBe('application/json; charset=utf-8');
    expect(reply.headers.vary).toBe('Accept-Encoding');
    const again = await user.client.get('/users/me', { headers: { 'if-none-match': reply.headers.etag! } });
    expect([again.status, again.bytes.length]).toEqual([304, 0]);
  });

  it('answers HEAD like GET without the body', async () => {
    for (const path of [...paths(), '/users/me', '/server/media-types']) {
      const get = await user.client.get(path);
      const head = await user.client.send('HEAD', path);
      expect([head.status, head.bytes.length], path).toEqual([200, 0]);
      for (const name of ['content-type', 'content-length', 'etag', 'cache-control', 'last-modified']) {
        expect(head.headers[name], `${name} of ${path}`).toBe(get.headers[name]);
      }
    }
  });
});

describe('pictures', () => {
  const corner = 0.15;
  const box = (left: number, top: number) => ({ left, top, width: corner, height: corner });
  const near = (colour: number[], expected: number[]): boolean =>
    colour.every((value, i) => Math.abs(value - expected[i]!) < 60);

  it('applies each of the eight orientations', async () => {
    // The colours of the corners (top left, top right, bottom left) after the orientation is applied to red green / blue white.
    const [red, green, blue, white] = [
      [255, 0, 0],
      [0, 255, 0],
      [0, 0, 255],
      [255, 255, 255],
    ];
    const corners: Record<number, number[][]> = {
      1: [red!, green!, blue!],
      2: [green!, red!, white!],
      3: [white!, blue!, green!],
      4: [blue!, white!, red!],
      5: [red!, blue!, green!],
      6: [blue!, red!, white!],
      7: [white!, green!, blue!],
      8: [green!, white!, red!],
    };
    const ids = new Map<number, string>();
    for (const orientation of Object.keys(corners).map(Number)) {
      ids.set(orientation, await upload(user, await quarters(400, 300, orientation), { name: `o${orientation}.jpg` }));
    }
    await waitForQueues(admin);
    for (const [orientation, id] of ids) {
      const asset = (await user.client.get(`/assets/${id}`)).json;
      expect([asset.width, asset.height], `orientation ${orientation}`).toEqual(
        orientation >= 5 ? [300, 400] : [400, 300],
      );
      for (const size of ['thumbnail', 'preview']) {
        const { bytes } = await user.client.get(`/assets/${id}/thumbnail`, { query: { size } });
        const colours = [
          await meanColour(bytes, box(0.05, 0.05)),
          await meanColour(bytes, box(0.8, 0.05)),
          await meanColour(bytes, box(0.05, 0.8)),
        ];
        for (const [i, colour] of colours.entries()) {
          expect(
            near(colour, corners[orientation]![i]!),
            `orientation ${orientation}, ${size}, corner ${i}: ${colour}`,
          ).toBe(true);
        }
      }
    }
  });

  it('reads the formats of the web', async () => {
    const ids: [string, string][] = [];
    for (const format of ['jpeg', 'png', 'webp', 'avif', 'tiff', 'gif'] as const) {
      ids.push([
        format,
        await upload(user, await picture({ width: 600, height: 400, format }), { name: `photo.${format}` }),
      ]);
    }
    await waitForQueues(admin);
    for (const [format, id] of ids) {
      const asset = (await user.client.get(`/assets/${id}`)).json;
      expect([format, asset.width, asset.height]).toEqual([format, 600, 400]);
      const thumbnail = await user.client.get(`/assets/${id}/thumbnail`);
      expect([format, thumbnail.status]).toEqual([format, 200]);
      expect(Math.abs((await decode(thumbnail.bytes)).width - 375), format).toBeLessThanOrEqual(1);
      expect(asset.thumbhash, format).toEqual(expect.any(String));
    }
  });

  it('makes stills of videos in several containers', async () => {
    const ids: [string, string][] = [];
    for (const [extension, codec] of [
      ['mp4', 'libx264'],
      ['mov', 'mpeg4'],
      ['mkv', 'libx264'],
      ['webm', 'libvpx-vp9'],
    ] as const) {
      ids.push([
        extension,
        await upload(user, await clip({ extension, codec, width: 480, height: 270 }), { name: `clip.${extension}` }),
      ]);
    }
    await waitForQueues(admin);
    for (const [extension, id] of ids) {
      const asset = (await user.client.get(`/assets/${id}`)).json;
      expect([extension, asset.type, asset.width, asset.height]).toEqual([extension, 'VIDEO', 480, 270]);
      expect(asset.duration, extension).toBeGreaterThan(900);
      const thumbnail = await user.client.get(`/assets/${id}/thumbnail`);
      expect([extension, thumbnail.status]).toEqual([extension, 200]);
      expect(Math.abs((await decode(thumbnail.bytes)).height - 250)).toBeLessThanOrEqual(2);
    }
  });
});

import { existsSync, mkdirSync, mkdtempSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { basename, join, relative } from 'node:path';
import {
  type AssetResponseDto,
  getAllAlbums,
  getAssetInfo,
  getAssetStatistics,
  getTimeBucket,
  getTimeBuckets,
  Permission,
  searchAssets,
} from '@immich/sdk';
import { afterAll, describe, expect } from 'vitest';
import { it, prepare } from '../src/api_test.ts';
import { mismatches } from '../src/contract.ts';
import { EventStream, waitForUploads } from '../src/event_stream.ts';
import { expectedPhotos, scaled } from '../src/expected_photos.ts';
import { sha1Base64, sha1Hex } from '../src/http_client.ts';
import { clip, decode, picture, sampleFolder, withTags } from '../src/media_samples.ts';
import { runCli } from '../src/official_cli.ts';
import { waitForQueues } from '../src/queues.ts';
import { buildData, sharedFolder, sharedMediaFiles } from '../src/repo_paths.ts';
import { createKey, createUser, type Session } from '../src/session.ts';
import { sharedAdmin } from '../src/shared_session.ts';

// A new user backs a folder up with the official CLI and finds everything again with the official SDK.
describe('back-up with the official CLI', () => {
  let user: Session;
  let key: string;
  let events: EventStream;
  let configFolder: string;
  let generated: string;
  const files: string[] = [];
  const bytesOf = new Map<string, Buffer>();
  const assets = new Map<string, AssetResponseDto>();

  prepare(async () => {
    user = await createUser(sharedAdmin(), 'backup');
    key = (await createKey(user, [Permission.All])).secret;
    configFolder = mkdtempSync(join(sampleFolder, 'cli-'));
    generated = mkdtempSync(join(sampleFolder, 'source-'));
    mkdirSync(join(generated, 'holiday'));
    mkdirSync(join(generated, 'clips'));
    writeFileSync(
      join(generated, 'holiday', 'paris.jpg'),
      await withTags(await picture({ width: 1600, height: 1200 }), {
        DateTimeOriginal: '2023:07:14 21:30:05',
        SubSecTimeOriginal: '25',
        OffsetTimeOriginal: '+02:00',
        Make: 'Canon',
        Model: 'Canon EOS R6',
        ISO: 400,
        FNumber: 4,
        FocalLength: 35,
        ExposureTime: 0.008,
        GPSLatitude: 48.8584,
        GPSLatitudeRef: 'N',
        GPSLongitude: 2.2945,
        GPSLongitudeRef: 'E',
        ImageDescription: 'Eiffel Tower',
        'XMP:Rating': 4,
      }),
    );
    writeFileSync(
      join(generated, 'holiday', 'upright.jpg'),
      await picture({ width: 800, height: 600, orientation: 6 }),
    );
    writeFileSync(join(generated, 'holiday', 'chart.png'), await picture({ width: 500, height: 200, format: 'png' }));
    writeFileSync(
      join(generated, 'clips', 'walk.mp4'),
      await clip({ seconds: 2, audio: true, createdAt: '2024-02-03T04:05:06Z' }),
    );
    files.push(
      ...['holiday/paris.jpg', 'holiday/upright.jpg', 'holiday/chart.png', 'clips/walk.mp4'].map((name) =>
        join(generated, name),
      ),
      ...sharedMediaFiles(),
    );
    for (const file of files) {
      bytesOf.set(file, readFileSync(file));
    }
    events = await EventStream.connect(user);
  });
  afterAll(() => events?.close());

  const keyOf = (file: string): string => sha1Base64(bytesOf.get(file)!);
  const assetOf = (file: string): AssetResponseDto => {
    const asset = assets.get(keyOf(file));
    expect(asset, `an asset for ${file}`).toBeDefined();
    return asset!;
  };

  it('greets a websocket with the server version', async () => {
    const [version] = await events.next('on_server_version');
    expect(version).toEqual((await user.client.get('/server/version')).json);
  });

  it('logs the CLI in', async () => {
    const { code, output } = await runCli(configFolder, ['login', `${user.server.url}/api`, key]);
    expect(output).toContain(`Logged in as ${user.email}`);
    expect(code).toBe(0);
    expect(existsSync(join(configFolder, 'auth.yml'))).toBe(true);
  });

  it('refuses a wrong key', async () => {
    const { code } = await runCli(mkdtempSync(join(sampleFolder, 'cli-')), [
      'login',
      `${user.server.url}/api`,
      'wrong',
    ]);
    expect(code).not.toBe(0);
  });

  it('finds the API through /.well-known/immich', async () => {
    const { code, output } = await runCli(mkdtempSync(join(sampleFolder, 'cli-')), ['login', user.server.url, key]);
    expect(output).toContain(`Logged in as ${user.email}`);
    expect(code).toBe(0);
  });

  it('uploads everything and tells every asset over the websocket', async () => {
    const folders = [generated, ...(sharedFolder() ? [join(sharedFolder()!, 'media')] : [])];
    const { code, output } = await runCli(configFolder, [
      'upload',
      '--recursive',
      '--album',
      '--no-progress',
      ...folders,
    ]);
    const unique = new Set(files.map((file) => keyOf(file)));
    expect(output).toContain(`Found ${files.length} new files and 0 duplicates`);
    expect(output).toContain(`Successfully uploaded ${unique.size} new assets`);
    if (unique.size < files.length) {
      expect(output).toMatch(new RegExp(`Skipped ${files.length - unique.size} duplicate asset`));
    }
    expect(output).not.toMatch(/Failed to/);
    expect(code).toBe(0);

    const found = await searchAssets({ metadataSearchDto: { size: 1000 } }, user.sdk);
    expect(found.assets.items).toHaveLength(unique.size);
    await waitForUploads(
      events,
      found.assets.items.map(({ id }) => id),
      300_000,
    );
    await waitForQueues(sharedAdmin());
    for (const { id } of found.assets.items) {
      const asset = await getAssetInfo({ id }, user.sdk);
      assets.set(asset.checksum, asset);
    }
    expect(new Set(assets.keys())).toEqual(unique);
  }, 420_000);

  it('reports all files as duplicates the second time', async () => {
    const folders = [generated, ...(sharedFolder() ? [join(sharedFolder()!, 'media')] : [])];
    const { code, output } = await runCli(configFolder, ['upload', '--recursive', '--no-progress', ...folders]);
    expect(output).toContain(`Found 0 new files and ${files.length} duplicates`);
    expect(output).toContain('All assets were already uploaded, nothing to do.');
    expect(code).toBe(0);
    const skipHash = await runCli(configFolder, ['upload', '--recursive', '--no-progress', '--skip-hash', generated]);
    expect(skipHash.output).toContain('Skipped 4 duplicate assets');
    const { total } = await getAssetStatistics({}, user.sdk);
    expect(total).toBe(assets.size);
  });

  it('made one album per folder', async () => {
    const albums = await getAllAlbums({}, user.sdk);
    const expected = new Map<string, Set<string>>();
    for (const file of files) {
      const name = basename(join(file, '..'));
      expected.set(name, (expected.get(name) ?? new Set()).add(keyOf(file)));
    }
    expect(Object.fromEntries(albums.map(({ albumName, assetCount }) => [albumName, assetCount]))).toEqual(
      Object.fromEntries([...expected].map(([name, keys]) => [name, keys.size])),
    );
  });

  it('counts images and videos', async () => {
    expect(await getAssetStatistics({}, user.sdk)).toEqual({ images: assets.size - 1, videos: 1, total: assets.size });
  });

  it('lists each asset once in its month of the timeline', async () => {
    const buckets = await getTimeBuckets({}, user.sdk);
    const months = new Map<string, string[]>();
    for (const { id, localDateTime } of assets.values()) {
      const month = `${localDateTime.slice(0, 7)}-01`;
      months.set(month, [...(months.get(month) ?? []), id]);
    }
    expect(buckets).toEqual(
      [...months.keys()]
        .toSorted()
        .reverse()
        .map((timeBucket) => ({ timeBucket, count: months.get(timeBucket)!.length })),
    );
    for (const { timeBucket, count } of buckets) {
      const bucket = await getTimeBucket({ timeBucket }, user.sdk);
      expect(bucket.id.toSorted()).toEqual(months.get(timeBucket)!.toSorted());
      expect(bucket.id).toHaveLength(count);
      for (const [i, id] of bucket.id.entries()) {
        const asset = [...assets.values()].find((candidate) => candidate.id === id)!;
        expect(bucket.ratio[i], asset.originalFileName).toBeCloseTo(asset.width! / asset.height!, 3);
        expect(bucket.thumbhash[i]).toBe(asset.thumbhash);
        expect(bucket.isImage[i]).toBe(asset.type === 'IMAGE');
        expect(Date.parse(`${bucket.fileCreatedAt[i]}Z`)).toBe(Date.parse(asset.fileCreatedAt));
      }
    }
  });

  it('answers in the shape of the contract', async (context) => {
    if (!sharedFolder()) {
      context.skip('../shared is absent');
    }
    for (const asset of assets.values()) {
      expect(mismatches(asset, { $ref: '#/components/schemas/AssetResponseDto' }), asset.originalFileName).toEqual([]);
    }
  });

  it('knows date, zone, camera, place, rating and description of the generated photo', () => {
    const asset = assetOf(join(generated, 'holiday/paris.jpg'));
    expect(asset).toMatchObject({
      type: 'IMAGE',
      originalFileName: 'paris.jpg',
      originalMimeType: 'image/jpeg',
      localDateTime: '2023-07-14T21:30:05.250Z',
      fileCreatedAt: '2023-07-14T19:30:05.250Z',
      width: 1600,
      height: 1200,
      duration: null,
      visibility: 'timeline',
      isFavorite: false,
      isTrashed: false,
      isOffline: false,
      hasMetadata: true,
    });
    expect(asset.exifInfo).toMatchObject({
      make: 'Canon',
      model: 'Canon EOS R6',
      iso: 400,
      fNumber: 4,
      focalLength: 35,
      exposureTime: '1/125',
      exifImageWidth: 1600,
      exifImageHeight: 1200,
      description: 'Eiffel Tower',
      rating: 4,
      fileSizeInByte: bytesOf.get(join(generated, 'holiday/paris.jpg'))!.length,
    });
    expect(Date.parse(asset.exifInfo!.dateTimeOriginal!)).toBe(Date.parse('2023-07-14T19:30:05.250Z'));
    expect(asset.exifInfo!.latitude).toBeCloseTo(48.8584, 4);
    expect(asset.exifInfo!.longitude).toBeCloseTo(2.2945, 4);
    if (buildData()) {
      expect(asset.exifInfo).toMatchObject({ country: 'France' });
      expect(asset.exifInfo!.city).toBeTruthy();
    }
  });

  it('turns a photo with orientation 6', async () => {
    const asset = assetOf(join(generated, 'holiday/upright.jpg'));
    expect(asset).toMatchObject({ width: 600, height: 800 });
    expect(asset.exifInfo).toMatchObject({ exifImageWidth: 800, exifImageHeight: 600, orientation: '6' });
  });

  it('dates a file without tags by its modification time', () => {
    const file = join(generated, 'holiday/chart.png');
    const asset = assetOf(file);
    const modified = statSync(file).mtime.toISOString();
    expect(asset).toMatchObject({ localDateTime: modified, fileCreatedAt: modified, fileModifiedAt: modified });
  });

  it('knows duration and date of the video', () => {
    const asset = assetOf(join(generated, 'clips/walk.mp4'));
    expect(asset).toMatchObject({
      type: 'VIDEO',
      width: 320,
      height: 240,
      originalMimeType: 'video/mp4',
      localDateTime: '2024-02-03T04:05:06.000Z',
    });
    expect(asset.duration).toBeGreaterThanOrEqual(1950);
    expect(asset.duration).toBeLessThanOrEqual(2100);
  });

  const shared = sharedFolder();
  for (const [name, expected] of Object.entries(expectedPhotos)) {
    it.skipIf(!shared)(`knows the facts of ${name}`, () => {
      const file = join(shared!, 'media', name);
      const asset = assetOf(file);
      const exif = asset.exifInfo!;
      expect([exif.exifImageWidth, exif.exifImageHeight], 'stored size').toEqual(expected.stored);
      expect([asset.width, asset.height], 'shown size').toEqual(expected.shown);
      expect(asset.originalMimeType).toBe(expected.mime);
      expect(exif.fileSizeInByte).toBe(bytesOf.get(file)!.length);
      const modified = statSync(file).mtime.toISOString();
      expect(asset.fileModifiedAt, 'modification time').toBe(modified);
      expect(asset.localDateTime.startsWith(expected.local ?? modified), `localDateTime ${asset.localDateTime}`).toBe(
        true,
      );
      if (expected.instant) {
        expect(asset.fileCreatedAt).toBe(expected.instant);
        expect(Date.parse(exif.dateTimeOriginal!)).toBe(Date.parse(expected.instant));
      }
      for (const field of [
        'timeZone',
        'make',
        'model',
        'iso',
        'fNumber',
        'focalLength',
        'exposureTime',
        'description',
        'rating',
      ] as const) {
        if (expected[field] !== undefined) {
          expect(exif[field], field).toEqual(expected[field]);
        }
      }
      if (expected.lensModel) {
        expect(exif.lensModel).toMatch(expected.lensModel);
      }
      if (expected.coordinates) {
        expect(exif.latitude).toBeCloseTo(expected.coordinates[0], 5);
        expect(exif.longitude).toBeCloseTo(expected.coordinates[1], 5);
      }
      if (expected.place && buildData()) {
        expect({ city: exif.city, state: exif.state, country: exif.country }).toEqual(expected.place);
      }
    });
  }

  it('made a thumbnail and a preview of every asset, in the right size', async () => {
    for (const file of files) {
      const asset = assetOf(file);
      const shown: [number, number] = [asset.width!, asset.height!];
      for (const [size, edge, format] of [
        ['thumbnail', 250, 'webp'],
        ['preview', 1440, 'jpeg'],
      ] as const) {
        const reply = await user.client.get(`/assets/${asset.id}/thumbnail`, { query: { size } });
        expect(reply.status, `${size} of ${relative(generated, file)}`).toBe(200);
        expect(reply.headers['content-type']).toBe(`image/${format}`);
        const decoded = await decode(reply.bytes);
        const [width, height] = scaled(shown, edge);
        expect(decoded.format).toBe(format);
        expect(
          Math.abs(decoded.width - width),
          `${size} width of ${asset.originalFileName}: ${decoded.width}, not ${width}`,
        ).toBeLessThanOrEqual(asset.type === 'VIDEO' ? 2 : 1);
        expect(
          Math.abs(decoded.height - height),
          `${size} height of ${asset.originalFileName}: ${decoded.height}, not ${height}`,
        ).toBeLessThanOrEqual(asset.type === 'VIDEO' ? 2 : 1);
      }
      expect(asset.thumbhash, asset.originalFileName).toMatch(/^[A-Za-z0-9+/=]{20,40}$/);
    }
  }, 180_000);

  it('gives every original back byte by byte', async () => {
    for (const file of files) {
      const reply = await user.client.get(`/assets/${assetOf(file).id}/original`);
      expect(reply.status).toBe(200);
      expect(sha1Hex(reply.bytes), file).toBe(sha1Hex(bytesOf.get(file)!));
    }
  });

  it('keeps the modification time of the file', async () => {
    const file = join(generated, 'holiday/paris.jpg');
    const reply = await user.client.get(`/assets/${assetOf(file).id}/original`);
    expect(reply.headers['last-modified']).toBe(statSync(file).mtime.toUTCString());
  });

  it('shows the CLI what the server has', async () => {
    const { code, output } = await runCli(configFolder, ['server-info']);
    expect(code).toBe(0);
    expect(output).toContain(`Server Info (via ${user.email})`);
    expect(output).toMatch(/Version: 3\.\d+\.\d+/);
    expect(output).toContain(`Images: ${assets.size - 1}`);
    expect(output).toContain('Videos: 1');
  });
});

describe('websocket', () => {
  it('accepts each kind of credential in the handshake', async () => {
    const user = await createUser(sharedAdmin(), 'socket');
    const { secret } = await createKey(user, [Permission.All]);
    const credentials: Record<string, string>[] = [
      { authorization: `Bearer ${user.token}` },
      { cookie: `immich_access_token=${user.token}` },
      { 'x-immich-user-token': user.token },
      { 'x-immich-session-token': user.token },
      { 'x-api-key': secret },
    ];
    for (const headers of credentials) {
      const stream = new EventStream(user.server, headers);
      const [version] = await stream.next('on_server_version', undefined, 15_000);
      expect(version, Object.keys(headers).join()).toMatchObject({ major: 3, prerelease: null });
      stream.close();
    }
  });

  it('tells strangers `unauthorized` and hangs up', async () => {
    const server = sharedAdmin().server;
    for (const headers of [{}, { authorization: 'Bearer wrong' }, { 'x-api-key': 'wrong' }] as Record<
      string,
      string
    >[]) {
      const stream = new EventStream(server, headers);
      const [reason] = await stream.next('error', undefined, 15_000);
      expect(reason).toBe('unauthorized');
      await stream.next('(disconnect)', undefined, 15_000);
      expect(stream.count('on_server_version')).toBe(0);
      stream.close();
    }
  });

  it('does not look at the query for credentials', async () => {
    const user = await createUser(sharedAdmin(), 'socket');
    const stream = new EventStream(
      { ...user.server, url: `${user.server.url}/?sessionKey=${user.token}`, port: user.server.port },
      {},
    );
    expect(await stream.next('error', undefined, 15_000)).toEqual(['unauthorized']);
    stream.close();
  });

  it('refuses long polling', async () => {
    const reply = await sharedAdmin().client.get('/socket.io/', { query: { EIO: 4, transport: 'polling' } });
    expect([reply.status, reply.json]).toEqual([400, { code: 0, message: 'Transport unknown' }]);
    expect(reply.headers['access-control-allow-origin']).toBe('*');
  });

  it('ends with the session', async () => {
    const user = await createUser(sharedAdmin(), 'socket');
    const stream = await EventStream.connect(user);
    const [current] = (await user.client.get('/sessions')).json;
    await user.client.post('/auth/logout');
    expect(await stream.next('on_session_delete', undefined, 15_000)).toEqual([current.id]);
    stream.close();
  });
});

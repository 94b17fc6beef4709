import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect } from 'vitest';
import { it, prepare } from '../src/api_test.ts';
import { mismatches, operations } from '../src/contract.ts';
import { Client, type Json } from '../src/http_client.ts';
import { clip, picture } from '../src/media_samples.ts';
import { waitForQueues } from '../src/queues.ts';
import { needsShared, sharedFolder } from '../src/repo_paths.ts';
import { createUser, type Session } from '../src/session.ts';
import { sharedAdmin } from '../src/shared_session.ts';
import { upload } from '../src/upload.ts';

let admin: Session;
let anyone: Client;
prepare(() => {
  admin = sharedAdmin();
  anyone = new Client(admin.server);
});

const captured = (name: string): Json =>
  JSON.parse(readFileSync(join(sharedFolder()!, 'facts/captures', `${name}.json`), 'utf8'));

describe.skipIf(!sharedFolder())(`as captured from Immich${needsShared}`, () => {
  it('server/media-types, in the same order', async () => {
    expect((await anyone.get('/server/media-types')).json).toEqual(captured('server-media-types'));
  });

  it('server/features', async () => {
    expect((await anyone.get('/server/features')).json).toEqual(captured('server-features'));
  });

  it('server/config', async () => {
    const { oauthAccountManagementUrl, ...config } = (await anyone.get('/server/config')).json;
    expect({ ...config, isOnboarded: false }).toEqual(captured('server-config'));
    expect([undefined, '']).toContain(oauthAccountManagementUrl);
  });

  it('server/license and an unknown route', async () => {
    const license = await admin.client.get('/server/license');
    expect([license.status, license.json]).toEqual([404, captured('server-license')]);
    const theme = await admin.client.get('/server/theme');
    expect([theme.status, theme.json]).toEqual([404, captured('server-theme')]);
  });

  it('server/about, apk-links and version, but for the numbers', async () => {
    const { major, minor, patch } = (await anyone.get('/server/version')).json;
    const replace = (value: unknown): unknown =>
      typeof value === 'string' ? value.replaceAll('v3.1.0', `v${major}.${minor}.${patch}`) : value;
    const expected = Object.fromEntries(
      Object.entries(captured('server-apk-links')).map(([key, value]) => [key, replace(value)]),
    );
    expect((await admin.client.get('/server/apk-links')).json).toEqual(expected);
    const about = (await admin.client.get('/server/about')).json;
    expect(about).toMatchObject({ version: `v${major}.${minor}.${patch}`, licensed: false });
    expect(about.versionUrl).toMatch(new RegExp(`^https?://.*v${major}.${minor}.${patch}$`));
  });

  it('system-config/defaults', async () => {
    const { oauth, ...expected } = captured('system-config-defaults');
    const { oauth: ownOauth, ...own } = (await admin.client.get('/system-config/defaults')).json;
    expect(own).toEqual(expected);
    expect(ownOauth).toEqual({ accountManagementUrl: ownOauth.accountManagementUrl, ...oauth });
    expect([undefined, '']).toContain(ownOauth.accountManagementUrl);
  });

  it('answers every parameterless GET in the shape of the contract', async () => {
    const wrong: string[] = [];
    let checked = 0;
    for (const operation of operations()) {
      const needsQuery = operation.parameters.some(({ required }) => required);
      if (operation.method !== 'GET' || operation.path.includes('{') || needsQuery || !operation.response) {
        continue;
      }
      const reply = await admin.client.get(operation.path, { allow501: true });
      if (reply.status === 200) {
        checked++;
        wrong.push(...mismatches(reply.json, operation.response).map((text) => `${operation.path} ${text}`));
      } else if (![400, 401, 403, 404, 501].includes(reply.status)) {
        wrong.push(`${operation.path}: ${reply.summary}`);
      }
    }
    expect(wrong).toEqual([]);
    expect(checked).toBeGreaterThan(15);
  });
});

describe('server routes', () => {
  it('answers ping and version to anybody', async () => {
    expect((await anyone.get('/server/ping')).json).toEqual({ res: 'pong' });
    expect((await anyone.get('/server/version')).json).toEqual({
      major: 3,
      minor: expect.any(Number),
      patch: expect.any(Number),
      prerelease: null,
    });
    expect((await anyone.get('/server/config')).json.isInitialized).toBe(true);
  });

  it('has one entry of version history per installed version', async () => {
    const { major, minor, patch } = (await anyone.get('/server/version')).json;
    const history = (await anyone.get('/server/version-history')).json;
    expect(history).toEqual([
      {
        id: expect.stringMatching(/^[0-9a-f-]{36}$/),
        createdAt: expect.any(String),
        version: `${major}.${minor}.${patch}`,
      },
    ]);
  });

  it('says that no newer version is known', async () => {
    const check = (await admin.client.get('/server/version-check')).json;
    expect(Object.keys(check).toSorted()).toEqual(['checkedAt', 'releaseVersion']);
  });

  it('measures the disk', async () => {
    const storage = (await admin.client.get('/server/storage')).json;
    expect(storage).toEqual({
      diskAvailable: expect.stringMatching(/^\d+(\.\d)? (B|KiB|MiB|GiB|TiB)$/),
      diskSize: expect.stringMatching(/^\d+(\.\d)? (B|KiB|MiB|GiB|TiB)$/),
      diskUse: expect.stringMatching(/^\d+(\.\d)? (B|KiB|MiB|GiB|TiB)$/),
      diskAvailableRaw: expect.any(Number),
      diskSizeRaw: expect.any(Number),
      diskUseRaw: expect.any(Number),
      diskUsagePercentage: expect.any(Number),
    });
    expect(storage.diskUseRaw + storage.diskAvailableRaw).toBeLessThanOrEqual(storage.diskSizeRaw);
    expect(storage.diskUsagePercentage).toBeCloseTo((storage.diskUseRaw / storage.diskSizeRaw) * 100, 1);
  });

  it('counts photos, videos and bytes by user', async () => {
    const user = await createUser(admin, 'counted', { quotaSizeInBytes: 1_000_000_000 });
    const [photo, video] = [await picture(), await clip()];
    await upload(user, photo);
    await upload(user, video, { name: 'a.mp4' });
    await waitForQueues(admin);
    const statistics = (await admin.client.get('/server/statistics')).json;
    const mine = statistics.usageByUser.find(({ userId }: Json) => userId === user.userId);
    expect(mine).toEqual({
      userId: user.userId,
      userName: 'counted',
      photos: 1,
      videos: 1,
      usage: photo.length + video.length,
      usagePhotos: photo.length,
      usageVideos: video.length,
      quotaSizeInBytes: 1_000_000_000,
    });
    expect(statistics.photos).toBe(statistics.usageByUser.reduce((sum: number, { photos }: Json) => sum + photos, 0));
    expect(statistics.usage).toBe(statistics.usagePhotos + statistics.usageVideos);
  });

  it('keeps statistics for the admin', async () => {
    const user = await createUser(admin, 'user');
    const reply = await user.client.get('/server/statistics');
    expect([reply.status, reply.json]).toEqual([403, { message: 'Forbidden' }]);
  });
});

describe('the HTTP shell', () => {
  it('echoes or invents a correlation id on every answer', async () => {
    expect(
      (await anyone.get('/server/ping', { headers: { 'x-correlation-id': 'my-id.1' } })).headers['x-correlation-id'],
    ).toBe('my-id.1');
    const [first, second] = [await anyone.get('/server/ping'), await anyone.get('/nope')];
    expect(first.headers['x-correlation-id']).toMatch(/^[a-z0-9]{6,10}$/);
    expect(second.headers['x-correlation-id']).not.toBe(first.headers['x-correlation-id']);
    expect((await anyone.get('/users/me')).headers['x-correlation-id']).toBeDefined();
  });

  it('answers unknown routes with 404 and the method and path', async () => {
    for (const [method, path] of [
      ['GET', '/nope'],
      ['POST', '/nope/deeper'],
      ['DELETE', '/server/ping'],
      ['PUT', '/auth/login'],
    ] as const) {
      const reply = await admin.client.send(method, path);
      expect([reply.status, reply.json]).toEqual([404, { message: `Cannot ${method} /api${path}` }]);
      expect(reply.headers['content-type']).toBe('application/json; charset=utf-8');
    }
  });

  it('compresses large answers only, and by what the client accepts', async () => {
    const large = (encoding: string | undefined) =>
      admin.client.get('/system-config/defaults', { headers: { 'accept-encoding': encoding } });
    const plain = await large(undefined);
    expect(plain.headers['content-encoding']).toBeUndefined();
    const zlib = await import('node:zlib');
    for (const [accept, encoding, decode] of [
      ['gzip, br', 'br', zlib.brotliDecompressSync],
      ['gzip', 'gzip', zlib.gunzipSync],
      ['deflate', 'deflate', zlib.inflateSync],
    ] as const) {
      const reply = await large(accept);
      expect(reply.headers['content-encoding'], accept).toBe(encoding);
      expect(decode(reply.bytes).equals(plain.bytes), accept).toBe(true);
      expect(reply.headers.vary).toContain('Accept-Encoding');
      expect(reply.headers.etag, 'of the representation without compression').toBe(plain.headers.etag);
    }
    for (const accept of ['identity', 'x-unknown', 'gzip;q=0']) {
      expect((await large(accept)).headers['content-encoding'], accept).toBeUndefined();
    }
    const small = await anyone.get('/server/ping', { headers: { 'accept-encoding': 'gzip, br' } });
    expect(small.headers['content-encoding']).toBeUndefined();
  });

  it('serves the well-known document and the custom style sheet', async () => {
    const wellKnown = await anyone.get('//.well-known/immich');
    expect([wellKnown.status, wellKnown.text]).toEqual([200, '{"api":{"endpoint":"/api"}}']);
    const css = await anyone.get('//custom.css');
    expect([css.status, css.text, css.headers['content-type']]).toEqual([200, '', 'text/css; charset=utf-8']);
  });

  it('never lists or leaves its static folder', async () => {
    for (const path of [
      '//../../etc/passwd',
      '//%2e%2e/%2e%2e/etc/passwd',
      '//..%2f..%2fetc%2fpasswd',
      '//_app/../../../etc/passwd',
      '//_app//etc/passwd',
      '//%00',
    ]) {
      const reply = await anyone.get(path);
      expect(reply.text, path).not.toContain('root:');
      expect(reply.status, path).toBeLessThan(500);
    }
  });
});

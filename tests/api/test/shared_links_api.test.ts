import {
  addSharedLinkAssets,
  createAlbum,
  createSharedLink,
  getAllSharedLinks,
  getSharedLinkById,
  removeSharedLink,
  removeSharedLinkAssets,
  SharedLinkType,
  updateSharedLink,
} from '@immich/sdk';
import { describe, expect } from 'vitest';
import { it, prepare } from '../src/api_test.ts';
import { mismatches, responseSchema } from '../src/contract.ts';
import { Client, type Json } from '../src/http_client.ts';
import { picture, withTags } from '../src/media_samples.ts';
import { multipart } from '../src/multipart_body.ts';
import { waitForQueues } from '../src/queues.ts';
import { refusal } from '../src/refusal.ts';
import { sharedFolder } from '../src/repo_paths.ts';
import { createUser, type Session } from '../src/session.ts';
import { sharedAdmin } from '../src/shared_session.ts';
import { upload, uploadParts } from '../src/upload.ts';

let admin: Session;
let owner: Session;
let other: Session;
let visitor: Client;
let photos: string[];
let outside: string;
let albumId: string;

prepare(async () => {
  admin = sharedAdmin();
  owner = await createUser(admin, 'owner');
  other = await createUser(admin, 'other');
  visitor = new Client(admin.server);
  const place = { GPSLatitude: 48.1, GPSLatitudeRef: 'N', GPSLongitude: 11.5, GPSLongitudeRef: 'E' };
  photos = [];
  for (const date of ['2021:01:01 10:00:00', '2022:06:15 10:00:00']) {
    photos.push(await upload(owner, await withTags(await picture(), { DateTimeOriginal: date, ...place })));
  }
  outside = await upload(owner, await picture());
  albumId = (await createAlbum({ createAlbumDto: { albumName: 'Summer', assetIds: photos } }, owner.sdk)).id;
  await waitForQueues(admin);
});

const toAlbum = (extra: Json = {}) =>
  createSharedLink({ sharedLinkCreateDto: { type: SharedLinkType.Album, albumId, ...extra } }, owner.sdk);
const toPhotos = (extra: Json = {}) =>
  createSharedLink(
    { sharedLinkCreateDto: { type: SharedLinkType.Individual, assetIds: [photos[0]!], ...extra } },
    owner.sdk,
  );

describe('owners', () => {
  it('make, list, change and delete links', async () => {
    const link = await toPhotos({ description: 'words', password: 'secret', slug: 'my-slug' });
    expect(link).toMatchObject({
      type: 'INDIVIDUAL',
      description: 'words',
      password: 'secret',
      slug: 'my-slug',
      allowUpload: true,
      allowDownload: true,
      showMetadata: true,
      expiresAt: null,
      userId: owner.userId,
    });
    expect(link.key).toMatch(/^[A-Za-z0-9_-]{67}$/);
    expect(link.assets.map(({ id }) => id)).toEqual([photos[0]]);
    if (sharedFolder()) {
      expect(mismatches(link, responseSchema('createSharedLink'))).toEqual([]);
    }
    expect(await refusal(toPhotos({ slug: 'my-slug' }))).toEqual([400, 'Failed to save shared link']);
    const album = await toAlbum();
    expect(album.album).toMatchObject({ id: albumId, albumName: 'Summer', assetCount: 2, hasSharedLink: true });
    expect((await getAllSharedLinks({}, owner.sdk)).map(({ id }) => id)).toEqual([album.id, link.id]);
    expect((await getAllSharedLinks({ albumId }, owner.sdk)).map(({ id }) => id)).toEqual([album.id]);
    const changed = await updateSharedLink(
      { id: link.id, sharedLinkEditDto: { allowUpload: false, password: null } },
      owner.sdk,
    );
    expect(changed).toMatchObject({ allowUpload: false, password: null, description: 'words', slug: null });
    expect(await addSharedLinkAssets({ id: link.id, assetIdsDto: { assetIds: photos } }, owner.sdk)).toEqual([
      { assetId: photos[0], success: false, error: 'duplicate' },
      { assetId: photos[1], success: true },
    ]);
    expect(await removeSharedLinkAssets({ id: link.id, assetIdsDto: { assetIds: [outside] } }, owner.sdk)).toEqual([
      { assetId: outside, success: false, error: 'not_found' },
    ]);
    expect((await refusal(addSharedLinkAssets({ id: album.id, assetIdsDto: { assetIds: photos } }, owner.sdk)))[0]).toBe(400);
    expect(await refusal(getSharedLinkById({ id: link.id }, other.sdk))).toEqual([
      400,
      'Not found or no sharedLink.read access',
    ]);
    await removeSharedLink({ id: link.id }, owner.sdk);
    await removeSharedLink({ id: album.id }, owner.sdk);
    expect((await visitor.get('/shared-links/me', { query: { key: link.key } })).status).toBe(401);
  });
});

describe('visitors', () => {
  it('see the album and nothing else', async () => {
    const { key, id } = await toAlbum();
    const get = (path: string, query: Json = {}) => visitor.get(path, { query: { key, ...query } });
    expect((await get('/shared-links/me')).json).toMatchObject({ id, album: { id: albumId } });
    expect((await get(`/albums/${albumId}`)).json).toMatchObject({ albumName: 'Summer', assetCount: 2 });
    expect((await get('/timeline/buckets', { albumId })).json).toHaveLength(2);
    expect((await get('/timeline/bucket', { albumId, timeBucket: '2021-01-01' })).json.id).toEqual([photos[0]]);
    const asset = (await get(`/assets/${photos[0]}`)).json;
    expect(asset.exifInfo.latitude).toBeCloseTo(48.1);
    expect(asset).not.toHaveProperty('owner');
    for (const path of ['thumbnail', 'original']) {
      expect((await get(`/assets/${photos[0]}/${path}`)).status, path).toBe(200);
      expect((await get(`/assets/${outside}/${path}`)).status, path).toBe(400);
    }
    expect((await get(`/albums/${albumId}/map-markers`)).json).toHaveLength(2);
    const found = await visitor.post('/search/metadata', { albumIds: [albumId] }, { query: { key } });
    expect(found.json.assets.items).toHaveLength(2);
    const info = await visitor.post('/download/info', { albumId }, { query: { key } });
    expect(info.json.archives[0].assetIds).toHaveLength(2);
    expect((await visitor.post('/download/archive', { assetIds: photos }, { query: { key } })).status).toBe(200);
    for (const path of ['/albums', '/users/me', '/shared-links', '/tags', '/activities', '/memories', '/partners']) {
      expect((await get(path, { albumId, direction: 'shared-by' })).status, path).toBe(403);
    }
    expect((await get('/timeline/buckets')).status).toBe(400);
    expect((await visitor.get('/shared-links/me', { headers: { 'x-immich-share-key': key } })).status).toBe(200);
    await removeSharedLink({ id }, owner.sdk);
  });

  it('see no metadata and get no originals where the link says so', async () => {
    const link = await toAlbum({ showMetadata: false, slug: 'no-metadata' });
    expect(link.allowDownload).toBe(false);
    const get = (path: string, query: Json = {}) => visitor.get(path, { query: { slug: 'no-metadata', ...query } });
    const asset = (await get(`/assets/${photos[0]}`)).json;
    expect(asset).toMatchObject({ id: photos[0], hasMetadata: false });
    expect(Object.keys(asset)).not.toContain('exifInfo');
    expect(Object.keys(asset)).not.toContain('originalFileName');
    expect((await get(`/albums/${albumId}/map-markers`)).json).toEqual([]);
    const bucket = (await get('/timeline/bucket', { albumId, timeBucket: '2021-01-01' })).json;
    expect(bucket).not.toHaveProperty('city');
    expect((await get(`/assets/${photos[0]}/original`)).status).toBe(400);
    expect((await get(`/assets/${photos[0]}/thumbnail`)).status).toBe(200);
    const archive = await visitor.post('/download/archive', { assetIds: photos }, { query: { key: link.key } });
    expect(archive.status).toBe(400);
    await removeSharedLink({ id: link.id }, owner.sdk);
  });

  it('upload where they may', async () => {
    const send = async (key: string) => {
      const form = multipart(uploadParts(await picture()));
      return visitor.post('/assets', form.body, { headers: { 'content-type': form.contentType }, query: { key } });
    };
    const link = await toPhotos();
    const sent = await send(link.key);
    expect(sent.status, sent.text).toBe(201);
    const { assets } = (await visitor.get('/shared-links/me', { query: { key: link.key } })).json;
    expect(assets.map(({ id }: Json) => id)).toContain(sent.json.id);
    await updateSharedLink({ id: link.id, sharedLinkEditDto: { allowUpload: false } }, owner.sdk);
    expect((await send(link.key)).status).toBeGreaterThanOrEqual(400);
    await removeSharedLink({ id: link.id }, owner.sdk);
  });

  it('enter passwords once', async () => {
    const { key, id } = await toPhotos({ password: 'open sesame' });
    const me = (cookie?: string) => visitor.get('/shared-links/me', { query: { key }, headers: { cookie } });
    const closed = await me();
    expect([closed.status, closed.json.message]).toEqual([401, 'Password required']);
    const wrong = await visitor.post('/shared-links/login', { password: 'no' }, { query: { key } });
    expect([wrong.status, wrong.json.message]).toEqual([401, 'Invalid password']);
    const entered = await visitor.post('/shared-links/login', { password: 'open sesame' }, { query: { key } });
    expect(entered.status).toBe(201);
    expect(entered.json.id).toBe(id);
    const [cookie] = entered.cookies;
    expect(cookie).toMatch(/^immich_shared_link_token=.+Max-Age=86400;.*HttpOnly/);
    expect((await me(cookie!.split(';')[0])).status).toBe(200);
    await removeSharedLink({ id }, owner.sdk);
  });
});

import { randomUUID } from 'node:crypto';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, inject } from 'vitest';
import { it, prepare } from '../src/api_test.ts';
import { EventStream } from '../src/event_stream.ts';
import { sha1Base64, sha1Hex } from '../src/http_client.ts';
import { clip, picture } from '../src/media_samples.ts';
import { listFiles } from '../src/repo_paths.ts';
import { waitForQueues } from '../src/queues.ts';
import { createUser, type Session } from '../src/session.ts';
import { sharedAdmin } from '../src/shared_session.ts';
import { kModifiedAt, kTakenAt, tryUpload, upload } from '../src/upload.ts';

let admin: Session;
let user: Session;
prepare(async () => {
  admin = sharedAdmin();
  user = await createUser(admin, 'upload');
});

/** Files in the user's upload folder. */
const storedFiles = (session: Session): string[] => {
  try {
    return listFiles(join(inject('server').mediaLocation, 'upload', session.userId));
  } catch {
    return [];
  }
};

const checkBulk = async (session: Session, checksum: string) =>
  (await session.client.post('/assets/bulk-upload-check', { assets: [{ id: 'x', checksum }] })).json.results[0];

describe('upload', () => {
  it('answers 201 created and stores the file where Immich would', async () => {
    const own = await createUser(admin, 'storage');
    const bytes = await picture();
    const reply = await tryUpload(own, bytes, { name: 'Übung Nr. 1 é.JPG' });
    expect(reply.status, reply.text).toBe(201);
    expect(reply.json).toEqual({
      id: expect.stringMatching(/^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/),
      status: 'created',
    });
    const asset = (await own.client.get(`/assets/${reply.json.id}`)).json;
    expect(asset).toMatchObject({
      originalFileName: 'Übung Nr. 1 é.JPG',
      type: 'IMAGE',
      originalMimeType: 'image/jpeg',
      checksum: sha1Base64(bytes),
      ownerId: own.userId,
      fileModifiedAt: kModifiedAt,
      isFavorite: false,
      visibility: 'timeline',
      isTrashed: false,
      isArchived: false,
      libraryId: null,
      livePhotoVideoId: null,
    });
    const files = storedFiles(own);
    expect(files).toHaveLength(1);
    const uuid = /\/([0-9a-f-]{36})\.[jJ][pP][gG]$/.exec(files[0]!)?.[1] ?? '';
    expect(files[0]).toContain(`/upload/${own.userId}/${uuid.slice(0, 2)}/${uuid.slice(2, 4)}/${uuid}`);
    expect(asset.originalPath).toBe(files[0]);
    expect(readFileSync(files[0]!).equals(bytes)).toBe(true);
    expect(statSync(files[0]!).mtimeMs).toBe(Date.parse(kModifiedAt));
  });

  it('shows an asset at once, before any job ran', async () => {
    const id = await upload(user, await picture());
    const reply = await user.client.get(`/assets/${id}`);
    expect(reply.status).toBe(200);
    expect(reply.json).toMatchObject({ id, type: 'IMAGE', ownerId: user.userId });
    expect([null, expect.any(String)]).toContainEqual(reply.json.thumbhash);
  });

  it('answers 200 duplicate for the same content, whatever the name, and keeps one file', async () => {
    const own = await createUser(admin, 'duplicate');
    const bytes = await picture();
    const id = await upload(own, bytes);
    const again = await tryUpload(own, bytes, { name: 'other.png' });
    expect([again.status, again.json]).toEqual([200, { id, status: 'duplicate' }]);
    await waitForQueues(admin);
    expect(storedFiles(own)).toHaveLength(1);
    expect((await own.client.get('/users/me')).json.quotaUsageInBytes).toBe(bytes.length);
  });

  it('lets another user upload the same content', async () => {
    const other = await createUser(admin, 'other');
    const bytes = await picture();
    const first = await upload(user, bytes);
    const second = await upload(other, bytes);
    expect(second).not.toBe(first);
  });

  it('counts a trashed asset as duplicate', async () => {
    const bytes = await picture();
    const id = await upload(user, bytes);
    expect((await user.client.delete('/assets', { ids: [id] })).status).toBe(204);
    const again = await tryUpload(user, bytes);
    expect([again.status, again.json]).toEqual([200, { id, status: 'duplicate' }]);
    expect((await user.client.get(`/assets/${id}`)).json.isTrashed, 'it stays in the trash').toBe(true);
    expect(await checkBulk(user, sha1Hex(bytes))).toEqual({
      id: 'x',
      action: 'reject',
      reason: 'duplicate',
      assetId: id,
      isTrashed: true,
    });
  });

  it('checks many checksums at once, hex and base64', async () => {
    const bytes = await picture();
    const id = await upload(user, bytes);
    const unknown = sha1Hex(Buffer.from(randomUUID()));
    const reply = await user.client.post('/assets/bulk-upload-check', {
      assets: [
        { id: 'hex', checksum: sha1Hex(bytes) },
        { id: 'base64', checksum: sha1Base64(bytes) },
        { id: 'new', checksum: unknown },
      ],
    });
    expect(reply.status).toBe(200);
    expect(reply.json.results).toEqual([
      { id: 'hex', action: 'reject', reason: 'duplicate', assetId: id, isTrashed: false },
      { id: 'base64', action: 'reject', reason: 'duplicate', assetId: id, isTrashed: false },
      { id: 'new', action: 'accept' },
    ]);
  });

  it('does not take the checksum of another user for a duplicate', async () => {
    const bytes = await picture();
    await upload(await createUser(admin, 'other'), bytes);
    expect(await checkBulk(user, sha1Hex(bytes))).toEqual({ id: 'x', action: 'accept' });
  });

  it('creates exactly one asset when the same file arrives sixteen times at once', async () => {
    const own = await createUser(admin, 'race');
    const bytes = await picture({ width: 1200, height: 900 });
    const replies = await Promise.all(Array.from({ length: 16 }, () => tryUpload(own, bytes)));
    const statuses = replies.map(({ status }) => status).toSorted();
    expect(statuses).toEqual([...Array<number>(15).fill(200), 201]);
    expect(new Set(replies.map(({ json }) => json.id)).size).toBe(1);
    expect((await own.client.get('/assets/statistics')).json.total).toBe(1);
    await waitForQueues(admin);
    expect(storedFiles(own)).toHaveLength(1);
    expect((await own.client.get('/users/me')).json.quotaUsageInBytes).toBe(bytes.length);
  });

  it('takes name and extension from the `filename` field when there is one', async () => {
    const id = await upload(user, await picture({ format: 'png' }), {
      name: 'blob',
      fields: { filename: 'drawing.png' },
    });
    expect((await user.client.get(`/assets/${id}`)).json).toMatchObject({
      originalFileName: 'drawing.png',
      originalMimeType: 'image/png',
    });
  });

  it('stores favourite, visibility and duration', async () => {
    const favourite = await upload(user, await picture(), { fields: { isFavorite: 'true', visibility: 'archive' } });
    expect((await user.client.get(`/assets/${favourite}`)).json).toMatchObject({
      isFavorite: true,
      visibility: 'archive',
      isArchived: true,
    });
    const hidden = await upload(user, await picture(), { fields: { visibility: 'hidden' } });
    expect((await user.client.get(`/assets/${hidden}`)).json.visibility).toBe('hidden');
  });

  it('takes the time zone of dates as instants', async () => {
    const id = await upload(user, await picture(), {
      fields: { fileCreatedAt: '2024-03-10T10:15:30.5+02:00', fileModifiedAt: '2024-03-11T00:00:00Z' },
    });
    await waitForQueues(admin);
    expect((await user.client.get(`/assets/${id}`)).json).toMatchObject({
      fileCreatedAt: '2024-03-10T08:15:30.500Z',
      localDateTime: '2024-03-10T08:15:30.500Z',
      fileModifiedAt: '2024-03-11T00:00:00.000Z',
    });
  });

  it('stores metadata entries and answers them', async () => {
    const value = { cloudId: 'cloud-1', latitude: 1.5, nested: { list: [1, null, 'x'] } };
    const id = await upload(user, await picture(), {
      fields: { metadata: JSON.stringify([{ key: 'mobile-app', value }]) },
    });
    const reply = await user.client.get(`/assets/${id}/metadata`);
    expect(reply.status, reply.text).toBe(200);
    expect(reply.json).toEqual([{ key: 'mobile-app', value, updatedAt: expect.any(String) }]);
  });

  it('reads the sidecar that comes along', async () => {
    const sidecar = `<?xpacket begin='' id='W5M0MpCehiHzreSzNTczkc9d'?><x:xmpmeta xmlns:x='adobe:ns:meta/'>
<rdf:RDF xmlns:rdf='http://www.w3.org/1999/02/22-rdf-syntax-ns#'><rdf:Description rdf:about='' xmlns:exif='http://ns.adobe.com/exif/1.0/'
 xmlns:xmp='http://ns.adobe.com/xap/1.0/' xmlns:dc='http://purl.org/dc/elements/1.1/'>
<exif:DateTimeOriginal>2001-02-03T04:05:06+01:00</exif:DateTimeOriginal><xmp:Rating>5</xmp:Rating>
<dc:description><rdf:Alt><rdf:li xml:lang='x-default'>from the sidecar</rdf:li></rdf:Alt></dc:description>
</rdf:Description></rdf:RDF></x:xmpmeta><?xpacket end='w'?>`;
    const own = await createUser(admin, 'sidecar');
    const id = await upload(own, await picture(), { sidecar });
    await waitForQueues(admin);
    const asset = (await own.client.get(`/assets/${id}`)).json;
    expect(asset.localDateTime).toBe('2001-02-03T04:05:06.000Z');
    expect(asset.fileCreatedAt).toBe('2001-02-03T03:05:06.000Z');
    expect(asset.exifInfo).toMatchObject({ rating: 5, description: 'from the sidecar' });
    expect(
      storedFiles(own)
        .map((path) => path.replace(/.*\./, ''))
        .toSorted(),
    ).toEqual(['jpg', 'xmp']);
  });

  it('puts a locked upload into the locked folder only', async () => {
    const own = await createUser(admin, 'locked');
    const id = await upload(own, await picture(), { fields: { visibility: 'locked' } });
    expect((await own.client.get('/timeline/buckets')).json).toEqual([]);
    expect((await own.client.get(`/assets/${id}`)).status).toBe(400);
  });

  it('drops unknown fields, also those of old clients', async () => {
    const id = await upload(user, await picture(), {
      fields: { deviceAssetId: 'a', deviceId: 'CLI', fileSize: '12', somethingElse: 'x'.repeat(1000), __proto__x: '1' },
    });
    expect(id).toBeTruthy();
  });

  it('tells the owner over the websocket when the thumbnail is ready', async () => {
    const own = await createUser(admin, 'events');
    const stranger = await createUser(admin, 'stranger');
    const [events, strangerEvents] = [await EventStream.connect(own), await EventStream.connect(stranger)];
    const id = await upload(own, await picture());
    const [asset] = await events.next('on_upload_success', (candidate) => candidate?.id === id);
    expect(asset.thumbhash).toEqual(expect.any(String));
    const [ready] = await events.next('AssetUploadReadyV2', (message) => message?.asset?.id === id);
    expect(ready).toMatchObject({
      asset: { ownerId: own.userId, visibility: 'timeline', type: 'IMAGE' },
      exif: { assetId: id },
    });
    expect(strangerEvents.count('on_upload_success')).toBe(0);
    events.close();
    strangerEvents.close();
  });
});

describe('x-immich-checksum', () => {
  it('answers the duplicate before the body is read', async () => {
    const bytes = await picture();
    const id = await upload(user, bytes);
    for (const checksum of [sha1Hex(bytes), sha1Base64(bytes)]) {
      // The body is another file: only the header decides.
      const reply = await tryUpload(user, await picture(), { headers: { 'x-immich-checksum': checksum } });
      expect([reply.status, reply.json], checksum).toEqual([200, { id, status: 'duplicate' }]);
    }
  });

  it('answers although a large body is never sent', async () => {
    const { RawConnection } = await import('../src/raw_connection.ts');
    const bytes = await picture();
    const id = await upload(user, bytes);
    const connection = await RawConnection.open(user.server);
    await connection.write(
      `POST /api/assets HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer ${user.token}\r\nx-immich-checksum: ${sha1Hex(bytes)}\r\n` +
        'Content-Type: multipart/form-data; boundary=xyz\r\nContent-Length: 4000000000\r\n\r\n--xyz\r\n',
    );
    const response = await connection.response(10_000);
    expect(response?.status).toBe(200);
    expect(JSON.parse(response!.body.toString())).toEqual({ id, status: 'duplicate' });
    connection.destroy();
  });

  it('reaches a client that goes on sending a large body', async () => {
    const bytes = await picture();
    const id = await upload(user, bytes);
    const form = new FormData();
    form.append('fileCreatedAt', kTakenAt);
    form.append('fileModifiedAt', kTakenAt);
    form.append('assetData', new Blob([Buffer.alloc(3_000_000, 7)]), 'big.jpg');
    const reply = await fetch(`${user.server.url}/api/assets`, {
      method: 'POST',
      body: form,
      headers: { authorization: `Bearer ${user.token}`, 'x-immich-checksum': sha1Hex(bytes) },
    });
    expect([reply.status, await reply.json()]).toEqual([200, { id, status: 'duplicate' }]);
  });

  it('goes on with an unknown or unusable checksum and computes its own', async () => {
    for (const checksum of [sha1Hex(Buffer.from(randomUUID())), 'rubbish', '', 'z'.repeat(40)]) {
      const bytes = await picture();
      const reply = await tryUpload(user, bytes, { headers: { 'x-immich-checksum': checksum } });
      expect([201, 400], `${checksum}: ${reply.summary}`).toContain(reply.status);
      if (reply.status === 201) {
        expect((await user.client.get(`/assets/${reply.json.id}`)).json.checksum).toBe(sha1Base64(bytes));
      }
    }
  });
});

describe('refused uploads', () => {
  const refused = async (own: Session, message: string, options: Parameters<typeof tryUpload>[2], bytes?: Buffer) => {
    const reply = await tryUpload(own, bytes ?? (await picture()), options);
    expect([reply.status, reply.json]).toEqual([400, { message }]);
  };

  it('leaves nothing behind', async () => {
    const own = await createUser(admin, 'refused');
    await refused(own, 'File is empty', {}, Buffer.alloc(0));
    await refused(own, 'Unsupported file type document.pdf', { name: 'document.pdf' });
    await refused(own, 'Unsupported file type noextension', { name: 'noextension' });
    await refused(own, 'Unsupported file type evil.jpg.exe', { name: 'evil.jpg.exe' });
    await waitForQueues(admin);
    expect(storedFiles(own)).toEqual([]);
    expect((await own.client.get('/assets/statistics')).json).toEqual({ images: 0, videos: 0, total: 0 });
    expect((await own.client.get('/users/me')).json.quotaUsageInBytes).toBe(0);
  });

  it('refuses missing and invalid fields with a validation error', async () => {
    const cases: [Record<string, string | undefined>, string][] = [
      [{ fileCreatedAt: undefined }, 'fileCreatedAt'],
      [{ fileModifiedAt: undefined }, 'fileModifiedAt'],
      [{ fileCreatedAt: 'yesterday' }, 'fileCreatedAt'],
      [{ fileCreatedAt: '2024-13-01T00:00:00Z' }, 'fileCreatedAt'],
      [{ fileModifiedAt: '' }, 'fileModifiedAt'],
      [{ isFavorite: 'yes' }, 'isFavorite'],
      [{ visibility: 'everywhere' }, 'visibility'],
      [{ livePhotoVideoId: 'not-a-uuid' }, 'livePhotoVideoId'],
      [{ duration: '-1' }, 'duration'],
      [{ duration: 'long' }, 'duration'],
    ];
    for (const [fields, field] of cases) {
      const reply = await tryUpload(user, await picture(), { fields });
      expect(reply.status, `${JSON.stringify(fields)}: ${reply.summary}`).toBe(400);
      expect(reply.json.message, JSON.stringify(fields)).toBe('Validation failed');
      expect(
        reply.json.errors.map((issue: { path: unknown[] }) => issue.path[0]),
        JSON.stringify(fields),
      ).toContain(field);
    }
  });

  it('refuses metadata that is not a JSON array of key and value', async () => {
    for (const metadata of ['{', '{}', '[{"key":"a"}]', '[{"value":{}}]', '[{"key":"a","value":1}]']) {
      const reply = await tryUpload(user, await picture(), { fields: { metadata } });
      expect(reply.status, `${metadata}: ${reply.summary}`).toBe(400);
    }
  });

  it('refuses what exceeds the quota and frees it again', async () => {
    const bytes = await picture({ width: 400, height: 300 });
    const own = await createUser(admin, 'quota', { quotaSizeInBytes: Math.trunc(bytes.length * 1.5) });
    const id = await upload(own, bytes);
    expect((await own.client.get('/users/me')).json).toMatchObject({ quotaUsageInBytes: bytes.length });
    const over = await tryUpload(own, await picture({ width: 400, height: 300 }));
    expect([over.status, over.json]).toEqual([400, { message: 'Quota has been exceeded!' }]);
    await waitForQueues(admin);
    expect(storedFiles(own)).toHaveLength(1);
    expect((await own.client.delete('/assets', { ids: [id], force: true })).status).toBe(204);
    await waitForQueues(admin);
    expect((await own.client.get('/users/me')).json.quotaUsageInBytes).toBe(0);
    await upload(own, await picture({ width: 400, height: 300 }));
  });

  it('never lets parallel uploads exceed the quota by more than what is in flight', async () => {
    const pictures = await Promise.all(Array.from({ length: 8 }, () => picture({ width: 400, height: 300 })));
    const own = await createUser(admin, 'quota', { quotaSizeInBytes: Math.trunc(pictures[0]!.length * 2.5) });
    const replies = await Promise.all(pictures.map((bytes) => tryUpload(own, bytes)));
    for (const reply of replies) {
      expect([201, 400]).toContain(reply.status);
    }
    const created = replies.filter(({ status }) => status === 201).length;
    expect((await own.client.get('/assets/statistics')).json.total).toBe(created);
    const after = await tryUpload(own, await picture({ width: 400, height: 300 }));
    expect(after.status, 'when the quota is used up').toBe(created >= 2 ? 400 : 201);
  });

  it('needs asset.upload of an API key', async () => {
    const { createKey } = await import('../src/session.ts');
    const { client } = await createKey(user, ['asset.read']);
    const reply = await tryUpload({ ...user, client }, await picture());
    expect([reply.status, reply.json]).toEqual([403, { message: 'Missing required permission: asset.upload' }]);
  });
});

describe('live photos', () => {
  it('hides the video and links the still', async () => {
    const own = await createUser(admin, 'live');
    const events = await EventStream.connect(own);
    const video = await upload(own, await clip(), { name: 'IMG_1.mov' });
    const still = await upload(own, await picture(), { name: 'IMG_1.jpg', fields: { livePhotoVideoId: video } });
    expect((await own.client.get(`/assets/${still}`)).json.livePhotoVideoId).toBe(video);
    expect((await own.client.get(`/assets/${video}`)).json.visibility).toBe('hidden');
    expect(await events.next('on_asset_hidden')).toEqual([video]);
    events.close();
    await waitForQueues(admin);
    const unlinked = await own.client.put(`/assets/${still}`, { livePhotoVideoId: null });
    expect([unlinked.status, unlinked.json.livePhotoVideoId]).toEqual([200, null]);
    expect((await own.client.get(`/assets/${video}`)).json.visibility).toBe('timeline');
  });

  it('refuses a video that is absent, no video, or another user’s', async () => {
    const still = await upload(user, await picture());
    const foreign = await upload(await createUser(admin, 'other'), await clip(), { name: 'a.mov' });
    const cases: [string, string][] = [
      [randomUUID(), 'Live photo video not found'],
      [still, 'Live photo video must be a video'],
      [foreign, 'Live photo video does not belong to the user'],
    ];
    for (const [livePhotoVideoId, message] of cases) {
      const reply = await tryUpload(user, await picture(), { fields: { livePhotoVideoId } });
      expect([reply.status, reply.json]).toEqual([400, { message }]);
    }
  });

  it('takes the video out of a motion photo', async () => {
    const own = await createUser(admin, 'motion');
    const video = await clip({ seconds: 1 });
    const { withTags } = await import('../src/media_samples.ts');
    const base = await withTags(await picture({ width: 320, height: 240 }), {
      'XMP-GCamera:MicroVideo': 1,
      'XMP-GCamera:MicroVideoVersion': 1,
      'XMP-GCamera:MicroVideoOffset': video.length,
    });
    const id = await upload(own, Buffer.concat([base, video]), { name: 'MVIMG_1.jpg' });
    await waitForQueues(admin);
    const asset = (await own.client.get(`/assets/${id}`)).json;
    expect(asset.livePhotoVideoId).toMatch(/^[0-9a-f-]{36}$/);
    const motion = (await own.client.get(`/assets/${asset.livePhotoVideoId}`)).json;
    expect(motion).toMatchObject({
      type: 'VIDEO',
      visibility: 'hidden',
      originalFileName: 'MVIMG_1.mp4',
      checksum: sha1Base64(video),
    });
    expect(motion.originalPath).toMatch(/\/encoded-video\/.*-MP\.mp4$/);
    const playback = await own.client.get(`/assets/${asset.livePhotoVideoId}/video/playback`);
    expect(playback.status).toBe(200);
    const unlink = await own.client.put(`/assets/${id}`, { livePhotoVideoId: null });
    expect([unlink.status, unlink.json]).toEqual([400, { message: 'Cannot unlink Android motion photos' }]);
    expect((await own.client.get('/assets/statistics')).json.total, 'hidden videos do not count').toBeLessThanOrEqual(
      2,
    );
  });
});

describe('the upload folder', () => {
  it('holds only whole files under names of their own', async () => {
    await waitForQueues(admin);
    const root = join(inject('server').mediaLocation, 'upload');
    const strays = readdirSync(root).filter((name) => name !== '.immich' && !/^[0-9a-f-]{36}$/.test(name));
    expect(strays).toEqual([]);
    for (const path of storedFiles(user)) {
      expect(path).toMatch(/\/[0-9a-f]{2}\/[0-9a-f]{2}\/[0-9a-f-]{36}\.[A-Za-z0-9]+(\.xmp)?$/);
    }
  });
});

import { readFileSync } from 'node:fs';
import { basename } from 'node:path';
import { clip, picture, withTags } from '../../api/src/media_samples.ts';
import { waitForQueues } from '../../api/src/queues.ts';
import { sharedMediaFiles } from '../../api/src/repo_paths.ts';
import { createUser, expectStatus, kPassword, type Session } from '../../api/src/session.ts';
import { upload } from '../../api/src/upload.ts';
import type { Parameters } from './app_pages.ts';

/** A library with something on every page, and the values of the routes' parameters that lead to it. */
export interface SampleLibrary {
  email: string;
  password: string;
  photos: string[];
  parameters: Parameters;
}

const PLACES = [
  ['48.137', '11.575'],
  ['47.376', '8.541'],
  ['41.890', '12.492'],
] as const;

/** Photographs of `../shared/media` where they are, else drawn ones; always the same number, of several years and places. */
async function pictures(count: number): Promise<{ name: string; bytes: Buffer }[]> {
  const files = sharedMediaFiles().filter((path) => /\/(albums|faces|metadata)\/.*\.jpg$/.test(path));
  return Promise.all(
    Array.from({ length: count }, async (_, i) => {
      const file = files[i];
      const name = file ? basename(file) : `picture-${i}.jpg`;
      const bytes = file ? readFileSync(file) : await picture({ width: i % 3 ? 900 : 600, height: i % 3 ? 600 : 800 });
      const place = PLACES[i % 4];
      const tags = { DateTimeOriginal: `${2024 - (i >> 3)}:${String(11 - 3 * ((i >> 2) % 2)).padStart(2, '0')}:1${i % 3} 1${i % 8}:30:00` };
      const at = place && { GPSLatitude: place[0], GPSLatitudeRef: 'N', GPSLongitude: place[1], GPSLongitudeRef: 'E' };
      return { name, bytes: await withTags(bytes, { ...tags, ...at, Make: 'Aurora', Model: `A${1 + (i % 2)}` }) };
    }),
  );
}

/** Photos, a film, albums, people, tags, links, partners, keys and notifications of the admin of a fresh server. */
export async function fillLibrary(admin: Session): Promise<SampleLibrary> {
  const { client } = admin;
  const post = async (path: string, body: object, status = 201) => expectStatus(await client.post(path, body), status, `POST ${path}`);
  const put = async (path: string, body: object, status = 200) => expectStatus(await client.put(path, body), status, `PUT ${path}`);

  const photos: string[] = [];
  for (const { name, bytes } of await pictures(16)) photos.push(await upload(admin, bytes, { name }));
  photos.push(await upload(admin, await clip({ seconds: 2, width: 640, height: 360 }), { name: 'clip.mp4' }));
  const friend = await createUser(admin, 'Grace Hopper');
  const theirs = await upload(friend, await picture({ width: 800, height: 600 }), { name: 'theirs.jpg' });
  expectStatus(await friend.client.post('/partners', { sharedWithId: admin.userId }), 201, 'POST /partners');
  await waitForQueues(admin);

  const [a, b, c, d] = photos as [string, string, string, string];
  const album = await post('/albums', { albumName: 'A walk in spring', description: 'Flowers and rocks on the way', assetIds: photos.slice(0, 9), albumUsers: [{ userId: friend.userId, role: 'editor' }] });
  await post('/albums', { albumName: 'Empty album' });
  expectStatus(await friend.client.post('/albums', { albumName: 'From Grace', assetIds: [theirs], albumUsers: [{ userId: admin.userId, role: 'viewer' }] }), 201, 'POST /albums');
  const link = await post('/shared-links', { type: 'ALBUM', albumId: album.id, slug: 'spring', description: 'For the family', allowUpload: true });
  await post('/shared-links', { type: 'INDIVIDUAL', assetIds: [a, b], password: 'rosebud', expiresAt: '2099-01-01T00:00:00.000Z' });
  const [tag] = (await put('/tags', { tags: ['nature/flowers', 'travel'] })) as { id: string }[];
  await put(`/tags/${tag!.id}/assets`, { ids: [a, b, c] });
  const person = await post('/people', { name: 'Ada Lovelace', birthDate: '1990-12-10' });
  await post('/faces', { assetId: a, personId: person.id, imageWidth: 600, imageHeight: 400, x: 200, y: 80, width: 150, height: 180 });
  await put('/assets', { ids: [b, c], isFavorite: true }, 204);
  await put('/assets', { ids: [photos[13]], visibility: 'archive' }, 204);
  await put(`/assets/${a}`, { description: 'Seen on the way up', rating: 4 });
  expectStatus(await client.delete('/assets', { ids: [photos[14], photos[15]] }), 204, 'DELETE /assets');
  await post('/stacks', { assetIds: [d, photos[4]] });
  await post('/activities', { albumId: album.id, assetId: a, type: 'comment', comment: 'What a colour!' });
  await post('/api-keys', { name: 'Backup script', permissions: ['asset.read', 'asset.download'] });
  await post('/admin/notifications', { title: 'Welcome', description: 'The library is ready.', userId: admin.userId });
  const memory = await post('/memories', { type: 'on_this_day', data: { year: 2020 }, memoryAt: new Date().toISOString(), assetIds: [a, b] });
  await put('/users/me/preferences', { folders: { enabled: true, sidebarWeb: true }, tags: { enabled: true, sidebarWeb: true }, ratings: { enabled: true } });
  await post('/system-metadata/admin-onboarding', { isOnboarded: true }, 204);
  await waitForQueues(admin);

  return {
    email: admin.email,
    password: kPassword,
    photos,
    parameters: {
      assetId: a,
      photoId: a,
      albumId: album.id,
      personId: person.id,
      tagId: tag!.id,
      memoryId: memory.id,
      userId: friend.userId,
      key: link.key,
      slug: 'spring',
      name: 'thumbnailGeneration',
      rest: 'no/such/page',
    },
  };
}

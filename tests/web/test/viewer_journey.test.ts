import { readFileSync } from 'node:fs';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { clip, decode, picture, withTags } from '../../api/src/media_samples.ts';
import { waitForQueues } from '../../api/src/queues.ts';
import { expectStatus } from '../../api/src/session.ts';
import { upload } from '../../api/src/upload.ts';
import { zipEntries } from '../../api/src/zip_entries.ts';
import { missing } from '../src/browser_session.ts';
import { Journey, photosShown } from '../src/journey.ts';

describe.skipIf(missing !== '')(`photos one by one and several at once${missing}`, () => {
  let journey: Journey;
  let page: Page;
  let ids: Record<'wide' | 'live' | 'film' | 'broken', string>;

  const photo = async (width: number, height: number, date: string) => withTags(await picture({ width, height }), { DateTimeOriginal: date });
  const tile = (id: string) => page.locator(`[data-asset="${id}"]`);

  async function select(...wanted: string[]): Promise<void> {
    for (const id of wanted) {
      await tile(id).hover();
      await tile(id).locator('.tile-check').click();
    }
    await page.getByRole('toolbar').getByRole('button', { name: 'More' }).click();
  }

  beforeAll(async () => {
    journey = await Journey.start();
    const { admin } = journey;
    const motion = await upload(admin, await clip({ seconds: 2 }), { name: 'live.mov', fields: { visibility: 'hidden' } });
    ids = {
      wide: await upload(admin, await photo(800, 400, '2024:05:04 10:00:00'), { name: 'wide.jpg' }),
      live: await upload(admin, await photo(640, 480, '2024:05:03 10:00:00'), { name: 'live.jpg', fields: { livePhotoVideoId: motion } }),
      film: await upload(admin, await clip({ seconds: 2, createdAt: '2024-05-02T10:00:00Z' }), { name: 'film.mp4' }),
      broken: await upload(admin, await photo(640, 480, '2024:05:01 10:00:00'), { name: 'broken.jpg' }),
    };
    await waitForQueues(admin);
    ({ page } = await journey.member());
    await photosShown(page, 4);
  });
  afterAll(() => journey?.end());

  it('turns a photo and undoes it', async () => {
    const isUpright = () => {
      const image = document.querySelector<HTMLImageElement>('img[data-preview]');
      return image !== null && image.naturalWidth > 0 && image.naturalHeight > image.naturalWidth;
    };
    await page.goto(`/photos/${ids.wide}`);
    await page.getByRole('button', { name: 'Edit' }).click();
    const dialog = page.getByRole('dialog', { name: 'Edit' });
    expect(await dialog.getByRole('button', { name: 'Save' }).isDisabled()).toBe(true);
    await dialog.getByRole('button', { name: 'Rotate right' }).click();
    await dialog.getByRole('button', { name: 'Save' }).click();
    await page.waitForFunction(isUpright);
    const coming = page.waitForEvent('download');
    await page.keyboard.press('d');
    const saved = await decode(readFileSync(await (await coming).path()));
    expect([saved.width, saved.height]).toEqual([400, 800]);
    await page.getByRole('button', { name: 'Edit' }).click();
    await page.getByRole('button', { name: 'Undo all edits' }).click();
    await page.waitForFunction(() => {
      const image = document.querySelector<HTMLImageElement>('img[data-preview]');
      return image !== null && image.naturalWidth > image.naturalHeight;
    });
  });

  it('plays the motion of a live photo', async () => {
    await page.goto(`/photos/${ids.live}`);
    await page.getByRole('button', { name: 'Play the motion' }).click();
    await page.waitForFunction(() => (document.querySelector('video')?.currentTime ?? 0) > 0);
  });

  it('plays a film', async () => {
    await page.goto(`/photos/${ids.film}`);
    await page.locator('video').waitFor();
    await page.evaluate(() => {
      const video = document.querySelector('video')!;
      video.muted = true;
      return video.play();
    });
    await page.waitForFunction(() => (document.querySelector('video')?.currentTime ?? 0) > 0);
  });

  it('names the file of a picture that cannot be shown', async () => {
    await page.route(`**/api/assets/${ids.broken}/thumbnail?*`, (route) => route.fulfill({ status: 404 }));
    await page.goto('/photos');
    await page.locator(`.is-broken[data-asset="${ids.broken}"]`).click();
    await page.getByText('broken.jpg cannot be shown').waitFor();
    await page.keyboard.press('Escape');
    await photosShown(page, 4);
    await page.unrouteAll();
  });

  it('downloads several photos as one archive, with their edits', async () => {
    const edits = [{ action: 'rotate', parameters: { angle: 90 } }];
    expectStatus(await journey.admin.client.put(`/assets/${ids.broken}/edits`, { edits }), 200, 'PUT edits');
    await waitForQueues(journey.admin);
    await page.goto('/photos');
    await select(ids.wide, ids.broken);
    const coming = page.waitForEvent('download');
    await page.getByRole('menuitem', { name: 'Download' }).click();
    const download = await coming;
    expect(download.suggestedFilename()).toBe('immich.zip');
    const entries = zipEntries(readFileSync(await download.path()));
    // What was edited has the ending of the rendered file.
    expect(Object.keys(entries).sort()).toEqual(['broken.jpeg', 'wide.jpg']);
    const turned = await decode(entries['broken.jpeg']!);
    expect([turned.width, turned.height]).toEqual([480, 640]);
  });

  it('stacks photos', async () => {
    await page.goto('/photos');
    await photosShown(page, 4);
    await select(ids.wide, ids.broken);
    await page.getByRole('menuitem', { name: 'Stack' }).click();
    await photosShown(page, 3);
  });

  it('broke no policy and threw nothing on the way', () => expect(journey.problems.flat()).toEqual([]));
});

import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Page, Route } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { missing } from '../src/browser_session.ts';
import { Journey, photosShown } from '../src/journey.ts';

const SENDING = '**/api/assets';

describe.skipIf(missing !== '')(`uploading${missing}`, () => {
  let journey: Journey;
  let page: Page;
  let held: Route[];

  const choose = (...files: string[]) => page.locator('[data-upload-files]').first().setInputFiles(files);
  const row = (state: string) => page.locator(`[data-upload-state=${state}]`);

  /** Keeps uploads on their way until `page.unroute`. */
  async function hold(): Promise<void> {
    held = [];
    await page.route(SENDING, (route) => void held.push(route));
  }

  beforeAll(async () => {
    journey = await Journey.start();
    ({ page } = await journey.member());
  });
  afterAll(() => journey?.end());

  it('pauses, warns before the page is left, and goes on', async () => {
    await hold();
    await choose(await journey.photoFile('paused.jpg', '2024:05:01 10:00:00'));
    await row('sending').waitFor();
    const isWarned = await page.evaluate(() => !dispatchEvent(new Event('beforeunload', { cancelable: true })));
    expect(isWarned).toBe(true);
    await page.getByRole('button', { name: 'Pause' }).click();
    await page.getByRole('heading', { name: 'Paused' }).waitFor();
    await row('checking').waitFor();
    await page.unroute(SENDING);
    await page.getByRole('button', { name: 'Go on' }).click();
    await row('done').waitFor();
    await photosShown(page, 1);
    expect(await page.evaluate(() => dispatchEvent(new Event('beforeunload', { cancelable: true })))).toBe(true);
  });

  it('says why a file failed and tries it again', async () => {
    await page.route(SENDING, (route) => route.fulfill({ status: 500, contentType: 'application/json', body: '{"message":"The disk is full"}' }));
    await choose(await journey.photoFile('failed.jpg', '2024:05:02 10:00:00'));
    await row('failed').getByText('The disk is full').waitFor();
    await page.unroute(SENDING);
    await row('failed').getByRole('button', { name: 'Try again' }).click();
    await photosShown(page, 2);
  });

  it('cancels what is on its way', async () => {
    await hold();
    await choose(await journey.photoFile('cancelled.jpg', '2024:05:03 10:00:00'));
    await row('sending').getByRole('button', { name: 'Cancel' }).click();
    await row('cancelled').waitFor();
    await page.unroute(SENDING);
    const { json } = await journey.admin.client.get('/assets/statistics');
    expect(json.total).toBe(2);
  });

  it('goes on while other pages are shown', async () => {
    await hold();
    await choose(await journey.photoFile('travels.jpg', '2024:05:04 10:00:00'));
    await row('sending').waitFor();
    await page.getByRole('link', { name: 'Albums' }).first().click();
    await page.waitForURL('**/albums');
    await row('sending').waitFor();
    for (const route of held) await route.continue();
    await row('done').getByText('travels.jpg').waitFor();
    await page.unroute(SENDING);
  });

  it('takes a folder with folders in it, and leaves out what is no photo', async () => {
    const folder = join(journey.folder, 'holiday/day one');
    mkdirSync(folder, { recursive: true });
    writeFileSync(join(folder, 'inner.jpg'), readFileSync(await journey.photoFile('a.jpg', '2024:06:01 10:00:00')));
    writeFileSync(join(journey.folder, 'holiday/outer.jpg'), readFileSync(await journey.photoFile('b.jpg', '2024:06:02 10:00:00')));
    writeFileSync(join(journey.folder, 'holiday/notes.txt'), 'words');
    await page.locator('input[webkitdirectory]').first().setInputFiles(join(journey.folder, 'holiday'));
    await row('done').getByText('inner.jpg').waitFor();
    await row('done').getByText('outer.jpg').waitFor();
    await row('failed').getByText('notes.txt').waitFor();
  });

  it('takes what is pasted, into the album that is open', async () => {
    const { json: album } = await journey.admin.client.post('/albums', { albumName: 'Pasted' });
    await page.goto(`/albums/${album.id}`);
    await page.getByRole('heading', { name: 'Pasted' }).waitFor();
    const bytes = readFileSync(await journey.photoFile('pasted.jpg', '2024:07:01 10:00:00')).toString('base64');
    await page.evaluate((base64) => {
      const data = new DataTransfer();
      data.items.add(new File([Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0))], 'pasted.jpg', { type: 'image/jpeg' }));
      document.body.dispatchEvent(new ClipboardEvent('paste', { clipboardData: data, bubbles: true, cancelable: true }));
    }, bytes);
    await row('done').waitFor();
    await photosShown(page, 1);
  });

  it('broke no policy and threw nothing on the way', () => expect(journey.problems.flat()).toEqual([]));
});

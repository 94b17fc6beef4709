import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { picture, withTags } from '../../api/src/media_samples.ts';
import { waitForQueues } from '../../api/src/queues.ts';
import { expectStatus } from '../../api/src/session.ts';
import { upload } from '../../api/src/upload.ts';
import { missing, seriousViolations } from '../src/browser_session.ts';
import { Journey, photosShown } from '../src/journey.ts';

const PLACES = {
  zurich: [47.3769, 8.5417],
  zug: [47.1662, 8.5155],
  sydney: [-33.8688, 151.2093],
} as const;

describe.skipIf(missing !== '')(`photos by place, by day of the year and in stacks${missing}`, () => {
  let journey: Journey;
  let page: Page;
  let ids: Record<keyof typeof PLACES | 'nowhere' | 'archived', string>;
  let album: string;
  const today = new Date().toISOString().slice(5, 10);

  const clusters = () => page.locator('[data-cluster]');
  const counts = async () => (await clusters().evaluateAll((all) => all.map((one) => Number((one as HTMLElement).dataset['cluster'])))).sort();
  const mapReady = () => page.waitForSelector('[data-map-ready]');
  const showsCounts = (...wanted: number[]) =>
    page.waitForFunction(
      (text) => [...document.querySelectorAll<HTMLElement>('[data-cluster]')].map((one) => one.dataset['cluster']).sort().join() === text,
      wanted.join(),
    );

  beforeAll(async () => {
    journey = await Journey.start();
    const { admin } = journey;
    const photo = async (name: string, date: string, at?: readonly [number, number]) => {
      const place = at && {
        GPSLatitude: String(Math.abs(at[0])),
        GPSLatitudeRef: at[0] < 0 ? 'S' : 'N',
        GPSLongitude: String(Math.abs(at[1])),
        GPSLongitudeRef: at[1] < 0 ? 'W' : 'E',
      };
      const bytes = await withTags(await picture({ width: 640, height: 427 }), { DateTimeOriginal: date, ...place });
      return upload(admin, bytes, { name });
    };
    ids = {
      zurich: await photo('zurich.jpg', '2024:05:03 10:00:00', PLACES.zurich),
      zug: await photo('zug.jpg', '2023:05:02 10:00:00', PLACES.zug),
      sydney: await photo('sydney.jpg', '2022:05:01 10:00:00', PLACES.sydney),
      nowhere: await photo('nowhere.jpg', '2021:05:01 10:00:00'),
      archived: await photo('archived.jpg', '2020:05:01 10:00:00', PLACES.sydney),
    };
    await waitForQueues(admin);
    expectStatus(await admin.client.put('/assets', { ids: [ids.archived], visibility: 'archive' }), 204, 'archive');
    expectStatus(await admin.client.put('/assets', { ids: [ids.sydney], isFavorite: true }), 204, 'favourite');
    album = expectStatus(await admin.client.post('/albums', { albumName: 'Near', assetIds: [ids.zurich, ids.zug, ids.nowhere] }), 201, 'album').id;
    ({ page } = await journey.member());
    await photosShown(page, 4);
  });
  afterAll(() => journey?.end());

  it('shows clusters on a map that needs no other host, and comes nearer to one', async () => {
    // What draws maps is large, and is there only when a map is.
    const heavy = () => page.evaluate(() => (performance.getEntriesByType('resource') as PerformanceResourceTiming[]).filter((one) => one.decodedBodySize > 400_000).length);
    expect(await heavy()).toBe(0);
    await page.getByRole('navigation').getByRole('link', { name: 'Map' }).click();
    await mapReady();
    expect(await heavy()).toBeGreaterThan(0);
    await showsCounts(1, 2);
    expect(await seriousViolations(page)).toEqual([]);
    await page.locator('[data-cluster="2"]').focus();
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { name: '2 photos' }).waitFor();
    await photosShown(page, 2);
    await page.getByRole('button', { name: 'Zoom to these photos' }).click();
    await showsCounts(1, 1);
    expect(page.url()).toMatch(/\/map#\d+(\.\d+)?\/47\.\d+\/8\.\d+$/);
    expect(await seriousViolations(page)).toEqual([]);
  });

  it('opens a photo of the list and comes back to it', async () => {
    await page.locator(`[data-asset="${ids.zug}"]`).click();
    await page.waitForURL(`**/map/${ids.zug}`);
    await page.waitForFunction(() => (document.querySelector<HTMLImageElement>('img[data-preview]')?.naturalWidth ?? 0) > 0);
    await page.keyboard.press('ArrowLeft');
    await page.waitForURL(`**/map/${ids.zurich}`);
    await page.keyboard.press('Escape');
    await page.waitForURL('**/map');
    await photosShown(page, 2);
    await page.keyboard.press('Escape');
    await page.getByRole('heading', { name: '2 photos' }).waitFor({ state: 'detached' });
  });

  it('filters, and remembers the filter', async () => {
    await page.getByRole('button', { name: 'Filter' }).click();
    await page.getByRole('switch', { name: 'Favourites only' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Show' }).click();
    await page.getByText('1 photo', { exact: true }).waitFor();
    await page.reload();
    await mapReady();
    await page.getByRole('button', { name: 'Show all photos' }).click();
    await showsCounts(1);
    await page.getByRole('button', { name: 'Filter, 1 is set' }).click();
    await page.getByRole('switch', { name: 'Favourites only' }).click();
    await page.getByRole('switch', { name: 'Archived photos, too' }).click();
    await page.getByRole('dialog').getByRole('textbox', { name: 'To' }).fill('2022-12-31');
    await page.getByRole('dialog').getByRole('button', { name: 'Show' }).click();
    await page.getByText('2 photos', { exact: true }).waitFor();
    await page.getByRole('button', { name: 'Show all photos' }).click();
    await showsCounts(2);
    await clusters().click();
    await photosShown(page, 2);
    await page.getByRole('button', { name: /^Filter/ }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Reset' }).click();
    await page.getByText('3 photos', { exact: true }).waitFor();
  });

  it('follows the theme and the address', async () => {
    const colour = () =>
      page.evaluate(() => getComputedStyle(document.querySelector('.map-canvas')!).getPropertyValue('--map-water').trim());
    await page.emulateMedia({ colorScheme: 'light' });
    const light = await colour();
    await page.emulateMedia({ colorScheme: 'dark' });
    expect(await colour()).not.toBe(light);
    await page.emulateMedia({ colorScheme: null });
    await page.goto('/map#9/-33.8688/151.2093');
    await page.reload();
    await mapReady();
    await showsCounts(1);
    expect(await clusters().first().getAttribute('data-representative')).toBe(ids.sydney);
  });

  it('opens with a photo that the address names', async () => {
    await page.goto(`/map/${ids.sydney}`);
    await page.waitForFunction(() => (document.querySelector<HTMLImageElement>('img[data-preview]')?.naturalWidth ?? 0) > 0);
    await page.keyboard.press('Escape');
    await page.getByRole('heading', { name: '1 photo', exact: true }).waitFor();
  });

  it('shows the map of an album, and the place of a photo', async () => {
    await page.goto(`/albums/${album}`);
    await page.getByRole('button', { name: 'More' }).click();
    await page.getByRole('menuitem', { name: 'Map' }).click();
    await page.waitForURL(`**/albums/${album}/map*`);
    await mapReady();
    expect((await counts()).reduce((sum, count) => sum + count, 0)).toBe(2);
    await page.goto(`/photos/${ids.zurich}`);
    await page.locator('img[data-preview]').waitFor();
    await page.keyboard.press('i');
    await mapReady();
    expect(await page.getByRole('link', { name: 'Show on the map' }).getAttribute('href')).toMatch(/^\/map#14\/47\.37\d*\/8\.54\d*$/);
    await page.keyboard.press('i');
  });

  it('says what it lacks where the browser cannot draw it', async () => {
    const { page: blind, context } = await journey.member();
    await blind.addInitScript(() => {
      HTMLCanvasElement.prototype.getContext = () => null;
    });
    await blind.goto('/map');
    await blind.getByText('This browser cannot draw the map').waitFor();
    await photosShown(blind, 3);
    await context.close();
  });

  it('plays memories of this day, keeps one and takes another away', async () => {
    const { client } = journey.admin;
    const year = new Date().getUTCFullYear();
    for (const [ago, assets] of [
      [1, [ids.zurich, ids.zug]],
      [3, [ids.sydney]],
    ] as const) {
      const body = { type: 'on_this_day', data: { year: year - ago }, memoryAt: `${year - ago}-${today}T00:00:00.000Z`, assetIds: assets };
      expectStatus(await client.post('/memories', body), 201, 'memory');
    }
    await page.goto('/photos');
    const lane = page.getByRole('region', { name: 'Memories of this day' });
    await lane.getByRole('link', { name: 'A year ago, 2 photos' }).click();
    await page.waitForURL('**/memory?id=*');
    await page.locator('[data-memory-photo]').waitFor();
    await page.getByRole('button', { name: 'Pause' }).click();
    await page.getByRole('button', { name: 'Keep this memory' }).click();
    await page.getByRole('button', { name: 'Do not keep this memory' }).waitFor();
    expect(await seriousViolations(page)).toEqual([]);
    await page.keyboard.press('ArrowRight');
    await page.locator(`[data-memory-photo="${ids.zug}"]`).or(page.locator(`[data-memory-photo="${ids.zurich}"]`)).waitFor();
    await page.keyboard.press('ArrowRight');
    await page.locator(`[data-memory-photo="${ids.sydney}"]`).waitFor();
    await page.getByRole('heading', { name: '3 years ago' }).waitFor();
    await page.getByRole('button', { name: 'More' }).click();
    await page.getByRole('menuitem', { name: 'Remove this memory' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Remove' }).click();
    await page.getByRole('heading', { name: 'A year ago' }).waitFor();
    const left = (await client.get('/memories')).json as { isSaved: boolean; seenAt?: string }[];
    expect(left).toHaveLength(1);
    expect(left[0]).toMatchObject({ isSaved: true, seenAt: expect.any(String) });
    await page.keyboard.press('Escape');
    await page.waitForURL('**/photos');
    await lane.getByRole('link').waitFor();
    expect(await lane.getByRole('link').count()).toBe(1);
    // The next visit keeps the place of the memories free before it knows them.
    await page.reload();
    await lane.waitFor();
    expect(await page.evaluate(() => localStorage.getItem('memories:shown'))).toContain(journey.admin.userId);
  });

  it('shows the photos of a stack, puts another on top and takes the stack apart', async () => {
    const { client } = journey.admin;
    expectStatus(await client.post('/stacks', { assetIds: [ids.zurich, ids.zug, ids.nowhere] }), 201, 'stack');
    await page.goto(`/photos/${ids.zurich}`);
    const strip = page.getByRole('group', { name: 'Stack of 3 photos' });
    await strip.locator(`[data-stack-member="${ids.nowhere}"]`).click();
    await page.waitForURL(`**/photos/${ids.nowhere}`);
    await strip.locator(`[data-stack-member="${ids.nowhere}"][aria-current]`).waitFor();
    // A reload on a photo below the top finds the stack again.
    await page.reload();
    await strip.locator(`[data-stack-member="${ids.nowhere}"][aria-current]`).waitFor();
    expect(await seriousViolations(page)).toEqual([]);
    await strip.getByRole('button', { name: 'Change the stack' }).click();
    await page.getByRole('menuitem', { name: 'Put this photo on top' }).click();
    await page.getByText('This photo is on top now').waitFor();
    const [stack] = (await client.get('/stacks')).json as { primaryAssetId: string }[];
    expect(stack!.primaryAssetId).toBe(ids.nowhere);
    await strip.locator(`[data-stack-member="${ids.zug}"]`).click();
    await page.waitForURL(`**/photos/${ids.zug}`);
    await strip.getByRole('button', { name: 'Change the stack' }).click();
    await page.getByRole('menuitem', { name: 'Take this photo out of the stack' }).click();
    const two = page.getByRole('group', { name: 'Stack of 2 photos' });
    await two.getByRole('button', { name: 'Change the stack' }).click();
    await page.getByRole('menuitem', { name: 'Take the stack apart' }).click();
    await two.waitFor({ state: 'detached' });
    expect((await client.get('/stacks')).json).toEqual([]);
    await page.keyboard.press('Escape');
    // Both photos that were below the top have their own place in the grid again.
    for (const id of [ids.zug, ids.zurich]) {
      await page.locator('#asset-grid').evaluate((grid) => grid.scrollTo(0, 0));
      await page.locator(`[data-asset="${id}"]`).waitFor();
    }
  });

  it('asked nobody else and broke no rule', () => {
    expect(journey.problems.flat()).toEqual([]);
  });
});

import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { picture, withTags } from '../../api/src/media_samples.ts';
import { waitForQueues } from '../../api/src/queues.ts';
import { upload } from '../../api/src/upload.ts';
import { missing } from '../src/browser_session.ts';
import { Journey, photosShown } from '../src/journey.ts';

describe.skipIf(missing !== '')(`without a mouse, without motion, in German${missing}`, () => {
  let journey: Journey;
  let page: Page;

  const press = (...keys: string[]) => keys.reduce((before, key) => before.then(() => page.keyboard.press(key)), Promise.resolve());
  const focused = () => page.evaluate(() => document.activeElement?.closest('[data-asset]')?.getAttribute('data-asset') ?? '');

  beforeAll(async () => {
    journey = await Journey.start();
    for (let i = 1; i <= 3; i++) {
      const bytes = await withTags(await picture({ width: 640, height: 427 }), { DateTimeOriginal: `2024:05:01 1${i}:00:00` });
      await upload(journey.admin, bytes, { name: `photo-${i}.jpg` });
    }
    await waitForQueues(journey.admin);
    ({ page } = await journey.member({ reducedMotion: 'reduce' }));
    await photosShown(page, 3);
  });
  afterAll(() => journey?.end());

  it('skips to the content, walks through the photos, opens one and comes back to it', async () => {
    await page.reload();
    await photosShown(page, 3);
    await press('Tab');
    expect(await page.evaluate(() => document.activeElement?.textContent?.trim())).toBe('Skip to content');
    await press('Enter');
    await page.waitForFunction(() => document.activeElement?.id === 'content');
    // All photos are one stop.
    await press('Tab');
    const first = await focused();
    expect(first).not.toBe('');
    await press('ArrowRight');
    await page.waitForFunction((old) => document.activeElement?.closest('[data-asset]')?.getAttribute('data-asset') !== old, first);
    const second = await focused();
    await press('Enter');
    await page.waitForURL(`**/photos/${second}`);
    await page.locator('[data-preview]').waitFor();
    await press('Escape');
    await page.waitForURL('**/photos');
    await page.waitForFunction((id) => document.activeElement?.closest('[data-asset]')?.getAttribute('data-asset') === id, second);
  });

  it('chooses photos and moves them to the trash and back', async () => {
    await press('x');
    await page.getByRole('toolbar').getByText('1 selected').waitFor();
    await press('Delete');
    await photosShown(page, 2);
    await page.getByRole('button', { name: 'Undo' }).focus();
    await press('Enter');
    await photosShown(page, 3);
  });

  it('shows what keys do, and closes the list', async () => {
    await page.locator('#content').focus();
    await press('?');
    const dialog = page.getByRole('dialog', { name: 'Keyboard shortcuts' });
    await dialog.getByText('To the next photo').waitFor();
    await press('Escape');
    await dialog.waitFor({ state: 'detached' });
    await press('/');
    expect(await page.evaluate(() => (document.activeElement as HTMLInputElement).type)).toBe('search');
    await page.keyboard.type('photo-2.jpg');
    await press('Enter');
    await page.waitForURL('**/search?query=*');
    await photosShown(page, 1);
  });

  it('moves nothing when motion is not wanted', async () => {
    const moving = await page.evaluate(() =>
      [...document.querySelectorAll('*')]
        .map((element) => getComputedStyle(element))
        .filter((style) => style.transitionProperty !== 'none' || Number.parseFloat(style.animationDuration) > 0.001).length,
    );
    expect(moving).toBe(0);
  });

  it('changes to German at once, and stays so', async () => {
    await page.getByRole('button', { name: 'Account' }).focus();
    await press('Enter');
    await page.getByRole('menuitem', { name: 'Deutsch' }).focus();
    await press('Enter');
    await page.getByRole('link', { name: 'Fotos', exact: true }).first().waitFor();
    expect(await page.evaluate(() => document.documentElement.lang)).toBe('de');
    await page.goto('/user-settings');
    await page.getByRole('heading', { name: 'Was in der Mediathek ist' }).waitFor();
    expect(await page.title()).toMatch(/^Konto|Einstellungen/);
  });

  it('broke no policy and threw nothing on the way', () => expect(journey.problems.flat()).toEqual([]));
});

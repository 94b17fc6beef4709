import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { picture, withTags } from '../../api/src/media_samples.ts';
import { TestServer } from '../../api/src/server.ts';
import { copyOfBuild, logIn, missing, openPage, seriousViolations, startBrowser } from '../src/browser_session.ts';

const EMAIL = 'ada@example.com';
const PASSWORD = 'correct horse';

describe.skipIf(missing !== '')(`from the first start to the trash${missing}`, () => {
  let build: ReturnType<typeof copyOfBuild>;
  let server: TestServer;
  let browser: Browser;
  let context: BrowserContext;
  let page: Page;
  let problems: string[];
  const folder = mkdtempSync(join(tmpdir(), 'immich-web-test-'));

  const tiles = () => page.locator('[data-asset]');
  async function photoFile(name: string, date: string): Promise<string> {
    const file = join(folder, name);
    writeFileSync(file, await withTags(await picture({ width: 640, height: 427 }), { DateTimeOriginal: date }));
    return file;
  }

  beforeAll(async () => {
    build = copyOfBuild();
    server = await TestServer.start({ env: build.environment });
    browser = await startBrowser();
    ({ context, page, problems } = await openPage(browser, server.url));
  });

  afterAll(async () => {
    await browser?.close();
    await server?.destroy();
    build?.remove();
    rmSync(folder, { recursive: true, force: true });
  });

  it('makes the first account and asks the first questions', async () => {
    await page.goto('/');
    await page.waitForURL('**/auth/register');
    expect(await seriousViolations(page)).toEqual([]);
    await page.fill('#name', 'Ada');
    await page.fill('#email', EMAIL);
    await page.fill('#password', PASSWORD);
    await page.fill('#repeated', 'something else');
    await page.press('#repeated', 'Enter');
    await page.getByText('The two passwords are not the same.').waitFor();
    await page.fill('#repeated', PASSWORD);
    await page.press('#repeated', 'Enter');
    await page.waitForURL('**/auth/onboarding');
    await page.getByText('Dark').click();
    expect(await page.evaluate(() => document.documentElement.dataset.theme)).toBe('dark');
    await page.getByText('As the system').click();
    await page.getByRole('button', { name: 'Next' }).click();
    await page.getByRole('switch').waitFor();
    await page.getByRole('button', { name: 'Next' }).click();
    await page.getByRole('button', { name: 'Start' }).click();
    await page.waitForURL('**/photos');
    await page.getByText('No photos yet').waitFor();
  });

  it('uploads chosen and dropped files and says which were there already', async () => {
    const files = [
      await photoFile('one.jpg', '2024:05:01 10:00:00'),
      await photoFile('two.jpg', '2024:05:01 11:00:00'),
      await photoFile('three.jpg', '2023:01:15 09:30:00'),
    ];
    await page.locator('[data-upload-files]').first().setInputFiles(files.slice(0, 2));
    await page.waitForFunction(() => document.querySelectorAll('[data-asset]').length === 2);
    await page.evaluate((base64) => {
      const bytes = Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0));
      const data = new DataTransfer();
      data.items.add(new File([bytes], 'three.jpg', { type: 'image/jpeg' }));
      data.items.add(new File(['words'], 'notes.txt', { type: 'text/plain' }));
      for (const name of ['dragenter', 'dragover', 'drop']) dispatchEvent(new DragEvent(name, { dataTransfer: data, bubbles: true, cancelable: true }));
    }, readFileSync(files[2]!).toString('base64'));
    await page.getByText('This kind of file is not supported').waitFor();
    await page.locator('[data-upload-files]').first().setInputFiles([files[0]!]);
    await page.locator('[data-upload-state=duplicate]').waitFor();
    await page.waitForFunction(() => document.querySelectorAll('[data-asset]').length === 3);
    await page.waitForFunction(() => [...document.querySelectorAll<HTMLImageElement>('[data-asset] img')].every((one) => one.naturalWidth > 0));
    await page.getByRole('heading', { name: 'May 2024' }).waitFor();
  });

  it('opens a photo, walks with the keys, shows what is known and comes back', async () => {
    await page.reload();
    await page.waitForFunction(() => document.querySelectorAll('[data-asset]').length === 3);
    await tiles().first().click();
    await page.waitForURL(/\/photos\/[0-9a-f-]{36}$/);
    const first = page.url();
    await page.waitForFunction(() => (document.querySelector<HTMLImageElement>('img[data-preview]')?.naturalWidth ?? 0) > 0);
    await page.keyboard.press('ArrowRight');
    await page.waitForFunction((old) => location.href !== old, first);
    await page.keyboard.press('i');
    await page.getByText('two.jpg').or(page.getByText('one.jpg')).waitFor();
    const description = page.getByRole('textbox', { name: 'Description' });
    await description.fill('A walk by the lake');
    await description.blur();
    expect(await seriousViolations(page)).toEqual([]);
    await page.reload();
    await page.waitForFunction(() => document.querySelector<HTMLTextAreaElement>('aside textarea')?.value === 'A walk by the lake');
    await page.getByRole('button', { name: 'Favourite' }).click();
    await page.getByRole('button', { name: 'Remove from favourites' }).waitFor();
    await page.keyboard.press('Escape');
    await page.waitForURL('**/photos');
    await page.locator('.badge-favorite').waitFor();
  });

  it('selects with Shift and moves to the trash, undoes it, and empties the trash', async () => {
    await tiles().nth(0).hover();
    await tiles().nth(0).locator('.tile-check').click();
    await tiles().nth(2).locator('.tile-check').click({ modifiers: ['Shift'] });
    await page.getByRole('toolbar').getByText('3 selected').waitFor();
    await page.keyboard.press('Delete');
    await page.getByText('No photos yet').waitFor();
    await page.getByRole('button', { name: 'Undo' }).click();
    await page.waitForFunction(() => document.querySelectorAll('[data-asset]').length === 3);
    await tiles().nth(2).hover();
    await tiles().nth(2).locator('.tile-check').click();
    await page.getByRole('button', { name: 'Move to the trash' }).click();
    await page.waitForFunction(() => document.querySelectorAll('[data-asset]').length === 2);
    await page.getByRole('link', { name: 'Trash' }).click();
    await page.waitForFunction(() => location.pathname === '/trash' && document.querySelectorAll('[data-asset]').length === 1);
    await page.getByRole('button', { name: 'Empty trash' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Empty trash' }).click();
    await page.getByText('The trash is empty').waitFor();
  });

  it('shows in one browser what happens in another', async () => {
    await page.goto('/photos');
    await page.waitForFunction(() => document.querySelectorAll('[data-asset]').length === 2);
    const other = await openPage(browser, server.url);
    await logIn(other.page, EMAIL, PASSWORD);
    await other.page.waitForFunction(() => document.querySelectorAll('[data-asset]').length === 2);
    await other.page.locator('[data-upload-files]').first().setInputFiles(await photoFile('four.jpg', '2024:06:01 10:00:00'));
    await page.waitForFunction(() => document.querySelectorAll('[data-asset]').length === 3);
    expect(other.problems).toEqual([]);
    await other.context.close();
  });

  it('says when the server is gone, and goes on when it is back', async () => {
    await context.setOffline(true);
    await page.evaluate(() => dispatchEvent(new Event('offline')));
    await page.getByText('No connection to the server').waitFor();
    await context.setOffline(false);
    await page.getByText('No connection to the server').waitFor({ state: 'detached' });
  });

  it('asks for the password again when the session has ended, without losing the page', async () => {
    await context.clearCookies({ name: 'immich_access_token' });
    await page.getByRole('link', { name: 'Favourites' }).click();
    await page.getByRole('dialog').getByText('Your session has ended').waitFor();
    await page.getByRole('dialog').locator('#password').fill(PASSWORD);
    await page.getByRole('dialog').locator('#password').press('Enter');
    await page.getByRole('dialog').waitFor({ state: 'detached' });
    await page.waitForFunction(() => location.pathname === '/favorites' && document.querySelectorAll('[data-asset]').length === 1);
  });

  it('is usable on a phone, in the dark and in German', async () => {
    const phone = await openPage(browser, server.url, {
      viewport: { width: 390, height: 844 },
      hasTouch: true,
      isMobile: true,
      colorScheme: 'dark',
      locale: 'de-DE',
    });
    await logIn(phone.page, EMAIL, PASSWORD);
    await phone.page.getByRole('link', { name: 'Alben' }).first().waitFor();
    await phone.page.waitForFunction(() => document.querySelectorAll('[data-asset]').length === 3);
    await phone.page.waitForFunction(() => [...document.querySelectorAll<HTMLImageElement>('[data-asset] img')].some((one) => one.naturalWidth > 0));
    expect(await phone.page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(390);
    expect(await phone.page.evaluate(() => getComputedStyle(document.documentElement).backgroundColor)).toBe('rgb(19, 20, 22)');
    expect(await seriousViolations(phone.page)).toEqual([]);
    expect(phone.problems).toEqual([]);
    await phone.context.close();
  });

  it('has words for an address that does not exist', async () => {
    await page.goto('/no/such/page');
    await page.getByText('There is nothing here').waitFor();
  });

  it('broke no policy, asked no other host and threw nothing on the way', () => {
    expect(problems).toEqual([]);
  });
});

import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { picture, withTags } from '../../api/src/media_samples.ts';
import { waitForQueues } from '../../api/src/queues.ts';
import { TestServer } from '../../api/src/server.ts';
import { createUser, type Session, signUpAdmin } from '../../api/src/session.ts';
import { upload } from '../../api/src/upload.ts';
import { copyOfBuild, missing, openPage, seriousViolations, startBrowser } from '../src/browser_session.ts';

describe.skipIf(missing !== '')(`behind a public link, without an account${missing}`, () => {
  let build: ReturnType<typeof copyOfBuild>;
  let server: TestServer;
  let browser: Browser;
  let admin: Session;
  let owner: Session;
  let photos: string[];
  let albumId: string;

  let context: BrowserContext;
  let page: Page;
  let problems: string[];
  const requests: string[] = [];

  const shown = (count: number) =>
    page.waitForFunction((wanted) => {
      const images = [...document.querySelectorAll<HTMLImageElement>('[data-asset] img')];
      return images.length === wanted && images.every((image) => image.naturalWidth > 0);
    }, count);
  const link = async (body: object) => (await owner.client.post('/shared-links', body)).json as { id: string; key: string };

  beforeAll(async () => {
    build = copyOfBuild();
    server = await TestServer.start({ env: build.environment });
    admin = await signUpAdmin(server);
    owner = await createUser(admin, 'Olga');
    photos = [];
    for (const [i, date] of ['2021:01:01 10:00:00', '2022:06:15 10:00:00', '2022:06:16 10:00:00'].entries()) {
      const file = await withTags(await picture({ width: 600, height: 400 }), { DateTimeOriginal: date, Make: 'Testmaker', Model: 'Box 1' });
      photos.push(await upload(owner, file, { name: `photo-${i}.jpg` }));
    }
    albumId = ((await owner.client.post('/albums', { albumName: 'Summer', description: 'By the lake', assetIds: photos })).json as { id: string }).id;
    await waitForQueues(admin);
    browser = await startBrowser();
    ({ context, page, problems } = await openPage(browser, server.url));
    page.on('request', (request) => requests.push(request.url()));
  });

  afterAll(async () => {
    await browser?.close();
    await server?.destroy();
    build?.remove();
  });

  it('asks for the password, refuses a wrong one and opens the album with the right one', async () => {
    const { key } = await link({ type: 'ALBUM', albumId, password: 'lake', allowUpload: false });
    await page.goto(`/share/${key}`);
    await page.getByText('This link has a password').waitFor();
    expect(await page.content()).not.toContain('Summer');
    expect(await seriousViolations(page)).toEqual([]);
    await page.getByLabel('Password', { exact: true }).fill('sea');
    await page.getByRole('button', { name: 'Open' }).click();
    await page.getByText('That is not the password.').waitFor();
    await page.getByLabel('Password', { exact: true }).fill('lake');
    await page.getByRole('button', { name: 'Open' }).click();
    await page.getByRole('heading', { name: 'Summer' }).waitFor();
    await page.getByText('By the lake').waitFor();
    await shown(3);
    expect(await page.getByRole('button', { name: 'Add photos' }).count()).toBe(0);
    expect(await seriousViolations(page)).toEqual([]);
  });

  it('shows photos with what is known of them, and leads away to no page of the owner', async () => {
    await page.locator('[data-asset]').first().click();
    await page.waitForURL(/\/share\/[^/]+\/photos\/[0-9a-f-]{36}$/);
    await page.waitForFunction(() => (document.querySelector<HTMLImageElement>('img[data-preview]')?.naturalWidth ?? 0) > 0);
    await page.getByRole('button', { name: 'Information' }).click();
    await page.getByText('photo-2.jpg').waitFor();
    await page.getByText('Testmaker Box 1').waitFor();
    expect(await page.locator('aside a').count()).toBe(0);
    const deep = page.url();
    await page.reload();
    await page.waitForFunction(() => (document.querySelector<HTMLImageElement>('img[data-preview]')?.naturalWidth ?? 0) > 0);
    expect(page.url()).toBe(deep);
    expect(await seriousViolations(page)).toEqual([]);
    await page.keyboard.press('i');
    await page.keyboard.press('Escape');
    await page.waitForURL(/\/share\/[^/]+$/);
  });

  it('downloads everything as an archive', async () => {
    const [download] = await Promise.all([page.waitForEvent('download'), page.getByRole('button', { name: 'Download all' }).click()]);
    expect(download.suggestedFilename()).toBe('Summer.zip');
    const bytes = readFileSync(await download.path());
    expect(bytes.subarray(0, 2).toString()).toBe('PK');
    for (const i of [0, 1, 2]) expect(bytes.includes(`photo-${i}.jpg`)).toBe(true);
  });

  it('names the link in every request but those about the server', () => {
    const about = /\/api\/(server\/|socket\.io)/;
    expect(requests.filter((url) => url.includes('/api/') && !about.test(url) && !/[?&]key=/.test(url))).toEqual([]);
    expect(requests.some((url) => url.includes('/thumbnail'))).toBe(true);
  });

  it('hides dates, information and downloads when the owner says so', async () => {
    const { key } = await link({ type: 'ALBUM', albumId, showMetadata: false, slug: 'bare', allowUpload: false });
    expect(key).toBeTruthy();
    await page.goto('/s/bare');
    await shown(3);
    expect(await page.getByText('2022').count()).toBe(0);
    expect(await page.getByRole('button', { name: 'Download all' }).count()).toBe(0);
    await page.locator('[data-asset]').first().click();
    await page.waitForURL(/\/s\/bare\/photos\//);
    await page.waitForFunction(() => (document.querySelector<HTMLImageElement>('img[data-preview]')?.naturalWidth ?? 0) > 0);
    expect(await page.getByRole('button', { name: 'Information' }).count()).toBe(0);
    expect(await page.getByRole('button', { name: 'Download' }).count()).toBe(0);
    await page.keyboard.press('Escape');
  });

  it('takes photos of visitors where that is allowed', async () => {
    const { key } = await link({ type: 'ALBUM', albumId, allowUpload: true });
    await page.goto(`/share/${key}`);
    await shown(3);
    const file = join(server.folder, 'guest.jpg');
    writeFileSync(file, await withTags(await picture({ width: 500, height: 400 }), { DateTimeOriginal: '2022:06:17 10:00:00' }));
    await page.locator('[data-upload-files]').setInputFiles(file);
    await page.locator('[data-upload-state=done]').waitFor();
    await shown(4);
    const album = (await owner.client.get(`/albums/${albumId}`)).json as { assetCount: number };
    expect(album.assetCount).toBe(4);
  });

  it('shows single photos without an album', async () => {
    const { key } = await link({ type: 'INDIVIDUAL', assetIds: photos.slice(0, 2), description: 'Two of them', allowUpload: false });
    await page.goto(`/share/${key}`);
    await page.getByText('Two of them').waitFor();
    await shown(2);
  });

  it('has words for links that are unknown or have ended', async () => {
    await page.goto('/s/never-made');
    await page.getByText('This link does not work any more').waitFor();
    const { key } = await link({ type: 'ALBUM', albumId, expiresAt: '2020-01-01T00:00:00.000Z' });
    await page.goto(`/share/${key}`);
    await page.getByText('This link does not work any more').waitFor();
    expect(await seriousViolations(page)).toEqual([]);
  });

  it('tells messengers what is shared, but not what a password protects', async () => {
    const { key } = await link({ type: 'ALBUM', albumId, description: 'From "Olga" <3' });
    const secret = await link({ type: 'ALBUM', albumId, password: 'lake' });
    const tagsOf = async (path: string) => {
      const response = await fetch(server.url + path, { headers: { accept: 'text/html' } });
      const tags = [...(await response.text()).matchAll(/<meta property="og:(\w+)" content="([^"]*)"/g)];
      return { status: response.status, tags: Object.fromEntries(tags.map((tag) => [tag[1], tag[2]!.replaceAll('&amp;', '&')])) };
    };
    const { status, tags } = await tagsOf(`/share/${key}`);
    expect(status).toBe(200);
    expect(tags).toMatchObject({ title: 'Summer', description: 'From &quot;Olga&quot; &lt;3' });
    expect(tags['image']).toContain(`${server.url}/api/assets/`);
    const picture = await fetch(tags['image']!);
    expect([picture.status, picture.headers.get('content-type')]).toEqual([200, 'image/jpeg']);
    expect(await tagsOf(`/share/${secret.key}`)).toEqual({ status: 200, tags: {} });
    expect(await tagsOf('/s/never-made')).toEqual({ status: 404, tags: {} });
  });

  it('fits a phone', async () => {
    const { key } = await link({ type: 'ALBUM', albumId, allowUpload: true });
    const phone = await openPage(browser, server.url, { viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true, colorScheme: 'dark' });
    await phone.page.goto(`/share/${key}`);
    await phone.page.getByRole('heading', { name: 'Summer' }).waitFor();
    await phone.page.locator('[data-asset]').first().waitFor();
    expect(await phone.page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(390);
    expect(await seriousViolations(phone.page)).toEqual([]);
    expect(phone.problems).toEqual([]);
    await phone.context.close();
  });

  it('broke no policy, asked no other host and threw nothing on the way', async () => {
    expect(problems).toEqual([]);
    await context.close();
  });
});

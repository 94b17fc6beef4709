import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { picture, withTags } from '../../api/src/media_samples.ts';
import { waitForQueues } from '../../api/src/queues.ts';
import { TestServer } from '../../api/src/server.ts';
import { createUser, kPassword, type Session, signUpAdmin } from '../../api/src/session.ts';
import { upload } from '../../api/src/upload.ts';
import { copyOfBuild, logIn, missing, openPage, seriousViolations, startBrowser } from '../src/browser_session.ts';

/** Addresses of everything that browsers keep for this site. */
const kept = (page: Page) =>
  page.evaluate(async () => {
    const all: string[] = [];
    for (const name of await caches.keys()) for (const one of await (await caches.open(name)).keys()) all.push(new URL(one.url).pathname);
    return all;
  });

describe.skipIf(missing !== '')(`without a connection, and with another build${missing}`, () => {
  let build: ReturnType<typeof copyOfBuild>;
  let server: TestServer;
  let browser: Browser;
  let user: Session;

  beforeAll(async () => {
    build = copyOfBuild();
    server = await TestServer.start({ env: build.environment });
    const admin = await signUpAdmin(server);
    user = await createUser(admin, 'Olga', { shouldChangePassword: false });
    await upload(user, await withTags(await picture({ width: 600, height: 400 }), { DateTimeOriginal: '2022:06:15 10:00:00' }));
    await waitForQueues(admin);
    browser = await startBrowser();
  });

  afterAll(async () => {
    await browser?.close();
    await server?.destroy();
    build?.remove();
  });

  it('starts from what the browser keeps, says what is the matter, and goes on by itself', async () => {
    const { context, page, problems } = await openPage(browser, server.url);
    await logIn(page, user.email, kPassword);
    await page.locator('[data-asset] img').waitFor();
    await page.waitForFunction(() => navigator.serviceWorker.controller !== null);
    await page.reload();
    await page.locator('[data-asset] img').waitFor();

    await context.setOffline(true);
    await page.goto('/albums');
    await page.getByRole('heading', { name: 'No connection to the server' }).waitFor();
    expect(await seriousViolations(page)).toEqual([]);
    await context.setOffline(false);
    await page.getByRole('heading', { name: 'Albums', exact: true }).waitFor();
    expect(problems).toEqual([]);

    const addresses = await kept(page);
    expect(addresses).toContain('/');
    expect(addresses.some((path) => path.startsWith('/_app/immutable/'))).toBe(true);
    expect(addresses.filter((path) => path.startsWith('/api'))).toEqual([]);
    await context.close();
  });

  it('can be installed: names, a page to start with and icons', async () => {
    const { context, page } = await openPage(browser, server.url);
    await page.goto('/auth/login');
    const manifest = await page.evaluate(async () => {
      const address = document.querySelector<HTMLLinkElement>('link[rel=manifest]')!.href;
      return (await (await fetch(address)).json()) as { name: string; start_url: string; display: string; icons: { src: string; sizes: string; purpose: string }[] };
    });
    expect(manifest).toMatchObject({ name: 'Immich', start_url: '/photos', display: 'standalone' });
    expect(manifest.icons.some((icon) => icon.purpose === 'maskable')).toBe(true);
    for (const icon of manifest.icons.filter((one) => one.src.endsWith('.png'))) {
      const width = await page.evaluate(async (src) => (await createImageBitmap(await (await fetch(src)).blob())).width, icon.src);
      expect(`${width}x${width}`).toBe(icon.sizes);
    }
    await context.close();
  });

  it('shows an error instead of loading itself for ever when page and build never agree', async () => {
    const { context, page } = await openPage(browser, server.url);
    await page.route('**/_app/version.json', (route) => route.fulfill({ json: { version: 'of another build' } }));
    await page.goto('/no/such/page', { waitUntil: 'commit' });
    // Each start of the page is counted; the fifth asks no more.
    await page.waitForFunction(() => (JSON.parse(sessionStorage.getItem('starts') ?? '[]') as number[]).length === 5 && document.querySelector('h2') !== null);
    await page.getByText('There is nothing here').waitFor();
    const answer = await page.evaluate(() => fetch('/_app/version.json').then(() => 'answered', () => 'refused'));
    expect(answer).toBe('refused');
    await context.close();
  });
});

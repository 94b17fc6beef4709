import type { Browser, CDPSession, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { TestServer } from '../../api/src/server.ts';
import { createUser, kPassword, signUpAdmin } from '../../api/src/session.ts';
import { copyOfBuild, missing, openPage, startBrowser } from '../src/browser_session.ts';

/** What the app itself weighs: page, scripts and styles as they travel, without pictures and answers of the API. */
class ShellWeight {
  bytes = 0;
  readonly addresses: string[] = [];
  #open = new Set<string>();

  static async watch(page: Page): Promise<ShellWeight> {
    const cdp: CDPSession = await page.context().newCDPSession(page);
    await cdp.send('Network.enable');
    return new ShellWeight(cdp);
  }

  private constructor(cdp: CDPSession) {
    cdp.on('Network.responseReceived', ({ requestId, response, type }) => {
      if (type !== 'Document' && !/javascript|css|font/.test(response.mimeType)) return;
      this.#open.add(requestId);
      this.addresses.push(response.url);
    });
    cdp.on('Network.loadingFinished', ({ requestId, encodedDataLength }) => {
      if (this.#open.delete(requestId)) this.bytes += encodedDataLength;
    });
  }
}

describe.skipIf(missing !== '')(`weight of the first pages${missing}`, () => {
  let build: ReturnType<typeof copyOfBuild>;
  let server: TestServer;
  let browser: Browser;
  let email: string;

  beforeAll(async () => {
    build = copyOfBuild();
    server = await TestServer.start({ env: build.environment });
    ({ email } = await createUser(await signUpAdmin(server), 'Bea', { shouldChangePassword: false }));
    browser = await startBrowser();
  });

  afterAll(async () => {
    await browser?.close();
    await server?.destroy();
    build?.remove();
  });

  it('logging in is at most 120 kB in 20 requests, until the photos 250 kB in 40', async () => {
    const { context, page } = await openPage(browser, server.url);
    const weight = await ShellWeight.watch(page);
    await page.goto('/auth/login', { waitUntil: 'networkidle' });
    // The code of the photos is loaded ahead, but not as a part of this page.
    expect(weight.addresses.length, weight.addresses.join('\n')).toBeLessThanOrEqual(20);
    expect(weight.bytes).toBeLessThanOrEqual(120_000);
    await page.fill('#email', email);
    await page.fill('#password', kPassword);
    await page.press('#password', 'Enter');
    await page.waitForURL('**/photos');
    await page.locator('#asset-grid').waitFor();
    expect(weight.addresses.length, weight.addresses.join('\n')).toBeLessThanOrEqual(40);
    expect(weight.bytes).toBeLessThanOrEqual(250_000);
    await context.close();
  });

  it('asks for everything once between logging in and the photos', async () => {
    const { context, page } = await openPage(browser, server.url);
    await page.goto('/auth/login', { waitUntil: 'networkidle' });
    await page.fill('#email', email);
    await page.fill('#password', kPassword);
    const asked: string[] = [];
    page.on('request', (request) => asked.push(new URL(request.url()).pathname));
    await page.press('#password', 'Enter');
    await page.locator('#asset-grid').waitFor();
    await page.waitForLoadState('networkidle');
    for (const path of ['/api/users/me', '/api/users/me/preferences', '/api/timeline/buckets']) {
      expect(asked.filter((one) => one === path), path).toHaveLength(1);
    }
    // None of them waits for another.
    expect(asked[0]).toBe('/api/auth/login');
    expect(asked.slice(1, 4).sort()).toEqual(['/api/timeline/buckets', '/api/users/me', '/api/users/me/preferences']);
    await context.close();
  });
});

import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { TestServer } from '../../api/src/server.ts';
import { signUpAdmin } from '../../api/src/session.ts';
import { addressOf, appPages, isForGuests, isForVisitors } from '../src/app_pages.ts';
import { copyOfBuild, logIn, missing, nextFrame, openPage, pageIsComplete, seriousViolations, startBrowser } from '../src/browser_session.ts';
import { fillLibrary, type SampleLibrary } from '../src/sample_library.ts';

const MISSING_FILE = /Failed to load resource/;

describe.skipIf(missing !== '')(`every page, light and dark${missing}`, () => {
  let build: ReturnType<typeof copyOfBuild>;
  let server: TestServer;
  let browser: Browser;
  let library: SampleLibrary;
  const errors = new WeakMap<Page, string[]>();

  async function open(): Promise<Page> {
    const { page, problems } = await openPage(browser, server.url, { colorScheme: 'light', reducedMotion: 'reduce' });
    errors.set(page, problems);
    page.on('console', (message) => {
      if (message.type() === 'error' && !MISSING_FILE.test(message.text())) problems.push(message.text());
    });
    page.on('response', (response) => {
      if (response.status() >= 400) problems.push(`${response.status()} for ${new URL(response.url()).pathname}`);
    });
    return page;
  }

  /** Everything that is wrong with the page in both themes. */
  async function look(page: Page, address: string): Promise<string[]> {
    const problems = errors.get(page)!;
    problems.length = 0;
    await page.goto(address);
    await pageIsComplete(page);
    const found: string[] = [];
    const width = await page.evaluate(() => document.documentElement.scrollWidth);
    if (width > 1280) found.push(`scrolls sideways: ${width} px wide`);
    found.push(...(await seriousViolations(page)));
    await page.emulateMedia({ colorScheme: 'dark' });
    await nextFrame(page);
    // Only the colours are others.
    found.push(...(await seriousViolations(page, ['color-contrast'])).map((violation) => `dark: ${violation}`));
    await page.emulateMedia({ colorScheme: 'light', reducedMotion: 'reduce' });
    return [...found, ...problems];
  }

  beforeAll(async () => {
    build = copyOfBuild();
    server = await TestServer.start({ env: build.environment });
    browser = await startBrowser();
  });

  afterAll(async () => {
    await browser?.close();
    await server?.destroy();
    build?.remove();
  });

  it('is fine for the first person of a new server', async () => {
    expect(await look(await open(), '/auth/register')).toEqual([]);
  });

  describe('for people and visitors', () => {
    let member: Page;
    let guest: Page;

    beforeAll(async () => {
      library = await fillLibrary(await signUpAdmin(server));
      member = await open();
      await logIn(member, library.email, library.password);
      guest = await open();
    });

    it.each(appPages().filter((page) => page !== '/auth/register'))('%s', async (page) => {
      const isOutside = isForGuests(page) || isForVisitors(page);
      expect(await look(isOutside ? guest : member, addressOf(page, library.parameters))).toEqual([]);
    });
  });

  it('are all there', () => expect(appPages().length).toBeGreaterThan(30));
});

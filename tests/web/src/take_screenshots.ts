/**
 * Pictures of every page for looking at: `npm run screenshots -- <folder> [part of the address]`. One PNG for each page,
 * width and theme, and sheets that show them side by side.
 */
import { mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Browser } from 'playwright-core';
import { TestServer } from '../../api/src/server.ts';
import { signUpAdmin } from '../../api/src/session.ts';
import { addressOf, appPages, isForGuests, isForVisitors } from './app_pages.ts';
import { copyOfBuild, logIn, missing, openPage, pageIsComplete, startBrowser } from './browser_session.ts';
import { fillLibrary, type SampleLibrary } from './sample_library.ts';

const SIZES = [
  { width: 390, height: 844 },
  { width: 1280, height: 800 },
  { width: 2560, height: 1440 },
];
/** Pages on one sheet, and how many of them stand side by side, so that the whole is about 1,500 px wide. */
const PER_SHEET = 12;

/** Puts pictures side by side, by the browser that took them. */
async function sheet(browser: Browser, files: string[], target: string, viewport: { width: number; height: number }): Promise<void> {
  const [columns, width] = viewport.width < 600 ? [6, 300] : [3, 640];
  const page = await browser.newPage({ viewport: { width: columns * (width + 8), height: 400 } });
  const images = files.map((file) => `<img width="${width}" src="data:image/png;base64,${readFileSync(file).toString('base64')}">`);
  await page.setContent(`<body style="margin:0;background:#f0f;display:flex;flex-wrap:wrap;gap:8px">${images.join('')}</body>`);
  await page.screenshot({ path: target, fullPage: true });
  await page.close();
}

async function walk(browser: Browser, server: TestServer, library: SampleLibrary, folder: string, part: string): Promise<void> {
  const pages = appPages().filter((one) => one.includes(part));
  for (const viewport of SIZES) {
    for (const colorScheme of ['light', 'dark'] as const) {
      const options = { viewport, colorScheme, hasTouch: viewport.width < 600, isMobile: viewport.width < 600 };
      const guest = (await openPage(browser, server.url, options)).page;
      const { page: member } = await openPage(browser, server.url, options);
      await logIn(member, library.email, library.password);
      const files: string[] = [];
      for (const one of pages) {
        const page = isForGuests(one) || isForVisitors(one) ? guest : member;
        await page.goto(addressOf(one, library.parameters));
        await pageIsComplete(page).catch(() => console.log(`${one}: not complete`));
        const name = one.slice(1).replaceAll('/', '_').replaceAll(':', '');
        const file = join(folder, `${viewport.width}-${colorScheme}-${name}.png`);
        await page.screenshot({ path: file });
        const width = await page.evaluate(() => document.documentElement.scrollWidth);
        if (width > viewport.width) console.log(`${one}: ${width} px wide at ${viewport.width}`);
        files.push(file);
      }
      await guest.context().close();
      await member.context().close();
      for (let at = 0; at < files.length; at += PER_SHEET) {
        await sheet(browser, files.slice(at, at + PER_SHEET), join(folder, `sheet-${viewport.width}-${colorScheme}-${at / PER_SHEET + 1}.png`), viewport);
      }
    }
  }
  console.log(pages.map((page, i) => `sheet ${Math.floor(i / PER_SHEET) + 1}, ${(i % PER_SHEET) + 1}: ${page}`).join('\n'));
}

const [folder = 'screenshots', part = ''] = process.argv.slice(2);
if (missing) throw new Error(missing.trim());
mkdirSync(folder, { recursive: true });
const build = copyOfBuild();
const server = await TestServer.start({ env: build.environment });
const browser = await startBrowser();
try {
  await walk(browser, server, await fillLibrary(await signUpAdmin(server)), folder, part);
} finally {
  await browser.close();
  await server.destroy();
  build.remove();
}

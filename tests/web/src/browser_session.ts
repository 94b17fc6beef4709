import { cpSync, existsSync, mkdtempSync, readFileSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { type Browser, type BrowserContext, chromium, type Page, type Request } from 'playwright-core';
import { eventually } from '../../api/src/eventually.ts';
import { buildData, repoRoot } from '../../api/src/repo_paths.ts';

const require = createRequire(import.meta.url);
const candidates = [process.env['IMMICH_TEST_CHROMIUM'] ?? '', '/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'];
const program = candidates.find((path) => path !== '' && existsSync(path));

const webBuild = process.env['IMMICH_TEST_WEB_BUILD'] ?? join(repoRoot, 'web/build');

/** Why the browser tests cannot run here; empty when they can. */
export const missing = !program
  ? ' [skipped: no Chromium]'
  : !existsSync(join(webBuild, 'index.html'))
    ? ' [skipped: the web app is not built (./dev build web)]'
    : '';

/** A copy of the built app for one server, so that a build meanwhile changes nothing; `remove` at the end. */
export function copyOfBuild(): { environment: Record<string, string>; remove: () => void } {
  const folder = mkdtempSync(join(tmpdir(), 'immich-web-build-'));
  cpSync(webBuild, join(folder, 'www'), { recursive: true });
  const geodata = join(buildData() ?? '', 'geodata');
  if (existsSync(geodata)) symlinkSync(geodata, join(folder, 'geodata'));
  return { environment: { IMMICH_BUILD_DATA: folder }, remove: () => rmSync(folder, { recursive: true, force: true }) };
}

export async function startBrowser(): Promise<Browser> {
  return chromium.launch({
    executablePath: program!,
    args: ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking', '--disable-component-update', '--disable-sync'],
  });
}

/** Requests of each page that have no answer yet. */
const underway = new WeakMap<Page, Set<Request>>();

/** A fresh profile with one page. Errors of the page, and what its policy refused, are collected. */
export async function openPage(
  browser: Browser,
  base: string,
  options: Parameters<Browser['newContext']>[0] = {},
): Promise<{ context: BrowserContext; page: Page; problems: string[] }> {
  const context = await browser.newContext({ baseURL: base, viewport: { width: 1280, height: 800 }, locale: 'en-GB', ...options });
  context.setDefaultTimeout(30_000);
  const page = await context.newPage();
  const busy = new Set<Request>();
  underway.set(page, busy);
  page.on('request', (request) => busy.add(request));
  for (const end of ['requestfinished', 'requestfailed'] as const) page.on(end as 'requestfinished', (request) => busy.delete(request));
  const problems: string[] = [];
  page.on('pageerror', (error) => problems.push(error.message));
  page.on('console', (message) => {
    if (/Content Security Policy|Refused to/.test(message.text())) problems.push(message.text());
  });
  page.on('request', (request) => {
    const { origin, protocol } = new URL(request.url());
    if (protocol.startsWith('http') && origin !== base) problems.push(`request to another host: ${request.url()}`);
  });
  return { context, page, problems };
}

export async function logIn(page: Page, email: string, password: string): Promise<void> {
  await page.goto('/auth/login');
  await page.fill('#email', email);
  await page.fill('#password', password);
  await page.press('#password', 'Enter');
  await page.waitForURL('**/photos');
}

/** Waits until a page shows something and nothing of it is still on the way. */
export async function pageIsComplete(page: Page): Promise<void> {
  await page.waitForFunction(() => document.querySelector('h1, h2, [data-asset], [data-preview]') && !document.querySelector('.animate-spin'));
  const isQuiet = () => underway.get(page)?.size === 0;
  // What an answer leads to is asked for within a frame or two.
  await eventually(async () => isQuiet() && (await nextFrame(page), await nextFrame(page), isQuiet()), { intervalMs: 30, what: `the end of loading ${page.url()}` });
}

/** Waits until what changed is painted. */
export const nextFrame = (page: Page): Promise<unknown> =>
  page.evaluate(() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done))));

/** Rules that axe finds broken, of critical and serious impact: `id: element`. `rules`: only these. */
export async function seriousViolations(page: Page, rules?: string[]): Promise<string[]> {
  if (!(await page.evaluate(() => 'axe' in window))) await page.evaluate(readFileSync(require.resolve('axe-core/axe.min.js'), 'utf8'));
  return page.evaluate(async (only) => {
    interface Axe {
      run(root: Document, options: object): Promise<{ violations: { id: string; impact: string; nodes: { html: string }[] }[] }>;
    }
    const { axe } = window as unknown as { axe: Axe };
    const { violations } = await axe.run(document, { resultTypes: ['violations'], ...(only && { runOnly: only }) });
    return violations
      .filter(({ impact }) => impact === 'critical' || impact === 'serious')
      .map(({ id, nodes }) => `${id}: ${nodes.map((node) => node.html.slice(0, 120)).join(' | ')}`);
  }, rules);
}

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { picture, withTags } from '../../api/src/media_samples.ts';
import { TestServer } from '../../api/src/server.ts';
import { expectStatus, kPassword, type Session, signUpAdmin } from '../../api/src/session.ts';
import { copyOfBuild, logIn, openPage, startBrowser } from './browser_session.ts';

type PageOptions = Parameters<Browser['newContext']>[0];

/** A server with an account that is done with the first questions, and a browser. `end()` when the tests are over. */
export class Journey {
  readonly folder = mkdtempSync(join(tmpdir(), 'immich-web-test-'));
  server!: TestServer;
  browser!: Browser;
  admin!: Session;
  /** What pages threw, were refused or asked elsewhere. */
  readonly problems: string[][] = [];
  private readonly build = copyOfBuild();

  /** `environment`: added to the server's. */
  static async start(environment: Record<string, string | undefined> = {}): Promise<Journey> {
    const journey = new Journey();
    journey.server = await TestServer.start({ env: { ...journey.build.environment, ...environment } });
    journey.admin = await signUpAdmin(journey.server);
    expectStatus(await journey.admin.client.post('/system-metadata/admin-onboarding', { isOnboarded: true }), 204, 'onboarding');
    journey.browser = await startBrowser();
    return journey;
  }

  async open(options?: PageOptions): Promise<{ page: Page; context: BrowserContext }> {
    const { page, context, problems } = await openPage(this.browser, this.server.url, options);
    this.problems.push(problems);
    return { page, context };
  }

  /** A page on which the admin, or the person with that address, is signed in. */
  async member(options?: PageOptions, email = this.admin.email): Promise<{ page: Page; context: BrowserContext }> {
    const opened = await this.open(options);
    await logIn(opened.page, email, kPassword);
    return opened;
  }

  /** A file with a drawn picture that was taken at `date` (`2024:05:01 10:00:00`). */
  async photoFile(name: string, date: string): Promise<string> {
    const file = join(this.folder, name);
    writeFileSync(file, await withTags(await picture({ width: 640, height: 427 }), { DateTimeOriginal: date }));
    return file;
  }

  async end(): Promise<void> {
    await this.browser?.close();
    await this.server?.destroy();
    this.build.remove();
    rmSync(this.folder, { recursive: true, force: true });
  }
}

/** Waits until the grid shows so many photos. */
export const photosShown = (page: Page, count: number): Promise<unknown> =>
  page.waitForFunction((wanted) => document.querySelectorAll('[data-asset]').length === wanted, count);

import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { OpenIdProvider } from '../../api/src/openid_provider.ts';
import { createUser, expectStatus, kPassword } from '../../api/src/session.ts';
import { missing, openPage } from '../src/browser_session.ts';
import { Journey } from '../src/journey.ts';

describe.skipIf(missing !== '')(`who is signed in${missing}`, () => {
  let journey: Journey;
  const provider = new OpenIdProvider();

  async function setOAuth(change: Record<string, unknown>): Promise<void> {
    const { client } = journey.admin;
    const config = expectStatus(await client.get('/system-config'), 200, 'GET /system-config');
    Object.assign(config.oauth, change);
    expectStatus(await client.put('/system-config', config), 200, 'PUT /system-config');
  }

  /** A page that may visit the provider. */
  async function stranger(): Promise<Page> {
    const { page } = await openPage(journey.browser, journey.server.url);
    return page;
  }

  beforeAll(async () => {
    await provider.open();
    journey = await Journey.start();
  });
  afterAll(async () => {
    provider.close();
    await journey?.end();
  });

  it('asks for a new password when the administrator gave the first one', async () => {
    const user = await createUser(journey.admin, 'newcomer', { shouldChangePassword: true });
    const { page } = await journey.open();
    await page.goto('/albums');
    await page.waitForURL('**/auth/login?continue=*');
    await page.fill('#email', user.email);
    await page.fill('#password', 'wrong password');
    await page.press('#password', 'Enter');
    await page.getByRole('alert').waitFor();
    await page.fill('#password', kPassword);
    await page.press('#password', 'Enter');
    await page.waitForURL('**/auth/change-password');
    const [first, second] = await page.locator('input[autocomplete=new-password]').all();
    await first!.fill('a longer password');
    await second!.fill('a longer password');
    await second!.press('Enter');
    await page.waitForURL('**/photos');
    await page.getByText('No photos yet').waitFor();
    await page.context().close();
  });

  it('keeps what was typed when the session ends elsewhere', async () => {
    const { page } = await journey.member();
    await page.goto('/user-settings');
    const name = page.getByRole('textbox', { name: 'Name', exact: true });
    await name.fill('Ada of the North');
    // Everywhere but where the request comes from: the page is one of the others.
    expectStatus(await journey.admin.client.delete('/sessions'), 204, 'DELETE /sessions');
    await page.getByRole('region', { name: 'Profile' }).getByRole('button', { name: 'Save' }).click();
    const dialog = page.getByRole('dialog', { name: 'Your session has ended' });
    await dialog.locator('#password').fill(kPassword);
    await dialog.locator('#password').press('Enter');
    await page.getByText('Saved').waitFor();
    expect(await name.inputValue()).toBe('Ada of the North');
    expect((await journey.admin.client.get('/users/me')).json.name).toBe('Ada of the North');
    await page.context().close();
  });

  it('signs in with a provider, and out again', async () => {
    await setOAuth({ enabled: true, allowInsecureRequests: true, issuerUrl: provider.url, clientId: 'photos', clientSecret: 'secret', buttonText: 'Log in at work' });
    provider.user = { sub: 'grace', email: 'grace@example.com', name: 'Grace' };
    const page = await stranger();
    await page.goto('/auth/login');
    await page.getByRole('button', { name: 'Log in at work' }).click();
    await page.waitForURL('**/photos');
    await page.getByText('No photos yet').waitFor();
    await page.getByRole('button', { name: 'Account' }).click();
    await page.getByText('grace@example.com').waitFor();
    await page.context().close();
  });

  it('goes to the provider by itself when the server wants it', async () => {
    await setOAuth({ autoLaunch: true });
    const page = await stranger();
    await page.goto('/auth/login?autoLaunch=0');
    await page.locator('#email').waitFor();
    await page.goto('/');
    await page.waitForURL('**/photos');
    await page.context().close();
    await setOAuth({ enabled: false, autoLaunch: false });
  });

  it('broke no policy and threw nothing on the way', () => expect(journey.problems.flat()).toEqual([]));
});

import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { expectStatus } from '../../api/src/session.ts';
import { missing } from '../src/browser_session.ts';
import { Journey } from '../src/journey.ts';

describe.skipIf(missing !== '')(`administration${missing}`, () => {
  let journey: Journey;
  let page: Page;

  beforeAll(async () => {
    journey = await Journey.start();
    ({ page } = await journey.member());
  });
  afterAll(() => journey?.end());

  it('makes, changes, deletes and restores a user', async () => {
    await page.goto('/admin/users');
    await page.getByRole('button', { name: 'New user' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByLabel('Name', { exact: true }).fill('Grace');
    await dialog.getByLabel('E-mail').fill('grace@example.com');
    await dialog.getByLabel('Password', { exact: true }).fill('a good password');
    await dialog.getByLabel('Quota in GB').fill('5');
    await dialog.getByRole('button', { name: 'Create' }).click();
    await page.getByText('/ 5 GB').waitFor();
    await page.getByRole('button', { name: 'Delete Grace' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Delete' }).click();
    await page.getByRole('button', { name: 'Restore Grace' }).click();
    await page.getByRole('button', { name: 'Delete Grace' }).waitFor();
  });

  it('pauses a queue, shows its page, and goes on', async () => {
    await page.getByRole('link', { name: 'Jobs' }).click();
    const card = page.getByRole('article', { name: 'Metadata' });
    await card.getByRole('button', { name: 'Pause' }).click();
    await card.getByText('Paused').waitFor();
    await card.getByRole('link', { name: 'Metadata' }).click();
    await page.waitForURL('**/admin/queues/metadataExtraction');
    await page.getByText('No failed jobs are kept.').waitFor();
    await page.locator('svg polyline').first().waitFor({ state: 'attached' });
    await page.getByRole('tab', { name: 'Waiting' }).click();
    await page.getByText('No jobs in this state.').waitFor();
    await page.getByRole('button', { name: 'Resume' }).click();
    await page.getByRole('button', { name: 'Pause' }).waitFor();
    const { json } = await journey.admin.client.get('/queues/metadataExtraction');
    expect(json.isPaused).toBe(false);
  });

  it('shows what a storage template makes, and saves the settings', async () => {
    await page.getByRole('link', { name: 'Settings', exact: true }).click();
    await page.getByLabel('Find a setting').fill('storage template');
    const template = page.getByLabel('Template', { exact: true });
    await template.fill('{{y}}/{{nothing}}/{{filename}}');
    await page.getByText('There is no variable “nothing”.').waitFor();
    await page.getByRole('button', { name: 'Save settings' }).click();
    // The server's own words.
    await page.getByRole('alert').filter({ hasText: /nothing/ }).last().waitFor();
    await template.fill('{{y}}/{{#if album}}{{album}}{{else}}Other{{/if}}/{{filename}}');
    expect(await page.locator('[data-template-example]').textContent()).toBe('2024/Holidays/IMG_0042.jpg');
    await page.getByText('2024/Other/IMG_0042.jpg').waitFor();
    await page.getByRole('button', { name: 'Save settings' }).click();
    await page.getByText('The settings are saved').waitFor();
    const config = expectStatus(await journey.admin.client.get('/system-config'), 200, 'GET /system-config');
    expect(config.storageTemplate.template).toBe('{{y}}/{{#if album}}{{album}}{{else}}Other{{/if}}/{{filename}}');
  });

  it('offers times for a backup', async () => {
    await page.getByLabel('Find a setting').fill('Database backup');
    const presets = page.getByLabel('Frequent choices').first();
    expect(await presets.inputValue()).toBe('0 2 * * *');
    await presets.selectOption('Every day at 13:00');
    expect(await page.getByLabel('Time (cron)').first().inputValue()).toBe('0 13 * * *');
    await page.getByRole('button', { name: 'Undo changes' }).last().click();
    expect(await presets.inputValue()).toBe('0 2 * * *');
  });

  it('shows a notification the moment it is made', async () => {
    await page.goto('/albums');
    const bell = page.getByRole('button', { name: /^Notifications/ });
    await bell.waitFor();
    const body = { title: 'The disk is nearly full', description: 'Please look after it.', userId: journey.admin.userId, level: 'warning' };
    expectStatus(await journey.admin.client.post('/admin/notifications', body), 201, 'POST /admin/notifications');
    await page.getByRole('button', { name: 'Notifications, 1 unread' }).click();
    await page.getByText('The disk is nearly full').waitFor();
    await page.getByRole('button', { name: 'Mark all as read' }).click();
    await page.locator('[data-unread]').waitFor({ state: 'detached' });
    const { json } = await journey.admin.client.get('/notifications');
    expect(json[0].readAt).toBeTruthy();
  });

  it('broke no policy and threw nothing on the way', () => expect(journey.problems.flat()).toEqual([]));
});

import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { coloured, FakeMachineLearning } from '../../api/src/fake_machine_learning.ts';
import { waitForQueues } from '../../api/src/queues.ts';
import { upload } from '../../api/src/upload.ts';
import { missing, seriousViolations } from '../src/browser_session.ts';
import { Journey, photosShown } from '../src/journey.ts';

interface Person {
  id: string;
  name: string;
  birthDate: string | null;
  isHidden: boolean;
  isFavorite: boolean;
  updatedAt: string;
}

describe.skipIf(missing !== '')(`people${missing}`, () => {
  let journey: Journey;
  let ml: FakeMachineLearning;
  let page: Page;
  const reds: string[] = [];

  const people = async (withHidden = true) => ((await journey.admin.client.get('/people', { query: { withHidden: String(withHidden) } })).json as { people: Person[] }).people;
  const tiles = () => page.locator('a[data-person]');

  beforeAll(async () => {
    ml = await FakeMachineLearning.start();
    journey = await Journey.start({ IMMICH_MACHINE_LEARNING_ENABLED: undefined, IMMICH_MACHINE_LEARNING_URL: ml.url });
    for (let i = 0; i < 4; i++) reds.push(await upload(journey.admin, await coloured(250 - i * 10, 20, 20), { name: `red${i}.jpg` }));
    for (let i = 0; i < 3; i++) await upload(journey.admin, await coloured(20, 250 - i * 10, 20), { name: `green${i}.jpg` });
    await waitForQueues(journey.admin);
    ({ page } = await journey.member());
  }, 240_000);
  afterAll(async () => {
    await journey?.end();
    await ml?.stop();
  });

  it('are listed, named and given a birth date', async () => {
    await page.getByRole('navigation').getByRole('link', { name: 'People' }).click();
    await page.waitForFunction(() => document.querySelectorAll('a[data-person]').length === 2);
    expect(await seriousViolations(page)).toEqual([]);
    await tiles().first().click();
    await photosShown(page, 4);
    await page.getByRole('button', { name: 'Add a name' }).click();
    await page.getByRole('textbox', { name: 'Name' }).fill('Zoë Brontë');
    await page.getByRole('dialog').getByRole('button', { name: 'Save' }).click();
    await page.getByRole('heading', { name: 'Zoë Brontë' }).waitFor();
    await page.getByRole('button', { name: 'More' }).click();
    await page.getByRole('menuitem', { name: 'Birth date' }).click();
    await page.getByRole('dialog').getByRole('textbox', { name: 'Birth date' }).fill('1990-02-03');
    await page.getByRole('dialog').getByRole('button', { name: 'Save' }).click();
    await page.getByText('4 photos · born Feb 3, 1990').waitFor();
    expect(await seriousViolations(page)).toEqual([]);
    expect(await people()).toContainEqual(expect.objectContaining({ name: 'Zoë Brontë', birthDate: '1990-02-03' }));
  });

  it('get a picture out of their photos', async () => {
    const before = (await people()).find(({ name }) => name !== '')!.updatedAt;
    const tile = page.locator(`[data-asset="${reds[2]}"]`);
    await tile.hover();
    await tile.locator('.tile-check').click();
    await page.getByRole('button', { name: 'Use as picture of this person' }).click();
    await page.getByText('The picture of this person has changed').waitFor();
    expect((await people()).find(({ name }) => name !== '')!.updatedAt).not.toBe(before);
    await page.keyboard.press('Escape');
  });

  it('are hidden and shown again, many at once', async () => {
    await page.getByRole('link', { name: 'People', exact: true }).first().click();
    await page.getByRole('link', { name: 'Show and hide' }).click();
    await page.waitForURL('**/people/manage');
    await page.getByRole('button', { name: 'Hide all without a name' }).click();
    await page.getByText('1 change').waitFor();
    expect(await seriousViolations(page)).toEqual([]);
    await page.getByRole('button', { name: 'Save' }).click();
    await page.waitForURL('**/people');
    await page.waitForFunction(() => document.querySelectorAll('a[data-person]').length === 1);
    expect((await people()).filter(({ isHidden }) => isHidden)).toHaveLength(1);
    await page.getByLabel('Find a person by name').fill('bront');
    await page.waitForFunction(() => document.querySelectorAll('a[data-person]').length === 1);
    await page.getByLabel('Find a person by name').fill('nobody');
    await page.getByText('Nobody has that name.').waitFor();
    await page.getByRole('link', { name: 'Show and hide' }).click();
    await page.getByRole('button', { name: 'Show all' }).click();
    await page.getByRole('button', { name: 'Save' }).click();
    await page.waitForFunction(() => document.querySelectorAll('a[data-person]').length === 2);
  });

  it('tell who a face is, or that it is none', async () => {
    await page.goto(`/photos/${reds[3]}`);
    await page.locator('img[data-preview]').waitFor();
    await page.keyboard.press('i');
    await page.getByRole('button', { name: 'Edit faces' }).click();
    const dialog = page.getByRole('dialog', { name: 'Edit faces' });
    await dialog.getByRole('combobox', { name: 'Who is face 1?' }).selectOption({ label: 'A new person' });
    const faceOwner = async () => ((await journey.admin.client.get('/faces', { query: { id: reds[3]! } })).json as { person: Person }[])[0]!.person;
    await expect.poll(async () => (await faceOwner()).name).toBe('');
    expect(await seriousViolations(page)).toEqual([]);
    await dialog.getByRole('combobox', { name: 'Who is face 1?' }).selectOption({ label: 'Zoë Brontë' });
    await expect.poll(async () => (await faceOwner()).name).toBe('Zoë Brontë');
    await dialog.getByRole('button', { name: 'Face 1 is not a face' }).click();
    await page.getByRole('dialog', { name: 'Take this face away?' }).getByRole('button', { name: 'Remove' }).click();
    await dialog.getByText('No faces were found on this photo.').waitFor();
    await dialog.getByRole('button', { name: 'Done' }).click();
    await page.keyboard.press('Escape');
  });

  it('become one', async () => {
    await page.goto('/people');
    await page.getByRole('link', { name: 'Zoë Brontë' }).click();
    await photosShown(page, 3);
    await page.getByRole('button', { name: 'More' }).click();
    await page.getByRole('menuitem', { name: 'Merge with other people' }).click();
    const dialog = page.getByRole('dialog', { name: 'Merge with other people' });
    expect(await dialog.getByRole('button', { name: /^Merge/ }).isDisabled()).toBe(true);
    await dialog.locator('[data-pick]').first().waitFor();
    for (const one of await dialog.locator('[data-pick]').all()) await one.click();
    expect(await seriousViolations(page)).toEqual([]);
    await dialog.getByRole('button', { name: /^Merge \d/ }).click();
    await photosShown(page, 6);
    await page.getByText(/^6 photos/).waitFor();
    expect(await people()).toEqual([expect.objectContaining({ name: 'Zoë Brontë' })]);
    expect(journey.problems.flat()).toEqual([]);
  });
});

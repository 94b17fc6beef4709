import { randomUUID } from 'node:crypto';
import { getAssetDuplicates, getAssetOcr, resolveDuplicates, searchSmart } from '@immich/sdk';
import { afterAll, describe, expect } from 'vitest';
import { it, prepare } from '../src/api_test.ts';
import { mismatches, responseSchema } from '../src/contract.ts';
import { coloured, FakeMachineLearning } from '../src/fake_machine_learning.ts';
import { failedJobs, waitForQueues } from '../src/queues.ts';
import { TestServer } from '../src/server.ts';
import { createUser, expectStatus, type Session, signUpAdmin } from '../src/session.ts';
import { upload } from '../src/upload.ts';

let server: TestServer;
let ml: FakeMachineLearning;
let admin: Session;
let user: Session;
const ids: Record<string, string> = {};

prepare(async () => {
  ml = await FakeMachineLearning.start();
  server = await TestServer.start({
    env: {
      IMMICH_MACHINE_LEARNING_ENABLED: undefined,
      IMMICH_MACHINE_LEARNING_URL: ml.url,
      IMMICH_OBJECT_DETECTION_MODEL: 'someone/coco',
    },
  });
  admin = await signUpAdmin(server);
  user = await createUser(admin, 'sees');
  const add = async (name: string, r: number, g: number, b: number): Promise<void> => {
    ids[name] = await upload(user, await coloured(r, g, b), { name: `${name}.jpg` });
  };
  await add('red', 250, 10, 10);
  await add('green', 10, 250, 10);
  await add('blue', 10, 10, 250);
  await add('violet', 140, 10, 180);
  await waitForQueues(admin);
}, 240_000);
afterAll(async () => {
  await server?.destroy();
  await ml?.stop();
});

const nameOf = (id: string): string => Object.entries(ids).find(([, value]) => value === id)?.[0] ?? id;

describe('POST /search/smart', () => {
  it('orders by likeness and pages', async () => {
    const reply = await user.client.post('/search/smart', { query: 'blue', size: 2 });
    expect(reply.status, reply.summary).toBe(200);
    expect(mismatches(reply.json, responseSchema('searchSmart'))).toEqual([]);
    const first = await searchSmart({ smartSearchDto: { query: 'blue', size: 2 } }, user.sdk);
    expect(first.assets.items.map(({ id }) => nameOf(id))).toEqual(['blue', 'violet']);
    expect(first.assets.nextPage).toBe('2');
    const second = await searchSmart({ smartSearchDto: { query: 'blue', size: 2, page: 2 } }, user.sdk);
    expect(second.assets.items).toHaveLength(2);
    expect(second.assets.nextPage).toBeNull();
  });

  it('searches by an asset and with filters', async () => {
    const like = await searchSmart({ smartSearchDto: { queryAssetId: ids['red']! } }, user.sdk);
    expect(like.assets.items.map(({ id }) => nameOf(id)).slice(0, 2)).toEqual(['red', 'violet']);
    const none = await searchSmart({ smartSearchDto: { query: 'red', isFavorite: true } }, user.sdk);
    expect(none.assets.items).toEqual([]);
    const stranger = await createUser(admin, 'stranger');
    expect((await searchSmart({ smartSearchDto: { query: 'red' } }, stranger.sdk)).assets.items).toEqual([]);
    expect((await stranger.client.post('/search/smart', { queryAssetId: ids['red'] })).status).toBe(400);
    expect((await user.client.post('/search/smart', {})).status).toBe(400);
  });
});

describe('text in pictures', () => {
  it('is answered and found', async () => {
    const lines = await getAssetOcr({ id: ids['blue']! }, user.sdk);
    expect(lines).toHaveLength(1);
    expect(lines[0]).toMatchObject({ assetId: ids['blue'], text: 'Grand Central', x1: expect.closeTo(0.1, 5) });
    const found = expectStatus(await user.client.post('/search/metadata', { ocr: 'central' }), 200, 'search');
    expect(found.assets.items.map(({ id }: { id: string }) => nameOf(id)).toSorted()).toEqual(['blue', 'violet']);
  });
});

describe('things in pictures', () => {
  it('are answered, suggested and found', async () => {
    const things = expectStatus(await user.client.get(`/assets/${ids['green']}/objects`), 200, 'objects');
    expect(things).toHaveLength(1);
    expect(things[0]).toMatchObject({ label: 'bicycle', x2: expect.closeTo(0.5, 2) });
    expect(expectStatus(await user.client.get('/search/objects'), 200, 'labels')).toEqual([
      { assets: 1, label: 'bicycle' },
    ]);
    expect(expectStatus(await user.client.get('/search/suggestions?type=object'), 200, 'suggestions')).toEqual([
      'bicycle',
    ]);
    const found = expectStatus(await user.client.post('/search/metadata', { objects: ['bicycle'] }), 200, 'search');
    expect(found.assets.items.map(({ id }: { id: string }) => nameOf(id))).toEqual(['green']);
    const smart = expectStatus(
      await user.client.post('/search/smart', { query: 'red', objects: ['bicycle'] }),
      200,
      'smart search',
    );
    expect(smart.assets.items.map(({ id }: { id: string }) => nameOf(id))).toEqual(['green']);
  });
});

describe('duplicates', () => {
  it('are found and resolved', async () => {
    const twin = await upload(user, await coloured(250, 10, 12), { name: 'twin.jpg' });
    await waitForQueues(admin);
    const groups = await getAssetDuplicates(user.sdk);
    expect(groups).toHaveLength(1);
    expect(groups[0]!.assets.map(({ id }) => id).toSorted()).toEqual([ids['red'], twin].toSorted());
    expect(groups[0]!.suggestedKeepAssetIds).toHaveLength(1);
    expect((await user.client.delete(`/duplicates/${randomUUID()}`)).status).toBe(400);
    const [outcome] = await resolveDuplicates(
      {
        duplicateResolveDto: {
          groups: [
            { duplicateId: groups[0]!.duplicateId, keepAssetIds: [ids['red']!], trashAssetIds: [twin] },
          ],
        },
      },
      user.sdk,
    );
    expect(outcome).toMatchObject({ id: groups[0]!.duplicateId, success: true });
    expect(await getAssetDuplicates(user.sdk)).toEqual([]);
    expect((await user.client.get(`/assets/${twin}`)).json.isTrashed).toBe(true);
  });
});

describe('the service', () => {
  it('fails a job cleanly and a later run completes it', async () => {
    ml.failure = 500;
    const late = await upload(user, await coloured(240, 240, 10), { name: 'late.jpg' });
    await waitForQueues(admin);
    expect(await failedJobs(admin, 'smartSearch')).not.toHaveLength(0);
    const away = await user.client.post('/search/smart', { query: 'something new' });
    expect(away.status).toBe(503);
    expect(away.json.message).toMatch(/^Smart search is not available/);
    ml.failure = undefined;
    expectStatus(await admin.client.put('/jobs/smartSearch', { command: 'start', force: false }), 200, 'start');
    await waitForQueues(admin);
    const found = await searchSmart({ smartSearchDto: { queryAssetId: late } }, user.sdk);
    expect(found.assets.items[0]!.id).toBe(late);
  });

  it('is not asked for what is switched off, and unknown models are refused', async () => {
    const config = expectStatus(await admin.client.get('/system-config'), 200, 'configuration');
    const wrong = structuredClone(config);
    wrong.machineLearning.clip.modelName = 'no-such-model';
    expect((await admin.client.put('/system-config', wrong)).status).toBe(400);
    config.machineLearning.clip.enabled = false;
    expectStatus(await admin.client.put('/system-config', config), 200, 'switching off');
    const reply = await user.client.post('/search/smart', { query: 'red' });
    expect(reply.status).toBe(400);
    expect(reply.json.message).toBe('Smart search is not enabled');
  });
});

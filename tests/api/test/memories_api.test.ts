import {
  addMemoryAssets,
  createMemory,
  deleteMemory,
  getMemory,
  memoriesStatistics,
  MemoryType,
  removeMemoryAssets,
  searchMemories,
  updateMemory,
} from '@immich/sdk';
import { afterAll, describe, expect } from 'vitest';
import { it, prepare } from '../src/api_test.ts';
import { picture, withTags } from '../src/media_samples.ts';
import { waitForQueues } from '../src/queues.ts';
import { refusal } from '../src/refusal.ts';
import { TestServer } from '../src/server.ts';
import { createUser, expectStatus, type Session, signUpAdmin } from '../src/session.ts';
import { sharedAdmin } from '../src/shared_session.ts';
import { upload } from '../src/upload.ts';

let admin: Session;
let owner: Session;
let other: Session;

prepare(async () => {
  admin = sharedAdmin();
  owner = await createUser(admin, 'owner');
  other = await createUser(admin, 'other');
});

describe('memories', () => {
  it('are made, changed and deleted by their owner', async () => {
    const photo = await upload(owner, await picture());
    const foreign = await upload(other, await picture());
    const memory = await createMemory(
      {
        memoryCreateDto: {
          type: MemoryType.OnThisDay,
          memoryAt: '2020-05-06T00:00:00.000Z',
          data: { year: 2020 },
          assetIds: [photo, foreign],
        },
      },
      owner.sdk,
    );
    expect(memory).toMatchObject({ isSaved: false, data: { year: 2020 }, ownerId: owner.userId });
    expect(memory.assets.map(({ id }) => id)).toEqual([photo]);
    expect(memory).not.toHaveProperty('seenAt');
    const saved = await updateMemory({ id: memory.id, memoryUpdateDto: { isSaved: true } }, owner.sdk);
    expect(saved.isSaved).toBe(true);
    expect(await removeMemoryAssets({ id: memory.id, bulkIdsDto: { ids: [photo, foreign] } }, owner.sdk)).toMatchObject([
      { success: true },
      { success: false, error: 'not_found' },
    ]);
    expect(await addMemoryAssets({ id: memory.id, bulkIdsDto: { ids: [photo, foreign] } }, owner.sdk)).toMatchObject([
      { success: true },
      { success: false, error: 'no_permission' },
    ]);
    expect(await searchMemories({ isSaved: true }, owner.sdk)).toMatchObject([{ id: memory.id }]);
    expect(await memoriesStatistics({ isSaved: false }, owner.sdk)).toEqual({ total: 0 });
    expect(await refusal(getMemory({ id: memory.id }, other.sdk))).toEqual([400, 'Not found or no memory.read access']);
    await deleteMemory({ id: memory.id }, owner.sdk);
    expect(await searchMemories({}, owner.sdk)).toEqual([]);
  });
});

// Days for which memories were made are done on a server, so this one is its own.
describe('the nightly job', () => {
  let server: TestServer;
  let chief: Session;
  prepare(async () => {
    server = await TestServer.start();
    chief = await signUpAdmin(server);
  });
  afterAll(() => server?.destroy());

  it('makes memories of this day in earlier years', async () => {
    const now = new Date();
    const year = now.getUTCFullYear() - 4;
    // The same day four years ago is there in every leap cycle.
    const day = `${year}-${now.toISOString().slice(5, 10)}`;
    const tags = { DateTimeOriginal: `${day.replaceAll('-', ':')} 12:00:00` };
    const photo = await upload(chief, await withTags(await picture(), tags));
    await waitForQueues(chief);
    expectStatus(await chief.client.post('/jobs', { name: 'memory-create' }), 204, 'POST /jobs');
    await waitForQueues(chief);
    const memories = await searchMemories({ $for: now.toISOString().slice(0, 10) }, chief.sdk);
    expect(memories).toMatchObject([{ data: { year }, memoryAt: `${day}T00:00:00.000Z`, type: 'on_this_day' }]);
    expect(memories[0]!.assets.map(({ id }) => id)).toEqual([photo]);
  });
});

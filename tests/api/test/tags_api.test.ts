import {
  bulkTagAssets,
  createTag,
  deleteTag,
  getAllTags,
  getAssetInfo,
  getTagById,
  tagAssets,
  untagAssets,
  updateTag,
  upsertTags,
} from '@immich/sdk';
import { describe, expect } from 'vitest';
import { it, prepare } from '../src/api_test.ts';
import { picture } from '../src/media_samples.ts';
import { waitForQueues } from '../src/queues.ts';
import { refusal } from '../src/refusal.ts';
import { createUser, type Session } from '../src/session.ts';
import { sharedAdmin } from '../src/shared_session.ts';
import { upload } from '../src/upload.ts';

let admin: Session;
let owner: Session;
let other: Session;
let photo: string;

prepare(async () => {
  admin = sharedAdmin();
  [owner, other] = (await Promise.all(['owner', 'other'].map((name) => createUser(admin, name)))) as [Session, Session];
  photo = await upload(owner, await picture());
  await waitForQueues(admin);
});

describe('tags', () => {
  it('are a tree of paths', async () => {
    const made = await upsertTags({ tagUpsertDto: { tags: ['travel/italy', 'family'] } }, owner.sdk);
    expect(made.map(({ value }) => value)).toEqual(['travel/italy', 'family']);
    const all = await getAllTags(owner.sdk);
    expect(all.map(({ value }) => value)).toEqual(['family', 'travel', 'travel/italy']);
    const italy = all.at(-1)!;
    expect(italy).toMatchObject({ name: 'italy', parentId: all[1]!.id });
    const rome = await createTag({ tagCreateDto: { name: 'rome', parentId: italy.id, color: '#00ff00' } }, owner.sdk);
    expect(rome).toMatchObject({ value: 'travel/italy/rome', color: '#00ff00' });
    expect(await refusal(createTag({ tagCreateDto: { name: 'family' } }, owner.sdk))).toEqual([
      400,
      'A tag with that name already exists',
    ]);
    const renamed = await updateTag({ id: italy.id, tagUpdateDto: { name: 'italia' } }, owner.sdk);
    expect(renamed.value).toBe('travel/italia');
    expect((await getTagById({ id: rome.id }, owner.sdk)).value).toBe('travel/italia/rome');
    await deleteTag({ id: italy.id }, owner.sdk);
    expect((await getAllTags(owner.sdk)).map(({ value }) => value)).toEqual(['family', 'travel']);
  });

  it('belong to one user', async () => {
    const tag = await createTag({ tagCreateDto: { name: 'private' } }, owner.sdk);
    expect(await refusal(getTagById({ id: tag.id }, other.sdk))).toEqual([400, 'Not found or no tag.read access']);
    expect(await refusal(deleteTag({ id: tag.id }, other.sdk))).toEqual([400, 'Not found or no tag.delete access']);
    expect(await getAllTags(other.sdk)).toEqual([]);
  });

  it('stay on assets after the files were read again', async () => {
    const [tag] = await upsertTags({ tagUpsertDto: { tags: ['kept/for ever'] } }, owner.sdk);
    const foreign = await upload(other, await picture());
    const results = await tagAssets({ id: tag!.id, bulkIdsDto: { ids: [photo, foreign] } }, owner.sdk);
    expect(results).toEqual([
      { id: photo, success: true },
      { id: foreign, success: false, error: 'no_permission' },
    ]);
    await waitForQueues(admin);
    const tagged = await getAssetInfo({ id: photo }, owner.sdk);
    expect(tagged.tags?.map(({ value }) => value)).toEqual(['kept/for ever']);
    expect(await tagAssets({ id: tag!.id, bulkIdsDto: { ids: [photo] } }, owner.sdk)).toMatchObject([
      { success: false, error: 'duplicate' },
    ]);
    expect(await untagAssets({ id: tag!.id, bulkIdsDto: { ids: [photo] } }, owner.sdk)).toMatchObject([
      { success: true },
    ]);
    await waitForQueues(admin);
    expect((await getAssetInfo({ id: photo }, owner.sdk)).tags).toEqual([]);
  });

  it('are put on many assets at once', async () => {
    const tags = await upsertTags({ tagUpsertDto: { tags: ['a', 'b'] } }, owner.sdk);
    const second = await upload(owner, await picture());
    const dto = { tagIds: tags.map(({ id }) => id), assetIds: [photo, second] };
    expect(await bulkTagAssets({ tagBulkAssetsDto: dto }, owner.sdk)).toEqual({ count: 4 });
    expect(await bulkTagAssets({ tagBulkAssetsDto: dto }, owner.sdk)).toEqual({ count: 0 });
    expect(await bulkTagAssets({ tagBulkAssetsDto: dto }, other.sdk)).toEqual({ count: 0 });
  });
});

import {
  createStack,
  deleteStack,
  deleteStacks,
  getAssetInfo,
  getStack,
  removeAssetFromStack,
  searchStacks,
  updateStack,
} from '@immich/sdk';
import { describe, expect } from 'vitest';
import { it, prepare } from '../src/api_test.ts';
import { EventStream } from '../src/event_stream.ts';
import { picture } from '../src/media_samples.ts';
import { refusal } from '../src/refusal.ts';
import { createUser, type Session } from '../src/session.ts';
import { sharedAdmin } from '../src/shared_session.ts';
import { upload } from '../src/upload.ts';

let owner: Session;
let other: Session;
let ids: string[];

prepare(async () => {
  owner = await createUser(sharedAdmin(), 'owner');
  other = await createUser(sharedAdmin(), 'other');
  ids = [];
  for (let i = 0; i < 4; ++i) {
    ids.push(await upload(owner, await picture()));
  }
});

describe('stacks', () => {
  it('show one asset for several', async () => {
    const events = await EventStream.connect(owner);
    const stack = await createStack({ stackCreateDto: { assetIds: [ids[1]!, ids[0]!] } }, owner.sdk);
    expect(stack.primaryAssetId).toBe(ids[1]);
    expect(stack.assets.map(({ id }) => id)).toEqual([ids[1], ids[0]]);
    expect(await events.next('on_asset_stack_update')).toEqual([]);
    events.socket.close();
    expect((await getAssetInfo({ id: ids[0]! }, owner.sdk)).stack).toEqual({
      id: stack.id,
      primaryAssetId: ids[1],
      assetCount: 2,
    });
    expect(await searchStacks({ primaryAssetId: ids[1]! }, owner.sdk)).toMatchObject([{ id: stack.id }]);
    const merged = await createStack({ stackCreateDto: { assetIds: [ids[2]!, ids[1]!] } }, owner.sdk);
    expect(merged.assets.length).toBe(3);
    expect(await refusal(getStack({ id: stack.id }, owner.sdk))).toEqual([400, 'Not found or no stack.read access']);
    await deleteStack({ id: merged.id }, owner.sdk);
    expect(await searchStacks({}, owner.sdk)).toEqual([]);
  });

  it('change their top and their members', async () => {
    const stack = await createStack({ stackCreateDto: { assetIds: ids.slice(0, 3) } }, owner.sdk);
    const other_top = { stackUpdateDto: { primaryAssetId: ids[2]! }, id: stack.id };
    expect((await updateStack(other_top, owner.sdk)).primaryAssetId).toBe(ids[2]);
    expect((await refusal(removeAssetFromStack({ id: stack.id, assetId: ids[2]! }, owner.sdk)))[0]).toBe(400);
    expect((await refusal(removeAssetFromStack({ id: stack.id, assetId: ids[3]! }, owner.sdk)))[0]).toBe(400);
    await removeAssetFromStack({ id: stack.id, assetId: ids[0]! }, owner.sdk);
    expect((await getStack({ id: stack.id }, owner.sdk)).assets.map(({ id }) => id)).toEqual([ids[2], ids[1]]);
    expect((await refusal(deleteStacks({ bulkIdsDto: { ids: [stack.id] } }, other.sdk)))[0]).toBe(400);
    await deleteStacks({ bulkIdsDto: { ids: [stack.id] } }, owner.sdk);
  });

  it('need two assets of the caller', async () => {
    const foreign = await upload(other, await picture());
    expect((await refusal(createStack({ stackCreateDto: { assetIds: [ids[0]!] } }, owner.sdk)))[0]).toBe(400);
    expect(await refusal(createStack({ stackCreateDto: { assetIds: [ids[0]!, foreign] } }, owner.sdk))).toEqual([
      400,
      'Not found or no asset.update access',
    ]);
  });
});

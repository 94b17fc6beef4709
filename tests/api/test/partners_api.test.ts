import {
  createPartner,
  getAssetInfo,
  getPartners,
  getTimeBuckets,
  PartnerDirection,
  removePartner,
  updateAsset,
  updatePartner,
} from '@immich/sdk';
import { describe, expect } from 'vitest';
import { it, prepare } from '../src/api_test.ts';
import { picture } from '../src/media_samples.ts';
import { refusal } from '../src/refusal.ts';
import { createUser, type Session } from '../src/session.ts';
import { sharedAdmin } from '../src/shared_session.ts';
import { upload } from '../src/upload.ts';

let sharer: Session;
let receiver: Session;
let photo: string;

prepare(async () => {
  sharer = await createUser(sharedAdmin(), 'sharer');
  receiver = await createUser(sharedAdmin(), 'receiver');
  photo = await upload(sharer, await picture());
});

describe('partners', () => {
  it('see the whole library in one direction until the sharer stops', async () => {
    expect((await refusal(getAssetInfo({ id: photo }, receiver.sdk)))[0]).toBe(400);
    const partner = await createPartner({ partnerCreateDto: { sharedWithId: receiver.userId } }, sharer.sdk);
    expect(partner).toMatchObject({ id: receiver.userId, email: receiver.email, inTimeline: false });
    expect((await refusal(createPartner({ partnerCreateDto: { sharedWithId: receiver.userId } }, sharer.sdk)))[0]).toBe(
      400,
    );
    expect(await getPartners({ direction: PartnerDirection.SharedBy }, sharer.sdk)).toMatchObject([
      { id: receiver.userId },
    ]);
    expect(await getPartners({ direction: PartnerDirection.SharedWith }, receiver.sdk)).toMatchObject([
      { id: sharer.userId },
    ]);
    expect((await getAssetInfo({ id: photo }, receiver.sdk)).id).toBe(photo);
    expect((await refusal(updateAsset({ id: photo, updateAssetDto: { isFavorite: true } }, receiver.sdk)))[0]).toBe(400);

    expect(await getTimeBuckets({ withPartners: true, visibility: 'timeline' as never }, receiver.sdk)).toEqual([]);
    const shown = await updatePartner({ id: sharer.userId, partnerUpdateDto: { inTimeline: true } }, receiver.sdk);
    expect(shown).toMatchObject({ id: sharer.userId, inTimeline: true });
    expect(await getTimeBuckets({ withPartners: true, visibility: 'timeline' as never }, receiver.sdk)).toMatchObject([
      { count: 1 },
    ]);
    expect((await getTimeBuckets({ userId: sharer.userId, visibility: 'timeline' as never }, receiver.sdk)).length).toBe(1);

    expect(await refusal(removePartner({ id: sharer.userId }, receiver.sdk))).toEqual([400, 'Partner not found']);
    await removePartner({ id: receiver.userId }, sharer.sdk);
    expect((await refusal(getAssetInfo({ id: photo }, receiver.sdk)))[0]).toBe(400);
    expect((await refusal(getTimeBuckets({ userId: sharer.userId }, receiver.sdk)))[0]).toBe(400);
  });
});

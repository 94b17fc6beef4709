import {
  createApiKey,
  createPartner,
  deleteAssets,
  deleteSyncAck,
  getSyncAck,
  Permission,
  sendSyncAck,
  SyncEntityType,
  SyncRequestType,
  updateAsset,
} from '@immich/sdk';
import { describe, expect } from 'vitest';
import { it, prepare } from '../src/api_test.ts';
import { Client, type Json } from '../src/http_client.ts';
import { picture } from '../src/media_samples.ts';
import { waitForQueues } from '../src/queues.ts';
import { refusal } from '../src/refusal.ts';
import { createUser, type Session } from '../src/session.ts';
import { sharedAdmin } from '../src/shared_session.ts';
import { upload } from '../src/upload.ts';

let admin: Session;
let user: Session;
let partner: Session;
let photo: string;

prepare(async () => {
  admin = sharedAdmin();
  user = await createUser(admin, 'phone');
  partner = await createUser(admin, 'partner');
  photo = await upload(user, await picture());
  await waitForQueues(admin);
});

/** What the phone gets: one JSON object a line. */
async function stream(types: SyncRequestType[], extra: Json = {}): Promise<Json[]> {
  const reply = await user.client.post('/sync/stream', { types, ...extra });
  expect(reply.status, reply.text).toBe(200);
  expect(reply.headers['content-type']).toContain('application/jsonlines+json');
  expect(reply.text.endsWith('\n')).toBe(true);
  return reply.text
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line));
}
const acknowledge = (lines: Json[]): Promise<unknown> =>
  sendSyncAck({ syncAckSetDto: { acks: lines.map(({ ack }) => ack) } }, user.sdk);

describe('sync', () => {
  it('sends everything once and then what changes', async () => {
    const types = [SyncRequestType.AssetsV2, SyncRequestType.AssetExifsV1, SyncRequestType.AuthUsersV1];
    const first = await stream(types);
    expect(first.map(({ type }) => type)).toEqual(['AuthUserV1', 'AssetV2', 'AssetExifV1', 'SyncCompleteV1']);
    expect(Object.keys(first[0])).toEqual(['type', 'data', 'ack']);
    expect(first[0].data).toMatchObject({ id: user.userId, email: user.email, isAdmin: false, pinCode: null });
    expect(first[1].data).toMatchObject({ id: photo, ownerId: user.userId, visibility: 'timeline', deletedAt: null });
    expect(first[2].data).toMatchObject({ assetId: photo });
    expect(await stream(types), 'nothing was acknowledged').toHaveLength(4);
    await acknowledge(first);
    expect((await stream(types)).map(({ type }) => type)).toEqual(['SyncCompleteV1']);
    const acks = await getSyncAck(user.sdk);
    expect(acks).toContainEqual({ type: SyncEntityType.AssetV2, ack: first[1].ack });

    await updateAsset({ id: photo, updateAssetDto: { isFavorite: true } }, user.sdk);
    const second = await upload(user, await picture());
    await waitForQueues(admin);
    const changed = await stream([SyncRequestType.AssetsV2]);
    expect(changed.slice(0, -1).map(({ data }) => [data.id, data.isFavorite])).toEqual(
      expect.arrayContaining([
        [photo, true],
        [second, false],
      ]),
    );
    await acknowledge(changed);
    await deleteAssets({ assetBulkDeleteDto: { ids: [second], force: true } }, user.sdk);
    await waitForQueues(admin);
    expect((await stream([SyncRequestType.AssetsV2])).map(({ type, data }) => [type, data.assetId])).toContainEqual([
      'AssetDeleteV1',
      second,
    ]);
    await deleteSyncAck({ syncAckDeleteDto: { types: [SyncEntityType.AssetV2] } }, user.sdk);
    expect((await stream([SyncRequestType.AssetsV2])).map(({ data }) => data.id)).toContain(photo);
  });

  it('fills in a partner who joins later', async () => {
    const shared = await upload(partner, await picture());
    await waitForQueues(admin);
    const types = [SyncRequestType.PartnersV1, SyncRequestType.PartnerAssetsV2];
    const early = await createUser(admin, 'early');
    await upload(early, await picture());
    await waitForQueues(admin);
    await createPartner({ partnerCreateDto: { sharedWithId: user.userId } }, early.sdk);
    await acknowledge(await stream(types));
    await createPartner({ partnerCreateDto: { sharedWithId: user.userId } }, partner.sdk);
    const lines = await stream(types);
    expect(lines.map(({ type }) => type)).toEqual([
      'PartnerV1',
      'PartnerAssetBackfillV2',
      'SyncAckV1',
      'SyncCompleteV1',
    ]);
    expect(lines[0].data).toEqual({ sharedById: partner.userId, sharedWithId: user.userId, inTimeline: false });
    expect(lines[1].data.id).toBe(shared);
    await acknowledge(lines);
    expect(await stream(types)).toHaveLength(1);
  });

  it('takes a reset and refuses what is gone', async () => {
    const all = await stream([SyncRequestType.UsersV1], { reset: true });
    expect(all.length).toBeGreaterThan(3);
    expect((await user.client.post('/sync/stream', { types: ['AssetsV1'] })).status).toBe(400);
    expect((await refusal(sendSyncAck({ syncAckSetDto: { acks: ['Nothing|x'] } }, user.sdk)))[0]).toBe(400);
    const sessionId = (await user.client.get('/sessions')).json.find(({ current }: Json) => current).id;
    await user.client.put(`/sessions/${sessionId}`, { isPendingSyncReset: true });
    expect(await stream([SyncRequestType.UsersV1])).toEqual([{ type: 'SyncResetV1', data: {}, ack: 'SyncResetV1|reset' }]);
    await sendSyncAck({ syncAckSetDto: { acks: ['SyncResetV1|reset'] } }, user.sdk);
    expect((await stream([SyncRequestType.UsersV1])).length).toBe(all.length);
    expect(await getSyncAck(user.sdk)).toEqual([]);
  });

  it('is not for API keys', async () => {
    const { secret } = await createApiKey(
      { apiKeyCreateDto: { name: 'sync', permissions: [Permission.All] } },
      user.sdk,
    );
    const keyed = new Client(admin.server, { 'x-api-key': secret });
    const reply = await keyed.post('/sync/stream', { types: ['UsersV1'] });
    expect([reply.status, reply.json.message]).toEqual([403, 'Sync endpoints cannot be used with API keys']);
  });
});

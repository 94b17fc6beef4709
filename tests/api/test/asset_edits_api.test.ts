import {
  AssetEditAction,
  editAsset,
  getAssetEdits,
  getAssetInfo,
  MirrorAxis,
  removeAssetEdits,
} from '@immich/sdk';
import { describe, expect } from 'vitest';
import { it, prepare } from '../src/api_test.ts';
import { EventStream } from '../src/event_stream.ts';
import type { Json } from '../src/http_client.ts';
import { clip, decode, meanColour, quarters } from '../src/media_samples.ts';
import { waitForQueues } from '../src/queues.ts';
import { refusal } from '../src/refusal.ts';
import { createUser, type Session } from '../src/session.ts';
import { sharedAdmin } from '../src/shared_session.ts';
import { upload } from '../src/upload.ts';

let admin: Session;
let owner: Session;

prepare(async () => {
  admin = sharedAdmin();
  owner = await createUser(admin, 'owner');
});

const edit = (id: string, edits: Json[], session = owner) =>
  editAsset({ id, assetEditsCreateDto: { edits: edits as never } }, session.sdk);
const preview = async (id: string, query: Json = {}) =>
  (await owner.client.get(`/assets/${id}/thumbnail`, { query: { size: 'preview', ...query } })).bytes;
const whole = { left: 0.2, top: 0.2, width: 0.6, height: 0.6 };

describe('edits', () => {
  it('are rendered and taken back', async () => {
    const id = await upload(owner, await quarters(400, 300));
    await waitForQueues(admin);
    const events = await EventStream.connect(owner);
    const made = await edit(id, [
      { action: AssetEditAction.Crop, parameters: { x: 0, y: 0, width: 200, height: 150 } },
      { action: AssetEditAction.Rotate, parameters: { angle: 90 } },
    ]);
    expect(made).toMatchObject({ assetId: id, edits: [{ action: 'crop' }, { action: 'rotate', parameters: { angle: 90 } }] });
    const [ready] = await events.next('AssetEditReadyV2');
    expect(ready.asset).toMatchObject({ id, isEdited: true, width: 150, height: 200 });
    expect(ready.edit.map(({ action, sequence }: Json) => [action, sequence])).toEqual([
      ['crop', 0],
      ['rotate', 1],
    ]);
    expect(await getAssetEdits({ id }, owner.sdk)).toEqual(made);
    expect(await getAssetInfo({ id }, owner.sdk)).toMatchObject({ isEdited: true, width: 150, height: 200 });
    const edited = await preview(id, { edited: true });
    expect(await decode(edited)).toMatchObject({ width: 150, height: 200 });
    const [red, green, blue] = await meanColour(edited, whole);
    expect(red).toBeGreaterThan(200);
    expect(Math.max(green!, blue!)).toBeLessThan(60);
    expect(await decode(await preview(id)), 'the original stays').toMatchObject({ width: 400, height: 300 });

    await removeAssetEdits({ id }, owner.sdk);
    await events.next('AssetEditReadyV2', ({ asset }) => asset.isEdited === false);
    events.socket.close();
    expect(await getAssetInfo({ id }, owner.sdk)).toMatchObject({ isEdited: false, width: 400, height: 300 });
    expect((await getAssetEdits({ id }, owner.sdk)).edits).toEqual([]);
    expect(await decode(await preview(id, { edited: true }))).toMatchObject({ width: 400, height: 300 });
  });

  it('mirror upright pictures', async () => {
    const id = await upload(owner, await quarters(400, 300, 6));
    await waitForQueues(admin);
    const before = await meanColour(await preview(id), { left: 0, top: 0, width: 0.4, height: 0.4 });
    await edit(id, [{ action: AssetEditAction.Mirror, parameters: { axis: MirrorAxis.Horizontal } }]);
    await waitForQueues(admin);
    const edited = await preview(id, { edited: true });
    const after = await meanColour(edited, { left: 0.6, top: 0, width: 0.4, height: 0.4 });
    after.forEach((value, channel) => expect(Math.abs(value - before[channel]!)).toBeLessThan(30));
    expect(await decode(edited)).toMatchObject({ width: 300, height: 400 });
  });

  it('are refused where they make no sense', async () => {
    const id = await upload(owner, await quarters(400, 300));
    const video = await upload(owner, await clip(), { name: 'clip.mp4' });
    await waitForQueues(admin);
    const rotate = { action: AssetEditAction.Rotate, parameters: { angle: 90 } };
    const crop = { action: AssetEditAction.Crop, parameters: { x: 1, y: 0, width: 400, height: 1 } };
    const outside = await refusal(edit(id, [crop]));
    expect(outside).toEqual([400, 'Crop parameters are out of bounds']);
    for (const edits of [[], [rotate, rotate], [rotate, { ...crop, parameters: { x: 0, y: 0, width: 1, height: 1 } }]]) {
      expect((await refusal(edit(id, edits)))[0], JSON.stringify(edits)).toBe(400);
    }
    expect((await refusal(edit(video, [rotate])))[0]).toBe(400);
    const other = await createUser(admin, 'other');
    expect((await refusal(edit(id, [rotate], other)))[0]).toBe(400);
    expect((await refusal(removeAssetEdits({ id }, other.sdk)))[0]).toBe(400);
  });
});

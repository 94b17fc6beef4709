import {
  addAssetsToAlbum,
  AlbumUserRole,
  createActivity,
  createAlbum,
  deleteActivity,
  getActivities,
  getActivityStatistics,
  ReactionLevel,
  ReactionType,
  removeAssetFromAlbum,
  updateAlbumInfo,
} from '@immich/sdk';
import { describe, expect } from 'vitest';
import { it, prepare } from '../src/api_test.ts';
import { picture } from '../src/media_samples.ts';
import { refusal } from '../src/refusal.ts';
import { createUser, type Session } from '../src/session.ts';
import { sharedAdmin } from '../src/shared_session.ts';
import { upload } from '../src/upload.ts';

let owner: Session;
let viewer: Session;
let stranger: Session;
let photo: string;
let albumId: string;

prepare(async () => {
  [owner, viewer, stranger] = (await Promise.all(
    ['owner', 'viewer', 'stranger'].map((name) => createUser(sharedAdmin(), name)),
  )) as [Session, Session, Session];
  photo = await upload(owner, await picture());
  const albumUsers = [{ userId: viewer.userId, role: AlbumUserRole.Viewer }];
  albumId = (await createAlbum({ createAlbumDto: { albumName: 'a', assetIds: [photo], albumUsers } }, owner.sdk)).id;
});

describe('activities', () => {
  it('are comments and likes of members', async () => {
    const comment = await createActivity(
      { activityCreateDto: { albumId, type: ReactionType.Comment, comment: 'How nice' } },
      viewer.sdk,
    );
    expect(comment).toMatchObject({ comment: 'How nice', assetId: null, user: { id: viewer.userId } });
    const like = { albumId, assetId: photo, type: ReactionType.Like };
    const first = await viewer.client.post('/activities', like);
    const second = await viewer.client.post('/activities', like);
    expect([first.status, second.status]).toEqual([201, 200]);
    expect(second.json).toEqual(first.json);
    expect((await getActivities({ albumId }, owner.sdk)).map(({ id }) => id)).toEqual([comment.id, first.json.id]);
    expect(await getActivities({ albumId, level: ReactionLevel.Album }, owner.sdk)).toMatchObject([{ id: comment.id }]);
    expect(await getActivityStatistics({ albumId }, viewer.sdk)).toEqual({ comments: 1, likes: 1 });
    expect(await getActivityStatistics({ albumId, assetId: photo }, viewer.sdk)).toEqual({ comments: 0, likes: 1 });
    expect((await refusal(deleteActivity({ id: comment.id }, stranger.sdk)))[0]).toBe(400);
    await deleteActivity({ id: comment.id }, owner.sdk);
    await deleteActivity({ id: first.json.id }, viewer.sdk);
    expect(await getActivities({ albumId }, owner.sdk)).toEqual([]);
  });

  it('are not for strangers, wrong assets and albums that switched them off', async () => {
    const outside = await upload(owner, await picture());
    const like = (assetId?: string) => ({ activityCreateDto: { albumId, type: ReactionType.Like, assetId } });
    expect((await refusal(createActivity(like(), stranger.sdk)))[0]).toBe(400);
    expect((await refusal(getActivities({ albumId }, stranger.sdk)))[0]).toBe(400);
    expect((await refusal(createActivity(like(outside), viewer.sdk)))[0]).toBe(400);
    const empty = { activityCreateDto: { albumId, type: ReactionType.Comment, comment: '' } };
    expect((await refusal(createActivity(empty, viewer.sdk)))[0]).toBe(400);
    await updateAlbumInfo({ id: albumId, updateAlbumDto: { isActivityEnabled: false } }, owner.sdk);
    expect(await refusal(createActivity(like(), viewer.sdk))).toEqual([400, 'Not found or no activity.create access']);
    await updateAlbumInfo({ id: albumId, updateAlbumDto: { isActivityEnabled: true } }, owner.sdk);
  });

  it('leave with their asset', async () => {
    await createActivity({ activityCreateDto: { albumId, assetId: photo, type: ReactionType.Like } }, viewer.sdk);
    await removeAssetFromAlbum({ id: albumId, bulkIdsDto: { ids: [photo] } }, owner.sdk);
    expect(await getActivityStatistics({ albumId }, owner.sdk)).toEqual({ comments: 0, likes: 0 });
    await addAssetsToAlbum({ id: albumId, bulkIdsDto: { ids: [photo] } }, owner.sdk);
  });
});

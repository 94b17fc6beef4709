import {
  addAssetsToAlbum,
  createAlbum,
  deleteAlbum,
  getDownloadInfo,
  removeAssetFromAlbum,
  removeUserFromAlbum,
  updateAlbumInfo,
  type AlbumResponseDto,
  type UpdateAlbumDto,
} from '$lib/api';
import { showError } from '$lib/errors';
import { emit } from '$lib/events';
import { downloadAssets } from '$lib/features/assets/asset_actions';
import { confirm } from '$lib/ui/confirm.svelte';
import { toast } from '$lib/ui/toast.svelte';
import { t } from './album_text';

/** What can be done with albums: tells what happened; a failure is shown and answered with undefined. */
async function attempt<T>(doing: string, work: () => Promise<T>): Promise<T | undefined> {
  try {
    const result = await work();
    emit('albumsChanged');
    return result;
  } catch (error) {
    showError(error, doing);
    return undefined;
  }
}

export function createEmptyAlbum(): Promise<AlbumResponseDto | undefined> {
  return attempt(t('createFailed'), () => createAlbum({ body: { albumName: t('newAlbum') } }));
}

export function changeAlbum(id: string, body: UpdateAlbumDto): Promise<AlbumResponseDto | undefined> {
  return attempt(t('saveFailed'), () => updateAlbumInfo({ id, body }));
}

export async function setCover(id: string, assetId: string): Promise<void> {
  if (await changeAlbum(id, { albumThumbnailAssetId: assetId })) toast.success(t('coverSet'));
}

export function addPhotos(id: string, ids: string[]): Promise<true | undefined> {
  return attempt(t('addPhotos'), async () => {
    const results = await addAssetsToAlbum({ id, body: { ids } });
    toast.success(t('added', { count: results.filter((one) => one.success).length }));
    return true as const;
  });
}

/** Takes photos out; those the server refuses stay in the grid. */
export function removePhotos(id: string, ids: string[]): Promise<void> {
  return attempt(t('removePhotos'), async () => {
    const results = await removeAssetFromAlbum({ id, body: { ids } });
    const removed = results.filter((one) => one.success).map((one) => one.id);
    emit('assetsRemoved', removed);
    toast.success(t('removed', { count: removed.length }));
  }) as Promise<void>;
}

export async function leaveAlbum(album: AlbumResponseDto): Promise<boolean> {
  const agreed = await confirm({
    title: t('leaveQuestion', { album: album.albumName }),
    text: t('leaveText'),
    action: t('leave'),
    danger: true,
  });
  if (!agreed) return false;
  const done = await attempt(t('leave'), async () => {
    await removeUserFromAlbum({ id: album.id, userId: 'me' });
    toast.success(t('left'));
    return true;
  });
  return done ?? false;
}

export async function removeAlbum(album: AlbumResponseDto): Promise<boolean> {
  const agreed = await confirm({
    title: t('deleteQuestion', { album: album.albumName }),
    text: t('deleteText'),
    action: t('delete'),
    danger: true,
  });
  if (!agreed) return false;
  const done = await attempt(t('delete'), async () => {
    await deleteAlbum({ id: album.id });
    toast.success(t('deleted'));
    return true;
  });
  return done ?? false;
}

/** Everything of an album, as the archives the server plans for it. */
export async function downloadAlbum(album: AlbumResponseDto): Promise<void> {
  try {
    const { archives } = await getDownloadInfo({ body: { albumId: album.id } });
    const ids = archives.flatMap((archive) => archive.assetIds);
    if (ids.length > 0) await downloadAssets(ids, album.albumName || 'album');
  } catch (error) {
    showError(error, t('download'));
  }
}

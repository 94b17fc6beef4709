import {
  addAssetsToAlbum,
  AssetJobName,
  AssetVisibility,
  createAlbum,
  createStack,
  deleteAssets,
  deleteStacks,
  downloadArchive,
  getDownloadInfo,
  restoreAssets,
  runAssetJobs,
  updateAssets,
  type AssetBulkUpdateDto,
} from '$lib/api';
import { showError } from '$lib/errors';
import { emit } from '$lib/events';
import { t as common } from '$lib/i18n/shell_text';
import { confirm } from '$lib/ui/confirm.svelte';
import { toast } from '$lib/ui/toast.svelte';
import { media } from '$lib/urls';
import { t } from './asset_text';

/**
 * What can be done with chosen photos. Every action tells the person what happened, and the other parts of the page by
 * an event; a failure is shown and answered with false.
 */
async function attempt(doing: string, work: () => Promise<void>): Promise<boolean> {
  try {
    await work();
    return true;
  } catch (error) {
    showError(error, doing);
    return false;
  }
}

export function setFavorite(ids: string[], isFavorite: boolean): Promise<boolean> {
  return attempt(t('favorite'), async () => {
    await updateAssets({ body: { ids, isFavorite } });
    emit('assetsChanged', ids);
    toast.success(t(isFavorite ? 'favorited' : 'unfavorited', { count: ids.length }));
  });
}

export function setArchived(ids: string[], isArchived: boolean): Promise<boolean> {
  return attempt(t('archive'), async () => {
    const visibility = isArchived ? AssetVisibility.Archive : AssetVisibility.Timeline;
    await updateAssets({ body: { ids, visibility } });
    emit('assetsRemoved', ids);
    toast.success(t(isArchived ? 'archived' : 'unarchived', { count: ids.length }), {
      label: common('undo'),
      run: () => {
        const back = isArchived ? AssetVisibility.Timeline : AssetVisibility.Archive;
        void attempt(common('undo'), async () => {
          await updateAssets({ body: { ids, visibility: back } });
          emit('assetsAdded', ids);
        });
      },
    });
  });
}

/** Into the locked folder, where nobody sees them without the PIN code, or out of it. */
export async function setLocked(ids: string[], isLocked: boolean): Promise<boolean> {
  const question = { title: t('lockQuestion', { count: ids.length }), text: t('lockText'), action: t('lockAction') };
  if (isLocked && !(await confirm(question))) return false;
  return attempt(t(isLocked ? 'lock' : 'unlock'), async () => {
    await updateAssets({ body: { ids, visibility: isLocked ? AssetVisibility.Locked : AssetVisibility.Timeline } });
    emit('assetsRemoved', ids);
    toast.success(t(isLocked ? 'locked' : 'unlocked', { count: ids.length }));
  });
}

export function trashAssets(ids: string[]): Promise<boolean> {
  return attempt(t('trash'), async () => {
    await deleteAssets({ body: { ids, force: false } });
    emit('assetsRemoved', ids);
    toast.success(t('trashed', { count: ids.length }), { label: common('undo'), run: () => void restoreFromTrash(ids) });
  });
}

export async function deleteForever(ids: string[]): Promise<boolean> {
  const agreed = await confirm({
    title: t('deleteQuestion', { count: ids.length }),
    text: t('deleteText'),
    action: common('delete'),
    danger: true,
  });
  if (!agreed) return false;
  return attempt(t('deleteForever'), async () => {
    await deleteAssets({ body: { ids, force: true } });
    emit('assetsRemoved', ids);
    toast.success(t('deleted', { count: ids.length }));
  });
}

export function restoreFromTrash(ids: string[]): Promise<boolean> {
  return attempt(t('restore'), async () => {
    await restoreAssets({ body: { ids } });
    emit('assetsRemoved', ids);
    emit('assetsAdded', ids);
    toast.success(t('restored', { count: ids.length }));
  });
}

export function stackAssets(ids: string[]): Promise<boolean> {
  return attempt(t('stack'), async () => {
    await createStack({ body: { assetIds: ids } });
    emit('assetsChanged', ids);
    toast.success(t('stacked', { count: ids.length }));
  });
}

export function unstackAssets(stackIds: string[], assetIds: string[]): Promise<boolean> {
  return attempt(t('unstack'), async () => {
    await deleteStacks({ body: { ids: stackIds } });
    emit('assetsChanged', assetIds);
    toast.success(t('unstacked'));
  });
}

export function changeAssets(change: AssetBulkUpdateDto, doing: string): Promise<boolean> {
  return attempt(doing, async () => {
    await updateAssets({ body: change });
    emit('assetsChanged', change.ids);
    toast.success(t('changed', { count: change.ids.length }));
  });
}

export function runJob(ids: string[], name: AssetJobName): Promise<boolean> {
  return attempt(t('failed'), async () => {
    await runAssetJobs({ body: { assetIds: ids, name } });
    toast.info(t('jobStarted'));
  });
}

export function addToAlbum(ids: string[], album: { id: string; albumName: string }): Promise<boolean> {
  return attempt(t('addToAlbum'), async () => {
    const results = await addAssetsToAlbum({ id: album.id, body: { ids } });
    const count = results.filter((one) => one.success).length;
    emit('albumsChanged');
    if (count > 0) toast.success(t('addedToAlbum', { count, album: album.albumName }));
    else toast.info(t('alreadyInAlbum', { album: album.albumName }));
  });
}

export function addToNewAlbum(ids: string[], albumName: string): Promise<boolean> {
  return attempt(t('newAlbum'), async () => {
    await createAlbum({ body: { albumName, assetIds: ids } });
    emit('albumsChanged');
    toast.success(t('addedToAlbum', { count: ids.length, album: albumName }));
  });
}

/** One photo as its file, several as archives of at most the size the person prefers; the browser saves them. */
export function downloadAssets(ids: string[], name = 'immich'): Promise<boolean> {
  return attempt(t('download'), async () => {
    if (ids.length === 1) return save(media.original(ids[0]), '');
    const { archives } = await getDownloadInfo({ body: { assetIds: ids } });
    toast.info(t('downloadStarted'));
    archives.forEach((archive, i) => {
      const part = archives.length > 1 ? `${name}-${i + 1}` : name;
      submitDownload(archive.assetIds, `${part}.zip`);
    });
  });
}

function save(url: string, fileName: string): void {
  const link = document.createElement('a');
  link.href = url;
  link.download = fileName;
  link.click();
}

/** The archive route takes JSON, which a form cannot send: the answer is read into a blob that the browser saves. */
async function submitDownload(assetIds: string[], fileName: string): Promise<void> {
  await attempt(t('download'), async () => {
    const url = URL.createObjectURL(await downloadArchive({ body: { assetIds, edited: true } }));
    save(url, fileName);
    setTimeout(() => URL.revokeObjectURL(url), 60_000);
  });
}

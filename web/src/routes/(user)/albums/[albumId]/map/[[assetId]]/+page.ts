import { error } from '@sveltejs/kit';
import { getAlbumInfo } from '$lib/api';
import { errorText } from '$lib/errors';
import { session } from '$lib/features/session/session.svelte';

/** As the page of the album: depends on the album alone, so that stepping from photo to photo asks nothing again. */
export async function load({ params }: { params: { albumId: string } }) {
  const { albumId } = params;
  await session.load();
  return { album: await getAlbumInfo({ id: albumId }).catch((failure: unknown) => error(404, errorText(failure))) };
}

import { error } from '@sveltejs/kit';
import { getAlbumInfo } from '$lib/api';
import { errorText } from '$lib/errors';

/** The server answers 400 for an album that is not there or not shared with this person. */
export async function load({ params, parent }: { params: { albumId: string }; parent: () => Promise<unknown> }) {
  const { albumId } = params;
  await parent();
  return { album: await getAlbumInfo({ id: albumId }).catch((failure: unknown) => error(404, errorText(failure))) };
}

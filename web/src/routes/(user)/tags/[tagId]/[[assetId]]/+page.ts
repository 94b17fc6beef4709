import { error } from '@sveltejs/kit';
import { getTagById } from '$lib/api';
import { errorText } from '$lib/errors';

export async function load({ params, parent }: { params: { tagId: string }; parent: () => Promise<unknown> }) {
  const id = params.tagId;
  await parent();
  return { tag: await getTagById({ id }).catch((failure: unknown) => error(404, errorText(failure))) };
}

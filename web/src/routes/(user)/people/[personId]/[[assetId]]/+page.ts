import { error } from '@sveltejs/kit';
import { getPerson } from '$lib/api';
import { errorText } from '$lib/errors';
import { session } from '$lib/features/session/session.svelte';

/** Depends on the person alone, so that stepping from photo to photo asks nothing again. */
export async function load({ params }: { params: { personId: string } }) {
  const id = params.personId;
  await session.load();
  return { person: await getPerson({ id }).catch((failure: unknown) => error(404, errorText(failure))) };
}

import { error } from '@sveltejs/kit';
import { getPerson } from '$lib/api';
import { errorText } from '$lib/errors';

export async function load({ params, parent }: { params: { personId: string }; parent: () => Promise<unknown> }) {
  const id = params.personId;
  await parent();
  return { person: await getPerson({ id }).catch((failure: unknown) => error(404, errorText(failure))) };
}

import { redirect } from '@sveltejs/kit';
import { session } from '$lib/features/session/session.svelte';
import { pages } from '$lib/urls';

export async function load({ parent }: { parent: () => Promise<unknown> }) {
  await parent();
  if (!session.me.isAdmin) redirect(307, pages.photos());
}

import { errorText } from '$lib/errors';
import { connection } from '$lib/features/session/connection.svelte';
import { session } from '$lib/features/session/session.svelte';
import { textsReady } from '$lib/i18n/language.svelte';

export const ssr = false;
export const prerender = false;

connection.install();

export async function load({ url }: { url: URL }) {
  // Read, so that it runs for every page: the texts of a page are loaded before it is shown.
  void url.pathname;
  // A failure here would be shown by SvelteKit's own page: the layout has words for it.
  const [failure] = await Promise.all([session.load().then(() => '', errorText), textsReady().catch(() => {})]);
  return { failure };
}

import { redirect } from '@sveltejs/kit';
import { session } from '$lib/features/session/session.svelte';
import { pages } from '$lib/urls';

/** Everything below needs a person who is signed in and done with the first steps. */
export async function load({ parent, url }: { parent: () => Promise<{ failure: string }>; url: URL }) {
  if ((await parent()).failure) return;
  if (!session.config.isInitialized) redirect(307, pages.register());
  if (!session.user) redirect(307, pages.login(url.pathname + url.search));
  // The first account chose its own password; the server marks it all the same.
  if (session.user.shouldChangePassword && !session.user.isAdmin) redirect(307, pages.changePassword());
  if (session.user.isAdmin && !session.config.isOnboarded) redirect(307, pages.onboarding());
}

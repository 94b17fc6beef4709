import { finishOAuth, startOAuth } from '$lib/api';
import { session } from './session.svelte';

/** Sends the browser to the identity provider; it comes back to the login page with a code. */
export async function beginOAuth(): Promise<void> {
  const redirectUri = `${location.origin}/auth/login`;
  const { url } = await startOAuth({ body: { redirectUri } });
  location.assign(url);
}

/** Whether the address is the way back from the identity provider. */
export function isOAuthCallback(url: URL): boolean {
  return url.searchParams.has('code') || url.searchParams.has('error');
}

export async function endOAuth(url: URL): Promise<void> {
  await finishOAuth({ body: { url: url.href } });
  await session.refresh();
}

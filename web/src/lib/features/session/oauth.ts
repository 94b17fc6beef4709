import { finishOAuth, linkOAuthAccount, startOAuth, unlinkOAuthAccount } from '$lib/api';
import { session } from './session.svelte';

/** Sends the browser to the identity provider; it comes back to `page`, the login page or that of the account, with a code. */
export async function beginOAuth(page = '/auth/login'): Promise<void> {
  const redirectUri = location.origin + page;
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

/** Back from the identity provider on the page of the account: its person may from now on log in as this one. */
export async function linkOAuth(url: URL): Promise<void> {
  await linkOAuthAccount({ body: { url: url.href } });
  await session.refresh();
}

export async function unlinkOAuth(): Promise<void> {
  await unlinkOAuthAccount();
  await session.refresh();
}

import { ApiError, getMySharedLink, settings, sharedLinkLogin, type SharedLinkResponseDto } from '$lib/api';
import { session } from '$lib/features/session/session.svelte';

/** How a link names itself: by its secret, or by the ending its owner chose. */
export type LinkName = { key: string } | { slug: string };

export type Visit =
  | { state: 'open'; link: SharedLinkResponseDto }
  /** It has a password, which this browser has not given yet. */
  | { state: 'locked' }
  /** No such link, or it has ended. */
  | { state: 'gone' };

/** What a visitor may do with the photos of a link; absent for people of this server. */
export interface Guest {
  mayDownload: boolean;
  showsMetadata: boolean;
}

/**
 * Looks a link up. From then on every request, those of pictures included, carries the link's name, until `leaveLink`.
 * Throws what is neither an answer about the link nor about its password, for instance loss of the network.
 */
export async function visitLink(name: LinkName): Promise<Visit> {
  await session.load();
  settings.query = { ...name };
  try {
    return { state: 'open', link: await getMySharedLink() };
  } catch (error) {
    if (!(error instanceof ApiError) || error.status !== 401) throw error;
    return { state: error.message === 'Password required' ? 'locked' : 'gone' };
  }
}

/** Gives the password; false when it is not the right one. */
export async function unlockLink(password: string): Promise<boolean> {
  try {
    await sharedLinkLogin({ body: { password } });
    return true;
  } catch (error) {
    if (error instanceof ApiError && error.status === 401) return false;
    throw error;
  }
}

export function leaveLink(): void {
  settings.query = {};
}

/** The photo in what follows the link's name in an address, `photos/<id>`; undefined for the link itself, null for no address of ours. */
export function photoOfPath(rest: string): string | undefined | null {
  if (rest === '') return undefined;
  return /^photos\/([0-9a-f-]{36})$/.exec(rest)?.[1] ?? (rest === 'photos' ? undefined : null);
}

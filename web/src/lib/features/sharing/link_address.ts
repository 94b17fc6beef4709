import type { SharedLinkResponseDto } from '$lib/api';
import { session } from '$lib/features/session/session.svelte';
import { pages } from '$lib/urls';

/** The address to give away: on the domain the administrator set, else on this one. */
export function linkAddress(link: SharedLinkResponseDto): string {
  const domain = session.config.externalDomain.replace(/\/+$/, '') || location.origin;
  return domain + linkPath(link);
}

export function linkPath(link: SharedLinkResponseDto): string {
  return pages.link(link.slug ? { slug: link.slug } : { key: link.key });
}

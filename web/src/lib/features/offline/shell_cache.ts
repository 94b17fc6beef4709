/** What the service worker does with a request. */
export type Plan =
  /** Ask the server; the kept page when it cannot be reached. */
  | 'page'
  /** A file of a build, whose contents never change under its name: the kept one, else the server's. */
  | 'file'
  /** Not ours: the API above all, whose answers belong to one person and are kept nowhere. */
  | 'network';

/** Names of the caches begin with it. */
export const CACHE_PREFIX = 'shell-';
/** The page under which the app starts, whatever the address. */
export const PAGE = '/';

const IMMUTABLE = '/_app/immutable/';
/** Files with fixed names that the first page wants; a new build brings new ones into a new cache. */
export const FIXED_FILES = ['/favicon.svg', '/icon-192.png', '/icon-512.png', '/manifest.webmanifest'];

export function planFor(request: { method: string; mode: string; url: string }, origin: string): Plan {
  if (request.method !== 'GET') return 'network';
  const url = new URL(request.url);
  if (url.origin !== origin || url.pathname === '/api' || url.pathname.startsWith('/api/')) return 'network';
  if (request.mode === 'navigate') return 'page';
  return url.pathname.startsWith(IMMUTABLE) || FIXED_FILES.includes(url.pathname) ? 'file' : 'network';
}

/** Answers of a proxy whose server is away; the app says so better than they do. */
export function isServerAway(status: number): boolean {
  return status === 502 || status === 503 || status === 504;
}

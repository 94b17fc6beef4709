/// <reference lib="webworker" />
import { CACHE_PREFIX, FIXED_FILES, isServerAway, PAGE, planFor } from './lib/features/offline/shell_cache';

/**
 * Keeps the app itself, so that it starts without a connection and says in words what is the matter. Answers of the
 * API are never kept. The lists are put in by scripts/finish_build.mjs, which makes this file another one with every
 * build; the browser then installs the new worker beside the old one, which goes at once: a page always comes from
 * the server when that can be reached, and files are found by names that no two builds share.
 */
const worker = self as unknown as ServiceWorkerGlobalScope;
const version = '__VERSION__';
/** Without these the app does not start. */
const needed = JSON.parse('__NEEDED__') as string[];
/** The code of the other pages. */
const wanted = JSON.parse('__WANTED__') as string[];
const name = CACHE_PREFIX + version;

declare const InstallEvent: { prototype: object } | undefined;
const hasRoutes = typeof InstallEvent !== 'undefined' && 'addRoutes' in InstallEvent.prototype;

interface Router {
  addRoutes?: (routes: object[]) => Promise<void>;
}

worker.addEventListener('install', (event) => {
  event.waitUntil(install());
  // Where browsers can, nothing waits for this worker to wake up: answers of the API go past it, and for pages and files
  // it is only asked at the same time as the server and the browser's own cache, whose good answers count first.
  const race = 'race-network-and-fetch-handler';
  const routes = [
    { condition: { urlPattern: { pathname: '/api/*' } }, source: 'network' },
    { condition: { requestMode: 'navigate' }, source: race },
    { condition: { urlPattern: { pathname: '/_app/immutable/*' } }, source: race },
  ];
  void (event as Router).addRoutes?.(routes).catch(() => {});
});

worker.addEventListener('activate', (event) => event.waitUntil(activate()));

worker.addEventListener('fetch', (event) => {
  const plan = planFor(event.request, worker.location.origin);
  if (plan === 'page') event.respondWith(page(event));
  else if (plan === 'file') event.respondWith(file(event.request));
});

async function install(): Promise<void> {
  const cache = await caches.open(name);
  await cache.addAll([new Request(PAGE, { cache: 'no-store' }), ...needed, ...FIXED_FILES]);
  await Promise.all(wanted.map((path) => cache.add(path).catch(() => {})));
  await worker.skipWaiting();
}

async function activate(): Promise<void> {
  for (const other of await caches.keys()) if (other.startsWith(CACHE_PREFIX) && other !== name) await caches.delete(other);
  if (!hasRoutes) await worker.registration.navigationPreload?.enable();
  await worker.clients.claim();
}

async function page(event: FetchEvent): Promise<Response> {
  try {
    const response = ((await event.preloadResponse) as Response | undefined) ?? (await fetch(event.request));
    if (!isServerAway(response.status)) return response;
  } catch {
    // Not reached: the kept page says so.
  }
  return (await caches.match(PAGE)) ?? Response.error();
}

async function file(request: Request): Promise<Response> {
  return (await caches.match(request)) ?? fetch(request);
}

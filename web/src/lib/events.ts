import type { ServerEvents } from '$lib/api';

/**
 * Every event of the app: those of the server (sent on by lib/live_socket.ts under their own names) and those of one
 * part of the page to another. An action that changes assets announces it here, so that every open view follows.
 */
export interface AppEvents extends ServerEvents {
  /** Assets changed in a way a timeline may show (favourite, date, place, edited picture). */
  assetsChanged: [ids: string[]];
  /** Assets left the view they were in: trashed, archived, deleted, hidden. */
  assetsRemoved: [ids: string[]];
  /** Assets came (back) into a view: uploaded, restored. */
  assetsAdded: [ids: string[]];
  albumsChanged: [];
  /** People were named, merged, hidden or shown. */
  peopleChanged: [];
  /** The session may not see locked photos (any more): the server wants the PIN code. */
  pinNeeded: [];
  /** The live connection was lost and is back: anything may have changed. */
  reconnected: [];
}

type Listener<K extends keyof AppEvents> = (...args: AppEvents[K]) => void;

const listeners = new Map<keyof AppEvents, Set<Listener<never>>>();

/** Listens until the returned function is called. In a component: `$effect(() => on('albumsChanged', load))`. */
export function on<K extends keyof AppEvents>(name: K, listener: Listener<K>): () => void {
  const all = listeners.get(name) ?? new Set();
  listeners.set(name, all);
  all.add(listener as Listener<never>);
  return () => all.delete(listener as Listener<never>);
}

/** Tells everybody who listens. */
export function emit<K extends keyof AppEvents>(name: K, ...args: AppEvents[K]): void {
  for (const listener of [...(listeners.get(name) ?? [])]) {
    (listener as Listener<K>)(...args);
  }
}

import { defineTexts } from '$lib/i18n/language.svelte';

export const english = {
  canvas: 'Map of the places of your photos; the arrow keys move it, plus and minus zoom',
  photos: { one: '{count} photo', other: '{count} photos' },
  photosAt: { one: '{count} photo near {place}', other: '{count} photos near {place}' },
  here: 'Photos at this place',
  closeList: 'Close the list',
  zoomIn: 'Zoom in',
  zoomOut: 'Zoom out',
  zoomHere: 'Zoom to these photos',
  showAll: 'Show all photos',
  filter: 'Filter',
  filters: { one: 'Filter, {count} is set', other: 'Filter, {count} are set' },
  favorites: 'Favourites only',
  archived: 'Archived photos, too',
  partners: 'Photos of partners, too',
  sharedAlbums: 'Photos of shared albums, too',
  from: 'From',
  to: 'To',
  type: 'Kind',
  typeAll: 'Photos and videos',
  typeImage: 'Photos',
  typeVideo: 'Videos',
  reset: 'Reset',
  apply: 'Show',
  loadFailed: 'The places could not be loaded',
  noMap: 'This browser cannot draw the map',
  noMapText: 'It needs WebGL, which is off or not there. The photos with a place are listed here.',
  empty: 'No photos with a place',
  emptyText: 'Photos from a phone with location, and those you give a place to, appear here.',
  emptyFilter: 'No photo fits the filter.',
  albumMap: 'Map of {album}',
  source: 'Coasts and borders: Natural Earth',
  openMap: 'Show on the map',
};

export type MapKey = keyof typeof english;
export const t = defineTexts<MapKey>(english, { de: () => import('./map_text.de') });

import { defineTexts } from '$lib/i18n/language.svelte';

export const english = {
  photo: 'Photo, {date}',
  video: 'Video, {date}',
  photoAt: 'Photo, {date}, {place}',
  videoAt: 'Video, {date}, {place}',
  select: 'Select',
  selectDay: 'Select the day',
  timeline: 'Photos by date',
  grid: 'Photos',
  scrubber: 'Jump to a date',
  count: { one: '{count} photo', other: '{count} photos' },
  emptyTitle: 'No photos yet',
  emptyText: 'Drop photos, videos or whole folders anywhere on this page, or choose them here.',
  loadFailed: 'The photos could not be loaded',
  emptyFavorites: 'No favourites yet',
  emptyFavoritesText: 'Mark photos with the heart, and they are here.',
  emptyArchive: 'The archive is empty',
  emptyArchiveText: 'Archived photos stay in albums and search but not among the photos.',
  emptyTrash: 'The trash is empty',
  trashText: { one: 'Photos here are deleted for good after {count} day.', other: 'Photos here are deleted for good after {count} days.' },
  trashEmpty: 'Empty trash',
  trashRestoreAll: 'Restore all',
  trashEmptyQuestion: 'Delete everything in the trash for good?',
  trashEmptyText: 'The files are deleted from the server. This cannot be undone.',
  trashRestored: { one: '{count} photo restored', other: '{count} photos restored' },
  trashEmptied: { one: '{count} photo deleted', other: '{count} photos deleted' },
};

export type TimelineKey = keyof typeof english;
export const t = defineTexts<TimelineKey>(english, { de: () => import('./timeline_text.de') });

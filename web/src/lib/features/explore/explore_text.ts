import { defineTexts } from '$lib/i18n/language.svelte';

export const english = {
  showAll: 'Show all',
  empty: 'Nothing to explore yet',
  emptyText: 'Places, people and things appear here when photos have been looked through.',
  loadFailed: 'That could not be loaded',
  noPlaces: 'No places yet',
  noPlacesText: 'Places appear here when photos have coordinates.',
  noTags: 'No tags yet',
  noTagsText: 'Choose photos and tag them; levels are divided by /.',
  deleteTag: 'Delete the tag',
  deleteTagText: 'The photos stay; those below it lose their tags, too.',
  emptyHere: 'No photos here',
  rootFolder: 'All folders',
  noFolders: 'No folders',
};

export type ExploreKey = keyof typeof english;
export const t = defineTexts<ExploreKey>(english, { de: () => import('./explore_text.de') });

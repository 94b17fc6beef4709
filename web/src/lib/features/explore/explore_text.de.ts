import type { Catalogue } from '$lib/i18n/language.svelte';
import type { ExploreKey } from './explore_text';

const german: Catalogue<ExploreKey> = {
  showAll: 'Alle zeigen',
  empty: 'Noch nichts zu entdecken',
  emptyText: 'Orte, Personen und Dinge erscheinen hier, wenn Fotos durchgesehen sind.',
  loadFailed: 'Das ließ sich nicht laden',
  noPlaces: 'Noch keine Orte',
  noPlacesText: 'Orte erscheinen hier, wenn Fotos Koordinaten haben.',
  noTags: 'Noch keine Schlagwörter',
  noTagsText: 'Wähle Fotos und gib ihnen Schlagwörter; Ebenen trennt ein /.',
  deleteTag: 'Schlagwort löschen',
  deleteTagText: 'Die Fotos bleiben; auch Schlagwörter darunter gehen verloren.',
  emptyHere: 'Hier sind keine Fotos',
  rootFolder: 'Alle Ordner',
  noFolders: 'Keine Ordner',
};

export default german;

import type { Catalogue } from '$lib/i18n/language.svelte';
import type { MemoryKey } from './memory_text';

const german: Catalogue<MemoryKey> = {
  lane: 'Erinnerungen an diesen Tag',
  memory: 'Erinnerungen',
  yearsAgo: { one: 'Vor einem Jahr', other: 'Vor {count} Jahren' },
  thisYear: 'In diesem Jahr',
  card: '{title}, {photos}',
  photos: { one: '{count} Foto', other: '{count} Fotos' },
  none: 'Heute keine Erinnerungen',
  noneText: 'Wenn du an diesem Tag in einem früheren Jahr fotografiert hast, erscheint es hier.',
  play: 'Abspielen',
  pause: 'Anhalten',
  previous: 'Voriges Foto',
  next: 'Nächstes Foto',
  previousMemory: 'Vorige Erinnerung',
  nextMemory: 'Nächste Erinnerung',
  save: 'Diese Erinnerung behalten',
  unsave: 'Diese Erinnerung nicht behalten',
  saved: 'Die Erinnerung bleibt',
  unsaved: 'Die Erinnerung bleibt nicht mehr',
  removePhoto: 'Dieses Foto aus der Erinnerung nehmen',
  removeMemory: 'Diese Erinnerung entfernen',
  removeQuestion: 'Diese Erinnerung entfernen?',
  removeText: 'Ihre Fotos bleiben, wo sie sind.',
  failed: 'Die Erinnerung ließ sich nicht ändern',
  loadFailed: 'Die Erinnerungen ließen sich nicht laden',
  position: 'Foto {number} von {count}',
  mute: 'Ton aus',
  unmute: 'Ton an',
  showInTimeline: 'Unter den Fotos zeigen',
};

export default german;

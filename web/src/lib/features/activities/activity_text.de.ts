import type { Catalogue } from '$lib/i18n/language.svelte';
import type { ActivityKey } from './activity_text';

const german: Catalogue<ActivityKey> = {
  title: 'Aktivität',
  comments: 'Kommentare und „Gefällt mir“',
  like: 'Gefällt mir',
  unlike: '„Gefällt mir“ zurücknehmen',
  likes: { one: '{count}-mal „Gefällt mir“', other: '{count}-mal „Gefällt mir“' },
  commentCount: { one: '{count} Kommentar', other: '{count} Kommentare' },
  liked: '{name} gefällt das',
  likedPhoto: '{name} gefällt dieses Foto',
  write: 'Schreib etwas',
  send: 'Senden',
  empty: 'Noch hat niemand etwas gesagt',
  off: 'Kommentare und „Gefällt mir“ sind für dieses Album abgeschaltet.',
  delete: 'Löschen',
  deleteQuestion: 'Diesen Kommentar löschen?',
  loadFailed: 'Die Aktivität ließ sich nicht laden',
  sendFailed: 'Das ließ sich nicht senden',
  deleteFailed: 'Das ließ sich nicht löschen',
  openPhoto: 'Foto öffnen',
};

export default german;

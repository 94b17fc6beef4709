import type { Message } from '$lib/i18n/language.svelte';
import type { TimelineKey } from './timeline_text';

const german: Record<TimelineKey, Message> = {
  photo: 'Foto, {date}',
  video: 'Video, {date}',
  photoAt: 'Foto, {date}, {place}',
  videoAt: 'Video, {date}, {place}',
  select: 'Auswählen',
  selectDay: 'Den Tag auswählen',
  timeline: 'Fotos nach Datum',
  grid: 'Fotos',
  scrubber: 'Zu einem Datum springen',
  count: { one: '{count} Foto', other: '{count} Fotos' },
  emptyTitle: 'Noch keine Fotos',
  emptyText: 'Ziehe Fotos, Videos oder ganze Ordner irgendwo auf diese Seite, oder wähle sie hier aus.',
  loadFailed: 'Die Fotos konnten nicht geladen werden',
  emptyFavorites: 'Noch keine Favoriten',
  emptyFavoritesText: 'Fotos mit einem Herz erscheinen hier.',
  emptyArchive: 'Das Archiv ist leer',
  emptyArchiveText: 'Archivierte Fotos bleiben in Alben und Suche, aber nicht bei den Fotos.',
  emptyTrash: 'Der Papierkorb ist leer',
  trashText: {
    one: 'Fotos werden hier nach {count} Tag endgültig gelöscht.',
    other: 'Fotos werden hier nach {count} Tagen endgültig gelöscht.',
  },
  trashEmpty: 'Papierkorb leeren',
  trashRestoreAll: 'Alle wiederherstellen',
  trashEmptyQuestion: 'Alles im Papierkorb endgültig löschen?',
  trashEmptyText: 'Die Dateien werden vom Server gelöscht. Das lässt sich nicht rückgängig machen.',
  trashRestored: { one: '{count} Foto wiederhergestellt', other: '{count} Fotos wiederhergestellt' },
  trashEmptied: { one: '{count} Foto gelöscht', other: '{count} Fotos gelöscht' },
};

export default german;

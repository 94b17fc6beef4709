import type { Catalogue } from '$lib/i18n/language.svelte';
import type { ShortcutKey } from './shortcut_text';

const german: Catalogue<ShortcutKey> = {
  shortcuts: 'Tastenkürzel',
  everywhere: 'Überall',
  inGrid: 'Zwischen den Fotos',
  withSelection: 'Mit ausgewählten Fotos',
  inViewer: 'Mit einem offenen Foto',
  goSearch: 'Suchen',
  showShortcuts: 'Diese Liste',
  moveFocus: 'Zum nächsten Foto',
  firstLast: 'Erstes und letztes Foto',
  open: 'Öffnen',
  choose: 'Auswählen',
  chooseRange: 'Alles dazwischen auswählen',
  chooseAll: 'Alle auswählen',
  chooseNone: 'Nichts auswählen',
  toTrash: 'In den Papierkorb',
  previousNext: 'Voriges und nächstes Foto',
  info: 'Informationen',
  favorite: 'Favorit',
  download: 'Herunterladen',
  slideshow: 'Diaschau',
  zoom: 'Näher, weiter, ganz',
  close: 'Schließen',
};

export default german;

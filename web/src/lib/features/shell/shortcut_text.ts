import { defineTexts } from '$lib/i18n/language.svelte';

export const english = {
  shortcuts: 'Keyboard shortcuts',
  everywhere: 'Everywhere',
  inGrid: 'Among photos',
  withSelection: 'With chosen photos',
  inViewer: 'With one photo open',
  goSearch: 'Search',
  showShortcuts: 'This list',
  moveFocus: 'To the next photo',
  firstLast: 'First and last photo',
  open: 'Open',
  choose: 'Choose',
  chooseRange: 'Choose everything in between',
  chooseAll: 'Choose all',
  chooseNone: 'Choose none',
  toTrash: 'To the trash',
  previousNext: 'Previous and next photo',
  info: 'Information',
  favorite: 'Favourite',
  download: 'Download',
  slideshow: 'Slideshow',
  zoom: 'Closer, further, whole',
  close: 'Close',
};

export type ShortcutKey = keyof typeof english;
export const t = defineTexts<ShortcutKey>(english, { de: () => import('./shortcut_text.de') });

import type { Catalogue } from '$lib/i18n/language.svelte';
import type { LockedKey } from './locked_text';

const german: Catalogue<LockedKey> = {
  title: 'Gesperrter Ordner',
  text: 'Fotos hier erscheinen sonst nirgends, und erst nach der PIN.',
  setupTitle: 'Wähle eine PIN',
  setupText: 'Sechs Ziffern hüten den gesperrten Ordner. Fotos darin erscheinen sonst nirgends.',
  pin: 'PIN',
  repeatPin: 'PIN wiederholen',
  pinsDiffer: 'Die beiden PINs sind verschieden.',
  setup: 'PIN setzen',
  openTitle: 'Der Ordner ist gesperrt',
  openText: 'Gib deine sechsstellige PIN ein. Vergessen? In den Kontoeinstellungen kannst du sie mit deinem Passwort entfernen.',
  open: 'Öffnen',
  lock: 'Sperren',
  empty: 'Nichts im gesperrten Ordner',
  emptyText: 'Wähle Fotos und dann im Menü „In den gesperrten Ordner“.',
  failed: 'Der Ordner ließ sich nicht öffnen',
};

export default german;

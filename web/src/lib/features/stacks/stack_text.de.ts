import type { Catalogue } from '$lib/i18n/language.svelte';
import type { StackKey } from './stack_text';

const german: Catalogue<StackKey> = {
  stack: { one: 'Stapel mit {count} Foto', other: 'Stapel mit {count} Fotos' },
  photo: '{name}, {number} von {count}',
  top: '{name}, {number} von {count}, liegt oben',
  actions: 'Stapel ändern',
  setTop: 'Dieses Foto nach oben legen',
  takeOut: 'Dieses Foto aus dem Stapel nehmen',
  takeApart: 'Stapel auflösen',
  isTop: 'Dieses Foto liegt jetzt oben',
  takenOut: 'Das Foto ist nicht mehr im Stapel',
  failed: 'Der Stapel ließ sich nicht ändern',
};

export default german;

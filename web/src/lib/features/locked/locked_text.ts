import { defineTexts } from '$lib/i18n/language.svelte';

export const english = {
  title: 'Locked folder',
  text: 'Photos here show nowhere else, and only after the PIN code.',
  setupTitle: 'Choose a PIN code',
  setupText: 'Six digits guard the locked folder. Photos in it show nowhere else.',
  pin: 'PIN code',
  repeatPin: 'Repeat the PIN code',
  pinsDiffer: 'The two PIN codes are not the same.',
  setup: 'Set the PIN code',
  openTitle: 'The folder is locked',
  openText: 'Enter your PIN code of six digits. Forgotten? You can remove it with your password in the account settings.',
  open: 'Open',
  lock: 'Lock',
  empty: 'Nothing in the locked folder',
  emptyText: 'Choose photos, then “Move to the locked folder” in the menu.',
  failed: 'The folder could not be opened',
};

export type LockedKey = keyof typeof english;
export const t = defineTexts<LockedKey>(english, { de: () => import('./locked_text.de') });

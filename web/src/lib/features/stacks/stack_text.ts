import { defineTexts } from '$lib/i18n/language.svelte';

export const english = {
  stack: { one: 'Stack of {count} photo', other: 'Stack of {count} photos' },
  photo: '{name}, {number} of {count}',
  top: '{name}, {number} of {count}, on top',
  actions: 'Change the stack',
  setTop: 'Put this photo on top',
  takeOut: 'Take this photo out of the stack',
  takeApart: 'Take the stack apart',
  isTop: 'This photo is on top now',
  takenOut: 'The photo is out of the stack',
  failed: 'The stack could not be changed',
};

export type StackKey = keyof typeof english;
export const t = defineTexts<StackKey>(english, { de: () => import('./stack_text.de') });

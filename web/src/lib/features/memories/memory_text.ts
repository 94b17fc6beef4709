import { defineTexts } from '$lib/i18n/language.svelte';

export const english = {
  lane: 'Memories of this day',
  memory: 'Memories',
  yearsAgo: { one: 'A year ago', other: '{count} years ago' },
  thisYear: 'This year',
  card: '{title}, {photos}',
  photos: { one: '{count} photo', other: '{count} photos' },
  none: 'No memories today',
  noneText: 'When you took photos on this day in an earlier year, they appear here.',
  play: 'Play',
  pause: 'Pause',
  previous: 'Previous photo',
  next: 'Next photo',
  previousMemory: 'Previous memory',
  nextMemory: 'Next memory',
  save: 'Keep this memory',
  unsave: 'Do not keep this memory',
  saved: 'The memory is kept',
  unsaved: 'The memory is not kept any more',
  removePhoto: 'Take this photo out of the memory',
  removeMemory: 'Remove this memory',
  removeQuestion: 'Remove this memory?',
  removeText: 'Its photos stay where they are.',
  failed: 'The memory could not be changed',
  loadFailed: 'The memories could not be loaded',
  position: 'Photo {number} of {count}',
  mute: 'Sound off',
  unmute: 'Sound on',
  showInTimeline: 'Show among the photos',
};

export type MemoryKey = keyof typeof english;
export const t = defineTexts<MemoryKey>(english, { de: () => import('./memory_text.de') });

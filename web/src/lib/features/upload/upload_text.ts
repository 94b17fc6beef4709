import { defineTexts } from '$lib/i18n/language.svelte';

export const english = {
  upload: 'Upload',
  chooseFiles: 'Choose photos and videos',
  chooseFolder: 'Choose a folder',
  dropHere: 'Drop to upload',
  title: 'Uploads',
  progress: '{done} of {total}',
  finished: { one: '{count} file uploaded', other: '{count} files uploaded' },
  pause: 'Pause',
  resume: 'Go on',
  cancelAll: 'Cancel all',
  retryAll: 'Try failed ones again',
  clear: 'Clear the list',
  expand: 'Show the list',
  collapse: 'Hide the list',
  waiting: 'waiting',
  hashing: 'reading',
  checking: 'comparing',
  sending: 'sending',
  done: 'uploaded',
  duplicate: 'already there',
  duplicateTrash: 'in the trash, restored',
  failed: 'failed',
  cancelled: 'cancelled',
  unsupported: 'This kind of file is not supported',
  unsupportedSome: { one: '{count} file of an unsupported kind was left out', other: '{count} files of an unsupported kind were left out' },
  nothing: 'There were no photos or videos among the files',
  duplicates: { one: '{count} was already there', other: '{count} were already there' },
  failures: { one: '{count} failed', other: '{count} failed' },
  paused: 'Paused',
  tooLarge: 'The file is too large for the server or a proxy before it',
  moreFiles: { one: '… and {count} more', other: '… and {count} more' },
};

export type UploadKey = keyof typeof english;
export const t = defineTexts<UploadKey>(english, { de: () => import('./upload_text.de') });

import { defineTexts } from '$lib/i18n/language.svelte';

export const english = {
  title: 'Activity',
  comments: 'Comments and likes',
  like: 'Like',
  unlike: 'Take the like back',
  likes: { one: '{count} like', other: '{count} likes' },
  commentCount: { one: '{count} comment', other: '{count} comments' },
  liked: '{name} likes this',
  likedPhoto: '{name} likes this photo',
  write: 'Write something',
  send: 'Send',
  empty: 'Nobody has said anything yet',
  off: 'Comments and likes are switched off for this album.',
  delete: 'Delete',
  deleteQuestion: 'Delete this comment?',
  loadFailed: 'The activity could not be loaded',
  sendFailed: 'That could not be sent',
  deleteFailed: 'That could not be deleted',
  openPhoto: 'Open the photo',
};

export type ActivityKey = keyof typeof english;
export const t = defineTexts<ActivityKey>(english, { de: () => import('./activity_text.de') });

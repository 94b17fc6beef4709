import { defineTexts } from '$lib/i18n/language.svelte';

export const english = {
  notifications: 'Notifications',
  unread: { one: 'Notifications, {count} unread', other: 'Notifications, {count} unread' },
  readAll: 'Mark all as read',
  none: 'No notifications',
  loadFailed: 'The notifications could not be loaded',
};

export type NotificationKey = keyof typeof english;
export const t = defineTexts<NotificationKey>(english, { de: () => import('./notification_text.de') });

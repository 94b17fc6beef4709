import type { Catalogue } from '$lib/i18n/language.svelte';
import type { NotificationKey } from './notification_text';

const german: Catalogue<NotificationKey> = {
  notifications: 'Mitteilungen',
  unread: { one: 'Mitteilungen, {count} ungelesen', other: 'Mitteilungen, {count} ungelesen' },
  readAll: 'Alle als gelesen markieren',
  none: 'Keine Mitteilungen',
  loadFailed: 'Die Mitteilungen ließen sich nicht laden',
};

export default german;

import { error } from '@sveltejs/kit';
import { t } from '$lib/i18n/shell_text';

/** Every address that no page has. */
export const load = () => error(404, t('errorNotFound'));

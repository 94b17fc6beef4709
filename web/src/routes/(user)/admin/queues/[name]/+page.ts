import { error } from '@sveltejs/kit';
import { QueueName } from '$lib/api';
import { t } from '$lib/i18n/shell_text';

export function load({ params }: { params: { name: string } }) {
  const name = Object.values(QueueName).find((one) => one === params.name);
  if (!name) error(404, t('errorNotFound'));
  return { name };
}

import { QueueCommand, runQueueCommandLegacy, type QueueName } from '$lib/api';
import { showError } from '$lib/errors';
import { confirm } from '$lib/ui/confirm.svelte';
import { toast } from '$lib/ui/toast.svelte';
import { t } from './admin_text';

/** Does something with a queue; a failure is shown. */
export async function attempt(doing: string, work: () => Promise<unknown>): Promise<void> {
  try {
    await work();
  } catch (error) {
    showError(error, doing);
  }
}

/** Sends an order to a queue, after a question where it cannot be taken back. `force`: for every photo, not only where something is missing. */
export async function orderQueue(name: QueueName, command: QueueCommand, force?: boolean): Promise<void> {
  if (force && !(await confirm({ title: t('startAllQuestion'), text: t('startAllText'), action: t('startAll') }))) return;
  if (command === QueueCommand.Empty && !(await confirm({ title: t('clearQuestion'), action: t('clearWaiting'), danger: true }))) return;
  await attempt(t(`queue_${name}`), async () => {
    await runQueueCommandLegacy({ name, body: { command, force } });
    if (command === QueueCommand.Start) toast.success(t('started', { queue: t(`queue_${name}`) }));
  });
}

import { t } from '$lib/i18n/shell_text';
import { toast } from '$lib/ui/toast.svelte';

/** The first page and its photos come first. */
const WAIT_MS = 6000;

/** Makes the app start without a connection, and tells when the server has a newer one. Returns what stops it. */
export function installShell(): () => void {
  const timer = setTimeout(register, WAIT_MS);
  addEventListener('vite:preloadError', offerReload);
  return () => {
    clearTimeout(timer);
    removeEventListener('vite:preloadError', offerReload);
  };
}

function register(): void {
  if (!import.meta.env.PROD || !('serviceWorker' in navigator)) return;
  // Refused in private windows of some browsers: the app works all the same.
  navigator.serviceWorker.register('/service-worker.js', { updateViaCache: 'none' }).catch(() => {});
}

/** A part of the app that is loaded when it is wanted is not there any more: the server was updated meanwhile. */
function offerReload(): void {
  if (!navigator.onLine) return;
  toast.show({ kind: 'info', text: t('updated'), action: { label: t('reload'), run: () => location.reload() } });
}

import { ApiError } from '$lib/api';
import { toast } from '$lib/ui/toast.svelte';
import { t } from '$lib/i18n/shell_text';

/** What went wrong, in words for a person. */
export function errorText(error: unknown): string {
  if (error instanceof ApiError) {
    if (error.issues.length > 0) {
      return error.issues.map((issue) => (issue.path.length > 0 ? `${issue.path.join('.')}: ${issue.message}` : issue.message)).join('\n');
    }
    if (error.status === 501) return t('errorNotImplemented');
    if (error.status === 502 || error.status === 503 || error.status === 504) return t('errorUnavailable');
    return error.message || t('errorStatus', { status: error.status });
  }
  if (isAbort(error)) return t('errorAborted');
  if (error instanceof TypeError && /fetch|network|load failed/i.test(error.message)) return t('errorNetwork');
  return error instanceof Error ? error.message : String(error);
}

export function isAbort(error: unknown): boolean {
  return error instanceof DOMException && error.name === 'AbortError';
}

/** The one way to tell the person that something failed. `doing` says what was tried: "Could not save the album". */
export function showError(error: unknown, doing?: string): void {
  if (isAbort(error)) return;
  console.error(doing ?? 'error', error);
  toast.show({ kind: 'error', title: doing, text: errorText(error) });
}

import { errorText } from '$lib/errors';

/** Words for the error page of anything thrown while a page loads. */
export function handleError({ error, status }: { error: unknown; status: number }): { message: string } {
  if (status !== 404) console.error(error);
  return { message: errorText(error) };
}

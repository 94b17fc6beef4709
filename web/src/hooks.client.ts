import type { HandleClientError } from '@sveltejs/kit/hooks';
import { errorText } from '$lib/errors';

/** Words for the error page of anything thrown while a page loads. */
export const handleError: HandleClientError = ({ kind, error }) => {
  if (kind !== 'unknown') return;
  console.error(error);
  return { message: errorText(error) };
};

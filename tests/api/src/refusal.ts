import { isHttpError } from '@immich/sdk';

/** Status and message with which the server refuses a call of the official SDK; fails when it does not. */
export async function refusal(call: Promise<unknown>): Promise<[number, string]> {
  try {
    await call;
  } catch (error) {
    if (isHttpError(error)) {
      if (error.status === 501) {
        throw error;
      }
      // Calls without an answer of their own hand the error body over as text.
      const body = typeof error.data === 'string' ? JSON.parse(error.data) : error.data;
      return [error.status, String(body?.message)];
    }
    throw error;
  }
  throw new Error('the server did not refuse');
}

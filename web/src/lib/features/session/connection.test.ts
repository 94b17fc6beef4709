import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { on } from '$lib/events';
import { connection } from './connection.svelte';

/** A server that refuses every request with these words. */
function refuse(message: string): void {
  vi.stubGlobal('fetch', async () => new Response(JSON.stringify({ message }), { status: 401 }));
}

describe('a 401', () => {
  beforeEach(() => {
    connection.expectsSession = () => true;
  });
  afterEach(() => {
    connection.resume(false);
    vi.unstubAllGlobals();
  });

  it('ends the session of a signed-in person, and the request waits for the password', async () => {
    refuse('Authentication required');
    const answer = connection.fetch('/api/albums');
    await vi.waitFor(() => expect(connection.sessionEnded).toBe(true));
    vi.stubGlobal('fetch', async () => new Response('[]'));
    connection.resume(true);
    expect((await answer).status).toBe(200);
  });

  it('behind a public link is about the link', async () => {
    refuse('Password required');
    expect((await connection.fetch('/api/shared-links/me?key=abc')).status).toBe(401);
    expect((await connection.fetch('/api/albums/1?slug=abc')).status).toBe(401);
    expect(connection.sessionEnded).toBe(false);
  });

  it('for locked photos asks for the PIN code, not for the password', async () => {
    refuse('Elevated permission is required');
    let wasAsked = false;
    const stop = on('pinNeeded', () => (wasAsked = true));
    const answer = await connection.fetch('/api/timeline/buckets?visibility=locked');
    stop();
    expect(wasAsked).toBe(true);
    expect(connection.sessionEnded).toBe(false);
    expect(((await answer.json()) as { message: string }).message).toBe('Elevated permission is required');
  });
});

import { afterEach, describe, expect, it } from 'vitest';
import { settings } from '$lib/api';
import { session } from '$lib/features/session/session.svelte';
import { media } from '$lib/urls';
import { leaveLink, photoOfPath, unlockLink, visitLink } from './visitor_link';

const own = settings.fetch;
const asked: string[] = [];
session.load = async () => {};

/** A server that answers every request alike. */
function serve(status: number, body: object): void {
  settings.fetch = async (input) => {
    asked.push(String(input));
    return new Response(JSON.stringify(body), { status, headers: { 'Content-Type': 'application/json' } });
  };
}

const queryOf = (address: string) => Object.fromEntries(new URL(address, 'http://x').searchParams);

describe('a visit', () => {
  afterEach(() => {
    leaveLink();
    settings.fetch = own;
    asked.length = 0;
  });

  it('puts the name of the link into every request, and takes it out again', async () => {
    serve(200, { id: '1' });
    expect(await visitLink({ key: 'secret' })).toEqual({ state: 'open', link: { id: '1' } });
    expect(asked).toEqual(['/api/shared-links/me?key=secret']);
    expect(queryOf(media.thumbnail('a'))).toMatchObject({ key: 'secret', size: 'thumbnail' });
    await visitLink({ slug: 'summer' });
    expect(queryOf(media.original('a'))).toMatchObject({ slug: 'summer' });
    expect(queryOf(media.original('a'))).not.toHaveProperty('key');
    leaveLink();
    expect(queryOf(media.original('a'))).not.toHaveProperty('slug');
  });

  it('tells a password from a link that is gone, and neither from a failure', async () => {
    serve(401, { message: 'Password required' });
    expect(await visitLink({ key: 'k' })).toEqual({ state: 'locked' });
    serve(401, { message: 'Invalid share key' });
    expect(await visitLink({ key: 'k' })).toEqual({ state: 'gone' });
    serve(500, { message: 'Internal server error' });
    await expect(visitLink({ key: 'k' })).rejects.toThrow('Internal server error');
  });

  it('says whether a password was right', async () => {
    serve(401, { message: 'Invalid password' });
    expect(await unlockLink('x')).toBe(false);
    serve(201, { id: '1' });
    expect(await unlockLink('y')).toBe(true);
  });
});

describe('photoOfPath', () => {
  const id = '0b6b62aa-0000-4000-8000-000000000001';

  it('finds the photo of an address', () => expect(photoOfPath(`photos/${id}`)).toBe(id));
  it('is undefined for the link itself', () => expect([photoOfPath(''), photoOfPath('photos')]).toEqual([undefined, undefined]));
  it('is null for other addresses', () => expect([photoOfPath('albums/1'), photoOfPath('photos/1/2')]).toEqual([null, null]));
});

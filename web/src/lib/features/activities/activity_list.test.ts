import { afterEach, describe, expect, it } from 'vitest';
import { settings, type AlbumResponseDto } from '$lib/api';
import { activityScope } from './activity_scope';
import { ActivityList } from './activity_list.svelte';

const own = settings.fetch;
afterEach(() => {
  settings.fetch = own;
});

describe('ActivityList', () => {
  const one = (id: string, type: string, user: string, assetId: string | null, createdAt: string) => ({ id, type, assetId, createdAt, user: { id: user } });
  const said = [
    one('3', 'like', 'me', 'photo', '2024-01-03'),
    one('1', 'comment', 'you', null, '2024-01-01'),
    one('2', 'like', 'me', null, '2024-01-02'),
  ];

  it('is in the order of time and knows whose like it is', async () => {
    settings.fetch = async () => new Response(JSON.stringify(said));
    const album = new ActivityList('album', undefined, 'me');
    await album.load();
    expect(album.all?.map((each) => each.id)).toEqual(['1', '2', '3']);
    expect(album.myLike?.id).toBe('2');
    const photo = new ActivityList('album', 'photo', 'me');
    await photo.load();
    expect(photo.myLike?.id).toBe('3');
    const other = new ActivityList('album', undefined, 'you');
    await other.load();
    expect(other.myLike).toBeUndefined();
  });

  it('takes its own like back and gives one where there is none', async () => {
    const calls: string[] = [];
    settings.fetch = async (input, init) => {
      calls.push(`${init?.method} ${String(input)} ${String(init?.body ?? '')}`);
      return init?.method === 'DELETE' ? new Response(null, { status: 204 }) : new Response(JSON.stringify(said));
    };
    const list = new ActivityList('album', undefined, 'me');
    await list.load();
    await list.toggleLike();
    expect(calls).toContain('DELETE /api/activities/2 ');
    list.all = [];
    await list.toggleLike();
    expect(calls).toContain('POST /api/activities {"albumId":"album","type":"like"}');
  });
});

describe('activityScope', () => {
  const member = (id: string, role: string) => ({ role, user: { id } });
  const album = (members: object[]) => ({ id: 'a', isActivityEnabled: true, albumUsers: members }) as unknown as AlbumResponseDto;

  it('is nothing for an album of one person', () => expect(activityScope(album([member('me', 'owner')]), 'me')).toBeUndefined());
  it('knows the owner', () => {
    const shared = album([member('me', 'owner'), member('you', 'viewer')]);
    expect(activityScope(shared, 'me')).toEqual({ albumId: 'a', mayWrite: true, isOwner: true });
    expect(activityScope(shared, 'you')?.isOwner).toBe(false);
  });
});

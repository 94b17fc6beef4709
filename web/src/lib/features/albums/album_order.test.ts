import { describe, expect, it } from 'vitest';
import type { AlbumResponseDto } from '$lib/api';
import { groupAlbums, ownerOf, roleOf, sortAlbums } from './album_order';

const album = (albumName: string, assetCount: number, endDate?: string) =>
  ({ albumName, assetCount, endDate, albumUsers: [] as unknown }) as AlbumResponseDto;
const names = (albums: AlbumResponseDto[]) => albums.map((one) => one.albumName).join(' ');

describe('sortAlbums', () => {
  const albums = [album('Trip 10', 3, '2024-05-01'), album('Trip 9', 7), album('Alps', 1, '2025-01-01')];

  it('counts numbers in names', () => expect(names(sortAlbums(albums, 'title', false, 'en'))).toBe('Alps Trip 9 Trip 10'));
  it('puts albums without photos last in both directions', () => {
    expect(names(sortAlbums(albums, 'endDate', true))).toBe('Alps Trip 10 Trip 9');
    expect(names(sortAlbums(albums, 'endDate', false))).toBe('Trip 10 Alps Trip 9');
  });
  it('leaves the given list alone', () => {
    sortAlbums(albums, 'assetCount', true);
    expect(names(albums)).toBe('Trip 10 Trip 9 Alps');
  });
});

describe('roles', () => {
  const shared = {
    albumUsers: [
      { role: 'editor', user: { id: 'b' } },
      { role: 'owner', user: { id: 'a' } },
    ],
  } as AlbumResponseDto;

  it('finds the owner wherever he stands', () => expect(ownerOf(shared)?.id).toBe('a'));
  it('gives strangers the least', () => {
    expect(roleOf(shared, 'b')).toBe('editor');
    expect(roleOf(shared, 'z')).toBe('viewer');
  });
});

describe('groupAlbums', () => {
  const of = (name: string, endDate: string | undefined, owner: string) =>
    ({ albumName: name, endDate, albumUsers: [{ role: 'owner', user: { id: `id-${owner}`, name: owner } }] }) as AlbumResponseDto;
  const albums = [of('a', '2023-01-01', 'Zoe'), of('b', undefined, 'Ada'), of('c', '2024-07-01', 'Zoe'), of('d', '2023-05-05', 'Ada')];
  const shape = (by: 'none' | 'year' | 'owner') => groupAlbums(albums, by, 'en').map((group) => `${group.title}:${group.albums.map((one) => one.albumName).join('')}`);

  it('keeps one list without a grouping', () => expect(shape('none')).toEqual([':abcd']));
  it('takes years newest first and albums without photos last', () => expect(shape('year')).toEqual(['2024:c', '2023:ad', ':b']));
  it('takes owners by name', () => expect(shape('owner')).toEqual(['Ada:bd', 'Zoe:ac']));
});

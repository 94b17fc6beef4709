import { AlbumUserRole, type AlbumResponseDto, type UserResponseDto } from '$lib/api';

export const SORT_KEYS = ['endDate', 'startDate', 'title', 'assetCount', 'updatedAt', 'createdAt'] as const;
export type SortKey = (typeof SORT_KEYS)[number];

/** Albums in an order; those without the date that is asked for come last in both directions. */
export function sortAlbums(albums: readonly AlbumResponseDto[], key: SortKey, descending: boolean, locale?: string): AlbumResponseDto[] {
  const sign = descending ? -1 : 1;
  return [...albums].sort((a, b) => {
    if (key === 'title') return sign * a.albumName.localeCompare(b.albumName, locale, { numeric: true });
    if (key === 'assetCount') return sign * (a.assetCount - b.assetCount);
    const [x, y] = [a[key], b[key]];
    if (!x || !y) return x ? -1 : y ? 1 : 0;
    return sign * x.localeCompare(y);
  });
}

export const GROUPINGS = ['none', 'year', 'owner'] as const;
export type Grouping = (typeof GROUPINGS)[number];

export interface AlbumGroup {
  /** The year, the owner's id, or empty for albums without. */
  key: string;
  title: string;
  albums: AlbumResponseDto[];
}

/** Albums in groups, each in the given order; years newest first, owners by name, albums without a year at the end. */
export function groupAlbums(albums: readonly AlbumResponseDto[], by: Grouping, locale?: string): AlbumGroup[] {
  if (by === 'none') return albums.length > 0 ? [{ key: '', title: '', albums: [...albums] }] : [];
  const groups = new Map<string, AlbumGroup>();
  for (const album of albums) {
    const owner = ownerOf(album);
    const [key, title] = by === 'year' ? [album.endDate?.slice(0, 4) ?? '', album.endDate?.slice(0, 4) ?? ''] : [owner?.id ?? '', owner?.name ?? ''];
    const group = groups.get(key) ?? { key, title, albums: [] };
    groups.set(key, group);
    group.albums.push(album);
  }
  const sign = by === 'year' ? -1 : 1;
  return [...groups.values()].sort((a, b) => (a.key && b.key ? sign * a.title.localeCompare(b.title, locale) : a.key ? -1 : 1));
}

export function ownerOf(album: AlbumResponseDto): UserResponseDto | undefined {
  return (album.albumUsers.find((one) => one.role === AlbumUserRole.Owner) ?? album.albumUsers[0])?.user;
}

export function roleOf(album: AlbumResponseDto, userId: string): AlbumUserRole {
  return album.albumUsers.find((one) => one.user.id === userId)?.role ?? AlbumUserRole.Viewer;
}

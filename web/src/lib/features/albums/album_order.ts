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

export function ownerOf(album: AlbumResponseDto): UserResponseDto | undefined {
  return (album.albumUsers.find((one) => one.role === AlbumUserRole.Owner) ?? album.albumUsers[0])?.user;
}

export function roleOf(album: AlbumResponseDto, userId: string): AlbumUserRole {
  return album.albumUsers.find((one) => one.user.id === userId)?.role ?? AlbumUserRole.Viewer;
}

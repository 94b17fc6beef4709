import type { AlbumResponseDto } from '$lib/api';
import { ownerOf } from '$lib/features/albums/album_order';

/** Where people talk: an album, and what the person may do there. */
export interface ActivityScope {
  albumId: string;
  /** Off in the album's options: what was said stays readable. */
  mayWrite: boolean;
  /** May delete what others said. */
  isOwner: boolean;
}

/** Undefined for albums nobody else can see: there is nobody to talk to. */
export function activityScope(album: AlbumResponseDto, userId: string): ActivityScope | undefined {
  if (album.albumUsers.length < 2) return undefined;
  return { albumId: album.id, mayWrite: album.isActivityEnabled, isOwner: ownerOf(album)?.id === userId };
}

import { AssetTypeEnum, searchAssets, type getMapMarkers } from '$lib/api';

/** Which photos the map shows; what is not set is not asked. */
export interface MapFilter {
  favorites?: boolean;
  archived?: boolean;
  partners?: boolean;
  sharedAlbums?: boolean;
  /** Days, `2024-05-01`, both included. */
  from?: string;
  to?: string;
  type?: 'IMAGE' | 'VIDEO';
}

const KEY = 'map:filter';
const FLAGS = ['favorites', 'archived', 'partners', 'sharedAlbums'] as const;
const DAY = /^\d{4}-\d{2}-\d{2}$/;

export function readFilter(text: string | null): MapFilter {
  try {
    const value = JSON.parse(text ?? '{}') as Record<string, unknown>;
    const filter: MapFilter = {};
    for (const flag of FLAGS) if (value[flag] === true) filter[flag] = true;
    for (const end of ['from', 'to'] as const) if (typeof value[end] === 'string' && DAY.test(value[end])) filter[end] = value[end];
    if (value.type === 'IMAGE' || value.type === 'VIDEO') filter.type = value.type;
    return filter;
  } catch {
    return {};
  }
}

export const storedFilter = (): MapFilter => readFilter(localStorage.getItem(KEY));
export const storeFilter = (filter: MapFilter): void => localStorage.setItem(KEY, JSON.stringify(filter));

/** How many conditions a filter has, for the mark on its button. */
export const countOf = (filter: MapFilter): number => Object.values(readFilter(JSON.stringify(filter))).length;

/** The filter in the words of the server; days begin and end where the person is. */
export function markerQuery(filter: MapFilter): Parameters<typeof getMapMarkers>[0] {
  return {
    // Without a word about them the server leaves out what is archived, and takes what is and is not a favourite.
    isArchived: filter.archived || undefined,
    isFavorite: filter.favorites || undefined,
    withPartners: filter.partners || undefined,
    withSharedAlbums: filter.sharedAlbums || undefined,
    fileCreatedAfter: filter.from && new Date(`${filter.from}T00:00:00`).toISOString(),
    fileCreatedBefore: filter.to && new Date(`${filter.to}T23:59:59.999`).toISOString(),
  };
}

/** Markers do not say what they are: the ids of all videos with these conditions, asked for only when it matters. */
export async function videoIds(filter: MapFilter, signal: AbortSignal): Promise<Set<string>> {
  const ids = new Set<string>();
  const { fileCreatedAfter: takenAfter, fileCreatedBefore: takenBefore } = markerQuery(filter)!;
  for (let page: number | null = 1; page !== null; ) {
    const body = { type: AssetTypeEnum.Video, page, size: 1000, isFavorite: filter.favorites || undefined, takenAfter, takenBefore };
    const { assets } = await searchAssets({ body }, { signal });
    for (const { id } of assets.items) ids.add(id);
    page = assets.nextPage ? Number(assets.nextPage) : null;
  }
  return ids;
}

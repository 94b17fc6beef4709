import {
  AssetVisibility,
  searchAssets,
  searchSmart,
  type AssetResponseDto,
  type MetadataSearchDto,
  type SmartSearchDto,
} from '$lib/api';
import { pagedSource, type TimelineSource } from '$lib/features/timeline/timeline_source';

/** What the address of the search page holds: the fields of the server's searches. */
export type SearchQuery = Pick<
  MetadataSearchDto & SmartSearchDto,
  | 'query' | 'queryAssetId' | 'originalFileName' | 'originalPath' | 'description' | 'ocr' | 'takenAfter' | 'takenBefore' | 'country' | 'state' | 'city'
  | 'make' | 'model' | 'lensModel' | 'type' | 'rating' | 'isFavorite' | 'isNotInAlbum' | 'isMotion' | 'visibility' | 'personIds' | 'tagIds'
>;

export const WORD_KINDS = ['query', 'originalFileName', 'description', 'ocr', 'originalPath'] as const;
export type WordKind = (typeof WORD_KINDS)[number];

/** The query of an address; a broken one is as good as none. */
export function parseQuery(text: string | null): SearchQuery {
  try {
    const read: unknown = JSON.parse(text ?? '{}');
    return typeof read === 'object' && read !== null && !Array.isArray(read) ? clean(read) : {};
  } catch {
    return {};
  }
}

/** Without what is not set, so that equal questions have equal addresses. */
export function clean(query: SearchQuery): SearchQuery {
  const entries = Object.entries(query).filter(([, value]) => value !== undefined && value !== '' && value !== false && !(Array.isArray(value) && value.length === 0));
  return Object.fromEntries(entries.sort(([a], [b]) => a.localeCompare(b)));
}

/** Fields the server takes apart by itself are asked of `/search/smart`, all others of `/search/metadata`. */
export function searchSource(query: SearchQuery, language: string, userId: string): TimelineSource {
  const { query: words, queryAssetId, ...filters } = query;
  const isSmart = Boolean(words || queryAssetId);
  const base = { visibility: AssetVisibility.Timeline, withExif: true, size: 200, ...filters };
  const page = async (number: number, signal: AbortSignal): Promise<{ assets: AssetResponseDto[]; hasMore: boolean }> => {
    const { assets } = isSmart
      ? await searchSmart({ body: { ...base, page: number, query: words, queryAssetId, language } }, { signal })
      : await searchAssets({ body: { ...base, page: number } }, { signal });
    return { assets: assets.items, hasMore: assets.nextPage !== null };
  };
  return pagedSource(`search:${JSON.stringify(query)}`, page, userId);
}

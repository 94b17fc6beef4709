import { settings } from '$lib/api';

/** Addresses of pages of the app; the only place that knows their paths. */
export const pages = {
  photos: (assetId?: string) => (assetId ? `/photos/${assetId}` : '/photos'),
  photosAt: (assetId: string) => `/photos?at=${assetId}`,
  login: (next?: string) => (next && next !== '/' ? `/auth/login?continue=${encodeURIComponent(next)}` : '/auth/login'),
  register: () => '/auth/register',
  changePassword: () => '/auth/change-password',
  onboarding: () => '/auth/onboarding',
  explore: () => '/explore',
  search: (query?: object, assetId?: string) =>
    (assetId ? `/search/${assetId}` : '/search') + (query ? `?query=${encodeURIComponent(JSON.stringify(query))}` : ''),
  map: (assetId?: string) => (assetId ? `/map/${assetId}` : '/map'),
  mapAt: (latitude: number, longitude: number) => `/map#14/${latitude}/${longitude}`,
  memory: (id: string) => `/memory?id=${id}`,
  people: () => '/people',
  peopleManage: () => '/people/manage',
  person: (id: string, assetId?: string) => (assetId ? `/people/${id}/${assetId}` : `/people/${id}`),
  places: () => '/places',
  sharing: () => '/sharing',
  sharedLinks: () => '/shared-links',
  /** What visitors see behind a public link. */
  link: (name: { key: string } | { slug: string }, assetId?: string) =>
    ('key' in name ? `/share/${name.key}` : `/s/${encodeURIComponent(name.slug)}`) + (assetId ? `/photos/${assetId}` : ''),
  favorites: (assetId?: string) => (assetId ? `/favorites/${assetId}` : '/favorites'),
  albums: () => '/albums',
  album: (id: string, assetId?: string) => (assetId ? `/albums/${id}/${assetId}` : `/albums/${id}`),
  albumMap: (id: string, assetId?: string) => `/albums/${id}/map${assetId ? `/${assetId}` : ''}`,
  tags: () => '/tags',
  tag: (id: string, assetId?: string) => (assetId ? `/tags/${id}/${assetId}` : `/tags/${id}`),
  folders: (path?: string, assetId?: string) =>
    (assetId ? `/folders/${assetId}` : '/folders') + (path ? `?path=${encodeURIComponent(path)}` : ''),
  archive: (assetId?: string) => (assetId ? `/archive/${assetId}` : '/archive'),
  locked: (assetId?: string) => (assetId ? `/locked/${assetId}` : '/locked'),
  trash: (assetId?: string) => (assetId ? `/trash/${assetId}` : '/trash'),
  userSettings: () => '/user-settings',
  admin: () => '/admin',
  adminUsers: () => '/admin/users',
  adminQueues: () => '/admin/queues',
  adminQueue: (name: string) => `/admin/queues/${name}`,
  adminSettings: () => '/admin/system-settings',
  adminStatus: () => '/admin/server-status',
};

function withQuery(path: string, query: Record<string, string | boolean | null | undefined>): string {
  const search = new URLSearchParams(settings.query);
  for (const [name, value] of Object.entries(query)) {
    if (value !== undefined && value !== null && value !== '') search.set(name, String(value));
  }
  const text = search.toString();
  return settings.baseUrl + path + (text ? `?${text}` : '');
}

/** Addresses of pictures (with their edits) and films. `version` only keeps browsers from showing an old picture: thumbhash or time of change. */
export const media = {
  thumbnail: (assetId: string, version?: string | null) =>
    withQuery(`/assets/${assetId}/thumbnail`, { size: 'thumbnail', c: version, edited: true }),
  preview: (assetId: string, version?: string | null) =>
    withQuery(`/assets/${assetId}/thumbnail`, { size: 'preview', c: version, edited: true }),
  /** As it was before it was cropped, turned or mirrored. */
  uneditedPreview: (assetId: string) => withQuery(`/assets/${assetId}/thumbnail`, { size: 'preview' }),
  fullsize: (assetId: string, version?: string | null) =>
    withQuery(`/assets/${assetId}/thumbnail`, { size: 'fullsize', c: version, edited: true }),
  original: (assetId: string, version?: string | null) => withQuery(`/assets/${assetId}/original`, { c: version, edited: true }),
  video: (assetId: string, version?: string | null) => withQuery(`/assets/${assetId}/video/playback`, { c: version }),
  person: (personId: string, version?: string | null) => withQuery(`/people/${personId}/thumbnail`, { updatedAt: version }),
  profile: (userId: string, version?: string | null) => withQuery(`/users/${userId}/profile-image`, { updatedAt: version }),
};

import {
  mdiAccountGroupOutline,
  mdiAccountMultipleOutline,
  mdiArchiveOutline,
  mdiCompassOutline,
  mdiFolderOutline,
  mdiHeartOutline,
  mdiImageAlbum,
  mdiImageMultipleOutline,
  mdiLinkVariant,
  mdiLockOutline,
  mdiMapMarkerOutline,
  mdiMapOutline,
  mdiTagOutline,
  mdiTrashCanOutline,
} from '@mdi/js';
import type { ServerFeaturesDto, UserPreferencesResponseDto } from '$lib/api';
import type { CommonKey } from '$lib/i18n/shell_text';
import { pages } from '$lib/urls';

export interface NavigationEntry {
  key: CommonKey;
  icon: string;
  href: string;
  /** Also in the bar at the foot of a narrow screen. */
  isMain?: boolean;
  /** A line above. */
  startsGroup?: boolean;
  isShown?: (features: ServerFeaturesDto, preferences?: UserPreferencesResponseDto) => boolean;
}

/** The pages of the side bar, in order; one line a page. */
export const navigation: NavigationEntry[] = [
  { key: 'photos', icon: mdiImageMultipleOutline, href: pages.photos(), isMain: true },
  { key: 'explore', icon: mdiCompassOutline, href: pages.explore(), isMain: true, isShown: (features) => features.search },
  { key: 'map', icon: mdiMapOutline, href: pages.map(), isShown: (features) => features.map },
  {
    key: 'people',
    icon: mdiAccountMultipleOutline,
    href: pages.people(),
    isShown: (features, preferences) => features.facialRecognition && preferences?.people.enabled !== false,
  },
  { key: 'places', icon: mdiMapMarkerOutline, href: pages.places(), isShown: (features) => features.reverseGeocoding },
  { key: 'albums', icon: mdiImageAlbum, href: pages.albums(), isMain: true, startsGroup: true },
  { key: 'favorites', icon: mdiHeartOutline, href: pages.favorites() },
  { key: 'sharing', icon: mdiAccountGroupOutline, href: pages.sharing() },
  { key: 'sharedLinks', icon: mdiLinkVariant, href: pages.sharedLinks(), isShown: (_, preferences) => preferences?.sharedLinks.enabled !== false },
  { key: 'tags', icon: mdiTagOutline, href: pages.tags(), startsGroup: true, isShown: (_, preferences) => preferences?.tags.enabled === true && preferences.tags.sidebarWeb },
  { key: 'folders', icon: mdiFolderOutline, href: pages.folders(), isShown: (_, preferences) => preferences?.folders.enabled === true && preferences.folders.sidebarWeb },
  { key: 'archive', icon: mdiArchiveOutline, href: pages.archive() },
  { key: 'lockedFolder', icon: mdiLockOutline, href: pages.locked() },
  { key: 'trash', icon: mdiTrashCanOutline, href: pages.trash(), isShown: (features) => features.trash },
];

export function isCurrent(entry: NavigationEntry, pathname: string): boolean {
  return pathname === entry.href || pathname.startsWith(`${entry.href}/`);
}

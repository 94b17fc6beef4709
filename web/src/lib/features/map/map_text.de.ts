import type { Catalogue } from '$lib/i18n/language.svelte';
import type { MapKey } from './map_text';

const german: Catalogue<MapKey> = {
  canvas: 'Karte der Orte deiner Fotos; die Pfeiltasten verschieben sie, Plus und Minus ändern den Maßstab',
  photos: { one: '{count} Foto', other: '{count} Fotos' },
  photosAt: { one: '{count} Foto bei {place}', other: '{count} Fotos bei {place}' },
  here: 'Fotos an diesem Ort',
  closeList: 'Liste schließen',
  zoomIn: 'Näher heran',
  zoomOut: 'Weiter weg',
  zoomHere: 'Auf diese Fotos zoomen',
  showAll: 'Alle Fotos zeigen',
  filter: 'Filter',
  filters: { one: 'Filter, {count} ist gesetzt', other: 'Filter, {count} sind gesetzt' },
  favorites: 'Nur Favoriten',
  archived: 'Auch archivierte Fotos',
  partners: 'Auch Fotos von Partnern',
  sharedAlbums: 'Auch Fotos aus geteilten Alben',
  from: 'Von',
  to: 'Bis',
  type: 'Art',
  typeAll: 'Fotos und Videos',
  typeImage: 'Fotos',
  typeVideo: 'Videos',
  reset: 'Zurücksetzen',
  apply: 'Zeigen',
  loadFailed: 'Die Orte ließen sich nicht laden',
  noMap: 'Dieser Browser kann die Karte nicht zeichnen',
  noMapText: 'Sie braucht WebGL, das aus ist oder fehlt. Die Fotos mit Ort stehen in der Liste.',
  empty: 'Keine Fotos mit Ort',
  emptyText: 'Fotos vom Telefon mit Standort, und solche, denen du einen Ort gibst, erscheinen hier.',
  emptyFilter: 'Kein Foto passt zum Filter.',
  albumMap: 'Karte von {album}',
  source: 'Küsten und Grenzen: Natural Earth',
  openMap: 'Auf der Karte zeigen',
};

export default german;

import { Marker, type Map as MapLibreMap } from 'maplibre-gl';
import { formatNumber } from '$lib/i18n/formats';
import { media } from '$lib/urls';
import type { Cluster } from './clusters';

export interface MarkerLayerOptions {
  label: (cluster: Cluster) => string;
  pick: (cluster: Cluster) => void;
}

/** A round photo for each cluster, as a button, with the number of photos when there are several. */
export class MarkerLayer {
  readonly #shown = new Map<string, { marker: Marker; button: HTMLButtonElement }>();
  #selected = '';

  constructor(
    readonly map: MapLibreMap,
    readonly options: MarkerLayerOptions,
  ) {}

  /** Draws these and takes all others away; what is there already stays, with the focus it may have. */
  show(clusters: readonly Cluster[]): void {
    const wanted = new Set(clusters.map((cluster) => cluster.key));
    const focused = [...this.#shown].find(([, { button }]) => button === document.activeElement)?.[0];
    for (const [key, { marker }] of this.#shown) {
      if (wanted.has(key)) continue;
      marker.remove();
      this.#shown.delete(key);
    }
    for (const cluster of clusters) if (!this.#shown.has(cluster.key)) this.#add(cluster);
    // The photo under the keyboard has become part of another cluster: the keyboard stays on the map.
    if (focused && !this.#shown.has(focused)) this.map.getCanvas().focus();
    this.select(this.#selected);
  }

  #add(cluster: Cluster): void {
    const button = document.createElement('button');
    button.type = 'button';
    button.className = cluster.count > 1 ? 'map-photo map-photo-many' : 'map-photo';
    button.dataset.cluster = String(cluster.count);
    button.dataset.representative = cluster.id;
    const picture = document.createElement('img');
    picture.alt = '';
    picture.decoding = 'async';
    picture.draggable = false;
    picture.src = media.thumbnail(cluster.id);
    // A broken picture leaves the plain disc.
    picture.onerror = () => picture.remove();
    button.append(picture);
    if (cluster.count > 1) {
      const badge = document.createElement('span');
      badge.textContent = formatNumber(cluster.count);
      button.append(badge);
    }
    button.onclick = (event) => {
      event.stopPropagation();
      this.options.pick(cluster);
    };
    const marker = new Marker({ element: button, anchor: 'center' }).setLngLat([cluster.lon, cluster.lat]).addTo(this.map);
    // The library names its markers in its own words; ours say what a click opens.
    const label = this.options.label(cluster);
    button.setAttribute('aria-label', label);
    button.title = label;
    button.removeAttribute('role');
    button.tabIndex = 0;
    this.#shown.set(cluster.key, { marker, button });
  }

  /** Marks the cluster whose photos are listed; its key, or an empty text. */
  select(key: string): void {
    this.#selected = key;
    for (const [own, { button }] of this.#shown) {
      button.classList.toggle('is-selected', own === key);
      button.setAttribute('aria-pressed', String(own === key));
    }
  }

  clear(): void {
    for (const { marker } of this.#shown.values()) marker.remove();
    this.#shown.clear();
  }
}

import { beforeEach, describe, expect, it } from 'vitest';
import { PhotoLoader } from './photo_loader';
import { TileLayer } from './tile_layer';
import { TimelineModel } from './timeline_model';
import type { AssetColumns, TimelineSource } from './timeline_source';

const COUNT = 60;
const columns: AssetColumns = {
  id: Array.from({ length: COUNT }, (_, i) => `p${i}`),
  ratio: new Float32Array(COUNT).fill(1.5),
  day: new Int32Array(COUNT),
  flags: new Uint8Array(COUNT),
  thumbhash: new Array<string | null>(COUNT).fill(null),
  duration: new Int32Array(COUNT),
  stack: new Uint16Array(COUNT),
  livePhotoVideoId: new Array<string | null>(COUNT).fill(null),
  place: new Array<string | null>(COUNT).fill(null),
};
const source: TimelineSource = {
  key: 'test',
  hasDates: true,
  buckets: async () => [{ id: 'a', count: COUNT }],
  bucket: async () => columns,
  accepts: () => false,
};

let loader: PhotoLoader;
let layer: TileLayer;
let root: HTMLElement;
let completions: number;

const image = (id: string) => root.querySelector<HTMLImageElement>(`[data-asset="${id}"] img`)!;
const asked = () => [...root.querySelectorAll<HTMLImageElement>('img[src]')].map((one) => one.closest<HTMLElement>('[data-asset]')!.dataset.asset);
const tiles = () => [...root.querySelectorAll<HTMLElement>('[data-asset]')].map((one) => one.dataset.asset);

beforeEach(async () => {
  const model = new TimelineModel(source);
  model.setOptions({ width_px: 1000, row_px: 200, gap_px: 4, monthTitle_px: 0, dayTitle_px: 0 });
  await model.load();
  await model.loadBucket(model.buckets[0]);
  loader = new PhotoLoader();
  completions = 0;
  root = document.createElement('div');
  layer = new TileLayer(root, {
    model,
    loader,
    isSelected: () => false,
    href: (id) => `/photos/${id}`,
    label: ({ id }) => id,
    dayTitle: () => '',
    monthTitle: () => '',
    duration: () => '',
    words: { select: '', selectDay: '' },
    onloaded: () => completions++,
    focused: () => undefined,
  });
  loader.onready = (id) => layer.arrived(id);
});

describe('TileLayer', () => {
  it('asks at once for what is in sight, and for nothing around it', () => {
    layer.render(0, 1200, 1, { top: 250, bottom: 600 });
    const first = asked();
    expect(first.length).toBeGreaterThan(4);
    expect(first.length).toBeLessThan(tiles().length);
    expect(first).not.toContain('p0');
    expect(layer.isLoading).toBe(true);
    expect(completions).toBe(0);
  });

  it('tells once that everything in sight is there', () => {
    layer.render(0, 600, 1, { top: 0, bottom: 600 });
    const images = asked().map((id) => image(id!));
    images.forEach((one, i) => (i % 2 ? one.onerror!(new Event('error')) : one.onload!(new Event('load'))));
    expect(completions).toBe(1);
    expect(layer.isLoading).toBe(false);
  });

  it('asks for nothing while photos fly by, and shows what was loaded ahead', () => {
    loader.want([{ id: 'p3', url: '/p3' }]);
    layer.render(0, 600, 1);
    expect(asked()).toEqual([]);
    loader.want([{ id: 'p4', url: '/p4' }]);
    const three = loader.running('p3')!;
    three.onload!(new Event('load'));
    expect(asked()).toEqual(['p3']);
    expect(image('p3')).toBe(three);
  });

  it('does not wait for pictures that left the sight', () => {
    layer.render(0, 300, 1, { top: 0, bottom: 300 });
    layer.render(900, 1200, 1);
    expect(layer.isLoading).toBe(false);
    expect(completions).toBe(0);
  });
});

describe('PhotoLoader', () => {
  it('gives up what is on its way and not wanted any more, and goes on with the rest', () => {
    loader.want(Array.from({ length: 10 }, (_, i) => ({ id: `p${i}`, url: `/p${i}` })));
    expect(loader.isRunning).toBe(true);
    const zero = loader.running('p0')!;
    loader.keep(new Set(['p1']));
    expect(zero.onload).toBeNull();
    expect(zero.getAttribute('src')).toBe('');
    expect(loader.running('p1')!.getAttribute('src')).toBe('/p1');
    loader.keep(new Set());
    expect(loader.isRunning).toBe(false);
  });
});

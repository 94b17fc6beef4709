import { describe, expect, it } from 'vitest';
import { TimelineModel } from './timeline_model';
import type { AssetColumns, TimelineSource } from './timeline_source';

const options = { width_px: 1000, row_px: 200, gap_px: 4, monthTitle_px: 50, dayTitle_px: 30 };

function columns(bucket: string, count: number): AssetColumns {
  return {
    id: Array.from({ length: count }, (_, i) => `${bucket}-${i}`),
    ratio: new Float32Array(count).fill(1.5),
    day: Int32Array.from({ length: count }, (_, i) => 100 - Math.floor(i / 20)),
    flags: new Uint8Array(count),
    thumbhash: new Array(count).fill(null),
    duration: new Int32Array(count),
    stack: new Uint16Array(count),
    livePhotoVideoId: new Array(count).fill(null),
    place: new Array(count).fill(null),
  };
}

/** A server in memory: bucket name → number of photos. */
function source(content: Map<string, number>): TimelineSource & { asked: string[] } {
  const asked: string[] = [];
  return {
    key: 'test',
    hasDates: true,
    asked,
    buckets: async () => [...content].map(([id, count]) => ({ id, count })),
    bucket: async (id) => {
      asked.push(id);
      return columns(id, content.get(id) ?? 0);
    },
    bucketOf: async (assetId) => assetId.split('-')[0],
    accepts: () => true,
  };
}

async function loaded(content = new Map([['a', 500], ['b', 300], ['c', 200]])) {
  const from = source(content);
  const model = new TimelineModel(from);
  await model.load();
  model.setOptions(options);
  return { model, from, content };
}

describe('TimelineModel', () => {
  it('asks for what is near later, and gives up only what is far', async () => {
    const { model, from } = await loaded();
    const [a, b, c] = model.buckets;
    model.want([a], [b]);
    expect(from.asked).toEqual(['a']);
    model.want([b], [a]);
    expect(a.request).toBeDefined();
    model.want([c], [b]);
    expect(a.request).toBeUndefined();
    expect(b.request).toBeDefined();
    await Promise.all([b.request!.done, c.request!.done]);
    expect(a.columns).toBeUndefined();
    expect(b.columns).toBeDefined();
  });

  it('knows counts and places before any photo is loaded', async () => {
    const { model, from } = await loaded();
    expect(model.total).toBe(1000);
    expect(model.buckets[1].first).toBe(500);
    expect(model.buckets[2].top).toBeCloseTo(model.buckets[0].height + model.buckets[1].height);
    expect(from.asked).toEqual([]);
    expect(model.peek(10)).toBeUndefined();
  });

  it('loads what is looked at, and a photo by its number', async () => {
    const { model, from } = await loaded();
    expect((await model.at(500))?.id).toBe('b-0');
    expect(from.asked).toEqual(['b']);
    expect(await model.locate('c-7')).toBe(807);
    expect(await model.idsBetween(499, 501)).toEqual(['a-499', 'b-0', 'b-1']);
    expect(await model.at(1000)).toBeUndefined();
  });

  it('gives requests up when they are out of sight', async () => {
    const { model } = await loaded();
    model.want([model.buckets[0]]);
    const { abort } = model.buckets[0].request!;
    model.want([model.buckets[2]]);
    expect(abort.signal.aborted).toBe(true);
    await model.buckets[2].request!.done;
    expect(model.buckets[0].columns).toBeUndefined();
    expect(model.buckets[2].columns?.id).toHaveLength(200);
  });

  it('keeps a request that somebody waits for, though its bucket is out of sight', async () => {
    const { model } = await loaded();
    const place = model.locate('c-3');
    await Promise.resolve();
    await Promise.resolve();
    model.want([model.buckets[0]]);
    expect(await place).toBe(803);
  });

  it('takes removed photos out at once and moves the others up', async () => {
    const { model } = await loaded();
    await model.at(0);
    const { height } = model;
    model.remove(Array.from({ length: 250 }, (_, i) => `a-${i}`));
    expect(model.total).toBe(750);
    expect(model.peek(0)?.id).toBe('a-250');
    expect(model.height).toBeLessThan(height);
    model.remove(Array.from({ length: 500 }, (_, i) => `a-${i}`));
    expect(model.buckets.map((bucket) => bucket.id)).toEqual(['b', 'c']);
  });

  it('asks again for buckets whose size changed', async () => {
    const { model, from, content } = await loaded();
    await model.at(0);
    content.set('a', 501);
    content.set('d', 5);
    await model.refresh();
    expect(model.buckets.map((bucket) => bucket.id)).toEqual(['a', 'b', 'c', 'd']);
    model.want([model.buckets[0]]);
    await model.buckets[0].request!.done;
    expect(model.total).toBe(1006);
    expect(from.asked).toEqual(['a', 'a']);
  });

  it('forgets photos seen long ago but not their heights', async () => {
    const { model } = await loaded(new Map(Array.from({ length: 60 }, (_, i) => [`m${i}`, 1000])));
    for (const bucket of [...model.buckets]) {
      model.want([bucket]);
      await bucket.request?.done;
    }
    const kept = model.buckets.filter((bucket) => bucket.columns).length;
    expect(kept).toBeLessThanOrEqual(21);
    expect(model.buckets.every((bucket) => bucket.height > 1000)).toBe(true);
  });
});

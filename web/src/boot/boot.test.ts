import { readFileSync } from 'node:fs';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import { getTimeBucket, getTimeBuckets, AssetVisibility, settings } from '$lib/api';
import { media } from '$lib/urls';

const script = readFileSync('src/boot/boot.js', 'utf8');
const query = { visibility: AssetVisibility.Timeline, withPartners: true, withStacked: true };
const photos = { id: Array.from({ length: 30 }, (_, i) => `photo-${i}`), thumbhash: Array.from({ length: 30 }, (_, i) => (i % 2 ? `ab+/${i}=` : null)) };

let asked: string[];
let images: string[];

function boot(address: string, cookie: string) {
  history.replaceState(null, '', address);
  Object.defineProperty(document, 'cookie', { value: cookie, configurable: true });
  new Function(script)();
}

/** Until the answers that others follow from have come. */
const settled = () => new Promise((resolve) => setTimeout(resolve, 20));

beforeEach(() => {
  asked = [];
  images = [];
  sessionStorage.clear();
  vi.stubGlobal('fetch', async (url: string) => {
    asked.push(url);
    const body = url.includes('/timeline/buckets?')
      ? [{ timeBucket: '2025-06-01', count: 30 }, { timeBucket: '2025-05-01', count: 9 }]
      : url.includes('/timeline/bucket?') ? photos : {};
    return new Response(JSON.stringify(body));
  });
  vi.stubGlobal('Image', class {
    set src(url: string) {
      images.push(url);
    }
  });
  // As connection.svelte.ts does it.
  settings.fetch = async (input) => {
    const early = window.__early?.get(String(input));
    window.__early?.delete(String(input));
    return early ?? fetch(input);
  };
});

describe('boot', () => {
  it('asks for the photos of the first month and its thumbnails before the app is there, and once', async () => {
    boot('/photos', 'immich_is_authenticated=true');
    const buckets = await getTimeBuckets(query);
    const first = await getTimeBucket({ ...query, timeBucket: buckets[0].timeBucket });
    expect(first.id).toEqual(photos.id);
    await settled();
    expect(asked.filter((url) => url.includes('/timeline/bucket?'))).toHaveLength(1);
    expect(asked.filter((url) => url.includes('/timeline/buckets?'))).toHaveLength(1);
    expect(images.length).toBeGreaterThan(5);
    expect(images[0]).toBe(media.thumbnail(photos.id[0], photos.thumbhash[0]));
    expect(images[1]).toBe(media.thumbnail(photos.id[1], photos.thumbhash[1]));
  });

  it('asks for nothing of a person when nobody is signed in', async () => {
    boot('/photos', '');
    await settled();
    expect(asked).toEqual(['/api/server/config', '/api/server/features']);
  });

  it('leaves the photos alone on other pages and at other places of the timeline', async () => {
    boot('/albums', 'immich_is_authenticated=true');
    boot('/photos?at=photo-7', 'immich_is_authenticated=true');
    await settled();
    expect(asked.some((url) => url.includes('/timeline/'))).toBe(false);
    expect(asked).toContain('/api/users/me');
  });

  it('goes on with the photos as soon as somebody has signed in, unless another page comes next', async () => {
    boot('/auth/login?continue=%2Falbums', '');
    window.__startNext!();
    await settled();
    expect(asked).toContain('/api/users/me');
    expect(asked.some((url) => url.includes('/timeline/'))).toBe(false);
    boot('/auth/login', '');
    window.__startNext!();
    await settled();
    expect(asked.some((url) => url.includes('/timeline/bucket?'))).toBe(true);
  });
});

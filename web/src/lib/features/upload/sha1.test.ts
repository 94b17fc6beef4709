import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { Sha1 } from './sha1';

describe('Sha1', () => {
  it.each([0, 1, 55, 56, 63, 64, 65, 119, 120, 1000, 300_001])('is right for %i bytes in uneven pieces', (length) => {
    const data = Uint8Array.from({ length }, (_, i) => (i * 31 + (i >> 7)) & 255);
    const hash = new Sha1();
    for (let at = 0, step = 1; at < length; at += step, step = (step * 7) % 4093 || 1) hash.update(data.subarray(at, at + step));
    expect(hash.hex()).toBe(createHash('sha1').update(data).digest('hex'));
  });
});

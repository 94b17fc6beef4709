import { expect, it } from 'vitest';
import { faceCrop } from './face_crop';

it('puts a face into a window, and never looks beyond the picture', () => {
  const box = { boundingBoxX1: 400, boundingBoxX2: 500, boundingBoxY1: 200, boundingBoxY2: 300, imageWidth: 1000, imageHeight: 500 };
  // 140 pixels around the middle (450, 250) fill 70: half the size.
  expect(faceCrop(box, 70)).toEqual({ width_px: 500, height_px: 250, left_px: -190, top_px: -90 });
  const corner = faceCrop({ ...box, boundingBoxX1: 0, boundingBoxX2: 100, boundingBoxY1: 400, boundingBoxY2: 500 }, 70);
  expect(corner.left_px).toBe(-0);
  expect(corner.top_px).toBe(-(500 - 140) / 2);
  const whole = faceCrop({ ...box, boundingBoxX1: 0, boundingBoxX2: 1000, boundingBoxY1: 0, boundingBoxY2: 500 }, 50);
  expect([whole.height_px, whole.top_px]).toEqual([50, -0]);
});

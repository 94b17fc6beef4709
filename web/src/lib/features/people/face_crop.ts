import type { AssetFaceResponseDto } from '$lib/api';

/** Where a picture has to lie behind a square window of `size_px`, so that a face fills it. */
export function faceCrop(face: Pick<AssetFaceResponseDto, 'boundingBoxX1' | 'boundingBoxX2' | 'boundingBoxY1' | 'boundingBoxY2' | 'imageWidth' | 'imageHeight'>, size_px: number) {
  const width = face.boundingBoxX2 - face.boundingBoxX1;
  const height = face.boundingBoxY2 - face.boundingBoxY1;
  // A little of what is around the face, but never more than the picture has.
  const side = Math.max(1, Math.min(Math.max(width, height) * 1.4, face.imageWidth, face.imageHeight));
  const within = (middle: number, length: number) => Math.max(0, Math.min(length - side, middle - side / 2));
  const scale = size_px / side;
  return {
    width_px: face.imageWidth * scale,
    height_px: face.imageHeight * scale,
    left_px: -within((face.boundingBoxX1 + face.boundingBoxX2) / 2, face.imageWidth) * scale,
    top_px: -within((face.boundingBoxY1 + face.boundingBoxY2) / 2, face.imageHeight) * scale,
  };
}

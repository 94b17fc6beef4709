import { Sha1 } from './sha1';

/** Takes `{ id, file }` and answers `{ id, checksum }` or `{ id, error }`; one file after the other. */
const PIECE_BYTES = 4 * 1024 * 1024;

self.onmessage = async ({ data: { id, file } }: MessageEvent<{ id: number; file: File }>) => {
  try {
    const hash = new Sha1();
    for (let at = 0; at < file.size; at += PIECE_BYTES) {
      hash.update(new Uint8Array(await file.slice(at, at + PIECE_BYTES).arrayBuffer()));
    }
    self.postMessage({ id, checksum: hash.hex() });
  } catch (error) {
    self.postMessage({ id, error: error instanceof Error ? error.message : String(error) });
  }
};

import { unzipSync } from 'fflate';

/** Names and contents of a zip. */
export function zipEntries(bytes: Buffer): Record<string, Buffer> {
  return Object.fromEntries(Object.entries(unzipSync(bytes)).map(([name, content]) => [name, Buffer.from(content)]));
}

import { Buffer } from 'node:buffer';

export interface Part {
  name: string;
  value: Buffer | string;
  /** Present for files. A Buffer is written byte by byte as it is (for names that are not UTF-8). */
  filename?: string | Buffer;
  contentType?: string;
  /** Replaces the whole header block of the part. */
  rawHeaders?: Buffer | string;
}

export interface Form {
  contentType: string;
  body: Buffer;
}

/** A multipart/form-data body with full control over order, names and boundary. */
export function multipart(
  parts: Part[],
  options: { boundary?: string; end?: boolean; preamble?: string; epilogue?: string } = {},
): Form {
  const boundary = options.boundary ?? `----form-${Math.random().toString(36).slice(2)}`;
  const chunks: Buffer[] = [Buffer.from(options.preamble ?? '')];
  for (const part of parts) {
    chunks.push(Buffer.from(`--${boundary}\r\n`));
    chunks.push(part.rawHeaders === undefined ? partHeaders(part) : Buffer.from(part.rawHeaders as string));
    chunks.push(Buffer.from('\r\n'), Buffer.from(part.value as string), Buffer.from('\r\n'));
  }
  if (options.end !== false) {
    chunks.push(Buffer.from(`--${boundary}--\r\n`), Buffer.from(options.epilogue ?? ''));
  }
  const quoted = /[^A-Za-z0-9'+_.-]/.test(boundary) ? `"${boundary}"` : boundary;
  return { contentType: `multipart/form-data; boundary=${quoted}`, body: Buffer.concat(chunks) };
}

function partHeaders(part: Part): Buffer {
  const pieces: Buffer[] = [Buffer.from(`Content-Disposition: form-data; name="${part.name}"`)];
  if (part.filename !== undefined) {
    pieces.push(Buffer.from('; filename="'), Buffer.from(part.filename as string), Buffer.from('"'));
    pieces.push(Buffer.from(`\r\nContent-Type: ${part.contentType ?? 'application/octet-stream'}`));
  }
  pieces.push(Buffer.from('\r\n'));
  return Buffer.concat(pieces);
}

import { type Reply, sha1Hex } from './http_client.ts';
import { type Form, multipart, type Part } from './multipart_body.ts';
import { expectStatus, type Session } from './session.ts';

export const kTakenAt = '2024-03-10T08:15:30.000Z';
export const kModifiedAt = '2024-03-11T09:16:31.250Z';

export interface UploadOptions {
  name?: string | Buffer;
  /** Replaces or adds fields; undefined leaves a default field out. */
  fields?: Record<string, string | undefined>;
  sidecar?: Buffer | string;
  headers?: Record<string, string>;
  query?: Record<string, string>;
}

/** The parts of an ordinary upload: fields first, then the sidecar, then the file. */
export function uploadParts(bytes: Buffer, options: UploadOptions = {}): Part[] {
  const fields = { fileCreatedAt: kTakenAt, fileModifiedAt: kModifiedAt, ...options.fields };
  const parts: Part[] = Object.entries(fields).flatMap(([name, value]) =>
    value === undefined ? [] : [{ name, value }],
  );
  if (options.sidecar !== undefined) {
    parts.push({ name: 'sidecarData', value: options.sidecar, filename: 'photo.xmp', contentType: 'application/xml' });
  }
  parts.push({ name: 'assetData', value: bytes, filename: options.name ?? 'photo.jpg' });
  return parts;
}

export function postForm(
  session: Session,
  form: Form,
  options: Pick<UploadOptions, 'headers' | 'query'> = {},
): Promise<Reply> {
  return session.client.post('/assets', form.body, {
    headers: { 'content-type': form.contentType, ...options.headers },
    query: options.query,
  });
}

/** POST /assets; hands the answer back whatever it is. */
export function tryUpload(session: Session, bytes: Buffer, options: UploadOptions = {}): Promise<Reply> {
  return postForm(session, multipart(uploadParts(bytes, options)), options);
}

/** POST /assets that must answer 201 `created`; returns the id. */
export async function upload(session: Session, bytes: Buffer, options: UploadOptions = {}): Promise<string> {
  const answer = expectStatus(await tryUpload(session, bytes, options), 201, 'POST /assets');
  if (answer.status !== 'created' || !/^[0-9a-f-]{36}$/.test(answer.id)) {
    throw new Error(`POST /assets: unexpected body ${JSON.stringify(answer)}`);
  }
  return answer.id as string;
}

export const checksumHeader = (bytes: Buffer): Record<string, string> => ({ 'x-immich-checksum': sha1Hex(bytes) });

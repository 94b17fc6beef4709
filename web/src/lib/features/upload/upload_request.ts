import type { UploadFile } from './upload_files';

/** The server's refusal, or status 0 when it was not reached. */
export class UploadRefused extends Error {
  constructor(
    readonly status: number,
    message: string,
  ) {
    super(message);
  }
}

/** Sends one file, with progress, which `fetch` does not tell. */
export function sendFile(
  url: string,
  { file, sidecar }: UploadFile,
  checksum: string | undefined,
  onprogress: (sent: number) => void,
): { done: Promise<{ id: string; isDuplicate: boolean }>; abort: () => void } {
  const request = new XMLHttpRequest();
  const time = new Date(file.lastModified).toISOString();
  const form = new FormData();
  form.append('fileCreatedAt', time);
  form.append('fileModifiedAt', time);
  form.append('isFavorite', 'false');
  if (sidecar) form.append('sidecarData', sidecar);
  form.append('assetData', file, file.name);
  const done = new Promise<{ id: string; isDuplicate: boolean }>((resolve, reject) => {
    request.upload.onprogress = ({ loaded, total }) => onprogress(total > 0 ? (loaded / total) * file.size : 0);
    request.onload = () => {
      if (request.status < 300) resolve({ id: (JSON.parse(request.responseText) as { id: string }).id, isDuplicate: request.status === 200 });
      else reject(new UploadRefused(request.status, messageOf(request)));
    };
    request.onerror = () => reject(new UploadRefused(0, 'network'));
    request.onabort = () => reject(new UploadRefused(0, 'abort'));
  });
  request.open('POST', url);
  if (checksum) request.setRequestHeader('x-immich-checksum', checksum);
  request.send(form);
  return { done, abort: () => request.abort() };
}

function messageOf(request: XMLHttpRequest): string {
  try {
    return (JSON.parse(request.responseText) as { message?: string }).message ?? request.statusText;
  } catch {
    return request.statusText || String(request.status);
  }
}

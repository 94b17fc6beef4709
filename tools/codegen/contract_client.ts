/** How the generated functions reach the server. Copied beside them by tools/codegen/contract_ts.py. */

export interface ClientSettings {
  /** In front of every path. */
  baseUrl: string;
  fetch: typeof fetch;
  /** Added to every request, for instance `key` or `slug` of a shared link. */
  query: Record<string, string>;
  headers: Record<string, string>;
}

export const settings: ClientSettings = {
  baseUrl: '/api',
  fetch: (input, init) => fetch(input, init),
  query: {},
  headers: {},
};

export interface RequestOptions {
  signal?: AbortSignal;
  headers?: Record<string, string>;
  fetch?: typeof fetch;
}

export interface ValidationIssue {
  code: string;
  path: (string | number)[];
  message: string;
}

/** Any answer that is not 2xx. `message` is the server's and can be shown. */
export class ApiError extends Error {
  constructor(
    readonly status: number,
    message: string,
    readonly issues: ValidationIssue[] = [],
  ) {
    super(message);
    this.name = 'ApiError';
  }
}

export type QueryValue = string | number | boolean | null | undefined | readonly (string | number | boolean)[];

/** Address with query; a list becomes a repeated name, undefined and null are left out. */
export function url(path: string, query: Record<string, QueryValue> = {}): string {
  const search = new URLSearchParams(settings.query);
  for (const [name, value] of Object.entries(query)) {
    if (value === undefined || value === null) {
      continue;
    }
    search.delete(name);
    for (const one of Array.isArray(value) ? value : [value]) {
      search.append(name, String(one));
    }
  }
  const text = search.toString();
  return settings.baseUrl + path + (text ? `?${text}` : '');
}

async function toError(response: Response): Promise<ApiError> {
  const text = await response.text();
  try {
    const body = JSON.parse(text) as { message?: string | string[]; errors?: ValidationIssue[] };
    const message = Array.isArray(body.message) ? body.message.join('\n') : body.message;
    return new ApiError(response.status, message ?? response.statusText, body.errors);
  } catch {
    return new ApiError(response.status, text || response.statusText);
  }
}

export interface Call {
  method: string;
  url: string;
  headers?: Record<string, string | number | undefined>;
  body?: BodyInit;
  contentType?: string;
}

async function send(call: Call, options: RequestOptions): Promise<Response> {
  const headers: Record<string, string> = { ...settings.headers };
  for (const [name, value] of Object.entries(call.headers ?? {})) {
    if (value !== undefined) {
      headers[name] = String(value);
    }
  }
  if (call.contentType) {
    headers['Content-Type'] = call.contentType;
  }
  const response = await (options.fetch ?? settings.fetch)(call.url, {
    method: call.method,
    headers: { ...headers, ...options.headers },
    body: call.body,
    signal: options.signal,
    credentials: 'same-origin',
  });
  if (!response.ok) {
    throw await toError(response);
  }
  return response;
}

export async function sendForJson<T>(call: Call, options: RequestOptions = {}): Promise<T> {
  const response = await send(call, options);
  return (await response.json()) as T;
}

export async function sendForBlob(call: Call, options: RequestOptions = {}): Promise<Blob> {
  return (await send(call, options)).blob();
}

export async function sendForText(call: Call, options: RequestOptions = {}): Promise<string> {
  return (await send(call, options)).text();
}

export async function sendForNothing(call: Call, options: RequestOptions = {}): Promise<void> {
  await send(call, options);
}

/** Answers with a stream, for bodies that are read while they arrive. */
export async function sendForResponse(call: Call, options: RequestOptions = {}): Promise<Response> {
  return send(call, options);
}

export function jsonBody(body: unknown): Pick<Call, 'body' | 'contentType'> {
  return { body: JSON.stringify(body), contentType: 'application/json' };
}

export function formBody(body: object): Pick<Call, 'body'> {
  const form = new FormData();
  const files: [string, Blob][] = [];
  for (const [name, value] of Object.entries(body)) {
    if (value instanceof Blob) {
      files.push([name, value]);
    } else if (value !== undefined && value !== null) {
      form.append(name, typeof value === 'object' ? JSON.stringify(value) : String(value));
    }
  }
  // The server decides by the text fields while the file arrives.
  for (const [name, file] of files) {
    form.append(name, file);
  }
  return { body: form };
}

export function urlencodedBody(body: object): Pick<Call, 'body' | 'contentType'> {
  return { body: new URLSearchParams(body as Record<string, string>) };
}

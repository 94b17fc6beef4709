import { createHash } from 'node:crypto';
import { Agent, type ClientRequest, type IncomingHttpHeaders, request as httpRequest } from 'node:http';
import type { ServerAddress } from './server.ts';

/** A route of the contract that the server does not have yet (it answers 501). `it` of `api_test.ts` skips such tests. */
export class NotImplementedYet extends Error {
  override name = 'NotImplementedYet';
}

/** Answers are examined field by field by the tests; where types matter the official SDK is used. */
export type Json = any;

export class Reply {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  /** Name, value, name, value… as they came over the wire. */
  readonly rawHeaders: string[];
  readonly bytes: Buffer;

  constructor(status: number, headers: IncomingHttpHeaders, rawHeaders: string[], bytes: Buffer) {
    this.status = status;
    this.headers = headers;
    this.rawHeaders = rawHeaders;
    this.bytes = bytes;
  }

  get text(): string {
    return this.bytes.toString('utf8');
  }

  get json(): Json {
    try {
      return JSON.parse(this.text);
    } catch {
      throw new Error(`status ${this.status}, but the body is not JSON: ${this.text.slice(0, 300)}`);
    }
  }

  get cookies(): string[] {
    return this.headers['set-cookie'] ?? [];
  }

  /** `<status> <body>`, for messages of failed expectations. */
  get summary(): string {
    return `${this.status} ${this.text.slice(0, 500)}`;
  }
}

export interface RequestOptions {
  headers?: Record<string, string | undefined>;
  /** An object is sent as JSON; a Buffer or string as it is. */
  body?: unknown;
  query?: Record<string, string | number | boolean | undefined | string[]>;
  /** 501 is handed back instead of throwing NotImplementedYet. */
  allow501?: boolean;
  timeoutMs?: number;
}

export function queryString(query: RequestOptions['query']): string {
  const search = new URLSearchParams();
  for (const [name, value] of Object.entries(query ?? {})) {
    for (const item of Array.isArray(value) ? value : [value]) {
      if (item !== undefined) {
        search.append(name, String(item));
      }
    }
  }
  const text = search.toString();
  return text ? `?${text}` : '';
}

/**
 * HTTP as it is on the wire: no redirects followed, nothing decompressed, no header added that was not asked for (besides
 * Host, Connection and Content-Length). `path` is below `/api` unless it starts with `//`, which means the root.
 */
export class Client {
  readonly server: ServerAddress;
  readonly headers: Record<string, string | undefined>;
  private readonly agent: Agent;

  constructor(
    server: ServerAddress,
    headers: Record<string, string | undefined> = {},
    agent = new Agent({ keepAlive: true }),
  ) {
    this.server = server;
    this.headers = headers;
    this.agent = agent;
  }

  /** The same server with other or additional headers; undefined removes one. */
  with(headers: Record<string, string | undefined>): Client {
    return new Client(this.server, { ...this.headers, ...headers }, this.agent);
  }

  get(path: string, options: RequestOptions = {}): Promise<Reply> {
    return this.send('GET', path, options);
  }
  post(path: string, body?: unknown, options: RequestOptions = {}): Promise<Reply> {
    return this.send('POST', path, { ...options, body });
  }
  put(path: string, body?: unknown, options: RequestOptions = {}): Promise<Reply> {
    return this.send('PUT', path, { ...options, body });
  }
  patch(path: string, body?: unknown, options: RequestOptions = {}): Promise<Reply> {
    return this.send('PATCH', path, { ...options, body });
  }
  delete(path: string, body?: unknown, options: RequestOptions = {}): Promise<Reply> {
    return this.send('DELETE', path, { ...options, body });
  }

  async send(method: string, path: string, options: RequestOptions = {}): Promise<Reply> {
    const target = (path.startsWith('//') ? path.slice(1) : `/api${path}`) + queryString(options.query);
    let reply: Reply;
    try {
      reply = await this.exchange(method, target, options);
    } catch (error) {
      // A kept connection that the server closed meanwhile says nothing about this request: once more on a new one.
      if ((error as { reusedSocket?: boolean }).reusedSocket && (error as { code?: string }).code === 'ECONNRESET') {
        reply = await this.exchange(method, target, options);
      } else {
        throw error;
      }
    }
    if (reply.status === 501 && !options.allow501) {
      throw new NotImplementedYet(`${method} ${path} answers 501`);
    }
    return reply;
  }

  private exchange(method: string, target: string, options: RequestOptions): Promise<Reply> {
    const headers: Record<string, string> = {};
    for (const [name, value] of Object.entries({ ...this.headers, ...options.headers })) {
      if (value !== undefined) {
        headers[name] = value;
      }
    }
    let body: Buffer | undefined;
    if (Buffer.isBuffer(options.body)) {
      body = options.body;
    } else if (typeof options.body === 'string') {
      body = Buffer.from(options.body);
    } else if (options.body !== undefined) {
      body = Buffer.from(JSON.stringify(options.body));
      headers['content-type'] ??= 'application/json';
    }
    if (body) {
      headers['content-length'] ??= String(body.length);
    }
    return new Promise((resolve, reject) => {
      const request: ClientRequest = httpRequest(
        {
          host: '127.0.0.1',
          port: this.server.port,
          method,
          path: target,
          headers,
          agent: this.agent,
          timeout: options.timeoutMs ?? 60_000,
        },
        (response) => {
          const chunks: Buffer[] = [];
          response.on('data', (chunk: Buffer) => chunks.push(chunk));
          response.on('error', reject);
          response.on('end', () =>
            resolve(new Reply(response.statusCode ?? 0, response.headers, response.rawHeaders, Buffer.concat(chunks))),
          );
        },
      );
      request.on('timeout', () => request.destroy(new Error(`${method} ${target}: no answer within the time limit`)));
      request.on('error', (error) => reject(Object.assign(error, { reusedSocket: request.reusedSocket })));
      request.end(body);
    });
  }
}

export const sha1Hex = (bytes: Buffer): string => createHash('sha1').update(bytes).digest('hex');
export const sha1Base64 = (bytes: Buffer): string => createHash('sha1').update(bytes).digest('base64');

/** The strong ETag of a buffered body: its length in hex and 27 characters of its SHA-1 in base64. */
export const bodyEtag = (bytes: Buffer): string => `"${bytes.length.toString(16)}-${sha1Base64(bytes).slice(0, 27)}"`;

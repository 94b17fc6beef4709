import { connect, type Socket } from 'node:net';
import { within } from './eventually.ts';
import type { ServerAddress } from './server.ts';

export interface RawResponse {
  status: number;
  head: string;
  headers: Record<string, string>;
  body: Buffer;
}

/** A bare TCP connection for requests that no HTTP library would send. */
export class RawConnection {
  readonly socket: Socket;
  readonly closed: Promise<void>;
  private buffer: Buffer = Buffer.alloc(0);
  private ended = false;
  private wake: (() => void) | undefined;

  private constructor(socket: Socket) {
    this.socket = socket;
    this.closed = new Promise((resolve) => socket.once('close', () => resolve()));
    socket.on('data', (chunk: Buffer) => {
      this.buffer = Buffer.concat([this.buffer, chunk]);
      this.wake?.();
    });
    const end = (): void => {
      this.ended = true;
      this.wake?.();
    };
    socket.on('end', end);
    socket.on('close', end);
    socket.on('error', () => undefined);
  }

  static open(server: ServerAddress, timeoutMs = 20_000): Promise<RawConnection> {
    const opening = new Promise<RawConnection>((resolve, reject) => {
      const socket = connect({ host: '127.0.0.1', port: server.port, noDelay: true });
      socket.once('error', reject);
      socket.once('connect', () => {
        socket.removeListener('error', reject);
        resolve(new RawConnection(socket));
      });
    });
    return within(timeoutMs, 'connecting', opening);
  }

  /** Writes and waits until the kernel took it (or the connection is gone). */
  write(data: string | Buffer): Promise<void> {
    return new Promise((resolve) => {
      if (this.socket.destroyed || !this.socket.writable) {
        resolve();
        return;
      }
      const done = (): void => resolve();
      this.socket.once('close', done);
      this.socket.write(data, () => {
        this.socket.removeListener('close', done);
        resolve();
      });
    });
  }

  /** The next response; undefined when the server closed without (another) one. */
  response(timeoutMs = 20_000, headOnly = false): Promise<RawResponse | undefined> {
    return within(timeoutMs, 'a response', this.readResponse(headOnly));
  }

  /** Bytes received and not yet consumed. */
  get pending(): Buffer {
    return this.buffer;
  }

  destroy(): void {
    this.socket.destroy();
  }

  private async readResponse(headOnly: boolean): Promise<RawResponse | undefined> {
    const headEnd = await this.findHead();
    if (headEnd < 0) {
      return undefined;
    }
    const head = this.take(headEnd + 4)
      .toString('latin1')
      .slice(0, headEnd);
    const [statusLine = '', ...lines] = head.split('\r\n');
    const headers: Record<string, string> = {};
    for (const line of lines) {
      const colon = line.indexOf(':');
      headers[line.slice(0, colon).toLowerCase()] = line.slice(colon + 1).trim();
    }
    const status = Number(statusLine.split(' ')[1]);
    const body =
      headOnly || status === 204 || status === 304 || status < 200 ? Buffer.alloc(0) : await this.readBody(headers);
    return { status, head, headers, body };
  }

  private async findHead(): Promise<number> {
    for (;;) {
      const at = this.buffer.indexOf('\r\n\r\n');
      if (at >= 0 || this.ended) {
        return at;
      }
      await this.more();
    }
  }

  private async readBody(headers: Record<string, string>): Promise<Buffer> {
    if (headers['transfer-encoding']?.includes('chunked')) {
      const chunks: Buffer[] = [];
      for (;;) {
        const line = await this.takeLine();
        const size = Number.parseInt(line, 16);
        if (!(size > 0)) {
          await this.takeLine();
          return Buffer.concat(chunks);
        }
        chunks.push(await this.takeExactly(size));
        await this.takeLine();
      }
    }
    if (headers['content-length'] !== undefined) {
      return this.takeExactly(Number(headers['content-length']));
    }
    while (!this.ended) {
      await this.more();
    }
    return this.take(this.buffer.length);
  }

  private async takeLine(): Promise<string> {
    while (this.buffer.indexOf('\r\n') < 0) {
      if (this.ended) {
        throw new Error('the connection ended inside a chunked body');
      }
      await this.more();
    }
    return this.take(this.buffer.indexOf('\r\n') + 2)
      .toString('latin1')
      .trimEnd();
  }

  private async takeExactly(size: number): Promise<Buffer> {
    while (this.buffer.length < size) {
      if (this.ended) {
        throw new Error(`the connection ended after ${this.buffer.length} of ${size} body bytes`);
      }
      await this.more();
    }
    return this.take(size);
  }

  private take(size: number): Buffer {
    const taken = this.buffer.subarray(0, size);
    this.buffer = this.buffer.subarray(size);
    return taken;
  }

  private more(): Promise<void> {
    return new Promise((resolve) => {
      this.wake = () => {
        this.wake = undefined;
        resolve();
      };
    });
  }
}

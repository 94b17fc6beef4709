import { io, type Socket } from 'socket.io-client';
import { within } from './eventually.ts';
import type { Json } from './http_client.ts';
import type { ServerAddress } from './server.ts';
import type { Session } from './session.ts';

export interface ServerEvent {
  name: string;
  data: Json[];
}

/** Everything one websocket client hears, from the first packet on; nothing gets lost between two `next` calls. */
export class EventStream {
  readonly events: ServerEvent[] = [];
  readonly socket: Socket;
  private waiting: { matches: (event: ServerEvent) => boolean; found: (event: ServerEvent) => void }[] = [];

  constructor(server: ServerAddress, headers: Record<string, string>) {
    this.socket = io(server.url, {
      path: '/api/socket.io',
      transports: ['websocket'],
      extraHeaders: headers,
      forceNew: true,
      reconnection: false,
      timeout: 20_000,
    });
    this.socket.onAny((name: string, ...data: Json[]) => this.record({ name, data }));
    this.socket.on('disconnect', (reason) => this.record({ name: '(disconnect)', data: [reason] }));
    this.socket.on('connect_error', (error) => this.record({ name: '(connect_error)', data: [error.message] }));
  }

  /** Connects with the session's token and waits for `on_server_version`, which the server sends on every connect. */
  static async connect(session: Session): Promise<EventStream> {
    const stream = new EventStream(session.server, { authorization: `Bearer ${session.token}` });
    await stream.next('on_server_version');
    return stream;
  }

  /** The first event of this name (past or future) whose arguments satisfy `matches`. */
  async next(name: string, matches: (...data: Json[]) => boolean = () => true, timeoutMs = 60_000): Promise<Json[]> {
    const wanted = (event: ServerEvent): boolean => event.name === name && matches(...event.data);
    const past = this.events.find(wanted);
    if (past) {
      return past.data;
    }
    const found = new Promise<ServerEvent>((resolve) => this.waiting.push({ matches: wanted, found: resolve }));
    const event = await within(timeoutMs, `websocket event ${name} (heard: ${this.heard()})`, found);
    return event.data;
  }

  count(name: string): number {
    return this.events.filter((event) => event.name === name).length;
  }

  heard(): string {
    return this.events.map((event) => event.name).join(', ') || 'nothing';
  }

  close(): void {
    this.socket.disconnect();
  }

  private record(event: ServerEvent): void {
    this.events.push(event);
    this.waiting = this.waiting.filter(({ matches, found }) => {
      if (matches(event)) {
        found(event);
        return false;
      }
      return true;
    });
  }
}

/** Waits for `on_upload_success` of each of these assets: their thumbnails exist then. */
export async function waitForUploads(events: EventStream, ids: string[], timeoutMs = 120_000): Promise<void> {
  await Promise.all(ids.map((id) => events.next('on_upload_success', (asset) => asset?.id === id, timeoutMs)));
}

import { emit, type AppEvents } from '$lib/events';

/**
 * The live connection: what socket.io sends over one websocket, without its client. Packets of engine.io 4: `0` open,
 * `2` ping (answered with `3`), `4` message; of socket.io: `0` connected, `2` event with a JSON array, `4` refused.
 */
const PATH = '/api/socket.io/?EIO=4&transport=websocket';
const RETRY_MS = [500, 1000, 2000, 5000, 10_000, 30_000];
/** The server pings every 25 s; without one for this long the connection is dead even if the browser has not noticed. */
const SILENCE_MS = 60_000;

let socket: WebSocket | undefined;
let attempt = 0;
let wasConnected = false;
let retryTimer: ReturnType<typeof setTimeout> | undefined;
let silenceTimer: ReturnType<typeof setTimeout> | undefined;

/** Connects, and again whenever the connection breaks, until closeLiveSocket. */
export function openLiveSocket(): void {
  if (socket || typeof WebSocket === 'undefined') return;
  clearTimeout(retryTimer);
  const current = new WebSocket(location.origin.replace(/^http/, 'ws') + PATH);
  socket = current;
  current.onmessage = ({ data }) => typeof data === 'string' && receive(current, data);
  current.onclose = () => {
    if (socket !== current) return;
    socket = undefined;
    clearTimeout(silenceTimer);
    retryTimer = setTimeout(openLiveSocket, RETRY_MS[Math.min(attempt++, RETRY_MS.length - 1)]);
  };
}

export function closeLiveSocket(): void {
  clearTimeout(retryTimer);
  clearTimeout(silenceTimer);
  const current = socket;
  socket = undefined;
  wasConnected = false;
  current?.close();
}

function receive(current: WebSocket, packet: string): void {
  clearTimeout(silenceTimer);
  silenceTimer = setTimeout(() => current.close(), SILENCE_MS);
  if (packet[0] === '0') current.send('40');
  else if (packet[0] === '2') current.send('3');
  else if (packet.startsWith('40')) connected();
  else if (packet.startsWith('42')) dispatch(packet.slice(2));
}

function connected(): void {
  attempt = 0;
  if (wasConnected) emit('reconnected');
  wasConnected = true;
}

function dispatch(text: string): void {
  const start = text.indexOf('[');
  if (start < 0) return;
  const [name, ...args] = JSON.parse(text.slice(start)) as [keyof AppEvents, ...unknown[]];
  (emit as (name: keyof AppEvents, ...args: unknown[]) => void)(name, ...args);
}

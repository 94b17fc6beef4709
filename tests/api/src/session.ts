import { randomUUID } from 'node:crypto';
import { type Permission } from '@immich/sdk';
import { Client, type Json, type Reply } from './http_client.ts';
import type { ServerAddress } from './server.ts';

export const kPassword = 'correct horse battery';

/** A logged-in user: raw HTTP client, and the options every function of the official SDK takes as its last argument. */
export interface Session {
  server: ServerAddress;
  token: string;
  userId: string;
  email: string;
  client: Client;
  sdk: { baseUrl: string; headers: Record<string, string> };
}

export function sessionOf(
  server: ServerAddress,
  login: { accessToken: string; userId: string; userEmail: string },
): Session {
  const headers = { authorization: `Bearer ${login.accessToken}` };
  return {
    server,
    token: login.accessToken,
    userId: login.userId,
    email: login.userEmail,
    client: new Client(server, headers),
    sdk: { baseUrl: `${server.url}/api`, headers },
  };
}

export function expectStatus(reply: Reply, status: number, what: string): Json {
  if (reply.status !== status) {
    throw new Error(`${what}: expected ${status}, got ${reply.summary}`);
  }
  return reply.bytes.length > 0 ? reply.json : undefined;
}

export async function login(server: ServerAddress, email: string, password: string = kPassword): Promise<Session> {
  const reply = await new Client(server).post('/auth/login', { email, password });
  return sessionOf(server, expectStatus(reply, 201, `login of ${email}`));
}

/** Signs up the first user of a fresh server and logs in. */
export async function signUpAdmin(server: ServerAddress, email = 'admin@example.com'): Promise<Session> {
  const reply = await new Client(server).post('/auth/admin-sign-up', { email, password: kPassword, name: 'Admin' });
  expectStatus(reply, 201, 'admin sign-up');
  return login(server, email);
}

/** A new user of the given admin's server, logged in. E-mail addresses are unique per call. */
export async function createUser(admin: Session, name = 'user', extra: Record<string, unknown> = {}): Promise<Session> {
  const email = `${name.toLowerCase().replace(/[^a-z0-9]+/g, '-')}-${randomUUID().slice(0, 8)}@example.com`;
  const reply = await admin.client.post('/admin/users', { email, password: kPassword, name, ...extra });
  expectStatus(reply, 201, `creating ${email}`);
  return login(admin.server, email);
}

export interface KeyedClient {
  id: string;
  secret: string;
  client: Client;
}

/** An API key of the session's user and a client that uses nothing else. */
export async function createKey(
  session: Session,
  permissions: `${Permission}`[],
  name = 'test key',
): Promise<KeyedClient> {
  const created = expectStatus(
    await session.client.post('/api-keys', { name, permissions }),
    201,
    'creating an API key',
  );
  return {
    id: created.apiKey.id,
    secret: created.secret,
    client: new Client(session.server, { 'x-api-key': created.secret }),
  };
}

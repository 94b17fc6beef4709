import { inject } from 'vitest';
import type {} from './shared_server.ts';
import { type Session, sessionOf } from './session.ts';

/** The admin of the server that most files share. */
export function sharedAdmin(): Session {
  const server = inject('server');
  return sessionOf(server, { accessToken: server.adminToken, userId: server.adminId, userEmail: 'admin@example.com' });
}

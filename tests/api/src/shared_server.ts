import type { TestProject } from 'vitest/node';
import { TestServer } from './server.ts';
import { signUpAdmin } from './session.ts';

export interface SharedServer {
  url: string;
  port: number;
  logFile: string;
  mediaLocation: string;
  pid: number;
  adminToken: string;
  adminId: string;
}

declare module 'vitest' {
  interface ProvidedContext {
    server: SharedServer;
  }
}

/** Starts the one server most files share, signs up its admin, and stops it after the last file. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const server = await TestServer.start();
  // Workers may be ended without their exit handlers: what they generate goes with this server's folder.
  process.env['IMMICH_TEST_SAMPLES'] = server.folder;
  const admin = await signUpAdmin(server);
  project.provide('server', {
    url: server.url,
    port: server.port,
    logFile: server.logFile,
    mediaLocation: server.mediaLocation,
    pid: server.pid,
    adminToken: admin.token,
    adminId: admin.userId,
  });
  return async () => {
    try {
      await server.stop();
    } catch (error) {
      process.exitCode = 1;
      console.error(error);
    } finally {
      server.removeFolder();
    }
  };
}

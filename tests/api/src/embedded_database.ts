import { execFile } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { processTree } from './process_tree.ts';
import { postgresBinaries } from './repo_paths.ts';

const run = promisify(execFile);

/** A look into the embedded PostgreSQL of a running server, for what no route shows. */
export class EmbeddedDatabase {
  private readonly socketFolder: string;
  private readonly port: string;
  private user: string | undefined;

  private constructor(socketFolder: string, port: string) {
    this.socketFolder = socketFolder;
    this.port = port;
  }

  /** Finds the postmaster among the descendants of `serverPid`; undefined when the server uses an outside database. */
  static of(serverPid: number): EmbeddedDatabase | undefined {
    const postmaster = processTree(serverPid).find(({ role }) => role === 'postgres');
    const args = postmaster?.arguments ?? [];
    const folder = args[args.indexOf('-D') + 1];
    const file = folder ? join(folder, 'postmaster.pid') : '';
    if (!folder || !existsSync(file)) {
      return undefined;
    }
    // postmaster.pid: pid, data folder, start time, port, socket folder, …
    const lines = readFileSync(file, 'utf8').split('\n');
    return new EmbeddedDatabase(lines[4] ?? '', lines[3] ?? '5432');
  }

  /** Rows of one statement as text, columns separated by `|`. */
  async query(statement: string): Promise<string[]> {
    let failure: unknown;
    for (const user of this.user ? [this.user] : ['postgres', 'immich', 'root']) {
      try {
        const rows = await this.psql(user, statement);
        this.user = user;
        return rows;
      } catch (error) {
        failure = error;
        if (!/role .* does not exist|Peer authentication/.test(String((error as { stderr?: string }).stderr))) {
          throw error;
        }
      }
    }
    throw failure;
  }

  private async psql(user: string, statement: string): Promise<string[]> {
    const bundled = postgresBinaries();
    const program = bundled && existsSync(join(bundled, 'psql')) ? join(bundled, 'psql') : 'psql';
    const { stdout } = await run(program, [
      '-X',
      '-A',
      '-t',
      '-h',
      this.socketFolder,
      '-p',
      this.port,
      '-U',
      user,
      '-d',
      'immich',
      '-c',
      statement,
    ]);
    return stdout.split('\n').filter((line) => line !== '');
  }
}

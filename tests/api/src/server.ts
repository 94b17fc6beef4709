import { type ChildProcess, spawn } from 'node:child_process';
import { chmodSync, closeSync, mkdirSync, mkdtempSync, openSync, readFileSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { eventually, within } from './eventually.ts';
import {
  isAlive,
  type ProcessInfo,
  type ProcessRole,
  processTree,
  processesUsing,
  sendSignal,
} from './process_tree.ts';
import { buildData, postgresBinaries, repoRoot, serverBinary } from './repo_paths.ts';
import { watchedLogs } from './watched_logs.ts';

export interface ServerOptions {
  /** Added to (or, with undefined, removed from) the environment of the server. */
  env?: Record<string, string | undefined>;
  /** Media location; default: a fresh folder that goes away with the server. */
  mediaLocation?: string;
  /** Program to run instead of the default (load tests take a release build). */
  binary?: string;
  /** Commands put in front, for example `['prlimit', '--fsize=…']`. */
  wrapper?: string[];
  startTimeoutMs?: number;
}

export interface ServerAddress {
  /** `http://127.0.0.1:<port>` */
  readonly url: string;
  readonly port: number;
}

const kSanitizerReport = /ERROR: (?:Address|Leak|Thread|Memory)Sanitizer|WARNING: ThreadSanitizer|runtime error: /;

/** A port nobody listens on now. */
export async function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer();
    probe.once('error', reject);
    probe.listen(0, '127.0.0.1', () => {
      const address = probe.address();
      probe.close(() =>
        typeof address === 'object' && address ? resolve(address.port) : reject(new Error('no port')),
      );
    });
  });
}

/** The environment a server starts with: nothing of the caller's own Immich, database or Redis settings. */
function cleanEnvironment(): Record<string, string> {
  const environment: Record<string, string> = {};
  for (const [name, value] of Object.entries(process.env)) {
    if (value !== undefined && !/^(IMMICH_|DB_|REDIS_|PG|VITEST|NODE_|npm_)/.test(name)) {
      environment[name] = value;
    }
  }
  const tools = join(repoRoot, '.deps/bin');
  environment['PATH'] = `${tools}:${environment['PATH'] ?? '/usr/local/bin:/usr/bin:/bin'}`;
  environment['TZ'] = 'UTC';
  environment['NO_COLOR'] = '1';
  environment['ASAN_OPTIONS'] ??= 'detect_leaks=0:handle_abort=1';
  environment['UBSAN_OPTIONS'] ??= 'print_stacktrace=1';
  return environment;
}

/**
 * One running `immich-server` with its embedded PostgreSQL and Redis, its own media location and a free port.
 * Black box: everything it offers is HTTP, the log, the files and the process tree.
 */
export class TestServer implements ServerAddress {
  readonly folder: string;
  readonly mediaLocation: string;
  readonly logFile: string;
  readonly port: number;
  readonly url: string;
  private readonly options: ServerOptions;
  private child: ChildProcess | undefined;
  private known = new Set<number>();

  private constructor(options: ServerOptions, port: number) {
    this.options = options;
    this.port = port;
    this.url = `http://127.0.0.1:${port}`;
    this.folder = mkdtempSync(join(tmpdir(), 'imt-'));
    // PostgreSQL refuses to run as root; its own user must be able to reach the data.
    chmodSync(this.folder, 0o755);
    this.mediaLocation = options.mediaLocation ?? join(this.folder, 'data');
    mkdirSync(this.mediaLocation, { recursive: true });
    this.logFile = join(this.folder, 'server.log');
  }

  static async start(options: ServerOptions = {}): Promise<TestServer> {
    const server = new TestServer({ ...options, binary: options.binary ?? serverBinary() }, await freePort());
    await server.launch();
    return server;
  }

  get pid(): number {
    if (!this.child?.pid) {
      throw new Error('the server is not running');
    }
    return this.child.pid;
  }

  get running(): boolean {
    return this.child !== undefined && this.child.exitCode === null && this.child.signalCode === null;
  }

  log(): string {
    try {
      return readFileSync(this.logFile, 'utf8');
    } catch {
      return '';
    }
  }

  logTail(lines = 60): string {
    return this.log().split('\n').slice(-lines).join('\n');
  }

  /** Starts the program (again) on the same data and waits until it answers `/api/server/ping`. */
  async launch(): Promise<void> {
    const command = [...(this.options.wrapper ?? []), this.options.binary!];
    const environment: Record<string, string | undefined> = {
      ...cleanEnvironment(),
      IMMICH_MEDIA_LOCATION: this.mediaLocation,
      IMMICH_HOST: '127.0.0.1',
      IMMICH_PORT: String(this.port),
      IMMICH_PG_BINDIR: postgresBinaries(),
      IMMICH_BUILD_DATA: buildData(),
      IMMICH_MACHINE_LEARNING_ENABLED: 'false',
      ...this.options.env,
    };
    const defined = Object.fromEntries(Object.entries(environment).filter(([, value]) => value !== undefined));
    const log = openSync(this.logFile, 'a');
    // setpriv: when this test process dies, the server is told to stop instead of staying behind.
    this.child = spawn('setpriv', ['--pdeathsig', 'TERM', ...command], {
      cwd: this.folder,
      env: defined as Record<string, string>,
      stdio: ['ignore', log, log],
      detached: true,
    });
    closeSync(log);
    watchedLogs.add(this.logFile);
    await this.waitUntilReady();
  }

  /** Waits until ping answers; used after a start and after a part of the server was killed. */
  async waitUntilReady(timeoutMs = this.options.startTimeoutMs ?? 120_000): Promise<void> {
    try {
      await eventually(
        async () => {
          if (!this.running) {
            throw new Error(`the server ended (code ${this.child?.exitCode}, signal ${this.child?.signalCode})`);
          }
          const reply = await fetch(`${this.url}/api/server/ping`, { signal: AbortSignal.timeout(2000) });
          return reply.ok && (await reply.text()).includes('pong');
        },
        { timeoutMs: this.running ? timeoutMs : 1000, intervalMs: 50, what: 'GET /api/server/ping' },
      );
    } catch (error) {
      const tail = this.logTail();
      if (!this.running) {
        await this.kill();
      }
      throw new Error(`${(error as Error).message}\n--- server log ---\n${tail}`);
    }
    this.tree();
  }

  /** The supervisor and all its descendants; remembered so that `kill` also finds what lost its parent. */
  tree(): ProcessInfo[] {
    const tree = this.child?.pid ? processTree(this.child.pid) : [];
    for (const { pid } of tree) {
      this.known.add(pid);
    }
    return tree;
  }

  processes(role: ProcessRole): ProcessInfo[] {
    return this.tree().filter((info) => info.role === role);
  }

  /** Asks the server to stop and waits for it and its children. Throws when a sanitizer reported something. */
  async stop(): Promise<void> {
    await this.end('SIGTERM', 60_000);
    this.throwOnSanitizerReport();
  }

  throwOnSanitizerReport(): void {
    const log = this.log();
    const at = log.search(kSanitizerReport);
    if (at >= 0) {
      throw new Error(`sanitizer report in the server's log:\n${log.slice(at, at + 6000)}`);
    }
  }

  /** SIGKILL for the supervisor and everything below it. */
  async kill(): Promise<void> {
    await this.end('SIGKILL', 30_000);
  }

  /** stop(), then the temporary folder goes too (kept when IMMICH_TEST_KEEP is set). */
  async destroy(): Promise<void> {
    try {
      await this.stop();
    } finally {
      this.removeFolder();
    }
  }

  removeFolder(): void {
    if (!process.env['IMMICH_TEST_KEEP']) {
      rmSync(this.folder, { recursive: true, force: true, maxRetries: 5 });
    }
  }

  private async end(signal: NodeJS.Signals, timeoutMs: number): Promise<void> {
    const child = this.child;
    if (!child?.pid) {
      return;
    }
    this.tree();
    const exited = this.running
      ? new Promise<void>((resolve) => child.once('exit', () => resolve()))
      : Promise.resolve();
    let overdue = false;
    if (signal === 'SIGKILL') {
      this.killLeftovers();
    } else {
      sendSignal(child.pid, signal);
      await within(timeoutMs, 'stopping the server', exited).catch(() => (overdue = true));
    }
    this.tree();
    await eventually(
      () => {
        const left = this.leftovers();
        if (signal === 'SIGKILL' || overdue) {
          this.killLeftovers();
        }
        return left.length === 0;
      },
      { timeoutMs: 20_000, intervalMs: 50, what: `the end of the server's children after ${signal}` },
    ).catch((error: unknown) => {
      this.killLeftovers();
      throw error;
    });
    await within(20_000, 'the exit of the server', exited);
    this.child = undefined;
    this.known.clear();
    if (overdue) {
      throw new Error(`the server did not stop within ${timeoutMs} ms of ${signal}\n${this.logTail()}`);
    }
  }

  private leftovers(): number[] {
    return [...new Set([...this.known, ...processesUsing(this.folder), ...processesUsing(this.mediaLocation)])].filter(
      (pid) => isAlive(pid),
    );
  }

  private killLeftovers(): void {
    for (const pid of this.leftovers()) {
      sendSignal(pid, 'SIGKILL');
    }
  }
}

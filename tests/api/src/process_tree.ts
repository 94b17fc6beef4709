import { readFileSync, readdirSync, readlinkSync } from 'node:fs';

export type ProcessRole =
  'supervisor' | 'api' | 'microservices' | 'decoder' | 'postgres' | 'postgres-backend' | 'redis' | 'other';

export interface ProcessInfo {
  pid: number;
  parent: number;
  command: string;
  arguments: string[];
  role: ProcessRole;
}

function readText(path: string): string {
  try {
    return readFileSync(path, 'latin1');
  } catch {
    return '';
  }
}

function parentAndCommand(pid: number): { parent: number; command: string; dead: boolean } | undefined {
  const stat = readText(`/proc/${pid}/stat`);
  const open = stat.indexOf('(');
  const close = stat.lastIndexOf(')');
  if (open < 0 || close < 0) {
    return undefined;
  }
  const fields = stat.slice(close + 2).split(' ');
  return {
    parent: Number(fields[1]),
    command: stat.slice(open + 1, close),
    dead: fields[0] === 'Z' || fields[0] === 'X',
  };
}

/** The role of one process of a server, by its command line; api and microservices also by their environment. */
function roleOf(pid: number, root: number, command: string, args: string[]): ProcessRole {
  const line = args.join(' ');
  if (command.startsWith('postgres') || /(^|\/)postgres$/.test(args[0] ?? '') || line.startsWith('postgres:')) {
    return args.includes('-D') || /-D\s*\S/.test(line) ? 'postgres' : 'postgres-backend';
  }
  if (command.startsWith('redis-server') || line.includes('redis-server') || line.includes('valkey-server')) {
    return 'redis';
  }
  if (pid === root) {
    return 'supervisor';
  }
  if (/media-worker|media_worker|decoder/.test(line)) {
    return 'decoder';
  }
  const own = args.slice(1).join(' ');
  if (/\bmicroservices\b/.test(own)) {
    return 'microservices';
  }
  if (/\bapi\b/.test(own)) {
    return 'api';
  }
  const workers = /(?:^|\0)IMMICH_WORKERS_INCLUDE=([^\0]*)/.exec(readText(`/proc/${pid}/environ`))?.[1] ?? '';
  if (workers === 'microservices' || workers === 'api') {
    return workers;
  }
  return 'other';
}

/** `root` and all its living descendants, parents first. Works on Linux's /proc only. */
export function processTree(root: number): ProcessInfo[] {
  const all = new Map<number, { parent: number; command: string }>();
  for (const entry of readdirSync('/proc')) {
    const pid = Number(entry);
    if (Number.isInteger(pid) && pid > 0) {
      const found = parentAndCommand(pid);
      if (found && !found.dead) {
        all.set(pid, found);
      }
    }
  }
  const order = all.has(root) ? [root] : [];
  for (let i = 0; i < order.length; i++) {
    for (const [pid, { parent }] of all) {
      if (parent === order[i]) {
        order.push(pid);
      }
    }
  }
  return order.map((pid) => {
    const { parent, command } = all.get(pid)!;
    const args = readText(`/proc/${pid}/cmdline`).replace(/\0+$/, '').split('\0');
    return { pid, parent, command, arguments: args, role: roleOf(pid, root, command, args) };
  });
}

/** Processes whose command line or working directory lies below `folder`: what a killed supervisor left behind. */
export function processesUsing(folder: string): number[] {
  const found: number[] = [];
  for (const entry of readdirSync('/proc')) {
    const pid = Number(entry);
    if (!Number.isInteger(pid) || pid <= 0 || pid === process.pid) {
      continue;
    }
    let cwd = '';
    try {
      cwd = readlinkSync(`/proc/${pid}/cwd`);
    } catch {
      // gone, or a kernel thread
    }
    if (cwd === folder || cwd.startsWith(`${folder}/`) || readText(`/proc/${pid}/cmdline`).includes(folder)) {
      found.push(pid);
    }
  }
  return found;
}

/** The environment a running process was started with. */
export function environmentOf(pid: number): Record<string, string> {
  const pairs = readText(`/proc/${pid}/environ`).split('\0').filter(Boolean);
  return Object.fromEntries(pairs.map((pair) => [pair.slice(0, pair.indexOf('=')), pair.slice(pair.indexOf('=') + 1)]));
}

export function isAlive(pid: number): boolean {
  const found = parentAndCommand(pid);
  return found !== undefined && !found.dead;
}

/** Sends a signal to one process; false when it is gone. */
export function sendSignal(pid: number, signal: NodeJS.Signals): boolean {
  try {
    process.kill(pid, signal);
    return true;
  } catch {
    return false;
  }
}

/** Resident memory in bytes (0 when the process is gone). */
export function residentBytes(pid: number): number {
  const match = /VmRSS:\s+(\d+) kB/.exec(readText(`/proc/${pid}/status`));
  return match ? Number(match[1]) * 1024 : 0;
}

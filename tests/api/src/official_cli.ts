import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { apiTestsRoot } from './repo_paths.ts';

export interface CliResult {
  code: number | null;
  output: string;
}

/** Runs the official CLI with its own configuration folder; stdout and stderr together. */
export function runCli(configFolder: string, args: string[], timeoutMs = 180_000): Promise<CliResult> {
  const program = join(apiTestsRoot, 'node_modules/@immich/cli/bin/immich');
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [program, '-d', configFolder, ...args], {
      env: { ...process.env, NO_COLOR: '1', NODE_OPTIONS: '' },
      stdio: ['ignore', 'pipe', 'pipe'],
      timeout: timeoutMs,
    });
    const chunks: Buffer[] = [];
    child.stdout.on('data', (chunk: Buffer) => chunks.push(chunk));
    child.stderr.on('data', (chunk: Buffer) => chunks.push(chunk));
    child.once('error', reject);
    child.once('close', (code) => resolve({ code, output: Buffer.concat(chunks).toString('utf8') }));
  });
}

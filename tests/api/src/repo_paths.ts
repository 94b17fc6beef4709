import { existsSync, readdirSync, statSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

export const apiTestsRoot = resolve(dirname(fileURLToPath(import.meta.url)), '..');
export const repoRoot = resolve(apiTestsRoot, '../..');

/** The folder of facts, contract and media beside the repository, or undefined when it is not there. */
export function sharedFolder(): string | undefined {
  const folder = resolve(repoRoot, '../shared');
  return existsSync(join(folder, 'contract')) ? folder : undefined;
}

/** Why a test that needs `../shared` was left out; append it to the name of the describe block. */
export const needsShared = sharedFolder() ? '' : ' [skipped: ../shared is absent]';

/** All media files below `../shared/media`, sorted, or [] when the folder is absent. */
export function sharedMediaFiles(): string[] {
  const shared = sharedFolder();
  return shared ? listFiles(join(shared, 'media')).filter((path) => !/\.(md|txt)$/i.test(path)) : [];
}

export function listFiles(folder: string): string[] {
  return readdirSync(folder)
    .flatMap((name) => {
      const path = join(folder, name);
      return statSync(path).isDirectory() ? listFiles(path) : [path];
    })
    .toSorted();
}

/**
 * The program under test: `IMMICH_SERVER_BINARY`, else the build of `IMMICH_TEST_PRESET`, else the first of debug and
 * release that is there.
 */
export function serverBinary(preferred: string[] = ['debug', 'release']): string {
  const fromEnvironment = process.env['IMMICH_SERVER_BINARY'];
  if (fromEnvironment) {
    return resolve(fromEnvironment);
  }
  const preset = process.env['IMMICH_TEST_PRESET'];
  const presets = preset ? [preset] : preferred;
  const found = presets
    .map((name) => join(repoRoot, 'build', name, 'server/immich-server'))
    .find((path) => existsSync(path));
  if (!found) {
    throw new Error(
      `no build/{${presets.join(',')}}/server/immich-server: run ./dev build, or set IMMICH_SERVER_BINARY`,
    );
  }
  return found;
}

/** Directory with initdb, postgres and psql (with pgvector), or undefined to let the server search. */
export function postgresBinaries(): string | undefined {
  const fromEnvironment = process.env['IMMICH_PG_BINDIR'];
  if (fromEnvironment) {
    return fromEnvironment;
  }
  const bundled = join(repoRoot, '.deps/pgsql/bin');
  return existsSync(join(bundled, 'postgres')) ? bundled : undefined;
}

/** Folder with geodata/ and www/ as IMMICH_BUILD_DATA wants it. */
export function buildData(): string | undefined {
  const fromEnvironment = process.env['IMMICH_BUILD_DATA'];
  if (fromEnvironment) {
    return fromEnvironment;
  }
  const bundled = join(repoRoot, '.deps/build-data');
  return existsSync(bundled) ? bundled : undefined;
}

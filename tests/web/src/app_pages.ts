import { existsSync } from 'node:fs';
import { join, relative } from 'node:path';
import { listFiles, repoRoot } from '../../api/src/repo_paths.ts';

const routes = join(repoRoot, 'web/src/routes');

/** Routes that are also looked at with a photo opened; the viewer is the same everywhere else. */
const OPENED = new Set(['photos', 'albums', 's']);

/** What stands in the address for each parameter of a route. */
export type Parameters = Record<string, string>;

/** The address of a page: `/albums/:albumId` with the values of its parameters. */
export function addressOf(page: string, values: Parameters): string {
  return page.replace(/:(\w+)/g, (_, name: string) => {
    const value = values[name];
    if (value === undefined) throw new Error(`no value for the parameter "${name}" of ${page}: add it to sample_library.ts`);
    return value;
  });
}

/** Pages of one route: without its optional parameters, and where `opens` says so with them, too. */
function pagesOf(segments: string[], opens: boolean): string[] {
  return segments.reduce<string[]>(
    (found, segment) => {
      if (/^\(.*\)$/.test(segment)) return found;
      const parameter = /^\[+(?:\.\.\.)?(\w+)(?:=\w+)?\]+$/.exec(segment)?.[1];
      if (!parameter) return found.map((start) => `${start}/${segment}`);
      // What follows a link is nothing or a photo; the rest of any other address is a page that does not exist.
      const isAfterLink = segment.startsWith('[...') && found.some((start) => isForVisitors(`${start}/`));
      const filled = found.map((start) => `${start}/${isAfterLink ? 'photos/:assetId' : `:${parameter}`}`);
      return segment.startsWith('[[') || isAfterLink ? [...found, ...(opens ? filled : [])] : filled;
    },
    [''],
  );
}

/** Every page of the app, `/photos/:assetId`, read from the folders of its routes, so that a new page cannot be forgotten. */
export function appPages(): string[] {
  if (!existsSync(routes)) throw new Error('web/src/routes is not there');
  const pages = listFiles(routes)
    .filter((file) => file.endsWith('+page.svelte'))
    .flatMap((file) => {
      const segments = relative(routes, file).split('/').slice(0, -1);
      return pagesOf(segments, segments.some((segment) => OPENED.has(segment)));
    });
  return [...new Set(pages)];
}

/** Pages that only somebody who is not signed in sees. */
export const isForGuests = (page: string): boolean => page === '/auth/login' || page === '/auth/register';

/** Pages of visitors with a link, who are not signed in either. */
export const isForVisitors = (page: string): boolean => /^\/(share|s)\//.test(page);

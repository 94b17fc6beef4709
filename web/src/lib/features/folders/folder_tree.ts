/** Folders right below one, out of the paths of all folders with photos. */
export function foldersBelow(paths: readonly string[], parent: string): string[] {
  const prefix = parent === '' ? '' : `${parent}/`;
  const found = new Set<string>();
  for (const path of paths) {
    if (!path.startsWith(prefix) || path === parent) continue;
    // A leading slash belongs to the first name.
    const end = path.indexOf('/', prefix.length + (prefix === '' ? 1 : 0));
    found.add(end < 0 ? path : path.slice(0, end));
  }
  return [...found].sort((a, b) => a.localeCompare(b, undefined, { numeric: true }));
}

export function parentOf(path: string): string {
  return path.slice(0, Math.max(0, path.lastIndexOf('/')));
}

/** Files with their sidecar, out of what a person chose, dropped or pasted. */
export interface UploadFile {
  file: File;
  sidecar?: File;
}

export interface MediaKinds {
  image: string[];
  video: string[];
  sidecar: string[];
}

function extension(name: string): string {
  const dot = name.lastIndexOf('.');
  return dot < 0 ? '' : name.slice(dot).toLowerCase();
}

/** Splits files by what the server takes. A sidecar (`a.jpg.xmp` or `a.xmp`) goes with its photo. */
export function pickFiles(files: File[], kinds: MediaKinds): { picked: UploadFile[]; refused: File[] } {
  const media = new Set([...kinds.image, ...kinds.video]);
  const sidecars = new Map<string, File>();
  const place = (file: File) => (file.webkitRelativePath || file.name).toLowerCase();
  for (const file of files) if (kinds.sidecar.includes(extension(file.name))) sidecars.set(place(file), file);
  const picked: UploadFile[] = [];
  const refused: File[] = [];
  for (const file of files) {
    if (sidecars.get(place(file)) === file) continue;
    if (!media.has(extension(file.name))) {
      if (!file.name.startsWith('.')) refused.push(file);
      continue;
    }
    const name = place(file);
    const sidecar = sidecars.get(`${name}.xmp`) ?? sidecars.get(`${name.slice(0, name.lastIndexOf('.'))}.xmp`);
    picked.push({ file, sidecar });
  }
  return { picked, refused };
}

/** All files of a drop, also those in folders. Must be called before the first `await` of the handler. */
export function droppedFiles(data: DataTransfer): Promise<File[]> {
  const entries = [...data.items].map((item) => item.webkitGetAsEntry?.()).filter((entry) => entry !== null && entry !== undefined);
  if (entries.length === 0) return Promise.resolve([...data.files]);
  return collect(entries);
}

async function collect(entries: FileSystemEntry[]): Promise<File[]> {
  const files: File[] = [];
  const waiting = [...entries];
  for (let entry = waiting.shift(); entry; entry = waiting.shift()) {
    if (entry.isFile) {
      const file = entry as FileSystemFileEntry;
      files.push(await new Promise<File>((resolve, reject) => file.file(resolve, reject)));
      continue;
    }
    const reader = (entry as FileSystemDirectoryEntry).createReader();
    // A reader gives at most 100 entries at a time, and none at the end.
    for (;;) {
      const some = await new Promise<FileSystemEntry[]>((resolve, reject) => reader.readEntries(resolve, reject));
      if (some.length === 0) break;
      waiting.push(...some);
    }
  }
  return files;
}

/** A photo of a memory, both by number. */
export interface Position {
  memory: number;
  photo: number;
}

/** The photo before or after, also of the neighbouring memory; undefined at both ends. `sizes`: photos of each memory. */
export function stepFrom({ memory, photo }: Position, by: 1 | -1, sizes: readonly number[]): Position | undefined {
  const at = photo + by;
  if (at >= 0 && at < sizes[memory]) return { memory, photo: at };
  const next = memory + by;
  if (next < 0 || next >= sizes.length) return undefined;
  return { memory: next, photo: by > 0 ? 0 : sizes[next] - 1 };
}

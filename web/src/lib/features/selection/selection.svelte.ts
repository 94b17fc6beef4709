import { SvelteSet } from 'svelte/reactivity';

/** The photos somebody has chosen in a grid, and the last one touched, from which Shift selects a range. */
export class Selection {
  readonly ids = new SvelteSet<string>();
  /** Grows with every change, for parts that are not Svelte's. */
  version = $state(0);
  anchor: string | undefined;

  get isActive(): boolean {
    return this.ids.size > 0;
  }

  get list(): string[] {
    return [...this.ids];
  }

  has(id: string): boolean {
    return this.ids.has(id);
  }

  toggle(id: string): void {
    if (!this.ids.delete(id)) this.ids.add(id);
    this.anchor = id;
    this.version++;
  }

  set(ids: readonly string[], isSelected: boolean): void {
    for (const id of ids) {
      if (isSelected) this.ids.add(id);
      else this.ids.delete(id);
    }
    this.version++;
  }

  clear(): void {
    this.ids.clear();
    this.anchor = undefined;
    this.version++;
  }
}

import type { Selection } from '$lib/features/selection/selection.svelte';
import type { TimelineModel } from './timeline_model';

interface TileInputContext {
  model: TimelineModel;
  selection: Selection;
  open(id: string): void;
  focus(id: string): void;
}

const LONG_PRESS_MS = 450;

/** Mouse, touch and keys on the photos of a grid: open, select, select a range, walk. */
export class TileInput {
  #press: ReturnType<typeof setTimeout> | undefined;
  #wasLongPress = false;
  #abort = new AbortController();

  constructor(
    root: HTMLElement,
    readonly context: TileInputContext,
  ) {
    const { signal } = this.#abort;
    root.addEventListener('click', (event) => this.#click(event), { signal });
    root.addEventListener('keydown', (event) => this.#key(event), { signal });
    root.addEventListener('pointerdown', (event) => this.#down(event), { signal });
    for (const name of ['pointerup', 'pointercancel', 'pointermove', 'scroll'] as const) {
      root.addEventListener(name, () => clearTimeout(this.#press), { signal, passive: true });
    }
    root.addEventListener('contextmenu', (event) => this.#wasLongPress && event.preventDefault(), { signal });
  }

  close(): void {
    this.#abort.abort();
    clearTimeout(this.#press);
  }

  #assetOf(event: Event): string | undefined {
    return (event.target as Element).closest<HTMLElement>('[data-asset]')?.dataset.asset;
  }

  #click(event: MouseEvent): void {
    const target = event.target as Element;
    const day = target.closest<HTMLElement>('.day-check')?.parentElement;
    if (day) return this.#toggleDay(day);
    const id = this.#assetOf(event);
    if (!id) return;
    if (this.#wasLongPress) {
      this.#wasLongPress = false;
      event.preventDefault();
      return;
    }
    const isCheck = target.closest('.tile-check') !== null;
    if (isCheck || this.context.selection.isActive) {
      event.preventDefault();
      void this.#select(id, event.shiftKey);
    } else if (!event.ctrlKey && !event.metaKey && !event.shiftKey && event.button === 0) {
      event.preventDefault();
      this.context.open(id);
    }
  }

  /** A long press of a finger selects, as there is no pointer to hover with. */
  #down(event: PointerEvent): void {
    clearTimeout(this.#press);
    this.#wasLongPress = false;
    const id = event.pointerType === 'touch' ? this.#assetOf(event) : undefined;
    if (!id) return;
    this.#press = setTimeout(() => {
      this.#wasLongPress = true;
      this.context.selection.toggle(id);
      navigator.vibrate?.(15);
    }, LONG_PRESS_MS);
  }

  async #select(id: string, isRange: boolean): Promise<void> {
    const { selection, model } = this.context;
    const from = isRange && selection.anchor ? await model.locate(selection.anchor) : -1;
    if (from < 0 || selection.anchor === id) return selection.toggle(id);
    const to = await model.locate(id);
    selection.set(await model.idsBetween(Math.min(from, to), Math.max(from, to)), true);
  }

  #toggleDay(title: HTMLElement): void {
    const { bucket, start, end } = title.dataset;
    const ids = this.context.model.buckets.find((one) => one.id === bucket)?.columns?.id.slice(Number(start), Number(end)) ?? [];
    const areAll = ids.every((id) => this.context.selection.has(id));
    this.context.selection.set(ids, !areAll);
    this.context.selection.anchor = ids[0];
  }

  #key(event: KeyboardEvent): void {
    const id = this.#assetOf(event);
    const { selection } = this.context;
    if (event.key === 'Escape' && selection.isActive) return selection.clear();
    if (!id || event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.key === ' ' || event.key === 'x') {
      event.preventDefault();
      void this.#select(id, event.shiftKey);
      return;
    }
    if (event.key === 'Enter') {
      if ((event.target as Element).closest('.tile-check')) return;
      event.preventDefault();
      if (selection.isActive) selection.toggle(id);
      else this.context.open(id);
      return;
    }
    const next = this.#neighbour(id, event.key);
    if (next === undefined) return;
    event.preventDefault();
    void this.#walk(id, next, event.shiftKey);
  }

  async #walk(from: string, number: number, isRange: boolean): Promise<void> {
    const asset = await this.context.model.at(number);
    if (!asset) return;
    if (isRange) {
      if (!this.context.selection.anchor) this.context.selection.toggle(from);
      await this.#select(asset.id, true);
    }
    this.context.focus(asset.id);
  }

  /** The number of the photo an arrow key leads to. */
  #neighbour(id: string, key: string): number | undefined {
    const { model } = this.context;
    const found = model.find(id);
    if (!found) return undefined;
    const number = found.bucket.first + found.index;
    if (key === 'ArrowRight') return Math.min(model.total - 1, number + 1);
    if (key === 'ArrowLeft') return Math.max(0, number - 1);
    if (key === 'Home') return 0;
    if (key === 'End') return model.total - 1;
    if (key === 'ArrowDown') return this.#inNextRow(number, 1);
    if (key === 'ArrowUp') return this.#inNextRow(number, -1);
    return undefined;
  }

  /** The photo of the row above or below that is nearest across. */
  #inNextRow(number: number, step: 1 | -1): number {
    const { model } = this.context;
    const place = (n: number) => {
      const bucket = model.bucketOfNumber(n)!;
      const { layout } = bucket;
      if (!layout) return undefined;
      const i = n - bucket.first;
      return { x: layout.x[i] + layout.width[i] / 2, y: bucket.top + layout.y[i] };
    };
    const here = place(number);
    let best = number;
    let row: number | undefined;
    let distance = Infinity;
    for (let n = number + step; here && n >= 0 && n < model.total; n += step) {
      const there = place(n);
      if (!there) return n;
      if (Math.abs(there.y - here.y) < 2) continue;
      row ??= there.y;
      if (Math.abs(there.y - row) > 2) break;
      if (Math.abs(there.x - here.x) >= distance) continue;
      distance = Math.abs(there.x - here.x);
      best = n;
    }
    return best;
  }
}

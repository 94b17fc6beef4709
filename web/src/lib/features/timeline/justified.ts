/**
 * Justified rows: photos keep their shape, rows share the width. Days that fill less than a row stand side by side.
 * Numbers go into typed arrays; a month of 1,000 photos takes well under a millisecond.
 */
export interface LayoutOptions {
  width_px: number;
  /** What a row wants to be high; rows end up between about 0.75 and 1.4 of it. */
  row_px: number;
  gap_px: number;
  /** Title of the month above everything; 0 leaves it out. */
  monthTitle_px: number;
  /** Title above every day; 0 leaves it out and lets the photos flow through all days. */
  dayTitle_px: number;
}

export interface DayBlock {
  /** Days since 1970 of the wall clock. */
  day: number;
  start: number;
  end: number;
  x: number;
  /** Top of the title. */
  y: number;
  width: number;
}

export interface BucketLayout {
  x: Float32Array;
  y: Float32Array;
  width: Float32Array;
  height: Float32Array;
  days: DayBlock[];
  height_px: number;
}

const DAY_GAP_PX = 20;
/** A line of short days grows by at most this to fill the width. */
const GROWTH_MAX = 1.3;

export function layoutBucket(ratio: Float32Array, day: Int32Array, options: LayoutOptions): BucketLayout {
  const count = ratio.length;
  const out: BucketLayout = {
    x: new Float32Array(count),
    y: new Float32Array(count),
    width: new Float32Array(count),
    height: new Float32Array(count),
    days: [],
    height_px: 0,
  };
  let top = options.monthTitle_px;
  let line: DayBlock[] = [];
  let lineWidth = 0;

  const flush = () => {
    if (line.length > 0) top = placeLine(out, ratio, line, top, options);
    line = [];
    lineWidth = 0;
  };
  for (const block of dayBlocks(day, options.dayTitle_px === 0)) {
    const natural = naturalWidth(ratio, block, options);
    const joined = lineWidth + (line.length > 0 ? DAY_GAP_PX : 0) + natural;
    if (natural > options.width_px) {
      flush();
      top = placeRows(out, ratio, block, top, options);
      continue;
    }
    if (joined > options.width_px) flush();
    lineWidth += (line.length > 0 ? DAY_GAP_PX : 0) + natural;
    line.push(block);
  }
  flush();
  out.height_px = top;
  return out;
}

function dayBlocks(day: Int32Array, isOneBlock: boolean): DayBlock[] {
  const blocks: DayBlock[] = [];
  for (let start = 0; start < day.length; ) {
    let end = start + 1;
    while (end < day.length && (isOneBlock || day[end] === day[start])) end++;
    blocks.push({ day: day[start], start, end, x: 0, y: 0, width: 0 });
    start = end;
  }
  return blocks;
}

function naturalWidth(ratio: Float32Array, block: DayBlock, { row_px, gap_px }: LayoutOptions): number {
  let sum = 0;
  for (let i = block.start; i < block.end; i++) sum += ratio[i];
  return sum * row_px + (block.end - block.start - 1) * gap_px;
}

/** Several days in one row of equal height. Returns where the next line begins. */
function placeLine(out: BucketLayout, ratio: Float32Array, line: DayBlock[], top: number, options: LayoutOptions): number {
  const { width_px, row_px, gap_px, dayTitle_px } = options;
  let sum = 0;
  let fixed = (line.length - 1) * DAY_GAP_PX;
  for (const block of line) {
    for (let i = block.start; i < block.end; i++) sum += ratio[i];
    fixed += (block.end - block.start - 1) * gap_px;
  }
  const full = (width_px - fixed) / sum;
  const height = Math.floor(full <= row_px * GROWTH_MAX ? full : row_px);
  let x = 0;
  for (const block of line) {
    block.x = x;
    block.y = top;
    for (let i = block.start; i < block.end; i++) {
      place(out, i, x, top + dayTitle_px, ratio[i] * height, height);
      x += ratio[i] * height + gap_px;
    }
    block.width = x - gap_px - block.x;
    x += DAY_GAP_PX - gap_px;
    out.days.push(block);
  }
  return top + dayTitle_px + height + gap_px;
}

/** One day in several rows. */
function placeRows(out: BucketLayout, ratio: Float32Array, block: DayBlock, top: number, options: LayoutOptions): number {
  const { width_px, row_px, gap_px, dayTitle_px } = options;
  block.y = top;
  block.width = width_px;
  out.days.push(block);
  let y = top + dayTitle_px;
  let start = block.start;
  while (start < block.end) {
    let end = start;
    let sum = 0;
    while (end < block.end && sum * row_px + (end - start) * gap_px < width_px) sum += ratio[end++];
    // One photo less makes the row higher than wished, one more lower: the nearer one wins.
    const withLast = (width_px - (end - start - 1) * gap_px) / sum;
    const withoutLast = (width_px - (end - start - 2) * gap_px) / (sum - ratio[end - 1]);
    const isFull = sum * row_px + (end - start - 1) * gap_px >= width_px;
    let height = withLast;
    if (!isFull) height = Math.min(withLast, row_px * 1.1);
    else if (end - start > 1 && withoutLast - row_px < row_px - withLast) {
      end--;
      height = withoutLast;
    }
    let x = 0;
    for (let i = start; i < end; i++) {
      place(out, i, x, y, ratio[i] * height, height);
      x += ratio[i] * height + gap_px;
    }
    y += height + gap_px;
    start = end;
  }
  return y;
}

function place(out: BucketLayout, i: number, x: number, y: number, width: number, height: number): void {
  out.x[i] = x;
  out.y[i] = y;
  out.width[i] = width;
  out.height[i] = height;
}

/** What a bucket of `count` photos will probably be high; corrected by what loaded ones turned out to be. */
export function estimateHeight(count: number, options: LayoutOptions, correction: number): number {
  const rows = Math.max(1, (count * 1.4 * options.row_px) / Math.max(1, options.width_px));
  return options.monthTitle_px + rows * (options.row_px + options.gap_px + options.dayTitle_px * 0.4) * correction;
}

/** First photo whose lower edge is below `y`, by the order of rows. */
export function firstBelow(layout: BucketLayout, y: number): number {
  let low = 0;
  let high = layout.y.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (layout.y[middle] + layout.height[middle] < y) low = middle + 1;
    else high = middle;
  }
  return low;
}

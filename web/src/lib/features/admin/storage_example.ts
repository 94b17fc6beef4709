/** What a storage template makes of an invented photo, for looking at while typing. The server has the last word. */

const MONTHS = ['January', 'February', 'March', 'April', 'May', 'June', 'July', 'August', 'September', 'October', 'November', 'December'];
const two = (value: number) => String(value).padStart(2, '0');

/** ISO week of a day. */
function weekOf(date: Date): number {
  const thursday = new Date(date.getFullYear(), date.getMonth(), date.getDate() + 4 - (date.getDay() || 7));
  return Math.ceil(((thursday.getTime() - new Date(thursday.getFullYear(), 0, 1).getTime()) / 86_400_000 + 1) / 7);
}

function dateTokens(date: Date): Record<string, string> {
  const [month, hour] = [date.getMonth(), date.getHours()];
  const half = hour % 12 || 12;
  return {
    y: String(date.getFullYear()),
    yy: two(date.getFullYear() % 100),
    M: String(month + 1),
    MM: two(month + 1),
    MMM: MONTHS[month].slice(0, 3),
    MMMM: MONTHS[month],
    W: String(weekOf(date)),
    WW: two(weekOf(date)),
    d: String(date.getDate()),
    dd: two(date.getDate()),
    h: String(half),
    hh: two(half),
    H: String(hour),
    HH: two(hour),
    m: String(date.getMinutes()),
    mm: two(date.getMinutes()),
    s: String(date.getSeconds()),
    ss: two(date.getSeconds()),
    SSS: String(date.getMilliseconds()).padStart(3, '0'),
  };
}

const TAKEN = new Date(2024, 4, 9, 14, 5, 7, 42);
const EXAMPLE: Record<string, string> = {
  ...dateTokens(TAKEN),
  filename: 'IMG_0042',
  ext: 'jpg',
  filetype: 'IMG',
  filetypefull: 'IMAGE',
  assetId: 'a1b2c3d4-e5f6-4711-8899-001122334455',
  assetIdShort: '001122334455',
  album: 'Holidays',
  make: 'Aurora',
  model: 'A1',
  lensModel: '35mm',
};
for (const [name, value] of Object.entries(dateTokens(new Date(2024, 4, 1)))) EXAMPLE[`album-startDate-${name}`] = value;
for (const [name, value] of Object.entries(dateTokens(new Date(2024, 4, 20)))) EXAMPLE[`album-endDate-${name}`] = value;

/** Every variable that a template may use. */
export const TEMPLATE_VARIABLES: readonly string[] = Object.keys(EXAMPLE);

export interface TemplateExample {
  /** The path below the person's folder. */
  path: string;
  /** A variable that does not exist. */
  unknown?: string;
}

/** `isInAlbum`: of a photo in an album or of one that is in none. */
export function templateExample(template: string, isInAlbum: boolean): TemplateExample {
  const values = isInAlbum ? EXAMPLE : { ...EXAMPLE, album: '' };
  let unknown: string | undefined;
  const value = (name: string): string => {
    if (!(name in values)) unknown ??= name;
    return values[name] ?? '';
  };
  const path = template
    .replace(/\{\{\s*#if\s+([\w-]+)\s*\}\}(.*?)(?:\{\{\s*else\s*\}\}(.*?))?\{\{\s*\/if\s*\}\}/gs, (_, name: string, then: string, other?: string) =>
      value(name) ? then : (other ?? ''),
    )
    .replace(/\{\{\s*([\w-]+)\s*\}\}/g, (_, name: string) => value(name))
    .replace(/\/{2,}/g, '/');
  return { path: `${path}.${EXAMPLE.ext}`, unknown };
}

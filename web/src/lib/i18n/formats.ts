import { language } from '$lib/i18n/language.svelte';

const formats = new Map<string, Intl.DateTimeFormat>();

/** A cached formatter: making one costs about 50 µs, a timeline needs hundreds. */
function dateFormat(options: Intl.DateTimeFormatOptions): Intl.DateTimeFormat {
  const key = language() + JSON.stringify(options);
  let found = formats.get(key);
  if (!found) formats.set(key, (found = new Intl.DateTimeFormat(language(), options)));
  return found;
}

/** `date` in UTC fields: wall-clock times travel as if they were UTC. */
export function formatDay(date: Date): string {
  const isThisYear = date.getUTCFullYear() === new Date().getFullYear();
  return dateFormat({
    weekday: 'short',
    day: 'numeric',
    month: isThisYear ? 'long' : 'short',
    year: isThisYear ? undefined : 'numeric',
    timeZone: 'UTC',
  }).format(date);
}

export function formatMonth(date: Date): string {
  return dateFormat({ month: 'long', year: 'numeric', timeZone: 'UTC' }).format(date);
}

export function formatShortMonth(date: Date): string {
  return dateFormat({ month: 'short', year: 'numeric', timeZone: 'UTC' }).format(date);
}

/** Date and time of an instant, in the person's zone or the one given. */
export function formatDateTime(date: Date | string, timeZone?: string): string {
  return dateFormat({ dateStyle: 'medium', timeStyle: 'short', timeZone }).format(new Date(date));
}

export function formatDate(date: Date | string, timeZone?: string): string {
  return dateFormat({ dateStyle: 'medium', timeZone }).format(new Date(date));
}

const UNITS = ['B', 'kB', 'MB', 'GB', 'TB', 'PB'];

/** 1 kB = 1,024 B, as the server counts quotas. */
export function formatBytes(bytes: number): string {
  let unit = 0;
  let value = bytes;
  while (value >= 1024 && unit < UNITS.length - 1) {
    value /= 1024;
    unit++;
  }
  return `${value.toLocaleString(language(), { maximumFractionDigits: value < 10 && unit > 0 ? 1 : 0 })} ${UNITS[unit]}`;
}

export function formatNumber(value: number): string {
  return value.toLocaleString(language());
}

/** 83,000 ms → "1:23". */
export function formatDuration(duration_ms: number): string {
  const seconds = Math.round(duration_ms / 1000);
  const [h, m, s] = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60, seconds % 60];
  const two = (value: number) => String(value).padStart(2, '0');
  return h > 0 ? `${h}:${two(m)}:${two(s)}` : `${m}:${two(s)}`;
}

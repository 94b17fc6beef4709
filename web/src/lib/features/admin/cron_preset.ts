import type { AdminKey } from './admin_text';

/** Times that are chosen often: minute, hour, day of the month, month, day of the week. */
export const CRON_PRESETS: readonly { cron: string; label: AdminKey }[] = [
  { cron: '0 * * * *', label: 'cronHourly' },
  { cron: '0 0 * * *', label: 'cronMidnight' },
  { cron: '0 2 * * *', label: 'cronTwo' },
  { cron: '0 3 * * *', label: 'cronThree' },
  { cron: '0 13 * * *', label: 'cronOnePm' },
  { cron: '0 3 * * 0', label: 'cronSunday' },
  { cron: '0 3 1 * *', label: 'cronMonthly' },
];

/** The preset that means the same as an expression: `0 02 * * *` is `0 2 * * *`. */
export function presetOf(expression: string): string | undefined {
  const plain = expression.trim().split(/\s+/).map((field) => (/^\d+$/.test(field) ? String(Number(field)) : field)).join(' ');
  return CRON_PRESETS.find((one) => one.cron === plain)?.cron;
}

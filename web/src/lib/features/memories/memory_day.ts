import { searchMemories, type MemoryResponseDto } from '$lib/api';
import { t } from './memory_text';

const KEY = 'memories:shown';

/** The day it is where the person is, `2024-05-01`. */
export function today(now = new Date()): string {
  const two = (value: number) => String(value).padStart(2, '0');
  return `${now.getFullYear()}-${two(now.getMonth() + 1)}-${two(now.getDate())}`;
}

/** Memories of a day that have photos, the latest year first. */
export async function memoriesOf(day: string, signal?: AbortSignal): Promise<MemoryResponseDto[]> {
  const found = await searchMemories({ for: day }, { signal });
  return found.filter((memory) => memory.assets.length > 0).sort((a, b) => b.memoryAt.localeCompare(a.memoryAt));
}

/** "3 years ago". */
export function titleOf(memory: Pick<MemoryResponseDto, 'data'>, now = new Date()): string {
  const years = now.getFullYear() - memory.data.year;
  return years > 0 ? t('yearsAgo', { count: years }) : t('thisYear');
}

/**
 * Whether this browser has seen memories of this person today, so that their place above the photos is kept free while
 * they are loaded and the photos do not jump.
 */
export function expectsMemories(userId: string, day = today()): boolean {
  return localStorage.getItem(KEY) === `${userId}:${day}`;
}

export function rememberMemories(userId: string, hasAny: boolean, day = today()): void {
  if (hasAny) localStorage.setItem(KEY, `${userId}:${day}`);
  else localStorage.removeItem(KEY);
}
